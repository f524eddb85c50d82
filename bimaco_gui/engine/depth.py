"""Eight and sixteen bits a channel."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from bimaco_gui.engine.pictures import Picture


def with_bits(picture: Picture, bits: int | None) -> Picture:
    """The picture with 8 or 16 bits a channel; None leaves it as it is."""
    if bits is None or picture.pixels.dtype.itemsize * 8 == bits:
        return picture
    convert = sixteen_bit if bits == 16 else eight_bit
    alpha = None if picture.alpha is None else convert(picture.alpha)
    return replace(picture, pixels=convert(picture.pixels), alpha=alpha)


def eight_bit(array: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Rounded to the nearest 8 bit value."""
    if array.dtype == np.uint8:
        return array
    return ((array.astype(np.uint32) * 255 + 32767) // 65535).astype(np.uint8)


def sixteen_bit(array: npt.NDArray[Any]) -> npt.NDArray[np.uint16]:
    """The same values in 16 bits."""
    return array if array.dtype == np.uint16 else array.astype(np.uint16) * 257
