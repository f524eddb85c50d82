"""How much of the network's detail the result keeps: one number, applied without the network.

There are two ends. At 1 stands the network's result as it is. At 0 stands the faithful picture,
which is computed from the input and that result alone: half of the detail that the network adds
to a bicubic enlargement, cut off where a pixel would leave the range of the input pixels around
it, and anchored to the input's low frequencies. Where the input is flat it is flat, whatever the
network saw there; at an edge it is sharper than bicubic, without halos. Half, because there the
mean square error is least (``python -m tests.benchmarks.fidelity`` prints it).

Between the ends the picture is their linear blend. Both ends have the input's low frequencies,
so every blend has them. Each pixel is a fixed sequence of sums over its neighbours: a part has
the same bits as the whole. NumPy alone, so that the window blends what it shows without torch.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from bimaco_gui.engine.options import require_fidelity
from bimaco_gui.engine.taps import Floats, Taps, cubic_taps, gauss_taps, linear_taps, mean_taps
from bimaco_gui.errors import Cancelled

if TYPE_CHECKING:
    from bimaco_gui.engine.pictures import Picture

_KEPT_DETAIL: Final = 0.5
_GAUSS_SIGMA: Final = 2.0
_GAUSS_RADIUS: Final = 4
_STRIP_ROWS: Final = 256

_Array = npt.NDArray[Any]
_Range = tuple[int, int]


class FaithfulPicture:
    """The faithful end for a result, computed part by part.

    Args:
        source: [h, w, C] the input's colours, uint8 or uint16; C at least 3, of which the first
            three count, in any order.
        result: [H, W, C] the network's result of the same kind and order, H >= h and W >= w.

    Raises:
        ValueError: The result is smaller than the input, or of another kind.
    """

    def __init__(self, source: _Array, result: _Array) -> None:
        if source.dtype != result.dtype or source.dtype not in (np.uint8, np.uint16):
            raise ValueError(f"expected one integer kind, got {source.dtype} and {result.dtype}")
        if result.shape[0] < source.shape[0] or result.shape[1] < source.shape[1]:
            raise ValueError(f"{result.shape[:2]} is smaller than the input, {source.shape[:2]}")
        self._source, self._result = source, result
        self._rows = _Axis.of(source.shape[0], result.shape[0])
        self._columns = _Axis.of(source.shape[1], result.shape[1])

    def part(self, top: int, left: int, height: int, width: int) -> _Array:
        """The faithful picture in a window of the result.

        Args:
            top: First row, 0 or more.
            left: First column, 0 or more.
            height: Rows, 1 or more, ending inside the result.
            width: Columns, likewise.

        Returns:
            [height, width, 3], of the result's kind.
        """
        rows, columns = (top, top + height), (left, left + width)
        # From the wanted pixels back to what their correction reads, and on to what that lies on.
        low_rows, low_columns = self._rows.linear.reads(*rows), self._columns.linear.reads(*columns)
        read_rows = self._rows.blur.reads(*low_rows)
        read_columns = self._columns.blur.reads(*low_columns)
        around_rows = self._rows.mean.reads(*read_rows)
        around_columns = self._columns.mean.reads(*read_columns)

        picture = self._limited(around_rows, around_columns)
        reduced = self._rows.mean.applied(picture, -2, read_rows, around_rows[0])
        reduced = self._columns.mean.applied(reduced, -1, read_columns, around_columns[0])
        drift = self._source_part(read_rows, read_columns) - reduced
        drift = self._rows.blur.applied(drift, -2, low_rows, read_rows[0])
        drift = self._columns.blur.applied(drift, -1, low_columns, read_columns[0])
        # Across first, while there are few rows; then whole rows are added, which is quick.
        drift = self._columns.linear.applied(drift, -1, columns, low_columns[0])
        drift = self._rows.linear.applied(drift, -2, rows, low_rows[0])
        y, x = top - around_rows[0], left - around_columns[0]
        return self._rounded(drift + picture[:, y : y + height, x : x + width])

    def _limited(self, rows: _Range, columns: _Range) -> Floats:
        """Half of the detail, inside the range of the input around."""
        low_rows, low_columns = self._rows.cubic.reads(*rows), self._columns.cubic.reads(*columns)
        source = self._source_part(low_rows, low_columns)

        def enlarged(low: Floats, down: Taps, across: Taps) -> Floats:
            wide = across.applied(low, -1, columns, low_columns[0])
            return down.applied(wide, -2, rows, low_rows[0])

        linear = (self._rows.linear, self._columns.linear)
        least = enlarged(_extreme(source, np.minimum), *linear)
        greatest = enlarged(_extreme(source, np.maximum), *linear)
        plain = enlarged(source, self._rows.cubic, self._columns.cubic)
        detail = _planes(self._result[slice(*rows), slice(*columns)])
        detail -= plain
        detail *= np.float32(_KEPT_DETAIL)
        plain += detail
        np.maximum(plain, least, out=plain)
        return np.minimum(plain, greatest, out=plain)

    def _source_part(self, rows: _Range, columns: _Range) -> Floats:
        return _planes(self._source[slice(*rows), slice(*columns)])

    def _rounded(self, planes: Floats) -> _Array:
        planes += np.float32(0.5)
        np.clip(planes, 0, np.iinfo(self._result.dtype).max, out=planes)
        return np.ascontiguousarray(planes.astype(self._result.dtype).transpose(1, 2, 0))


def blended(faithful: _Array, detailed: _Array, fidelity: float) -> _Array:
    """Go from the faithful to the detailed picture by a share of the way.

    Args:
        faithful: [H, W, 3], uint8 or uint16: the picture at 0.
        detailed: Likewise: the picture at 1.
        fidelity: 0 to 1.

    Returns:
        [H, W, 3]; at 0 and 1 exactly the ends, and between them each value moves one way only.

    Raises:
        UsageError: `fidelity` is out of its range.
    """
    require_fidelity(fidelity)
    out = np.empty_like(faithful)
    share = np.float32(fidelity)
    for top in range(0, faithful.shape[0], _STRIP_ROWS):
        rows = slice(top, top + _STRIP_ROWS)
        start = faithful[rows].astype(np.float32)
        way = detailed[rows].astype(np.float32)
        way -= start
        way *= share
        start += way
        start += np.float32(0.5)
        out[rows] = start  # the fraction falls away
    return out


def with_fidelity(
    source: Picture,
    result: Picture,
    fidelity: float,
    progress: Callable[[float], None] | None = None,
    cancel: threading.Event | None = None,
    *,
    in_place: bool = False,
) -> Picture:
    """Give a network's result the detail that was asked for.

    Works in strips: beside the pictures it needs memory for one new result and a strip.

    Args:
        source: The input.
        result: What the network made of it, at any size; opacity and metadata stay.
        fidelity: 0 (faithful) to 1 (the result itself, which costs nothing).
        progress: Called in this thread with the share that is done, 0 to 1.
        cancel: Set by anyone to stop; looked at before each strip.
        in_place: Put the new values into the result's own array, which saves that much memory.

    Returns:
        A picture of the result's size. A result smaller than its input is returned as it is: it
        has no room for added detail.

    Raises:
        UsageError: `fidelity` is out of its range.
        Cancelled: `cancel` was set.
    """
    require_fidelity(fidelity)
    smaller = result.width < source.width or result.height < source.height
    if fidelity == 1 or smaller:
        return result
    colours = source.pixels
    if source.alpha is not None:
        from bimaco_gui.engine.transparency import filled_colours

        colours = filled_colours(colours, source.alpha)
    faithful = FaithfulPicture(colours, result.pixels)
    pixels = result.pixels if in_place else np.empty_like(result.pixels)
    finished: tuple[slice, _Array] | None = None
    for top in range(0, result.height, _STRIP_ROWS):
        if cancel is not None and cancel.is_set():
            raise Cancelled
        height = min(_STRIP_ROWS, result.height - top)
        strip = faithful.part(top, 0, height, result.width)
        rows = slice(top, top + height)
        blend = blended(strip, result.pixels[rows], fidelity)
        # A strip reads a little of the one before it, which therefore stays until now.
        if finished is not None:
            pixels[finished[0]] = finished[1]
        finished = rows, blend
        if progress is not None:
            progress((top + height) / result.height)
    if finished is not None:
        pixels[finished[0]] = finished[1]
    return replace(result, pixels=pixels)


@dataclass(frozen=True, eq=False)
class _Axis:
    """One axis: to the result (`cubic`, `linear`), back (`mean`), and on the input (`blur`)."""

    cubic: Taps
    linear: Taps
    mean: Taps
    blur: Taps

    @classmethod
    def of(cls, low: int, high: int) -> _Axis:
        return cls(
            cubic_taps(low, high),
            linear_taps(low, high),
            mean_taps(high, low),
            gauss_taps(low, _GAUSS_SIGMA, _GAUSS_RADIUS),
        )


def _extreme(planes: Floats, choose: np.ufunc) -> Floats:
    """The least or greatest value of the 3x3 pixels around each one."""
    padded = np.pad(planes, ((0, 0), (0, 0), (1, 1)), mode="edge")
    across = choose(choose(padded[..., :-2], padded[..., 1:-1]), padded[..., 2:])
    padded = np.pad(across, ((0, 0), (1, 1), (0, 0)), mode="edge")
    result: Floats = choose(choose(padded[:, :-2], padded[:, 1:-1]), padded[:, 2:])
    return result


def _planes(pixels: _Array) -> Floats:
    """[H, W, C] integers to [3, H, W] floats."""
    return np.ascontiguousarray(pixels[..., :3].transpose(2, 0, 1)).astype(np.float32)
