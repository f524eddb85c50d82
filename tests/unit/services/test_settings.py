import json
from pathlib import Path

import pytest

from bimaco_gui import paths
from bimaco_gui.services.jobs import JobOptions
from bimaco_gui.services.settings import Settings, load_settings, save_settings, with_recent

FULL = Settings(
    last_folder="/photos/ünï",
    last_format="webp",
    window_geometry="01d9d0cb",
    window_state="00ff",
    options=JobOptions(scale=2.0, format="avif", existing="skip"),
    output_folder="/out",
    recursive=False,
    mirrored=False,
    recent_files=("/a.png", "/b.png"),
    language="de",
    notify=False,
    look_for_updates=True,
)


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
        b'{"version": 0}',
        b'{"version": "2"}',
        b'{"version": 2, "recursive": 1}',
        b'{"version": 2, "recent_files": "/a.png"}',
        b'{"version": 2, "recent_files": [5]}',
        b'{"version": 2, "options": []}',
        b'{"version": 2, "options": {"scale": 99}}',
        b'{"version": 2, "options": {"scale": "large"}}',
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


def test_settings_of_the_first_version_are_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    first = {"last_folder": "/a", "last_format": "webp", "window_geometry": "01d9"}
    path.write_text(json.dumps({"version": 1, **first}))
    assert load_settings(path) == Settings("/a", "webp", "01d9")
    save_settings(load_settings(path), path)
    assert load_settings(path) == Settings("/a", "webp", "01d9")


def test_files_opened_last_stand_first_and_once(tmp_path: Path) -> None:
    a, b = tmp_path / "a.png", tmp_path / "b.png"
    settings = with_recent(Settings(), [a, b, tmp_path / "x" / ".." / "a.png"])
    assert settings.recent_files == (str(tmp_path / "x" / ".." / "a.png"), str(b))
    many = with_recent(settings, [tmp_path / f"{number}.png" for number in range(30)])
    assert len(many.recent_files) == 12
    assert many.recent_files[0] == str(tmp_path / "29.png")


def test_a_place_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert not save_settings(FULL, tmp_path / "file" / "settings.json")
    assert load_settings(tmp_path / "file" / "settings.json") == Settings()
