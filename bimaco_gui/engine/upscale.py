"""A picture in, a larger picture out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from bimaco_gui.engine.blend import blend_tiles
from bimaco_gui.engine.canvas import Canvas
from bimaco_gui.engine.device import free_memory, roomy_side
from bimaco_gui.engine.host_memory import keep_freed_memory, return_freed_memory
from bimaco_gui.engine.interrupt import stop_if
from bimaco_gui.engine.options import UpscaleOptions
from bimaco_gui.engine.pictures import Picture
from bimaco_gui.engine.progress import Progress
from bimaco_gui.engine.resample import NewArray
from bimaco_gui.engine.source import Source
from bimaco_gui.engine.tile_model import TileModel, tiling_of
from bimaco_gui.engine.tile_runner import ModelOnDevice, TileRunner, fill
from bimaco_gui.engine.tiles import Span, round_up

AUTOMATIC_TILE: Final = 432
"""LR pixels that a tile gives along an axis on a processor, where the user chose none.

Larger tiles waste less on halos and take more memory. With the bundled model's halo a picture of
512 pixels is one tile, and its feature maps stay below what the C library hands out without asking
the system.
"""

REPORT_EVERY: Final = 0.1
"""Seconds between reports from inside a tile."""

TOO_EARLY: Final = 0.1
"""Share of the work from which on the first tile gives an estimate."""


class Upscaler:
    """A model on its device.

    Args:
        model: What computes; a module is set to evaluation.
        device: Where. It is replaced by the CPU for good when it fails.
        new_array: Makes the arrays of results.
    """

    def __init__(
        self, model: TileModel, device: torch.device | str, new_array: NewArray = np.empty
    ) -> None:
        keep_freed_memory()
        if isinstance(model, nn.Module):
            model.eval()
        self._computer = ModelOnDevice(model, torch.device(device))
        self._new_array = new_array

    @property
    def computer(self) -> ModelOnDevice:
        """The model and where it computes."""
        return self._computer

    @property
    def device(self) -> torch.device:
        """Where the next tile is computed."""
        return self._computer.device

    @property
    def is_on_cpu(self) -> bool:
        """Whether that is no other device than the CPU."""
        return self._computer.is_on_cpu

    @torch.inference_mode()
    def upscale(
        self,
        picture: Picture,
        options: UpscaleOptions,
        progress: Callable[[Progress], None] | None = None,
        cancel: threading.Event | None = None,
    ) -> Picture:
        """Upscale a picture of any size.

        The result depends on the picture, the model, the seed and the scale, not on tiles (but for
        a `WholeTileModel`, which knows its own tile). Memory is that of the result and a few tiles.

        Args:
            picture: The input.
            options: Tile, seed and scale.
            progress: Called in this thread after each tile, and now and then inside one.
            cancel: Set by anyone to stop; looked at before each tile and each layer.

        Returns:
            A picture of the size that the options give, of the input's kind, with its metadata.

        Raises:
            Cancelled: `cancel` was set.
            UpscaleError: The result is not usable, or does not fit into memory.
            DeviceError: The model failed on the device and on the CPU.
        """
        stop_if(cancel)
        model = self._computer.model
        canvas = Canvas(picture, model.scale, self._new_array)
        source = Source(picture, model.alignment)
        tiles = self._tiles(options, source)
        clock, first = _Clock(progress), self.device

        def work() -> None:
            # On another device than the first the same tiles are done in parts.
            limit = max(tiles if self.device == first else self._tiles(options, source))
            self._fill(canvas, source, options.seed, tiles, limit, clock, cancel)

        try:
            fill(self._computer, canvas, work)
        finally:
            return_freed_memory()
        stop_if(cancel)
        return canvas.picture(*options.output_size(picture.width, picture.height))

    def _fill(
        self,
        canvas: Canvas,
        source: Source,
        seed: int,
        tiles: tuple[int, int],
        limit: int,
        clock: _Clock,
        cancel: threading.Event | None,
    ) -> None:
        model = self._computer.model
        runner = TileRunner(
            self._computer,
            source,
            seed,
            limit,
            cancel,
            clock.working,
            canvas.settle,
        )
        rows = runner.rows.split(0, source.height, tiles[0])
        columns = runner.columns.split(0, source.width, tiles[1])
        clock.starts(rows, columns)

        def tile(row: Span, column: Span) -> Tensor:
            clock.begins(row, column)
            result = runner.tile(row, column)
            clock.finished()
            return result

        blend_tiles(rows, columns, model.scale, tile, canvas.put, tiling_of(model).feather)

    def _tiles(self, options: UpscaleOptions, source: Source) -> tuple[int, int]:
        """Height and width of tiles on the device in use."""
        on_gpu = self.device.type == "cuda"
        usual = roomy_side(free_memory(self.device)) if on_gpu else AUTOMATIC_TILE
        height, width = (
            self._tile(options.tile, usual, size) for size in (source.height, source.width)
        )
        return height, width

    def _tile(self, chosen: int | None, usual: int, size: int) -> int:
        """The side of a tile along an axis of `size` LR pixels, `usual` where nothing is chosen."""
        tiling = tiling_of(self._computer.model)
        if tiling.usual is not None:
            read = tiling.usual if chosen is None else round_up(chosen, tiling.alignment)
            given = read - 2 * tiling.reach - tiling.feather
            return size if size <= read else max(given, 2 * tiling.feather)
        if chosen is not None:
            return max(round_up(chosen, tiling.alignment), 2 * tiling.feather)
        usual = round_up(usual, tiling.alignment)
        halo = round_up(tiling.reach + tiling.feather // 2, tiling.alignment)
        # What a usual tile reads anyway needs no cutting.
        return size if size <= usual + 2 * halo else usual


class _Clock:
    """Reports progress, and estimates the time by how much the tiles read."""

    def __init__(self, report: Callable[[Progress], None] | None) -> None:
        self._report = report
        self._began = self._reported = time.monotonic()
        self._done = self._finished = self._total = 0
        self._worked = self._tile = self._work = 0
        self._fraction = 0.0

    def starts(self, rows: list[Span], columns: list[Span]) -> None:
        """These tiles are to be done."""
        self._total = len(rows) * len(columns)
        # Where a device was replaced, tiles that are told of as done are done once more.
        self._finished = self._worked = 0
        self._work = sum(_read(row) for row in rows) * sum(_read(column) for column in columns)

    def begins(self, row: Span, column: Span) -> None:
        """A tile is begun."""
        self._tile = _read(row) * _read(column)

    def working(self, share: float) -> None:
        """A share of the tile is done; most such news come too often to be passed on."""
        if time.monotonic() - self._reported >= REPORT_EVERY:
            self._tell((self._worked + share * self._tile) / self._work)

    def finished(self) -> None:
        """The tile is done."""
        self._finished += 1
        self._done = max(self._done, self._finished)
        self._worked += self._tile
        self._tell(self._worked / self._work)

    def _tell(self, fraction: float) -> None:
        self._reported = time.monotonic()
        # A tile that is computed again, or in parts, begins anew.
        self._fraction = max(self._fraction, fraction)
        if self._report is None:
            return
        seconds = self._reported - self._began
        early = not self._done and self._fraction < TOO_EARLY
        remaining = None if early else seconds * (1 - self._fraction) / self._fraction
        self._report(Progress(self._done, self._total, seconds, remaining, self._fraction))


def _read(span: Span) -> int:
    return span.read_stop - span.read_start
