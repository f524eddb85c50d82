"""The growing result: the one large array of an upscaling."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from bimaco_gui.engine.pictures import Picture
from bimaco_gui.engine.resample import NewArray, resample_into, resampled
from bimaco_gui.engine.transfers import Transfers
from bimaco_gui.errors import UpscaleError

_LUMA = torch.tensor([0.299, 0.587, 0.114])
_ITEMS = {1: torch.uint8, 2: torch.int16}
"""What torch calls items of so many bytes; two bytes wrap as numpy's uint16 does."""


class Canvas:
    """Takes finished pieces as floats and holds them in the input's bit depth.

    Args:
        picture: The input.
        scale: Canvas pixels per input pixel.
        new_array: Makes its arrays, and those of `picture`.

    Raises:
        UpscaleError: There is not enough memory.
    """

    def __init__(self, picture: Picture, scale: int, new_array: NewArray = np.empty) -> None:
        self._picture, self._new_array = picture, new_array
        height, width = picture.height * scale, picture.width * scale
        kind = picture.pixels.dtype
        self._largest = int(np.iinfo(kind).max)
        self._item = _ITEMS[kind.itemsize]
        self._transfers = Transfers()
        try:
            self._pixels = new_array((height, width, 3), kind)
            self._alpha = None if picture.alpha is None else new_array((height, width), kind)
        except MemoryError as error:
            gigabytes = height * width * 3 * kind.itemsize / 1e9
            raise UpscaleError(
                "Not enough memory",
                f"The result of {width} × {height} pixels needs {gigabytes:.1f} GB of memory, "
                "which are not free.",
            ) from error

    def put(self, y: int, x: int, piece: Tensor) -> None:
        """Take a piece [3 or 4, h, w] at row y and column x; what is padding falls away.

        A piece on a GPU is rounded there, and its pixels may arrive later; see `settle`.
        """
        height, width = self._pixels.shape[:2]
        piece = piece[:, : max(0, height - y), : max(0, width - x)]
        colours = piece[:3]
        if self._picture.grey:
            luma = _LUMA.to(colours.device)
            colours = (colours * luma[:, None, None]).sum(0, keepdim=True)
        rows, columns = slice(y, y + piece.shape[1]), slice(x, x + piece.shape[2])
        self._take(colours.permute(1, 2, 0), self._pixels[rows, columns])
        if self._alpha is not None:
            self._take(piece[3], self._alpha[rows, columns])

    def settle(self) -> None:
        """Wait for pixels that are on their way.

        Raises:
            RuntimeError: the device that computed them failed.
        """
        self._transfers.finish()

    def forget(self) -> None:
        """Give up pixels on their way from a device that was lost."""
        self._transfers.forget()

    def picture(self, width: int, height: int) -> Picture:
        """The finished picture, resampled to this size."""
        self.settle()
        pixels, alpha = self._pixels, self._alpha
        if (height, width) != pixels.shape[:2]:
            new = self._new_array
            pixels = resampled(pixels, width, height, new)
            alpha = None if alpha is None else resampled(alpha, width, height, new)
        return replace(self._picture, pixels=pixels, alpha=alpha)

    def part(self, width: int, height: int, rows: range, columns: range) -> Picture:
        """The finished picture, resampled to this size, of which only a part is filled.

        What is not filled takes no memory as long as nobody touches it.
        """
        self.settle()
        pixels, alpha = self._pixels, self._alpha
        if (height, width) != pixels.shape[:2]:
            pixels = np.empty((height, width, 3), self._pixels.dtype)
            resample_into(pixels, self._pixels, rows, columns)
            if self._alpha is not None:
                alpha = np.empty((height, width), self._alpha.dtype)
                resample_into(alpha, self._alpha, rows, columns)
        return replace(self._picture, pixels=pixels, alpha=alpha)

    def _take(self, values: Tensor, target: npt.NDArray[Any]) -> None:
        """Round `values` [h, w, 3 or 1] or [h, w] on their device into a part of the canvas."""
        rounded = (values * self._largest + 0.5).clamp_(0, self._largest)
        items = rounded if self._item == torch.uint8 else rounded.to(torch.int32)
        items = items.to(self._item)
        self._transfers.start(items.expand(target.shape).contiguous(), target)
