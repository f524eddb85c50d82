"""Resampling the x4 result to another size, band by band to save memory."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

_Array = npt.NDArray[Any]
_BAND_ROWS = 256
_LANCZOS_LOBES = 3


def resampled(array: _Array, width: int, height: int) -> _Array:
    """Resample to another size with a Lanczos filter, which antialiases where it reduces.

    Args:
        array: [H, W] or [H, W, 3], uint8 or uint16.
        width: At least 1.
        height: At least 1.

    Returns:
        The same kind of array, [height, width] or [height, width, 3].
    """
    out = np.empty((height, width, *array.shape[2:]), array.dtype)
    if array.ndim == 3 and array.dtype != np.uint8:
        # Pillow knows 16 bit for single channels only.
        for channel in range(array.shape[2]):
            out[:, :, channel] = resampled(array[:, :, channel], width, height)
        return out
    ratio = array.shape[0] / height
    reach = math.ceil(_LANCZOS_LOBES * max(1.0, ratio)) + 1
    for top in range(0, height, _BAND_ROWS):
        bottom = min(height, top + _BAND_ROWS)
        first = max(0, math.floor(top * ratio) - reach)
        end = min(array.shape[0], math.ceil(bottom * ratio) + reach)
        band = Image.fromarray(np.ascontiguousarray(array[first:end]))
        last_row = min(bottom * ratio - first, end - first)
        # One axis at a time: Pillow's own order depends on sizes, and each step clips.
        band = band.resize((width, band.height), Image.Resampling.LANCZOS)
        box = (0, top * ratio - first, width, last_row)
        band = band.resize((width, bottom - top), Image.Resampling.LANCZOS, box=box)
        out[top:bottom] = np.asarray(band)
    return out
