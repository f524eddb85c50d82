import json
from pathlib import Path

import pytest

from bimaco_gui import paths
from bimaco_gui.services.settings import Settings, load_settings, save_settings

FULL = Settings(last_folder="/photos/ünï", last_format="webp", window_geometry="01d9d0cb")


def test_there_are_defaults_where_nothing_was_saved(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "settings.json") == Settings()


def test_settings_come_back_as_they_were_saved(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "settings.json"
    assert save_settings(FULL, path)
    assert load_settings(path) == FULL
    assert [file.name for file in path.parent.iterdir()] == ["settings.json"]


def test_they_are_kept_in_the_user_s_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIMACO_HOME", str(tmp_path))
    assert save_settings(FULL)
    assert paths.settings_file().is_relative_to(tmp_path)
    assert load_settings() == FULL


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[]",
        b"null",
        b'{"version": 99}',
        b'{"last_folder": "/a"}',
        b'{"version": 1, "last_folder": 5}',
        b'{"version": 1, "window_geometry": "no hex"}',
    ],
)
def test_a_damaged_file_gives_defaults_and_is_kept(tmp_path: Path, damaged: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(damaged)
    assert load_settings(path) == Settings()
    assert (tmp_path / "settings.json.bad").read_bytes() == damaged
    assert not path.exists()


def test_missing_and_unknown_names_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"version": 1, "last_format": "jpg", "colour": "red"}))
    assert load_settings(path) == Settings(last_format="jpg")


def test_a_place_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert not save_settings(FULL, tmp_path / "file" / "settings.json")
    assert load_settings(tmp_path / "file" / "settings.json") == Settings()
