"""Changes of the queue as frozen values, for whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bimaco_gui.services.jobs import Job


class JobState(StrEnum):
    """Where a job is on its way."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class QueuedJob:
    """A job as the queue knows it.

    Attributes:
        job: What to do.
        state: How far it is.
        position: Orders the jobs; it has gaps.
        result: The finished file, once done.
        title, message: Why it failed or was skipped, if it was.
        notes: What is worth knowing of a result, such as that one frame of several was used.
        width, height: Of the input in pixels, once known.
        added, began, ended: Seconds since 1970; None for what has not happened.
        seconds: Of work on the result, once done.
    """

    job: Job
    state: JobState = JobState.WAITING
    position: float = 0.0
    result: Path | None = None
    title: str | None = None
    message: str | None = None
    notes: tuple[str, ...] = ()
    width: int | None = None
    height: int | None = None
    added: float = 0.0
    began: float | None = None
    ended: float | None = None
    seconds: float | None = None

    @property
    def id(self) -> str:
        """The job's id."""
        return self.job.id


@dataclass(frozen=True)
class Added:
    """These came in, each at its position."""

    items: tuple[QueuedJob, ...]


@dataclass(frozen=True)
class Changed:
    """These have another state, or what is known of them is more."""

    items: tuple[QueuedJob, ...]


@dataclass(frozen=True)
class Removed:
    """These are gone; `JobQueue.put_back` takes them again."""

    items: tuple[QueuedJob, ...]


@dataclass(frozen=True)
class Reordered:
    """All ids, in the order in which the jobs now stand."""

    ids: tuple[str, ...]


@dataclass(frozen=True)
class PauseChanged:
    """No further job begins while `paused`; `reason` says why where nobody asked for it."""

    paused: bool
    reason: str | None = None


QueueEvent = Added | Changed | Removed | Reordered | PauseChanged
