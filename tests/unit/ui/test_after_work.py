"""The computer rests when the work is done, if asked to, and never at the cost of a result."""

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from bimaco_gui.services.desktop.power import Power, command, switch
from bimaco_gui.services.jobs import Job
from bimaco_gui.ui import after_work as module
from bimaco_gui.ui.after_work import AfterWork
from bimaco_gui.ui.desktop_link import DesktopLink
from bimaco_gui.ui.photo import PhotoState
from bimaco_gui.ui.when_done_menu import WhenDoneMenu
from bimaco_gui.ui.window import Window
from tests.dbus_bus import StandIn, refuses, returns, running_bus
from tests.unit.ui.fakes import FakeWorker
from tests.unit.ui.test_desktop_link import Heard, Work

LEFT = Qt.MouseButton.LeftButton
LOGIND = "org.freedesktop.login1"


@pytest.fixture
def acted(window: Window, monkeypatch: pytest.MonkeyPatch) -> list[Power]:
    done: list[Power] = []
    monkeypatch.setattr(module, "_SECONDS_TO_OBJECT", 2)
    monkeypatch.setattr(window.after_work, "_act", done.append)
    return done


@pytest.fixture
def work(window: Window) -> Iterator[Work]:
    made = Work(1)
    link = DesktopLink((made,), Heard(), window)  # type: ignore[arg-type]
    window.menus.follow_desktop(link, window.after_work)
    yield made
    made.queue.close()


@pytest.fixture
def menu(window: Window, work: Work) -> WhenDoneMenu:
    (found,) = window.findChildren(WhenDoneMenu)
    return found


def box_of(after_work: AfterWork) -> QMessageBox:
    assert after_work.box is not None
    return after_work.box


def test_it_counts_down_and_shuts_down_once(
    window: Window, work: Work, menu: WhenDoneMenu, acted: list[Power], qtbot: QtBot
) -> None:
    menu.quit_action.trigger()
    menu.shut_down_action.trigger()
    assert not menu.quit_action.isChecked()
    work.finish(work.start())
    assert "2" in box_of(window.after_work).text()
    qtbot.waitUntil(lambda: acted == [Power.SHUT_DOWN])
    assert window.after_work.box is None
    assert not menu.shut_down_action.isChecked()
    work.queue.add(Job(Path("b.png")))
    work.finish(work.start())
    assert window.after_work.box is None, "it was for the work before"


def test_who_objects_in_time_is_heard(
    window: Window, work: Work, menu: WhenDoneMenu, acted: list[Power], qtbot: QtBot
) -> None:
    menu.suspend_action.trigger()
    work.finish(work.start())
    cancel = box_of(window.after_work).button(QMessageBox.StandardButton.Cancel)
    QTest.mouseClick(cancel, LEFT)
    qtbot.wait(2300)
    assert acted == []
    assert window.after_work.box is None


def test_nothing_is_lost_for_it(
    window: Window,
    work: Work,
    menu: WhenDoneMenu,
    acted: list[Power],
    worker: FakeWorker,
    photo_file: Callable[..., Path],
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    folder = tmp_path / "unplugged"
    folder.mkdir()
    window.panel.save_section.set_folder(folder)
    folder.rmdir()
    window.opening.open_files([photo_file()])
    qtbot.waitUntil(lambda: window.session.photos[0].state is PhotoState.READY)
    window.commands.upscale()
    worker.finish()
    qtbot.waitUntil(lambda: bool(window.session.unsaved) and not window.saving.is_busy)
    menu.shut_down_action.trigger()
    work.finish(work.start())
    qtbot.waitUntil(lambda: window.after_work.box is None)
    assert acted == []
    problem = window.banner.problem
    assert problem is not None
    assert "could not be saved" in problem.message


def test_a_system_that_refuses_is_told_of(
    window: Window,
    work: Work,
    menu: WhenDoneMenu,
    acted: list[Power],
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    def refuse(_power: Power) -> None:
        raise OSError("not today")

    monkeypatch.setattr(window.after_work, "_act", refuse)
    menu.suspend_action.trigger()
    work.finish(work.start())
    qtbot.waitUntil(window.banner.isVisible)
    problem = window.banner.problem
    assert problem is not None
    assert problem.details == "not today"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="D-Bus is Linux's")
@pytest.mark.parametrize(
    ("power", "member"), [(Power.SUSPEND, "Suspend"), (Power.SHUT_DOWN, "PowerOff")]
)
def test_logind_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, power: Power, member: str
) -> None:
    with running_bus(tmp_path, monkeypatch):
        logind = StandIn(LOGIND, returns("", *()))
        asking = threading.Thread(target=switch, args=(power,))
        asking.start()
        (message,) = logind.wait(member=member)
        asking.join()
        logind.close()
        assert message.body == (True,)
        logind = StandIn(LOGIND, refuses)
        with pytest.raises(OSError, match="No"):
            switch(power)
        logind.close()


def test_the_commands_of_other_systems() -> None:
    assert command(Power.SHUT_DOWN, "win32") == ["shutdown", "/s", "/t", "0"]
    assert "sleep" in command(Power.SUSPEND, "darwin")[-1]
