"""Show in folder: selected over a real message bus, or else the folder is opened."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from jeepney import DBusAddress, HeaderFields, Message, new_method_return, new_signal
from PySide6.QtCore import QObject, QUrl
from pytestqt.qtbot import QtBot

from bimaco_gui.services.desktop.file_manager import selecting_command
from bimaco_gui.ui.background import Background
from bimaco_gui.ui.revealing import Revealing
from tests.dbus_bus import StandIn, refuses, returns, running_bus, sender
from tests.unit.ui.fakes import OpenedFolders

MANAGER = "org.freedesktop.FileManager1"
REQUEST = DBusAddress(
    "/org/freedesktop/portal/desktop/request/1_1/t", interface="org.freedesktop.portal.Request"
)

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="D-Bus is Linux's")


@pytest.fixture
def revealing(qtbot: QtBot) -> Iterator[Revealing]:
    background, parent = Background(), QObject()
    yield Revealing(background, parent)
    background.close()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "Größe & Ort #1" / "a photo_x4.png"
    path.parent.mkdir()
    path.write_bytes(b"png")
    return path


def test_the_file_is_selected_where_the_file_manager_can(
    revealing: Revealing,
    opened: OpenedFolders,
    photo: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with running_bus(tmp_path, monkeypatch):
        manager = StandIn(MANAGER, returns("", *()))
        revealing.show(photo)
        (message,) = manager.wait(member="ShowItems")
        manager.close()
    assert message.header.fields[HeaderFields.signature] == "ass"
    (uri,), _token = message.body
    assert Path(QUrl(uri).toLocalFile()) == photo
    assert opened.folders == []


def portal(code: int) -> StandIn:
    """The desktop's portal, which answers a wish with a handle, and later with a code."""
    made: list[StandIn] = []

    def answer(message: Message) -> Message:
        response = new_signal(REQUEST, "Response", "ua{sv}", (code, {}))
        response.header.fields[HeaderFields.destination] = sender(message)
        made[0]._connection.send(new_method_return(message, "o", (REQUEST.object_path,)))
        return response

    made.append(StandIn("org.freedesktop.portal.Desktop", answer))
    return made[0]


def test_in_a_sandbox_the_portal_selects_it(
    revealing: Revealing,
    opened: OpenedFolders,
    photo: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with running_bus(tmp_path, monkeypatch):
        desktop = portal(0)
        revealing.show(photo)
        (message,) = desktop.wait(member="OpenDirectory")
        revealing._background.close()
        desktop.close()
    assert message.header.fields[HeaderFields.interface] == "org.freedesktop.portal.OpenURI"
    _window, file, options = message.body
    assert Path(f"/proc/self/fd/{file.fileno()}").resolve() == photo
    file.close()
    assert options == {}
    assert opened.folders == []


def test_where_the_portal_cannot_the_folder_is_opened(
    revealing: Revealing,
    opened: OpenedFolders,
    photo: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    with running_bus(tmp_path, monkeypatch):
        desktop = portal(2)
        revealing.show(photo)
        qtbot.waitUntil(lambda: opened.folders == [photo.parent])
        desktop.wait(member="OpenDirectory")[0].body[1].close()
        desktop.close()


def test_else_the_folder_is_opened(
    revealing: Revealing,
    opened: OpenedFolders,
    photo: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    with running_bus(tmp_path, monkeypatch):
        manager = StandIn(MANAGER, refuses)
        revealing.show(photo)
        qtbot.waitUntil(lambda: opened.folders == [photo.parent])
        manager.close()


def test_without_a_bus_the_folder_is_opened(
    revealing: Revealing,
    opened: OpenedFolders,
    photo: Path,
    qtbot: QtBot,
) -> None:
    revealing.show(photo)
    qtbot.waitUntil(lambda: opened.folders == [photo.parent])


def test_of_a_file_that_is_gone_the_folder_is_opened(
    revealing: Revealing, opened: OpenedFolders, photo: Path
) -> None:
    photo.unlink()
    revealing.show(photo)
    assert opened.folders == [photo.parent]


def test_the_commands_of_other_systems() -> None:
    path = Path("some folder") / "a.png"
    assert selecting_command(path, "darwin") == ["/usr/bin/open", "-R", str(path)]
    assert selecting_command(path, "win32") == ["explorer", "/select,", str(path)]
