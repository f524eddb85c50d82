"""Starts the window. Qt alone: torch is imported by the worker's thread with the first job."""

import contextlib
import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QLoggingCategory, QSocketNotifier
from PySide6.QtWidgets import QApplication

from bimaco_gui import __version__
from bimaco_gui.services.log import start_log
from bimaco_gui.services.worker import WorkerHandle
from bimaco_gui.ui.icons import app_icon
from bimaco_gui.ui.window import Window


def run_window(paths: list[Path], upscale_at_once: bool = False) -> int:
    """Open the window and return when it has been closed.

    Args:
        paths: Photos to open at once.
        upscale_at_once: Upscale them without waiting for the button.

    Returns:
        The exit code for the process.
    """
    start_log()
    app = make_application()
    window = Window(WorkerHandle())
    with _closing_on_interrupt(window):
        window.show()
        window.open_files(paths, upscale_at_once)
        code = app.exec()
    if not window.ended_cleanly:
        # A thread that hangs would keep the process alive with no window to see.
        os._exit(code)
    return code


def make_application() -> QApplication:
    """The Qt application, with the names that desktops show and group windows by."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("bimaco-gui")
    app.setApplicationDisplayName("BiMaCo")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("bimaco-gui")
    app.setWindowIcon(app_icon())
    # What is wrong with a file is told in the window, not on the terminal.
    QLoggingCategory.setFilterRules("qt.gui.imageio*=false")
    return app


@contextlib.contextmanager
def _closing_on_interrupt(window: Window) -> Iterator[None]:
    """Let Ctrl-C in a terminal close the window cleanly.

    Python runs signal handlers between its own instructions only, which never come while Qt waits
    for events; the byte that arrives at the socket wakes it.
    """
    receiver, sender = socket.socketpair()
    receiver.setblocking(False)
    sender.setblocking(False)
    notifier = QSocketNotifier(receiver.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda: receiver.recv(1))
    wakeup_before = signal.set_wakeup_fd(sender.fileno())
    handler_before = signal.signal(signal.SIGINT, lambda *_: window.close_without_asking())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler_before)
        signal.set_wakeup_fd(wakeup_before)
        notifier.setEnabled(False)
        receiver.close()
        sender.close()
