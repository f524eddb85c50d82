"""Tables and marked sections of markdown files."""

import datetime
import hashlib
import os
from pathlib import Path

import pytest

from bimaco_gui.engine.bench import report

DOCUMENT = """# Title

Text before.

<!-- quality: begin -->
old
<!-- quality: end -->

Text between.

<!-- speed: begin -->
kept
<!-- speed: end -->

Text after.
"""


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "document.md"
    path.write_text(DOCUMENT, encoding="utf-8")
    return path


def test_only_the_named_section_changes(document: Path) -> None:
    report.write_section(document, "quality", "new\nlines\n")
    assert document.read_text(encoding="utf-8") == DOCUMENT.replace("old", "new\nlines")


def test_writing_twice_changes_nothing_more(document: Path) -> None:
    report.write_section(document, "quality", "new ± ×")
    once = document.read_bytes()
    report.write_section(document, "quality", "new ± ×")
    assert document.read_bytes() == once


def test_a_shorter_text_leaves_nothing_of_a_longer_one(document: Path) -> None:
    report.write_section(document, "quality", "a long text\n" * 20)
    report.write_section(document, "quality", "short")
    assert document.read_text(encoding="utf-8") == DOCUMENT.replace("old", "short")


def test_a_missing_section_is_appended(document: Path) -> None:
    report.write_section(document, "more", "new")
    expected = DOCUMENT + "\n<!-- more: begin -->\nnew\n<!-- more: end -->\n"
    assert document.read_text(encoding="utf-8") == expected
    report.write_section(document, "more", "new")
    assert document.read_text(encoding="utf-8") == expected


def test_a_missing_file_is_made(tmp_path: Path) -> None:
    report.write_section(tmp_path / "new.md", "quality", "text")
    text = (tmp_path / "new.md").read_text(encoding="utf-8")
    assert text.endswith("<!-- quality: begin -->\ntext\n<!-- quality: end -->\n")


def test_an_open_section_is_refused_and_nothing_lost(document: Path) -> None:
    broken = DOCUMENT.replace("<!-- speed: end -->", "")
    document.write_text(broken, encoding="utf-8")
    with pytest.raises(ValueError, match="speed: end"):
        report.write_section(document, "speed", "new")
    assert document.read_text(encoding="utf-8") == broken


def test_nothing_else_is_left_in_the_folder(document: Path) -> None:
    report.write_section(document, "quality", "new")
    assert [path.name for path in document.parent.iterdir()] == ["document.md"]


def test_a_table() -> None:
    assert report.markdown_table(["", "dB"], [["bicubic", "25.27"], ["x", "9.1"]]) == (
        "|         |    dB |\n| ------- | ----: |\n| bicubic | 25.27 |\n| x       |   9.1 |"
    )


def test_rows_of_another_length_are_refused() -> None:
    with pytest.raises((ValueError, IndexError)):
        report.markdown_table(["a", "b"], [["1"]])


def test_the_hash_is_that_of_the_content(tmp_path: Path) -> None:
    path = tmp_path / "model"
    path.write_bytes(b"one")
    assert report.file_hash(path) == hashlib.sha256(b"one").hexdigest()[:16]


def test_the_machine_is_one_line_with_its_cores() -> None:
    assert f"{os.cpu_count()} cores" in report.machine()
    assert "\n" not in report.machine()
    assert not report.machine().startswith(",")


def test_today_is_a_date() -> None:
    age = datetime.datetime.now(datetime.UTC).date() - datetime.date.fromisoformat(report.today())
    assert age.days in {0, 1}


def test_the_load_is_told_where_the_system_knows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getloadavg", lambda: (1.26, 0.0, 0.0), raising=False)
    assert report.load() == ", load average 1.3 at the end"
    monkeypatch.delattr(os, "getloadavg")
    assert report.load() == ""
