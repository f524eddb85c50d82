import json
import logging
from pathlib import Path
from typing import Any

import pytest

from bimaco_gui import paths
from bimaco_gui.errors import ModelError
from bimaco_gui.weights.catalogue import FILE_NAME, CatalogueEntry, catalogue, find_entry

GOOD = {
    "name": "large",
    "title": "Large",
    "licence": "Apache-2.0",
    "repository": "owner/name",
    "revision": "a" * 40,
    "file": "sub/large.safetensors",
    "sha256": "b" * 64,
    "bytes": 1000,
}


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the user's, and resources of the app's own."""
    monkeypatch.setenv("BIMACO_HOME", str(tmp_path / "home"))
    bundled = tmp_path / "resources" / "models"
    bundled.mkdir(parents=True)
    monkeypatch.setattr(paths, "bundled_models_folder", lambda: bundled)
    return bundled


def write(folder: Path, stored: Any) -> None:
    text = stored if isinstance(stored, str) else json.dumps(stored)
    (folder / FILE_NAME).write_text(text)


def test_the_apps_own_list_comes_first_and_the_users_adds_to_it(folders: Path) -> None:
    write(folders, {"version": 1, "models": [GOOD]})
    mine = [GOOD | {"title": "Mine"}, GOOD | {"name": "other"}]
    write(paths.user_models_folder(), {"version": 1, "models": mine})
    assert [(entry.name, entry.title) for entry in catalogue()] == [
        ("large", "Large"),
        ("other", "Large"),
    ]
    assert find_entry("other") == CatalogueEntry(**(GOOD | {"name": "other"}))  # type: ignore[arg-type]


def test_a_name_that_is_not_listed_is_refused_with_those_that_are(folders: Path) -> None:
    with pytest.raises(ModelError, match="None can be downloaded yet"):
        find_entry("large")
    write(folders, {"version": 1, "models": [GOOD]})
    with pytest.raises(ModelError, match="These can be downloaded: large"):
        find_entry("small")


@pytest.mark.parametrize(
    "stored",
    ["", "{", "[]", {"version": 2, "models": []}, {"version": 1}, {"version": 1, "models": {}}],
)
def test_a_list_that_cannot_be_read_counts_as_empty(
    folders: Path, stored: Any, caplog: pytest.LogCaptureFixture
) -> None:
    write(folders, stored)
    write(paths.user_models_folder(), {"version": 1, "models": [GOOD]})
    with caplog.at_level(logging.WARNING):
        assert [entry.name for entry in catalogue()] == ["large"]
    assert str(folders) in caplog.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "../large"},
        {"name": "Large"},
        {"name": ""},
        {"repository": "name"},
        {"repository": "owner/name/more"},
        {"revision": "main"},
        {"file": "../large.safetensors"},
        {"file": "/large.safetensors"},
        {"file": "large.bin"},
        {"sha256": "b" * 63},
        {"bytes": 0},
        {"bytes": True},
        {"bytes": "1000"},
        {"title": None},
        {"licence": 7},
    ],
)
def test_an_entry_that_does_not_fit_is_left_out_and_the_others_stay(
    folders: Path, wrong: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    write(folders, {"version": 1, "models": [GOOD | wrong, "text", {}, GOOD | {"name": "fine"}]})
    with caplog.at_level(logging.WARNING):
        assert [entry.name for entry in catalogue()] == ["fine"]
    assert "left out" in caplog.text


def test_what_the_app_brings_along_is_a_list(repo: Path) -> None:
    stored = json.loads((repo / "resources" / "models" / FILE_NAME).read_text())
    assert stored["version"] == 1
    for values in stored["models"]:
        CatalogueEntry(**values)
