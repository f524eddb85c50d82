import threading
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bimaco_gui.ui.background import Background

pytestmark = pytest.mark.usefixtures("qapp")


def test_work_is_done_elsewhere_and_its_result_comes_back_here(
    qapp: QApplication, qtbot: QtBot
) -> None:
    background = Background()
    threads: list[int] = []
    results: list[Any] = []

    def take(result: Any) -> None:
        threads.append(threading.get_ident())
        results.append(result)

    background.run(threading.get_ident, take, pytest.fail)
    qtbot.waitUntil(lambda: bool(results))
    assert threads == [threading.get_ident()]
    assert results != threads
    background.close()


def test_what_fails_is_told_by_its_exception(qtbot: QtBot) -> None:
    background = Background()
    errors: list[Exception] = []

    def fail() -> None:
        raise ValueError("no")

    background.run(fail, pytest.fail, errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    assert isinstance(errors[0], ValueError)
    background.close()


def test_closing_waits_for_what_runs_and_calls_nobody_back(qtbot: QtBot) -> None:
    background = Background(threads=1)
    begun, go_on = threading.Event(), threading.Event()
    done: list[str] = []
    called: list[Any] = []

    def slow() -> None:
        begun.set()
        go_on.wait(10)
        done.append("first")

    background.run(slow, called.append, called.append)
    background.run(lambda: done.append("second"), called.append, called.append)
    begun.wait(10)
    threading.Timer(0.1, go_on.set).start()
    background.close()
    assert done == ["first"]
    background.run(lambda: done.append("late"), called.append, called.append)
    qtbot.wait(50)
    assert done == ["first"]
    assert called == []
    assert not background.is_busy
