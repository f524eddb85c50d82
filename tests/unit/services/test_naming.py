import os
from collections.abc import Collection
from pathlib import Path

import pytest

from bimaco_gui.services.name_template import NameFacts, NameTemplate
from bimaco_gui.services.naming import chosen_output, comparable, result_name


def output_path(
    source: Path,
    output: Path | None,
    format: str | None,
    scale: float,
    overwrite: bool,
    taken: Collection[str] = (),
) -> Path:
    """Where the result goes under the usual name: to a file, into a folder, or beside."""
    if output is None or output.is_dir():
        template = NameTemplate("{name}_x{scale}")
        name = result_name(source, format, template, NameFacts(source.stem, scale))
        output = (output or source.parent) / name
    chosen = chosen_output(source, output, "overwrite" if overwrite else "number", taken)
    assert chosen is not None
    return chosen


@pytest.mark.parametrize(
    ("source", "format", "scale", "name"),
    [
        ("photo.png", None, 4.0, "photo_x4.png"),
        ("photo.JPEG", None, 4.0, "photo_x4.jpg"),
        ("photo.webp", None, 2.0, "photo_x2.webp"),
        ("photo.tif", None, 2.5, "photo_x2.5.tiff"),
        ("photo.gif", None, 4.0, "photo_x4.png"),
        ("photo.bmp", None, 4.0, "photo_x4.png"),
        ("no suffix", None, 4.0, "no suffix_x4.png"),
        ("photo.png", "jpg", 4.0, "photo_x4.jpg"),
        ("my.holiday.jpg", None, 4.0, "my.holiday_x4.jpg"),
        ("#1 ünï🙂.png", None, 4.0, "#1 ünï🙂_x4.png"),
    ],
)
def test_the_result_is_named_after_its_input(
    tmp_path: Path, source: str, format: str | None, scale: float, name: str
) -> None:
    found = output_path(tmp_path / source, None, format, scale, overwrite=False)
    assert found == tmp_path / name


def test_it_goes_into_a_folder_or_to_a_file(tmp_path: Path) -> None:
    source = tmp_path / "in" / "a.png"
    assert output_path(source, tmp_path, None, 4.0, False) == tmp_path / "a_x4.png"
    wanted = tmp_path / "else.webp"
    assert output_path(source, wanted, None, 4.0, False) == wanted


def test_an_existing_result_is_numbered_and_never_replaced(tmp_path: Path) -> None:
    source = tmp_path / "a.png"
    (tmp_path / "a_x4.png").touch()
    assert output_path(source, None, None, 4.0, False) == tmp_path / "a_x4 (2).png"
    (tmp_path / "a_x4 (2).png").touch()
    assert output_path(source, None, None, 4.0, False) == tmp_path / "a_x4 (3).png"
    assert output_path(source, None, None, 4.0, True) == tmp_path / "a_x4.png"


def test_a_number_that_is_there_is_counted_on(tmp_path: Path) -> None:
    wanted = tmp_path / "a (7).png"
    wanted.touch()
    found = chosen_output(tmp_path / "b.png", wanted, "number")
    assert found == tmp_path / "a (8).png"


def test_a_dangling_link_counts_as_existing(tmp_path: Path) -> None:
    (tmp_path / "a_x4.png").symlink_to(tmp_path / "nowhere")
    assert output_path(tmp_path / "a.png", None, None, 4.0, False).name == "a_x4 (2).png"


@pytest.mark.parametrize("overwrite", [False, True])
def test_the_input_itself_is_never_the_output(tmp_path: Path, overwrite: bool) -> None:
    source = tmp_path / "a.png"
    source.touch()
    detour = tmp_path / "in" / ".." / "a.png"
    (tmp_path / "in").mkdir()
    linked = tmp_path / "link.png"
    linked.symlink_to(source)
    for wanted in (source, detour, linked):
        found = output_path(source, wanted, None, 4.0, overwrite)
        assert not found.exists()


def test_what_the_batch_has_taken_is_left_alone_even_when_overwriting(tmp_path: Path) -> None:
    taken = {comparable(tmp_path / "a_x4.png")}
    found = output_path(tmp_path / "a.png", None, None, 4.0, True, taken)
    assert found == tmp_path / "a_x4 (2).png"


def test_a_long_name_is_cut_so_that_it_can_be_written(tmp_path: Path) -> None:
    source = tmp_path / f"{'ü' * 120}.png"
    found = output_path(source, None, None, 4.0, False)
    assert found.name.endswith("_x4.png")
    assert set(found.name.removesuffix("_x4.png")) == {"ü"}
    assert len(os.fsencode(f".{found.name}.12345678.part")) <= 255
    found.touch()


@pytest.mark.skipif(os.name != "posix", reason="names are bytes on POSIX only")
def test_a_name_that_is_no_text_is_kept(tmp_path: Path) -> None:
    source = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.png"))
    found = output_path(source, None, None, 4.0, False)
    assert os.fsencode(found.name) == b"caf\xe9_x4.png"


def test_a_picture_whose_result_exists_can_be_skipped(tmp_path: Path) -> None:
    source, wanted = tmp_path / "a.png", tmp_path / "a_x4.png"
    assert chosen_output(source, wanted, "skip") == wanted
    wanted.touch()
    assert chosen_output(source, wanted, "skip") is None
    assert chosen_output(source, wanted, "number") == tmp_path / "a_x4 (2).png"
    assert chosen_output(source, wanted, "overwrite") == wanted


def test_skipping_does_not_take_the_input_for_its_own_result(tmp_path: Path) -> None:
    source = tmp_path / "a.png"
    source.touch()
    assert chosen_output(source, source, "skip") == tmp_path / "a (2).png"
    (tmp_path / "a (2).png").touch()
    assert chosen_output(source, source, "skip") is None
