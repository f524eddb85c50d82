"""Tells the desktop of the work: awake while it runs, progress, and a word when all is done."""

import sys
from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from bimaco_gui.services.desktop import APP_NAME
from bimaco_gui.services.desktop.helper import Desktop
from bimaco_gui.services.events import CancelledEvent, Done, Failed, TileDone, Working
from bimaco_gui.services.queue import JobQueue
from bimaco_gui.services.queue_events import JobState

_STEP = 0.01
_IDLE_MS = 3000


class Worker(Protocol):
    """What is needed of `services.worker.WorkerHandle`."""

    event: SignalInstance
    queue: JobQueue


class DesktopLink(QObject):
    """Follows the workers from the first job to the last, whoever gave them.

    Signals:
        finished: No job runs or waits any more; how many were done and how many failed.

    Attributes:
        notifies: Whether the end of the work is told while another program is in front.
        quits: Whether the program is closed then: the window's own way, so nothing is lost.
    """

    finished = Signal(int, int)

    def __init__(
        self, workers: Sequence[Worker], desktop: Desktop, parent: QObject | None = None
    ) -> None:
        """Listen to the workers; nothing is asked of the desktop before a job runs."""
        super().__init__(parent)
        self.notifies = True
        self.quits = False
        self._desktop = desktop
        self._queues = [worker.queue for worker in workers]
        self._tray: QSystemTrayIcon | None = None
        self._works = False
        self._ended = self._done = self._failed = 0
        self._shown: float | None = None
        self._shown_job = 0
        self._running = 0.0
        # Jobs may wait that nobody begins, such as those of a queue that was stopped.
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(_IDLE_MS)
        self._idle.timeout.connect(self._on_idle)
        for worker in workers:
            worker.event.connect(self._on_event)

    def close(self) -> None:
        """Let go of everything."""
        self._desktop.close()

    def _on_event(self, event: Any) -> None:
        self._idle.start()
        if isinstance(event, (Done, Failed, CancelledEvent)):
            self._ended += 1
            self._done += isinstance(event, Done)
            self._failed += isinstance(event, Failed)
            if self._to_do() == 0:
                self._end()
            else:
                self._begin()
                self._show(0.0)
        else:
            self._begin()
            if isinstance(event, TileDone):
                self._show(event.done / max(1, event.total))
            elif isinstance(event, Working):
                self._show(event.fraction)

    def _on_idle(self) -> None:
        if self._works and self._count(JobState.RUNNING) == 0:
            self._end()

    def _begin(self) -> None:
        if not self._works:
            self._works = True
            self._desktop.keep_awake(self.tr("Upscaling photos"))
            self._show(0.0)

    def _show(self, running: float) -> None:
        # Tiles and shares of the work cross now and then, so the bar never goes back in a job.
        if self._ended != self._shown_job:
            self._shown_job, self._running = self._ended, 0.0
        self._running = max(self._running, running)
        fraction = (self._ended + self._running) / max(1, self._ended + self._to_do())
        if self._shown is None or abs(fraction - self._shown) >= _STEP:
            self._shown = fraction
            self._desktop.show_progress(min(1.0, fraction))

    def _to_do(self) -> int:
        return self._count(JobState.WAITING, JobState.RUNNING)

    def _count(self, *states: JobState) -> int:
        counts = [queue.counts() for queue in self._queues]
        return sum(count.get(state, 0) for count in counts for state in states)

    def _end(self) -> None:
        self._idle.stop()
        done, failed = self._done, self._failed
        if self._works:
            self._desktop.show_progress(None)
            self._desktop.allow_sleep()
        self._rest()
        if done + failed and self.notifies and not _is_in_front():
            self._notify(*self._words(done, failed))
        self.finished.emit(done, failed)
        if self.quits and done + failed:
            QApplication.closeAllWindows()

    def _words(self, done: int, failed: int) -> tuple[str, str]:
        title = self.tr("%n photo(s) done", "", done)
        return title, self.tr("%n photo(s) failed", "", failed) if failed else ""

    def _notify(self, title: str, body: str) -> None:
        if sys.platform.startswith("linux"):
            self._desktop.notify(title, body)
        elif QSystemTrayIcon.isSystemTrayAvailable():
            if self._tray is None:
                self._tray = QSystemTrayIcon(QGuiApplication.windowIcon(), self)
                self._tray.setToolTip(APP_NAME)
            self._tray.show()
            self._tray.showMessage(title, body)

    def _rest(self) -> None:
        self._works = False
        self._ended = self._done = self._failed = 0
        self._running = 0.0
        self._shown = None
        self._shown_job = 0


def _is_in_front() -> bool:
    return QGuiApplication.applicationState() == Qt.ApplicationState.ApplicationActive
