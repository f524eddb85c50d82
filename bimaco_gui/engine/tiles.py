"""Cutting a picture into tiles: what each one reads, and what each one gives.

Along one axis, in LR pixels::

    read_start   start     |core_start      core_stop|     stop   read_stop
        |----------|-------|-------------------------|-------|----------|
          halo      feather          own part         feather    halo

Neighbours share their feathers. A tile reads at least `reach` beyond what it gives, multiples of
the alignment from multiples of the grid on, except that it never reads beyond the picture: there
the model pads by itself, as it does for the picture as a whole.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

FEATHER = 4
"""Width in LR pixels over which neighbouring tiles fade into each other, where they are alike."""


@dataclass(frozen=True)
class Span:
    """One tile along one axis; all in LR pixels from the picture's start.

    Attributes:
        start: First pixel given.
        stop: End of the pixels given; half a feather of it is shared at each inner border.
        read_start: First pixel read, a multiple of the grid.
        read_stop: End of the pixels read, multiples of the alignment from there.
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
        alignment: What tiles read is a multiple of this long.
        reach: How many LR pixels beyond what it gives a tile must read.
        grid: What tiles read starts on multiples of this, a divisor of `alignment`; the alignment
            itself where it is None.
        feather: Width of what neighbours share, even.
    """

    size: int
    alignment: int
    reach: int
    grid: int | None = None
    feather: int = FEATHER

    def split(self, start: int, stop: int, tile: int) -> list[Span]:
        """Cut the stretch from `start` to `stop` into parts of at most `tile` pixels.

        Args:
            start: First pixel, 0 or more.
            stop: End, at most `size`.
            tile: At least twice `feather`.

        Returns:
            Spans in order: the first begins at `start`, the last ends at `stop`, and each one
            overlaps the next one by `feather`.
        """
        borders = self._borders(start, stop, tile)
        half = self.feather // 2
        spans = []
        for core_start, core_stop in pairwise(borders):
            first = core_start if core_start == start else core_start - half
            end = core_stop if core_stop == stop else core_stop + half
            spans.append(Span(first, end, *self._read(first, end)))
        return spans

    def _read(self, first: int, end: int) -> tuple[int, int]:
        """What a tile must read to give the pixels from `first` to `end`."""
        start = max(0, round_down(first - self.reach, self.grid or self.alignment))
        length = round_up(min(self.size, end + self.reach) - start, self.alignment)
        start = min(start, self.size - length)
        return start, start + length

    def _borders(self, start: int, stop: int, tile: int) -> list[int]:
        length = stop - start
        count = math.ceil(length / tile)
        # Borders on the grid read less; where parts are small, equal parts matter more.
        grid = (self.grid or self.alignment) if length >= 2 * self.alignment * count else 1
        inner = [start + round(i * length / count / grid) * grid for i in range(1, count)]
        return [start, *inner, stop]


def round_up(value: int, multiple: int) -> int:
    """The least multiple that is not below `value`."""
    return -(-value // multiple) * multiple


def round_down(value: int, multiple: int) -> int:
    """The greatest multiple that is not above `value`."""
    return value // multiple * multiple
