"""Starts the window. Qt alone: torch is imported by the worker's thread with the first job."""

import contextlib
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QLoggingCategory, QSocketNotifier
from PySide6.QtWidgets import QApplication

from bimaco_gui import __version__
from bimaco_gui.paths import queue_file
from bimaco_gui.services.desktop import APP_ID, APP_NAME
from bimaco_gui.services.desktop.helper import Desktop
from bimaco_gui.services.devices import Gpu, list_gpus
from bimaco_gui.services.engine_tools import engine_tools, load_here
from bimaco_gui.services.estimate import Estimator
from bimaco_gui.services.isolation.choice import Isolation
from bimaco_gui.services.log import start_log
from bimaco_gui.services.preview import Previewer
from bimaco_gui.services.queue import JobQueue
from bimaco_gui.services.runner import Runner
from bimaco_gui.services.settings import load_settings
from bimaco_gui.services.turns import GoesFirst, StandsBack, Turns
from bimaco_gui.services.worker import WorkerHandle
from bimaco_gui.ui.desktop_link import DesktopLink
from bimaco_gui.ui.file_open import FileOpenRequests
from bimaco_gui.ui.icons import app_icon
from bimaco_gui.ui.single_instance import Request, SingleInstance
from bimaco_gui.ui.translation import install_language
from bimaco_gui.ui.window import Window


def run_window(paths: list[Path], upscale_at_once: bool = False, new_window: bool = False) -> int:
    """Open the window and return when it has been closed.

    Where a window is open already, it takes the photos, and this returns at once.

    Args:
        paths: Photos to open at once.
        upscale_at_once: Upscale them without waiting for the button.
        new_window: Open another window all the same.

    Returns:
        The exit code for the process.
    """
    start_log()
    app = make_application()
    instance = SingleInstance(app)
    if not new_window and instance.hand_over(Request.of(paths, upscale_at_once)):
        return 0
    install_language(app, load_settings().language)
    program = make_program()
    window = program.window
    link = DesktopLink(program.workers, Desktop(), window)
    window.menus.follow_desktop(link, window.after_work)
    instance.asked.connect(lambda request: take_request(window, request))
    FileOpenRequests(app).asked.connect(window.opening.open_files)
    with _closing_on_interrupt(window):
        window.show()
        instance.listen()
        window.opening.open_files(paths, upscale_at_once)
        code = app.exec()
    instance.close()
    link.close()
    program.close()
    if not window.ended_cleanly:
        # A thread that hangs would keep the process alive with no window to see.
        os._exit(code)
    return code


@dataclass(frozen=True)
class Program:
    """The window with the real engine behind it.

    Attributes:
        window: Not shown yet.
        workers: For the photo on show, and for the queue.
        queue: The batch's jobs.
        isolation: What the graphics cards compute in.
    """

    window: Window
    workers: tuple[WorkerHandle, WorkerHandle]
    queue: JobQueue
    isolation: Isolation

    def close(self) -> None:
        """End what outlives the window, once it is closed."""
        self.isolation.close()
        self.queue.close()


def make_program(isolation: Isolation | None = None) -> Program:
    """Make the window and what works for it; nothing is loaded before the window is shown.

    Args:
        isolation: Loads the models; the real ones if None.
    """
    estimator, turns, queue = Estimator(), Turns(), JobQueue(queue_file())
    isolation = isolation or Isolation(load_here)
    tools = partial(engine_tools, isolation)
    worker = WorkerHandle(GoesFirst(Runner(tools), turns), estimator=estimator)
    batch = WorkerHandle(StandsBack(Runner(tools), turns), queue, estimator)
    previewer = Previewer(estimator, tools)

    def gpus(cancel: threading.Event) -> list[Gpu]:
        return list_gpus(isolation.gpu_names(cancel))

    window = Window(worker, previewer, estimator, batch, gpus)
    return Program(window, (worker, batch), queue, isolation)


def take_request(window: Window, request: Request) -> None:
    """Do in this window what another start of the program asked for, and bring it to the front."""
    if request.token:
        # Wayland lets a window come to the front only for a token that the desktop gave.
        os.environ["XDG_ACTIVATION_TOKEN"] = request.token
    if window.isMinimized():
        window.showNormal()
    window.raise_()
    window.activateWindow()
    window.opening.open_files([Path(file) for file in request.files], request.upscale)


SWITCH_SECONDS = 0.0005
"""After which a worker hands Python's lock over. Qt's binding takes it anew after each call, so a
row of a list that is painted waits for it dozens of times; of 5 ms, as is usual, one feels that."""


def make_application() -> QApplication:
    """The Qt application, with the names that desktops show and group windows by."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("bimaco-gui")
    app.setApplicationDisplayName(APP_NAME)
    app.setApplicationVersion(__version__)
    app.setDesktopFileName(APP_ID)
    app.setWindowIcon(app_icon())
    sys.setswitchinterval(SWITCH_SECONDS)
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
