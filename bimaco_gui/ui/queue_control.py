"""What can be done with the durable queue; edits of the list can be undone."""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack

from bimaco_gui.services.batch import Plan
from bimaco_gui.services.estimate import Experience, remaining_seconds
from bimaco_gui.services.events import LastEvent, TileDone, Working
from bimaco_gui.services.queue import JobQueue
from bimaco_gui.services.queue_events import JobState, QueuedJob
from bimaco_gui.ui.background import Background
from bimaco_gui.ui.picture_files import Glance, glance
from bimaco_gui.ui.problem import problem_from
from bimaco_gui.ui.queue_model import Progress, QueueModel
from bimaco_gui.ui.wording import remaining_time

_LOG = logging.getLogger(__name__)

_MS_BETWEEN_LOOKS = 1000

_Snapshot = tuple[int, list[QueuedJob]]


class QueueWorker(Protocol):
    """What the queue's page needs of `services.worker.WorkerHandle`."""

    event: SignalInstance
    queue: JobQueue

    def resume(self) -> None:
        """Run what waits."""

    def cancel(self, job_id: str | None = None) -> None:
        """Stop that job or all of them."""

    def shutdown(self) -> bool:
        """Stop, and tell whether the thread ended."""


class _Remove(QUndoCommand):
    """Rows taken off the list."""

    def __init__(self, queue: JobQueue, ids: Sequence[str], text: str) -> None:
        super().__init__(text)
        self._queue, self._ids = queue, tuple(ids)
        self._gone: list[QueuedJob] = []

    def redo(self) -> None:
        self._gone = self._queue.remove(*self._ids)

    def undo(self) -> None:
        self._queue.put_back(self._gone)


class _Reorder(QUndoCommand):
    """Another order."""

    def __init__(self, queue: JobQueue, before: list[str], after: list[str], text: str) -> None:
        super().__init__(text)
        self._queue, self._before, self._after = queue, before, after

    def redo(self) -> None:
        self._queue.reorder(self._after)

    def undo(self) -> None:
        self._queue.reorder(self._before)


