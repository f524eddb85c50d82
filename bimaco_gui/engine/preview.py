"""A part of the final picture without the rest of it, in the very same pixels.

The part lies on a canvas of the full size, of which only what is computed takes memory, so that
every step sees the coordinates that it sees when all of the picture is upscaled.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import torch

from bimaco_gui.engine.canvas import Canvas
from bimaco_gui.engine.fidelity import FaithfulPicture, blended
from bimaco_gui.engine.host_memory import return_freed_memory
from bimaco_gui.engine.options import UpscaleOptions
from bimaco_gui.engine.pictures import Picture
from bimaco_gui.engine.source import Source
from bimaco_gui.engine.tile_runner import TileRunner, fill
from bimaco_gui.engine.transparency import filled_colours
from bimaco_gui.engine.upscale import Upscaler

_MARGIN: Final = 12
"""LR pixels around the part that resampling and the faithful end read."""

_WHOLE: Final = 1.0


@dataclass(frozen=True)
class Window:
    """A part of a picture, in its pixels.

    Attributes:
        left, top: First column and row, 0 or more.
        width, height: 1 or more.
    """

    left: int
    top: int
    width: int
    height: int

    @property
    def rows(self) -> range:
        """All its rows."""
        return range(self.top, self.top + self.height)

    @property
    def columns(self) -> range:
        """All its columns."""
        return range(self.left, self.left + self.width)

    def grown(self, margin: int, width: int, height: int) -> Window:
        """With a margin, as far as a picture of this size goes."""
        left, top = max(0, self.left - margin), max(0, self.top - margin)
        right = min(width, self.left + self.width + margin)
        bottom = min(height, self.top + self.height + margin)
        return Window(left, top, right - left, bottom - top)

    def holds(self, other: Window) -> bool:
        """Whether the other one lies inside."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.left + other.width <= self.left + self.width
            and other.top + other.height <= self.top + self.height
        )

    def scaled(self, source: tuple[int, int], target: tuple[int, int]) -> Window:
        """The same part after a picture of the size `source` became one of the size `target`."""
        left, right = (
            round(x * target[0] / source[0]) for x in (self.left, self.left + self.width)
        )
        top, bottom = (round(y * target[1] / source[1]) for y in (self.top, self.top + self.height))
        return Window(left, top, max(1, right - left), max(1, bottom - top))


class PicturePreview:
    """Parts of one picture's result. The part computed last is kept: other sizes cost little.

    Args:
        picture: The input.
        upscaler: The model on its device.
        seed: Of the noise.
    """

    def __init__(self, picture: Picture, upscaler: Upscaler, seed: int) -> None:
        self.picture = picture
        self._upscaler, self._seed = upscaler, seed
        model = upscaler.computer.model
        self._scale = model.scale
        self._source = Source(picture, model.alignment)
        self._canvas = Canvas(picture, model.scale)
        self._known: Window | None = None

    def part(
        self,
        window: Window,
        options: UpscaleOptions,
        fidelity: float,
        cancel: threading.Event | None = None,
    ) -> Picture:
        """The result's pixels in a window.

        Args:
            window: In the input's pixels, inside it.
            options: Size of the whole result; tile and seed do not matter here.
            fidelity: 0 to 1.
            cancel: Set by anyone to stop.

        Returns:
            The part, as `Upscaler.upscale` and `with_fidelity` together would give it.

        Raises:
            Cancelled: `cancel` was set.
            UpscaleError: The result is not usable, or does not fit into memory.
            DeviceError: The model failed on the device and on the CPU.
        """
        picture = self.picture
        size = (picture.width, picture.height)
        needed = window.grown(_MARGIN, *size)
        if self._known is None or not self._known.holds(needed):
            self._compute(needed, cancel)
        out_size = options.output_size(*size)
        wanted = window.scaled(size, out_size)
        around = needed.scaled(size, out_size)
        whole = self._canvas.part(*out_size, around.rows, around.columns)
        rows = slice(wanted.rows.start, wanted.rows.stop)
        columns = slice(wanted.columns.start, wanted.columns.stop)
        pixels = whole.pixels[rows, columns]
        if fidelity < _WHOLE and out_size[0] >= size[0] and out_size[1] >= size[1]:
            colours = picture.pixels
            if picture.alpha is not None:
                colours = filled_colours(colours, picture.alpha)
            faithful = FaithfulPicture(colours, whole.pixels)
            ends = faithful.part(wanted.top, wanted.left, wanted.height, wanted.width)
            pixels = blended(ends, pixels, fidelity)
        alpha = None if whole.alpha is None else whole.alpha[rows, columns]
        return replace(
            picture,
            pixels=np.ascontiguousarray(pixels),
            alpha=None if alpha is None else np.ascontiguousarray(alpha),
        )

    @torch.inference_mode()
    def _compute(self, window: Window, cancel: threading.Event | None) -> None:
        side = max(window.width, window.height)
        computer = self._upscaler.computer

        def work() -> None:
            runner = TileRunner(computer, self._source, self._seed, side, cancel)
            (rows,) = runner.rows.split(window.top, window.top + window.height, window.height)
            (columns,) = runner.columns.split(window.left, window.left + window.width, window.width)
            piece = runner.tile(rows, columns)
            self._canvas.put(window.top * self._scale, window.left * self._scale, piece)

        try:
            fill(computer, self._canvas, work)
        finally:
            return_freed_memory()
        self._known = window
