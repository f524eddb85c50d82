"""Cutting a picture into tiles: what each one reads, and what each one gives.

Along one axis, in LR pixels::

    read_start   start     |core_start      core_stop|     stop   read_stop
        |----------|-------|-------------------------|-------|----------|
          halo      feather          own part         feather    halo

Neighbours share their feathers. A tile reads at least `reach` beyond what it gives, on multiples
of the alignment, except that it never reads beyond the picture: there the model pads by itself,
as it does for the picture as a whole.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

FEATHER = 4
"""Width in LR pixels over which neighbouring tiles fade into each other."""


@dataclass(frozen=True)
class Span:
    """One tile along one axis; all in LR pixels from the picture's start.

    Attributes:
        start: First pixel given.
        stop: End of the pixels given; half a feather of it is shared at each inner border.
        read_start: First pixel read, a multiple of the alignment.
        read_stop: End of the pixels read, likewise.
    """

    start: int
    stop: int
    read_start: int
    read_stop: int


@dataclass(frozen=True)
class Axis:
    """One axis of a padded picture.

    Attributes:
        size: Length in LR pixels, a multiple of `alignment`.
        alignment: What tiles read starts and ends on multiples of this.
        reach: How many LR pixels beyond what it gives a tile must read.
    """

    size: int
    alignment: int
    reach: int

    def split(self, start: int, stop: int, tile: int) -> list[Span]:
        """Cut the stretch from `start` to `stop` into parts of at most `tile` pixels.

        Args:
            start: First pixel, 0 or more.
            stop: End, at most `size`.
            tile: At least twice FEATHER.

        Returns:
            Spans in order: the first begins at `start`, the last ends at `stop`, and each one
            overlaps the next one by FEATHER.
        """
        borders = self._borders(start, stop, tile)
        half = FEATHER // 2
        spans = []
        for core_start, core_stop in pairwise(borders):
            first = core_start if core_start == start else core_start - half
            end = core_stop if core_stop == stop else core_stop + half
            spans.append(
                Span(
                    start=first,
                    stop=end,
                    read_start=max(0, round_down(first - self.reach, self.alignment)),
                    read_stop=min(self.size, round_up(end + self.reach, self.alignment)),
                )
            )
        return spans

    def _borders(self, start: int, stop: int, tile: int) -> list[int]:
        length = stop - start
        count = math.ceil(length / tile)
        # Borders on the grid read less; where parts are small, equal parts matter more.
        grid = self.alignment if length >= 2 * self.alignment * count else 1
        inner = [start + round(i * length / count / grid) * grid for i in range(1, count)]
        return [start, *inner, stop]


def round_up(value: int, multiple: int) -> int:
    """The least multiple that is not below `value`."""
    return -(-value // multiple) * multiple


def round_down(value: int, multiple: int) -> int:
    """The greatest multiple that is not above `value`."""
    return value // multiple * multiple
