"""A picture in, a larger picture out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor, nn

from bimaco_gui.engine.anchor import ANCHOR_RADIUS
from bimaco_gui.engine.blend import blend_tiles
from bimaco_gui.engine.canvas import Canvas
from bimaco_gui.engine.interrupt import stop_if
from bimaco_gui.engine.options import UpscaleOptions
from bimaco_gui.engine.pictures import Picture
from bimaco_gui.engine.source import Source
from bimaco_gui.engine.tile_model import TileModel
from bimaco_gui.engine.tile_runner import ModelOnDevice, TileRunner
from bimaco_gui.engine.tiles import FEATHER, Span, round_up

AUTOMATIC_TILE: Final = {"cpu": 128, "cuda": 512}
"""LR pixels that a tile gives along an axis where the user chose none.

On a processor, tiles of 256 are no faster although they waste less on halos, because their
feature maps leave its caches; and a step of progress should take a second or two.
"""


@dataclass(frozen=True)
class Progress:
    """How far an upscaling is.

    Attributes:
        tiles_done: At least 1.
        tiles_total: The same throughout.
        seconds: Since its start.
        remaining: Seconds still to go, as an estimate; 0 at the end.
    """

    tiles_done: int
    tiles_total: int
    seconds: float
    remaining: float | None


class Upscaler:
    """A model on its device.

    Args:
        model: What computes; a module is set to evaluation.
        device: Where. It is replaced by the CPU for good when it fails.
    """

    def __init__(self, model: TileModel, device: torch.device | str) -> None:
        if isinstance(model, nn.Module):
            model.eval()
        self._computer = ModelOnDevice(model, torch.device(device))

    @property
    def device(self) -> torch.device:
        """Where the next tile is computed."""
        return self._computer.device

    @torch.inference_mode()
    def upscale(
        self,
        picture: Picture,
        options: UpscaleOptions,
        progress: Callable[[Progress], None] | None = None,
        cancel: threading.Event | None = None,
    ) -> Picture:
        """Upscale a picture of any size.

        The result depends on the picture, the model, the seed and the scale, not on tiles. Memory
        is that of the result and a few tiles.

        Args:
            picture: The input.
            options: Tile, seed and scale.
            progress: Called in this thread after each tile.
            cancel: Set by anyone to stop; looked at before each tile and each layer.

        Returns:
            round(scale * width) x round(scale * height) pixels of the input's kind, with its
            metadata.

        Raises:
            Cancelled: `cancel` was set.
            UpscaleError: The result is not usable, or does not fit into memory.
            DeviceError: The model failed on the device and on the CPU.
        """
        stop_if(cancel)
        model = self._computer.model
        scale, alignment = model.scale, model.alignment
        canvas = Canvas(picture, scale)
        source = Source(picture, alignment)
        tile_height, tile_width = (
            self._tile(options.tile, size) for size in (source.height, source.width)
        )
        runner = TileRunner(
            self._computer, source, options.seed, max(tile_height, tile_width), cancel
        )
        rows = runner.rows.split(0, source.height, tile_height)
        columns = runner.columns.split(0, source.width, tile_width)
        clock = _Clock(rows, columns, progress)

        def tile(row: Span, column: Span) -> Tensor:
            result = runner.tile(row, column)
            clock.finished(row, column)
            return result

        blend_tiles(rows, columns, scale, tile, canvas.put)
        stop_if(cancel)
        return canvas.picture(options.scale)

    def _tile(self, chosen: int | None, size: int) -> int:
        """The side of a tile along an axis of this many LR pixels."""
        model = self._computer.model
        if chosen is not None:
            return max(round_up(chosen, model.alignment), 2 * FEATHER)
        usual = round_up(
            AUTOMATIC_TILE.get(self.device.type, AUTOMATIC_TILE["cpu"]), model.alignment
        )
        halo = round_up(model.context + ANCHOR_RADIUS + FEATHER // 2, model.alignment)
        # What a usual tile reads anyway needs no cutting.
        return size if size <= usual + 2 * halo else usual


class _Clock:
    """Reports progress, and estimates the time by how much the tiles read."""

    def __init__(
        self, rows: list[Span], columns: list[Span], report: Callable[[Progress], None] | None
    ) -> None:
        self._report = report
        self._began = time.monotonic()
        self._total = len(rows) * len(columns)
        self._done = 0
        self._work = sum(_read(row) for row in rows) * sum(_read(column) for column in columns)
        self._worked = 0

    def finished(self, row: Span, column: Span) -> None:
        self._done += 1
        self._worked += _read(row) * _read(column)
        if self._report is not None:
            seconds = time.monotonic() - self._began
            remaining = seconds * (self._work - self._worked) / self._worked
            self._report(Progress(self._done, self._total, seconds, remaining))


def _read(span: Span) -> int:
    return span.read_stop - span.read_start
