"""What the app and the engine's process say to each other: small frozen values, never pixels."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bimaco_gui.engine.progress import Progress
    from bimaco_gui.services.isolation.shared_arrays import SharedPicture

# ---- from the app ----


@dataclass(frozen=True)
class Call:
    """Do something; exactly one `Answer` or `Raised` follows.

    Attributes:
        number: Of no other call to this process.
        session: Calls of a session run one after the other, in a thread of their own, and share
            what it has loaded.
        what: A method of `serving.EngineSession`.
        arguments: Of the method.
        threads: Processor threads that it may use; None leaves it to the engine.
    """

    number: int
    session: int
    what: str
    arguments: tuple[Any, ...]
    threads: int | None


@dataclass(frozen=True)
class Stop:
    """Give up the call of this number before its next layer."""

    number: int


@dataclass(frozen=True)
class GoOn:
    """What the call of this number told last was taken in. It waits for that."""

    number: int


@dataclass(frozen=True)
class Forget:
    """Drop a session, with all that it has loaded."""

    session: int


# ---- from the engine's process ----


@dataclass(frozen=True)
class Told:
    """How far a call is. It waits for `GoOn`, so that whoever listens can make it pause."""

    number: int
    progress: Progress


@dataclass(frozen=True)
class Answer:
    """What a call gave. Pictures in it are kept until `GoOn`."""

    number: int
    value: Any


@dataclass(frozen=True)
class Made:
    """The answer to a call for pixels.

    Attributes:
        picture: The result.
        card_failed: The graphics card did not make it, or not all of it: the CPU there did.
    """

    picture: SharedPicture
    card_failed: bool


@dataclass(frozen=True)
class Raised:
    """How a call failed."""

    number: int
    error: Exception


@dataclass(frozen=True)
class Logged:
    """A line for the log, which one process alone writes."""

    record: logging.LogRecord
