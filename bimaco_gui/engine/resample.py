"""Resampling the x4 result to another size, band by band to save memory."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

_Array = npt.NDArray[Any]
NewArray = Callable[[tuple[int, ...], npt.DTypeLike], _Array]
"""Makes an array of a shape and kind whose values do not matter; MemoryError where it cannot."""

_BAND_ROWS = 256
_LANCZOS_LOBES = 3


def resampled(array: _Array, width: int, height: int, new_array: NewArray = np.empty) -> _Array:
    """Resample to another size with a Lanczos filter, which antialiases where it reduces.

    Args:
        array: [H, W] or [H, W, 3], uint8 or uint16.
        width: At least 1.
        height: At least 1.
        new_array: Makes the result.

    Returns:
        The same kind of array, [height, width] or [height, width, 3].
    """
    out = new_array((height, width, *array.shape[2:]), array.dtype)
    if array.ndim == 3 and array.dtype != np.uint8:
        # Pillow knows 16 bit for single channels only.
        for channel in range(array.shape[2]):
            out[:, :, channel] = resampled(array[:, :, channel], width, height)
        return out
    for top in range(0, height, _BAND_ROWS):
        rows = range(top, min(height, top + _BAND_ROWS))
        out[rows.start : rows.stop] = _band(array, width, height, rows)
    return out


def resample_into(out: _Array, array: _Array, rows: range, columns: range) -> None:
    """Fill a part of what `resampled` would give, with the same bits, and nothing beside it.

    Args:
        out: [height, width] or [height, width, 3], of the kind of `array`.
        array: As for `resampled`; only the part is read, and three lobes of the filter around it.
        rows: Of `out`, of which all columns in `columns` are filled.
        columns: Of `out`.
    """
    if array.ndim == 3 and array.dtype != np.uint8:
        for channel in range(array.shape[2]):
            resample_into(out[:, :, channel], array[:, :, channel], rows, columns)
        return
    height, width = out.shape[:2]
    for top in range(rows.start // _BAND_ROWS * _BAND_ROWS, rows.stop, _BAND_ROWS):
        whole = range(top, min(height, top + _BAND_ROWS))
        wanted = slice(max(top, rows.start), min(whole.stop, rows.stop))
        inside = slice(wanted.start - top, wanted.stop - top)
        band = _band(array, width, height, whole)
        across = slice(columns.start, columns.stop)
        out[wanted, across] = band[inside, across]


def _band(array: _Array, width: int, height: int, rows: range) -> _Array:
    """These rows of the array resampled to `width` x `height`, which Pillow does at once."""
    ratio = array.shape[0] / height
    reach = math.ceil(_LANCZOS_LOBES * max(1.0, ratio)) + 1
    first = max(0, math.floor(rows.start * ratio) - reach)
    end = min(array.shape[0], math.ceil(rows.stop * ratio) + reach)
    band = Image.fromarray(np.ascontiguousarray(array[first:end]))
    last_row = min(rows.stop * ratio - first, end - first)
    # One axis at a time: Pillow's own order depends on sizes, and each step clips.
    band = band.resize((width, band.height), Image.Resampling.LANCZOS)
    box = (0, rows.start * ratio - first, width, last_row)
    band = band.resize((width, len(rows)), Image.Resampling.LANCZOS, box=box)
    return np.asarray(band)
