"""How far an upscaling is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """How far an upscaling is.

    Attributes:
        tiles_done: 0 or more, and never less than before.
        tiles_total: The same throughout.
        seconds: Since its start.
        remaining: Seconds still to go, as an estimate; 0 at the end, None while it is too early.
        fraction: Share of the work that is done, 0 to 1, and never less than before.
    """

    tiles_done: int
    tiles_total: int
    seconds: float
    remaining: float | None
    fraction: float
