"""What happens to a job, as frozen values: the whole contract between the work and who shows it.

A job's events are, in this order: `Started`, any number of `TileDone` and `Working`, `Saving`
once or more, and exactly one of `Done`, `Failed`, `Skipped` and `CancelledEvent`. A job that
cannot even be read fails without having started.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bimaco_gui.atomic import FileStamp
from bimaco_gui.services.jobs import Job


@dataclass(frozen=True)
class Started:
    """The input was read. Sizes in pixels, of the input and of the result to come."""

    job: Job
    width: int
    height: int
    out_width: int
    out_height: int


@dataclass(frozen=True)
class TileDone:
    """Another tile is done: `seconds` since the job began, `remaining` seconds if known."""

    job: Job
    done: int
    total: int
    seconds: float
    remaining: float | None


@dataclass(frozen=True)
class Working:
    """Inside a tile: `fraction` (0 to 1) of the job's work is done; seconds as in `TileDone`."""

    job: Job
    fraction: float
    seconds: float
    remaining: float | None


@dataclass(frozen=True)
class Saving:
    """The result is written to the hidden file `part`, which then becomes `output`.

    It comes before `part` is made, and again, with its `stamp`, once it is complete.
    """

    job: Job
    output: Path
    part: Path
    stamp: FileStamp | None = None


@dataclass(frozen=True)
class Done:
    """The result is complete in the file `output`.

    Its size in pixels, all the seconds it took, those of them that went into loading the model,
    and whole sentences on what is worth knowing of it, such as that one frame of several was used.
    """

    job: Job
    output: Path
    width: int
    height: int
    seconds: float
    loading: float = 0.0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Failed:
    """No result: a heading and a sentence for people, and the seconds it took to find out.

    `place_failed`: others would fail as well, for the folder or disk is gone, closed or full.
    """

    job: Job
    title: str
    message: str
    seconds: float = 0.0
    place_failed: bool = False


@dataclass(frozen=True)
class Skipped:
    """Nothing was to be done: a heading and a sentence for people."""

    job: Job
    title: str
    message: str
    seconds: float = 0.0


@dataclass(frozen=True)
class CancelledEvent:
    """The user asked to stop; nothing was written."""

    job: Job
    seconds: float = 0.0


Milestone = Started | TileDone | Done | Failed | Skipped | CancelledEvent
Event = Milestone | Working | Saving
LastEvent = Done | Failed | Skipped | CancelledEvent
