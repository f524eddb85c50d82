"""Where the app looks for what it brings along, and where it keeps what is the user's."""

import sys
from collections.abc import Callable
from pathlib import Path

import platformdirs
import pytest

from bimaco_gui import paths

USER_PATHS: list[Callable[[], Path]] = [
    paths.user_models_folder,
    paths.cache_folder,
    paths.settings_file,
    paths.queue_file,
    paths.log_file,
]


def test_a_checkout_uses_its_own_resources(repo: Path) -> None:
    assert paths.resources_folder() == repo / "resources"
    assert paths.bundled_models_folder() == repo / "resources" / "models"
    assert any(paths.samples_folder().glob("*.jpg"))


def test_an_installed_package_uses_the_resources_inside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site-packages" / "bimaco_gui"
    (package / "_resources").mkdir(parents=True)
    (package.parent / "resources").mkdir()  # of some other package
    monkeypatch.setattr(paths, "_PACKAGE", package)
    assert paths.resources_folder() == package / "_resources"


def test_a_frozen_program_uses_the_resources_unpacked_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert paths.resources_folder() == tmp_path / "resources"


@pytest.mark.parametrize("where", USER_PATHS)
def test_bimaco_home_holds_all_that_is_the_users(
    where: Callable[[], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "memory stick"
    monkeypatch.setenv("BIMACO_HOME", str(home))
    assert where().is_relative_to(home)
    monkeypatch.setenv("BIMACO_HOME", str(tmp_path / "another"))
    assert where().is_relative_to(tmp_path / "another"), "the variable is read at every call"


def test_a_relative_home_does_not_move_with_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BIMACO_HOME", "here")
    assert paths.settings_file() == tmp_path / "here" / "settings.json"


def test_a_tilde_in_bimaco_home_is_the_users_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("BIMACO_HOME", "~/pictures")
    assert paths.cache_folder() == tmp_path / "pictures" / "cache"


@pytest.mark.parametrize("value", [None, ""])
def test_without_bimaco_home_the_systems_habits_hold(
    value: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BIMACO_HOME", raising=False)
    if value is not None:
        monkeypatch.setenv("BIMACO_HOME", value)
    for name in ("data", "config", "cache", "state", "log"):
        folder = tmp_path / name
        monkeypatch.setattr(
            platformdirs, f"user_{name}_path", lambda app, appauthor, at=folder: at / app
        )
    assert paths.user_models_folder() == tmp_path / "data" / "bimaco-gui" / "models"
    assert paths.settings_file() == tmp_path / "config" / "bimaco-gui" / "settings.json"
    assert paths.cache_folder() == tmp_path / "cache" / "bimaco-gui"
    assert paths.queue_file() == tmp_path / "state" / "bimaco-gui" / "queue.sqlite3"
    assert paths.log_file() == tmp_path / "log" / "bimaco-gui" / "bimaco-gui.log"


@pytest.mark.parametrize("where", USER_PATHS)
def test_what_is_named_can_be_written(
    where: Callable[[], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIMACO_HOME", str(tmp_path / "new"))
    path = where()
    folder = path if where in (paths.user_models_folder, paths.cache_folder) else path.parent
    (folder / "probe").write_text("")
    assert not path.is_file(), "naming a file does not make it"


@pytest.mark.parametrize("where", USER_PATHS)
def test_a_home_that_cannot_be_made_stops_nobody(
    where: Callable[[], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("BIMACO_HOME", str(tmp_path / "file" / "home"))
    assert not where().exists()
