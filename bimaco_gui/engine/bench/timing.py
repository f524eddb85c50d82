"""Calls timed in turn, and what is told of their times."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Call = Callable[[], object]
Clock = Callable[[], float]


@dataclass(frozen=True)
class Times:
    """The seconds of one call, one entry a round."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """Median of the rounds in seconds."""
        return statistics.median(self.seconds)

    def to_dict(self) -> dict[str, float]:
        """Median, fastest and slowest, in milliseconds."""
        return {
            "median_ms": self.median * 1e3,
            "fastest_ms": min(self.seconds) * 1e3,
            "slowest_ms": max(self.seconds) * 1e3,
        }


def alternate(calls: Sequence[Call], rounds: int, clock: Clock) -> list[Times]:
    """Time calls in turn (A B A B), so that a slow moment of the machine meets all of them.

    Args:
        calls: What to time.
        rounds: Timed rounds; one more before them warms up.
        clock: Seconds that only grow.

    Returns:
        One entry a call, in their order.
    """
    seconds: list[list[float]] = [[] for _ in calls]
    for call in calls:
        call()
    for _ in range(rounds):
        for call, times in zip(calls, seconds, strict=True):
            start = clock()
            call()
            times.append(clock() - start)
    return [Times(tuple(times)) for times in seconds]
