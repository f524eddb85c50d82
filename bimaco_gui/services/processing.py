"""Running a job that was taken from the queue, and writing down there how it went."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from bimaco_gui.services.estimate import Estimator
from bimaco_gui.services.events import (
    CancelledEvent,
    Done,
    Event,
    Failed,
    LastEvent,
    Saving,
    Skipped,
    Started,
    TileDone,
    Working,
)
from bimaco_gui.services.jobs import Job
from bimaco_gui.services.places import require_places
from bimaco_gui.services.queue import JobQueue
from bimaco_gui.services.queue_events import JobState
from bimaco_gui.services.runner import JobRunner, failure


def run_taken(
    job: Job,
    queue: JobQueue,
    runner: JobRunner,
    emit: Callable[[Event], None],
    cancel: threading.Event,
    estimator: Estimator | None = None,
) -> LastEvent:
    """Run a job that `queue.next()` gave.

    Args:
        job: The job.
        queue: Where it came from.
        runner: Who runs it. Whatever it raises becomes a failure of this job alone.
        emit: Called with each event, in this thread, after the queue knows of it. While the queue
            is paused, the job stands still after it told of its progress.
        cancel: Set by anyone to stop this job.
        estimator: Learns from the job.

    Returns:
        How the job ended.

    Raises:
        KeyboardInterrupt: As it came; the job waits in the queue again.

    Where the place of the results is gone, closed or full, and other jobs wait, this one waits
    again and the queue is paused: they would all fail.
    """
    last: LastEvent | None = None
    started: Started | None = None
    paused_seconds = 0.0

    def tell(event: Event) -> None:
        nonlocal last, started, paused_seconds
        if isinstance(event, LastEvent):
            last = event
        if isinstance(event, Started):
            started = event
        if isinstance(event, Done) and started is not None and estimator is not None:
            seconds = event.seconds - event.loading - paused_seconds
            estimator.learn_job(
                job,
                (started.width, started.height),
                event.output,
                (event.width, event.height),
                seconds,
            )
        if isinstance(event, TileDone):
            # Writing would make a folder that is gone anew, on the disk that it was mounted on.
            require_places(job, places)
        _record(queue, event)
        emit(event)
        if isinstance(event, Working | TileDone):
            began = time.monotonic()
            queue.wait_while_paused(cancel)
            paused_seconds += time.monotonic() - began

    def fail(error: BaseException) -> LastEvent:
        event = failure(job, error)
        tell(event)
        return event

    places = queue.places(job.id)
    try:
        require_places(job, places)
        runner.run_job(job, tell, cancel)
    except KeyboardInterrupt:
        queue.mark_waiting(job.id)
        raise
    except BaseException as error:
        return last or fail(error)
    return last or fail(RuntimeError("the work ended without a result"))


def _record(queue: JobQueue, event: Event) -> None:
    match event:
        case Started():
            queue.mark_started(event.job.id, event.width, event.height)
        case Saving():
            queue.mark_saving(event.job.id, event.part, event.output, event.stamp)
        case Done():
            queue.mark_done(event.job.id, event.output, seconds=event.seconds, notes=event.notes)
        case Skipped():
            queue.mark_skipped(event.job.id, event.title, event.message)
        case Failed():
            if event.place_failed and queue.counts()[JobState.WAITING]:
                queue.mark_waiting(event.job.id)
                queue.pause(event.message)
            else:
                queue.mark_failed(event.job.id, event.title, event.message)
        case CancelledEvent():
            queue.mark_cancelled(event.job.id)
