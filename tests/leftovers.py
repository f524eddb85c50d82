"""What fails every test of the window: a warning of Qt, or a thread that is still there after it.

Imported by the ``conftest.py`` of the folders whose tests open windows.
"""

import gc
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QMessageLogContext,
    QThread,
    QThreadPool,
    QtMsgType,
    qInstallMessageHandler,
)

from bimaco_gui.ui.background import Background

IGNORED = "This plugin does not support"
"""What the invisible screen says of itself."""

_BAD = (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)
_TASKS = Path("/proc/self/task")
_OF_THE_PROCESS = frozenset({"QDBusConnection", "Thread (pooled)", "desktop"})
"""Threads that live as long as the program: Qt's own for the message bus and for scaling pictures
(ours are called otherwise), and our daemon for the desktop."""
_SECONDS_TO_END = 5.0
_BEFORE = pytest.StashKey[set[tuple[int, str]]]()


def mark_window_tests(items: list[pytest.Item], folder: Path) -> None:
    """Let a warning of Qt while a test of this folder runs fail the test."""
    for item in items:
        if folder in item.path.parents:
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
            item.add_marker(pytest.mark.qt_log_ignore(IGNORED))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Note which threads there are before anything is made for the test."""
    item.stash[_BEFORE] = running_threads()
    yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Once all is taken down, no thread is left; and Qt did not warn on the way."""
    warnings: list[str] = []

    def note(kind: QtMsgType, _context: QMessageLogContext, message: str | None) -> None:
        if kind in _BAD and message is not None and IGNORED not in message:
            warnings.append(message)

    handler_before = qInstallMessageHandler(note)
    try:
        yield
        # Nobody's event loop turns any more, which would delete what waits for that.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    finally:
        qInstallMessageHandler(handler_before)
    assert warnings == [], "Qt warned while the test was taken down"
    assert left_over(item.stash[_BEFORE]) == []


def complaints(stderr: str) -> list[str]:
    """What a program of a journey wrote there, but for what the invisible screen says of itself."""
    return [line for line in stderr.splitlines() if IGNORED not in line]


def left_over(before: set[tuple[int, str]]) -> list[str]:
    """The names of threads that came after `before` and do not end within a few seconds."""
    end = time.monotonic() + _SECONDS_TO_END
    while new := running_threads() - before:
        # Threads for arithmetic bear the name of the thread that first needed them, and stay. So
        # whoever makes threads is asked; that takes a while, and most tests do not come here.
        held = _threads_of_qt() + [name for _, name in _threads_of_python() & new]
        if not held:
            return []
        if time.monotonic() > end:
            return sorted(held)
        time.sleep(0.05)
    return []


def running_threads() -> set[tuple[int, str]]:
    """Number and name of each thread, but for those that live as long as the program."""
    found = _threads_of_python()
    if sys.platform == "linux":
        program = _name_of(_TASKS / str(os.getpid()))
        named = {(int(task.name), _name_of(task)) for task in _TASKS.iterdir()}
        found |= {(number, name) for number, name in named if name not in ("", program)}
    return {(number, name) for number, name in found if name not in _OF_THE_PROCESS}


def _threads_of_python() -> set[tuple[int, str]]:
    return {
        (thread.native_id or 0, thread.name)
        for thread in threading.enumerate()
        # Qt's show up as dummies, which stay in the list when they are gone.
        if not isinstance(thread, threading._DummyThread) and thread.name not in _OF_THE_PROCESS
    }


def _threads_of_qt() -> list[str]:
    """Threads that run, pools at work, and pools that nobody has closed."""
    held = []
    for made in gc.get_objects():
        kind = type(made)
        if issubclass(kind, Background) and not made.is_closed:
            held.append("background")
        elif issubclass(kind, QThread | QThreadPool) and shiboken6.isValid(made):
            runs = made.isRunning() if issubclass(kind, QThread) else made.activeThreadCount() > 0
            held += [made.objectName() or kind.__name__] * runs
    return held


def _name_of(task: Path) -> str:
    try:
        return (task / "comm").read_text().strip()
    except OSError:  # it has ended meanwhile
        return ""
