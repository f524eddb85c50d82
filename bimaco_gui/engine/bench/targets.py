"""Figures that a measurement is held against, printed whether they are reached or not."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Target:
    """A figure and what it should be.

    Attributes:
        what: In a phrase.
        unit: Of both figures; "x" for ratios.
        measured: The figure; None where it could not be measured.
        target: What it should be.
        at_least: Whether it should be no smaller; else no larger.
    """

    what: str
    unit: str
    measured: float | None
    target: float
    at_least: bool = True

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None where nothing was measured."""
        if self.measured is None:
            return None
        return self.measured >= self.target if self.at_least else self.measured <= self.target

    def to_dict(self) -> dict[str, Any]:
        """A JSON-able mapping."""
        return {**asdict(self), "met": self.met}
