"""Resampling along an axis as weighted sums of neighbours: a part has the bits of the whole.

Every output value adds its inputs in a fixed order, with weights that depend on its place in the
whole alone. Pillow and torch are quicker, but their rounding depends on where a part begins.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_CUBIC: Final = -0.75
"""The kernel's parameter, as in torch's bicubic interpolation."""


@dataclass(frozen=True, eq=False)
class Taps:
    """For each output value of an axis: which input values it is the weighted sum of.

    Attributes:
        first: int [n], index of the first input value; the others follow it. It may lie outside.
        weights: float32 [n, taps].
        size: Input values; beyond the ends, the values at the ends go on.
    """

    first: npt.NDArray[np.intp]
    weights: Floats
    size: int

    def reads(self, start: int, stop: int) -> tuple[int, int]:
        """First and end of the inputs that the outputs `start` to `stop` read."""
        last = int(self.first[stop - 1]) + self.weights.shape[1]
        return max(0, int(self.first[start])), min(self.size, last)

    def applied(self, x: Floats, axis: int, wanted: tuple[int, int], start: int) -> Floats:
        """Resample.

        Args:
            x: [C, H, W]; along `axis` it holds at least what `reads` says, from index `start` on.
            axis: -2 (down) or -1 (across).
            wanted: First and end of the outputs.
            start: Index of the first input in `x`.
        """
        outputs = slice(*wanted)
        total: Floats | None = None
        for tap in range(self.weights.shape[1]):
            index = np.clip(self.first[outputs] + tap, 0, self.size - 1) - start
            # Taps of no weight may lie beyond what is given.
            piece: Floats = x.take(np.clip(index, 0, x.shape[axis] - 1), axis=axis)
            weight = self.weights[outputs, tap]
            piece *= weight[:, None] if axis == -2 else weight
            total = piece if total is None else np.add(total, piece, out=total)
        assert total is not None
        return total


def cubic_taps(low: int, high: int) -> Taps:
    """From `low` values to `high` by Keys' cubic kernel; pixel centres are at halves."""
    floor, t = _places(low, high)
    weights = np.stack([_keys(1 + t), _keys(t), _keys(1 - t), _keys(2 - t)], axis=1)
    return Taps(floor - 1, weights.astype(np.float32), low)


def linear_taps(low: int, high: int) -> Taps:
    """From `low` values to `high`, linearly; pixel centres are at halves."""
    floor, t = _places(low, high)
    return Taps(floor, np.stack([1 - t, t], axis=1).astype(np.float32), low)


def mean_taps(high: int, low: int) -> Taps:
    """From `high` values to `low`: the mean over what each one covers, `high` at least `low`."""
    taps = math.ceil(high / low) + (high % low > 0)
    edges = np.arange(low + 1) * high / low
    first = np.floor(edges[:-1]).astype(np.intp)
    begins = first[:, None] + np.arange(taps)
    overlap = np.minimum(begins + 1, edges[1:, None]) - np.maximum(begins, edges[:-1, None])
    weights = np.maximum(overlap, 0)
    weights /= weights.sum(axis=1, keepdims=True)
    return Taps(first, weights.astype(np.float32), high)


def gauss_taps(size: int, sigma: float, radius: int) -> Taps:
    """A blur that keeps the size."""
    weights = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    rows = np.tile(weights / weights.sum(), (size, 1)).astype(np.float32)
    return Taps(np.arange(size) - radius, rows, size)


def _places(low: int, high: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    position = (np.arange(high) + 0.5) * (low / high) - 0.5
    floor = np.floor(position).astype(np.intp)
    return floor, position - floor


def _keys(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Keys' kernel at distances 0 to 2."""
    a = _CUBIC
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    far = a * (((x - 5) * x + 8) * x - 4)
    return np.where(x <= 1, near, far)
