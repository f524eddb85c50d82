"""Two at work share one machine: the photo on the screen goes first, the queue stands still."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

from bimaco_gui.services.events import Done, Event, TileDone, Working
from bimaco_gui.services.jobs import Job
from bimaco_gui.services.runner import JobRunner

_SECONDS_BETWEEN_LOOKS = 0.05


class Turns:
    """Whether somebody in front of the screen waits for a photo."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._first = 0

    @property
    def someone_is_first(self) -> bool:
        """Whether a job that goes first runs."""
        return self._first > 0

    def begin(self) -> None:
        """A job that goes first begins."""
        with self._lock:
            self._first += 1

    def end(self) -> None:
        """It is over."""
        with self._lock:
            self._first -= 1


class GoesFirst:
    """Runs jobs while the other one stands still.

    Args:
        runner: Who runs them.
        turns: Shared with `StandsBack`.
    """

    def __init__(self, runner: JobRunner, turns: Turns) -> None:
        self._runner, self._turns = runner, turns

    def run_job(self, job: Job, emit: Callable[[Event], None], cancel: threading.Event) -> None:
        """Run one job to its end."""
        self._turns.begin()
        try:
            self._runner.run_job(job, emit, cancel)
        finally:
            self._turns.end()


class StandsBack:
    """Runs jobs, and stands still at its next report while somebody goes first.

    Args:
        runner: Who runs them.
        turns: Shared with `GoesFirst`.
    """

    def __init__(self, runner: JobRunner, turns: Turns) -> None:
        self._runner, self._turns = runner, turns

    def run_job(self, job: Job, emit: Callable[[Event], None], cancel: threading.Event) -> None:
        """Run one job to its end."""
        waited = 0.0

        def tell(event: Event) -> None:
            nonlocal waited
            if isinstance(event, Done):
                # What others took says nothing of this job.
                event = replace(event, seconds=event.seconds - waited)
            emit(event)
            if isinstance(event, Working | TileDone):
                waited += self._wait(cancel)

        self._wait(cancel)
        self._runner.run_job(job, tell, cancel)

    def _wait(self, cancel: threading.Event) -> float:
        """Stand still; the seconds that it took."""
        began = time.monotonic()
        while self._turns.someone_is_first and not cancel.wait(_SECONDS_BETWEEN_LOOKS):
            pass
        return time.monotonic() - began