class QueueControl(QObject):
    """Between the queue, its worker and its page.

    Attributes:
        rows: The queue's jobs.
        undo_stack: Of edits of the list; what was computed is never undone.
    """

    changed = Signal()
    problem_occurred = Signal(object)
    finished = Signal(object)

    def __init__(
        self,
        worker: QueueWorker,
        background: Background,
        experience: Callable[[], Experience],
        undo_stack: QUndoStack,
        parent: QObject,
    ) -> None:
        """Follow the worker; jobs from an earlier run wait until `start`."""
        super().__init__(parent)
        self._worker, self._background, self._experience = worker, background, experience
        self._queue = worker.queue
        self._remaining: float | None = None
        self._was_busy = False
        self.rows = QueueModel(worker.queue, self)
        self.undo_stack = undo_stack
        self.rows.reorder_wanted.connect(self.reorder)
        self.rows.thumbnail_wanted.connect(self._fetch_thumbnail)
        self.rows.counts_changed.connect(self._on_counts_changed)
        self.rows.pause_changed.connect(lambda _event: self.changed.emit())
        worker.event.connect(self._on_event)
        self._looks = QTimer(self)
        self._looks.setInterval(_MS_BETWEEN_LOOKS)
        self._looks.timeout.connect(self._look)
        self._looks.start()

    # -- what it is at ----------------------------------------------------------------------

    @property
    def is_empty(self) -> bool:
        """Whether there is no job at all."""
        return self.rows.rowCount() == 0

    @property
    def is_paused(self) -> bool:
        """Whether nothing begins and the running job stands still."""
        return self._queue.paused

    @property
    def pause_reason(self) -> str | None:
        """Why, where nobody asked for it."""
        return self._queue.pause_reason

    @property
    def is_busy(self) -> bool:
        """Whether a job runs or waits."""
        counts = self.rows.counts
        return counts[JobState.RUNNING] + counts[JobState.WAITING] > 0

    def done_and_total(self) -> tuple[int, int]:
        """How many jobs are over, however they ended, and how many there are."""
        counts = self.rows.counts
        total = sum(counts.values())
        return total - counts[JobState.RUNNING] - counts[JobState.WAITING], total

    def remaining(self) -> float | None:
        """Seconds until all is done, about; None where nothing can be said yet."""
        return remaining_seconds(self.rows.items, self._experience(), self._remaining)

    def summary(self) -> str:
        """How far it is, in a line."""
        done, total = self.done_and_total()
        if total == 0:
            return self.tr("Nothing in the queue")
        if not self.is_busy:
            finished = self.rows.counts[JobState.DONE]
            return self.tr("{0} of %n photo(s) done", "", total).format(finished)
        text = self.tr("{0} of %n photo(s) finished", "", total).format(done)
        if self.is_paused:
            return text + "  ·  " + self.tr("paused")
        remaining = self.remaining()
        if remaining is not None:
            text += "  ·  " + remaining_time(remaining)
        return text

    def failures(self) -> str:
        """How many jobs have failed, in words; empty where none has."""
        count = self.rows.counts[JobState.FAILED]
        return self.tr("%n failed", "", count) if count else ""

    # -- what can be done -------------------------------------------------------------------

    def start(self) -> None:
        """Go on with what an earlier run of the program left."""
        try:
            self._queue.recover()
        except Exception as error:
            self.problem_occurred.emit(problem_from(error))
            return
        if self.is_busy:
            self._worker.resume()

    def add(self, plan: Plan) -> None:
        """Put a plan's jobs at the end and begin."""
        jobs = [planned.job for planned in plan.jobs]
        sizes = [planned.size for planned in plan.jobs]
        # What cannot be read is listed too, and fails with its reason.
        broken = [one.job for one in plan.unreadable if one.job is not None]
        work = partial(self._queue.add_all, [*jobs, *broken], [*sizes, *([None] * len(broken))])
        self._background.run(work, lambda _none: self._worker.resume(), self._on_failed)

    def pause(self) -> None:
        """Let nothing begin, and the running job stand still."""
        self._queue.pause()

    def resume(self) -> None:
        """Go on."""
        self._queue.resume()
        self._worker.resume()

    def cancel(self, *job_ids: str) -> None:
        """Stop these jobs, running or waiting."""
        for job_id in job_ids:
            self._worker.cancel(job_id)

    def cancel_all(self) -> None:
        """Stop everything that runs or waits."""
        self._worker.cancel()

    def retry(self, *job_ids: str) -> None:
        """Let these jobs run again."""
        over = [job_id for job_id in job_ids if self._is_over(job_id)]
        if over:
            self._queue.mark_waiting(*over)
            self._worker.resume()

    def retry_failed(self) -> None:
        """Let all failed jobs run again."""
        self._queue.retry_failed()
        self._worker.resume()

    def remove(self, *job_ids: str) -> None:
        """Take rows off the list; what runs stays."""
        if job_ids:
            text = self.tr("Remove %n row(s)", "", len(job_ids))
            self.undo_stack.push(_Remove(self._queue, job_ids, text))

    def remove_finished(self) -> None:
        """Take off what is over."""
        self.remove(*(item.id for item in self.rows.items if self._is_over(item.id)))

    def reorder(self, order: list[str]) -> None:
        """Put the rows into this order."""
        before = [item.id for item in self.rows.items]
        if order != before:
            text = self.tr("Change the order")
            self.undo_stack.push(_Reorder(self._queue, before, order, text))

    def move(self, job_ids: Sequence[str], by: int) -> None:
        """Move rows up (-1) or down (1) by one place."""
        rows = sorted(self.rows.row_of(job_id) for job_id in job_ids)
        if rows and rows[0] >= 0:
            row = max(0, rows[0] - 1) if by < 0 else min(self.rows.rowCount(), rows[-1] + 2)
            self.reorder(self.rows.order_with(list(job_ids), row))

    def close(self) -> bool:
        """End the worker's thread; whether it ended. What waits goes on next time."""
        self._looks.stop()
        self._worker.event.disconnect(self._on_event)
        ended = self._worker.shutdown()
        self.rows.close()
        return ended

    # -- following --------------------------------------------------------------------------

    @Slot(object)
    def _on_event(self, event: Any) -> None:
        if isinstance(event, Working):
            self._set_progress(Progress(event.job.id, event.fraction, event.remaining))
        elif isinstance(event, TileDone):
            share = event.done / max(1, event.total)
            self._set_progress(Progress(event.job.id, share, event.remaining))
        elif isinstance(event, LastEvent):
            self._remaining = None

    def _look(self) -> None:
        """See, once a second, whether another program has changed the queue."""
        self._looks.stop()
        self._background.run(partial(_news, self._queue), self._show_news, self._on_look_failed)

    def _show_news(self, news: _Snapshot | None) -> None:
        if news is not None and news[0] != self._queue.own_changes:
            # Overtaken by changes of this program, of which the rows know already.
            self._background.run(self._queue.snapshot, self._show_news, self._on_look_failed)
            return
        if news is not None:
            self.rows.show(news[1])
            # What was added there is done here, unless it is done there.
            if self.is_busy and not self.is_paused and self._queue.claim():
                self._worker.resume()
        self._looks.start()

    def _on_look_failed(self, error: Exception) -> None:
        _LOG.warning("The queue cannot be looked at: %s", error)
        self._looks.start()

    def _set_progress(self, progress: Progress) -> None:
        self._remaining = progress.remaining
        self.rows.set_progress(progress)
        self.changed.emit()

    def _on_counts_changed(self) -> None:
        self.changed.emit()
        if self._was_busy and not self.is_busy:
            self.finished.emit(self.rows.counts)
        self._was_busy = self.is_busy

    def _is_over(self, job_id: str) -> bool:
        item = self.rows.item(job_id)
        return item is not None and item.state not in (JobState.RUNNING, JobState.WAITING)

    def _fetch_thumbnail(self, item: QueuedJob) -> None:
        def arrived(seen: Glance) -> None:
            self.rows.set_thumbnail(item.id, seen.thumbnail)

        self._background.run(partial(glance, item.job.input), arrived, lambda _error: None)

    def _on_failed(self, error: Exception) -> None:
        self.problem_occurred.emit(problem_from(error))


def _news(queue: JobQueue) -> _Snapshot | None:
    return queue.snapshot() if queue.changed_elsewhere() else None
