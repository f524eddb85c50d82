"""The watch for threads that are left over notices each kind of them."""

import threading

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from bimaco_gui.ui.background import Background
from tests import leftovers


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "_SECONDS_TO_END", 0.2)


def wait_for_another(before: set[tuple[int, str]], qtbot: QtBot) -> None:
    """A thread gets its name a moment after it begins."""
    qtbot.waitUntil(lambda: bool(leftovers.running_threads() - before))


def test_a_thread_of_qt_is_noticed(qtbot: QtBot) -> None:
    before = leftovers.running_threads()
    thread = QThread()
    thread.setObjectName("forgotten")
    thread.start()
    wait_for_another(before, qtbot)
    assert leftovers.left_over(before) == ["forgotten"]
    thread.quit()
    thread.wait()
    assert leftovers.left_over(before) == []


def test_a_pool_that_nobody_closes_is_noticed(qtbot: QtBot) -> None:
    before = leftovers.running_threads()
    background = Background()
    background.run(threading.Event().is_set, lambda _none: None, lambda _error: None)
    wait_for_another(before, qtbot)
    assert leftovers.left_over(before) == ["background"]
    background.close()
    assert leftovers.left_over(before) == []


def test_a_thread_of_python_is_noticed() -> None:
    before = leftovers.running_threads()
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait, name="waiting")
    thread.start()
    assert leftovers.left_over(before) == ["waiting"]
    stop.set()
    thread.join()
    assert leftovers.left_over(before) == []
