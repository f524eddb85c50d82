"""The window's worker: one thread that runs one job at a time and tells what happens.

The events of ``events.py`` are all that comes out of the thread, so that a child process could
take its place.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, QThread, Signal, SignalInstance, Slot

from bimaco_gui.services.estimate import Estimator
from bimaco_gui.services.events import CancelledEvent, Event
from bimaco_gui.services.jobs import Job
from bimaco_gui.services.mailbox import Mailbox
from bimaco_gui.services.priority import lower_priority
from bimaco_gui.services.processing import run_taken
from bimaco_gui.services.queue import JobQueue
from bimaco_gui.services.runner import JobRunner, Runner

_LOG = logging.getLogger(__name__)

# A thread that does not end in time must not be destroyed while it runs: Qt would abort.
_STRANDED: list[tuple[QThread, QObject]] = []


class _Control:
    """What the window's thread tells the worker's: which job to stop, and when to close.

    One lock is held both where a job is taken and where one is stopped, so no job slips through
    in between, and none is stopped in the place of another.
    """

    def __init__(self, queue: JobQueue) -> None:
        self._queue = queue
        self._lock = threading.Lock()
        self._running: tuple[Job, threading.Event] | None = None
        self._closing = False

    @property
    def closing(self) -> bool:
        """No further job begins."""
        return self._closing

    def take(self) -> tuple[Job, threading.Event] | None:
        """The next job, with the event that stops it."""
        with self._lock:
            job = None if self._closing else self._queue.next()
            self._running = None if job is None else (job, threading.Event())
            return self._running

    def stop(self, job_id: str | None) -> list[Job]:
        """Stop that job or all; gives those that had not begun, which nobody else will tell of."""
        with self._lock:
            if self._running is not None and job_id in (None, self._running[0].id):
                self._running[1].set()
            return self._queue.cancel_waiting(job_id)

    def close(self) -> None:
        """Stop the running job and begin no other."""
        with self._lock:
            self._closing = True
            if self._running is not None:
                self._running[1].set()


class Worker(QObject):
    """Lives in the thread and works through the queue. Windows use `WorkerHandle`."""

    def __init__(
        self,
        runner: JobRunner,
        queue: JobQueue,
        control: _Control,
        estimator: Estimator | None,
        tell: Callable[[Event], None],
    ) -> None:
        super().__init__()
        self._estimator = estimator
        self._tell = tell
        self._runner = runner
        self._queue = queue
        self._control = control

    @Slot()
    def work(self) -> None:
        """Run the jobs that wait, until none does."""
        lower_priority()
        try:
            while (taken := self._control.take()) is not None:
                job, stop = taken
                last = run_taken(job, self._queue, self._runner, self._tell, stop, self._estimator)
                if isinstance(last, CancelledEvent) and self._control.closing:
                    # Closing the window is no wish to give the job up: it goes on next time.
                    self._queue.mark_waiting(job.id)
        except BaseException:
            # An error that left a slot would be lost; a queue that fails stops only this round.
            _LOG.exception("The worker stopped working through the queue")


class _Alarm(QObject):
    """In the window's thread: wakes the worker in its own."""

    wake = Signal()


class WorkerHandle:
    """The window's end of the worker. All its methods return at once, but for `shutdown`.

    Make and use it in the window's thread, whose event loop delivers the events.

    Attributes:
        event: Signal with any of ``events.Event``; its receivers run in the window's thread.
        queue: The jobs, to look at.

    Args:
        runner: Who runs the jobs; the real one if None.
        queue: Where the jobs are kept; in memory if None. Jobs that wait in it begin with the
            first `submit` or `resume`.
        estimator: Learns from the jobs.
    """

    def __init__(
        self,
        runner: JobRunner | None = None,
        queue: JobQueue | None = None,
        estimator: Estimator | None = None,
    ) -> None:
        self.queue = JobQueue() if queue is None else queue
        self._control = _Control(self.queue)
        self._thread = QThread()
        self._thread.setObjectName("upscaling")
        self._mailbox = Mailbox()
        self._worker = Worker(
            Runner() if runner is None else runner,
            self.queue,
            self._control,
            estimator,
            self._mailbox.put,
        )
        self._worker.moveToThread(self._thread)
        self._alarm = _Alarm()
        self._alarm.wake.connect(self._worker.work)
        self.event: SignalInstance = self._mailbox.delivered
        self._thread.start()

    def submit(self, job: Job) -> None:
        """Run this job after those that wait already."""
        self.queue.add(job)
        self._alarm.wake.emit()

    def resume(self) -> None:
        """Run what waits in the queue, such as jobs from before a crash."""
        self._alarm.wake.emit()

    def cancel(self, job_id: str | None = None) -> None:
        """Stop that job, running or waiting, or all jobs. Each tells so by its event."""
        for job in self._control.stop(job_id):
            self._mailbox.put(CancelledEvent(job))

    def shutdown(self, timeout_seconds: float = 10.0) -> bool:
        """Stop the running job and end the thread. What was not finished waits in the queue.

        Returns:
            Whether the thread ended in time. If not, it still runs, and the program had better
            leave by `os._exit`.
        """
        self._control.close()
        self._thread.quit()
        if self._thread.wait(int(timeout_seconds * 1000)):
            return True
        _STRANDED.append((self._thread, self._worker))
        return False
