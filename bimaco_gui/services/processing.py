"""Running a job that was taken from the queue, and writing down there how it went."""

from __future__ import annotations

import threading
from collections.abc import Callable

from bimaco_gui.services.events import CancelledEvent, Done, Event, Failed, LastEvent
from bimaco_gui.services.jobs import Job
from bimaco_gui.services.queue import JobQueue
from bimaco_gui.services.runner import JobRunner, failure


def run_taken(
    job: Job,
    queue: JobQueue,
    runner: JobRunner,
    emit: Callable[[Event], None],
    cancel: threading.Event,
) -> LastEvent:
    """Run a job that `queue.next()` gave.

    Args:
        job: The job.
        queue: Where it came from.
        runner: Who runs it. Whatever it raises becomes a failure of this job alone.
        emit: Called with each event, in this thread, after the queue knows of it.
        cancel: Set by anyone to stop this job.

    Returns:
        How the job ended.

    Raises:
        KeyboardInterrupt: As it came; the job waits in the queue again.
    """
    last: LastEvent | None = None

    def tell(event: Event) -> None:
        nonlocal last
        if isinstance(event, LastEvent):
            last = event
            _record(queue, event)
        emit(event)

    def fail(error: BaseException) -> LastEvent:
        event = failure(job, error)
        tell(event)
        return event

    try:
        runner.run_job(job, tell, cancel)
    except KeyboardInterrupt:
        queue.mark_waiting(job.id)
        raise
    except BaseException as error:
        return last or fail(error)
    return last or fail(RuntimeError("the work ended without a result"))


def _record(queue: JobQueue, event: LastEvent) -> None:
    match event:
        case Done():
            queue.mark_done(event.job.id, event.output)
        case Failed():
            queue.mark_failed(event.job.id, event.title, event.message)
        case CancelledEvent():
            queue.mark_cancelled(event.job.id)
