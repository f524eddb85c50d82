"""Working through a queue, as `upscale` and `queue run` do."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from bimaco_gui.cli.console import DONE, SOME_FAILED, complain, stop_printing
from bimaco_gui.cli.reporters import reporter_for
from bimaco_gui.cli.stopping import stopping

if TYPE_CHECKING:
    from bimaco_gui.services.events import Event
    from bimaco_gui.services.jobs import Job, JobOptions
    from bimaco_gui.services.queue import JobQueue


class PreparedRunner(Protocol):
    """Whoever runs the jobs: the real one, or a stand-in."""

    def prepare(self, options: JobOptions) -> None:
        """Load what the options name; AppError where that cannot be."""

    def run_job(self, job: Job, emit: Callable[[Event], None], cancel: threading.Event) -> None:
        """Run one job to its end."""


def real_runner() -> PreparedRunner:
    """The runner with the real engine."""
    from bimaco_gui.services.runner import Runner

    return Runner()


def work_through(queue: JobQueue, runner: PreparedRunner, *, as_json: bool) -> int:
    """Run what waits in the queue and tell of it.

    A job that a signal stops waits again where the queue outlives the program.

    Returns:
        The exit status.
    """
    from bimaco_gui.services.desktop.helper import awake
    from bimaco_gui.services.estimate import Estimator
    from bimaco_gui.services.events import CancelledEvent, Done, Failed
    from bimaco_gui.services.processing import run_taken
    from bimaco_gui.services.queue_events import JobState

    cancel = threading.Event()
    total = queue.counts()[JobState.WAITING]
    reporter = reporter_for(total, as_json=as_json)
    estimator = Estimator()
    done = failed = 0
    reading_ended = False

    def tell(event: Event) -> None:
        nonlocal reading_ended
        try:
            reporter.tell(event)
        except BrokenPipeError:
            # Nobody reads on, as in “| head”: stop.
            reading_ended = True
            cancel.set()
            stop_printing()

    with stopping(cancel) as received, awake("Upscaling photos"), reporter:
        while not cancel.is_set() and (job := queue.next()) is not None:
            last = run_taken(job, queue, runner, tell, cancel, estimator)
            done += isinstance(last, Done)
            failed += isinstance(last, Failed)
            if isinstance(last, CancelledEvent) and queue.durable:
                queue.mark_waiting(job.id)
    if received:
        complain(f"Stopped: {done} of {total} done.")
        return 128 + received[0]
    waiting = queue.counts()[JobState.WAITING]
    if queue.paused and waiting:
        complain(f"Paused with {waiting} of {total} left.")
    if total > 1 and not as_json:
        print(f"{done} done, {failed} failed", file=sys.stderr)
    return SOME_FAILED if failed or reading_ended or waiting else DONE
