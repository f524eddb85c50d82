"""The input as the model sees it: padded once, before tiling, and read window by window."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from bimaco_gui.engine.pictures import Picture
from bimaco_gui.engine.tiles import Span, round_up
from bimaco_gui.engine.transparency import filled_colours

_Array = npt.NDArray[Any]
_CPU = torch.device("cpu")


class Source:
    """A picture padded at right and bottom to multiples of the alignment.

    Args:
        picture: The input.
        alignment: LR pixels.
    """

    def __init__(self, picture: Picture, alignment: int) -> None:
        self.height = round_up(picture.height, alignment)
        self.width = round_up(picture.width, alignment)
        self._largest = float(np.iinfo(picture.pixels.dtype).max)
        pixels = picture.pixels
        if picture.alpha is not None:
            pixels = filled_colours(pixels, picture.alpha)
        self._pixels = self._padded(pixels)
        self._alpha = None if picture.alpha is None else self._padded(picture.alpha[:, :, None])

    @property
    def has_alpha(self) -> bool:
        """Whether `alpha` may be called."""
        return self._alpha is not None

    def colours(
        self, top: int, bottom: int, left: int, right: int, device: torch.device = _CPU
    ) -> Tensor:
        """RGB of a window, float32 [1, 3, h, w] in 0..1, on a device."""
        return self._window(self._pixels[top:bottom, left:right], device)

    def alpha(
        self, top: int, bottom: int, left: int, right: int, device: torch.device = _CPU
    ) -> Tensor:
        """Opacity of a window, float32 [1, 1, h, w] in 0..1, on a device."""
        assert self._alpha is not None
        return self._window(self._alpha[top:bottom, left:right], device)

    def _window(self, cut: _Array, device: torch.device) -> Tensor:
        if device.type == "cpu" or cut.dtype != np.uint8:
            values = torch.from_numpy(cut.astype(np.float32)).to(device)
        else:  # bytes travel, and the device makes numbers of them
            values = torch.from_numpy(cut.copy()).to(device).float()
        # Of a number on the device: torch would multiply by its rounded reciprocal otherwise.
        largest = torch.tensor(self._largest, device=device)
        return values.permute(2, 0, 1).contiguous()[None] / largest

    def _padded(self, array: _Array) -> _Array:
        height, width = array.shape[:2]
        array = _extended(array, 0, self.height - height)
        return _extended(array, 1, self.width - width)


def within(span: Span, margin: int, size: int) -> tuple[int, int]:
    """What a span gives, and `margin` more on either side as far as the picture goes."""
    return max(0, span.start - margin), min(size, span.stop + margin)


def _extended(array: _Array, axis: int, amount: int) -> _Array:
    if amount == 0:
        return array
    padding = [(0, 0)] * array.ndim
    padding[axis] = (0, amount)
    # A mirror image needs as many other pixels as it adds.
    return np.pad(array, padding, mode="reflect" if amount < array.shape[axis] else "edge")
