"""One tile from the source to finished floats, whatever memory and devices do meanwhile."""

from __future__ import annotations

import copy
import logging
import threading
from collections.abc import Callable
from typing import NoReturn

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bimaco_gui.engine.anchor import anchored
from bimaco_gui.engine.blend import blend_tiles
from bimaco_gui.engine.canvas import Canvas
from bimaco_gui.engine.checks import defect
from bimaco_gui.engine.device import is_out_of_memory, release_memory
from bimaco_gui.engine.graphs import GraphedModel
from bimaco_gui.engine.interrupt import stop_if, watched
from bimaco_gui.engine.noise import noise_on
from bimaco_gui.engine.source import Source, within
from bimaco_gui.engine.tile_model import TileModel, tiling_of
from bimaco_gui.engine.tiles import Axis, Span, round_up
from bimaco_gui.errors import AppError, DeviceError, UpscaleError

_LOG = logging.getLogger(__name__)
_CPU = torch.device("cpu")
_ATTEMPTS = 2
_ALPHA_MARGIN = 3  # cubic interpolation reads two pixels on either side


class ModelOnDevice:
    """A model and where it computes; a device that fails is replaced by the CPU, for good.

    Args:
        model: A module moves to the device; anything else must follow its inputs' device.
        device: Where to begin.
    """

    def __init__(self, model: TileModel, device: torch.device) -> None:
        self.device = device
        self._fallback: TileModel | None = None
        if isinstance(model, nn.Module) and device != _CPU:
            # After a failure nothing can be copied from a GPU any more.
            self._fallback = copy.deepcopy(model).to(_CPU)
            model = model.to(device)
        self.model = model
        self._graphed: GraphedModel | None = None
        if isinstance(model, nn.Module) and device.type == "cuda":
            self._graphed = GraphedModel(model)

    @property
    def is_on_cpu(self) -> bool:
        """Whether no other device computes."""
        return self.device == _CPU

    def run(self, lq: Tensor, noise: Tensor) -> Tensor:
        """The model's result, which on a GPU holds until the next call; see `TileModel`."""
        return (self._graphed or self.model)(lq, noise)

    def release_memory(self) -> None:
        """Give back what is kept for speed alone."""
        if self._graphed is not None:
            self._graphed.forget()
        release_memory(self.device)

    def fall_back(self) -> bool:
        """Go on with the CPU. False where that is what failed."""
        if self.is_on_cpu:
            return False
        self.model = self._fallback or self.model
        self._fallback = self._graphed = None
        self.device = _CPU
        return True


class DeviceReplaced(Exception):
    """The device failed, the CPU takes its place, and what was on the device is lost."""


def fill(computer: ModelOnDevice, canvas: Canvas, work: Callable[[], None]) -> None:
    """Do what puts tiles on a canvas; once more, on the CPU, where the device is lost meanwhile.

    Raises:
        RuntimeError: `work` fails on the CPU.
    """
    while True:
        try:
            work()
            canvas.settle()
            return
        except DeviceReplaced:
            pass
        except RuntimeError:
            # A device that is lost says so at whatever is asked of it next.
            if not computer.fall_back():
                raise
            _LOG.warning("A device was lost between tiles", exc_info=True)
        canvas.forget()


class TileRunner:
    """Computes the tiles of one picture.

    Args:
        computer: The model and its device.
        source: The padded picture.
        seed: Of the noise.
        limit: Tiles are computed in parts where they give more LR pixels than this along an axis
            (feathers aside); it shrinks when memory runs out.
        cancel: Set by anyone to stop.
        working: Called with the share of a tile, or of a part of it, that is computed.
        meanwhile: Called when the device has begun with a tile.
    """

    def __init__(
        self,
        computer: ModelOnDevice,
        source: Source,
        seed: int,
        limit: int,
        cancel: threading.Event | None,
        working: Callable[[float], None] | None = None,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        self._working, self._meanwhile = working, meanwhile
        self._computer, self._source, self._seed = computer, source, seed
        self._limit, self._cancel = limit, cancel
        model = computer.model
        self._scale, self._alignment = model.scale, model.alignment
        self._tiling = t = tiling_of(model)
        self.rows = Axis(source.height, t.alignment, t.reach, t.grid, t.feather)
        self.columns = Axis(source.width, t.alignment, t.reach, t.grid, t.feather)

    def tile(self, rows: Span, columns: Span) -> Tensor:
        """Compute what two spans give.

        Returns:
            float32 [3 or 4, scale * rows, scale * columns] on the device: RGB, and alpha where the
            source has any; not clamped.

        Raises:
            Cancelled: `cancel` was set.
            DeviceReplaced: The device failed; earlier tiles on it are lost.
            UpscaleError: The result is not usable, or memory is too small for the least tile.
            DeviceError: The model failed.
        """
        if self._fits(rows) and self._fits(columns):
            result = self._at_once(rows, columns)
            return self.tile(rows, columns) if result is None else result
        return self._in_parts(rows, columns)

    def _fits(self, span: Span) -> bool:
        return span.stop - span.start <= self._limit + self._tiling.feather

    def _in_parts(self, rows: Span, columns: Span) -> Tensor:
        scale = self._scale
        size = ((rows.stop - rows.start) * scale, (columns.stop - columns.start) * scale)
        channels = 4 if self._source.has_alpha else 3
        whole = torch.empty((channels, *size), device=self._computer.device)

        def put(y: int, x: int, piece: Tensor) -> None:
            top, left = y - rows.start * scale, x - columns.start * scale
            whole[:, top : top + piece.shape[1], left : left + piece.shape[2]] = piece

        blend_tiles(
            self.rows.split(rows.start, rows.stop, self._limit),
            self.columns.split(columns.start, columns.stop, self._limit),
            scale,
            self.tile,
            put,
            self._tiling.feather,
        )
        return whole

    def _at_once(self, rows: Span, columns: Span) -> Tensor | None:
        """The tile's pixels, or None where memory ran out and the limit is smaller now."""
        failures = 0
        while True:
            stop_if(self._cancel)
            reason: AppError | None = None
            try:
                return self._computed(rows, columns)
            except (RuntimeError, MemoryError, UpscaleError) as error:
                if not is_out_of_memory(error):
                    reason = _explained(error)
                _LOG.warning("A tile failed on %s", self._computer.device, exc_info=True)
            # Only now are the failed tile's tensors gone, which the traceback held.
            self._computer.release_memory()
            if reason is None:
                self._shrink(max(rows.stop - rows.start, columns.stop - columns.start))
                return None
            failures += 1
            if failures >= _ATTEMPTS:
                self._fall_back(reason)

    def _shrink(self, failed: int) -> None:
        """Halve the limit after a tile of this side ran out of memory."""
        current = min(self._limit, failed)
        halved = round_up(current // 2, self._alignment)
        if halved < current:
            self._limit = halved
        else:
            self._fall_back(
                UpscaleError(
                    "Not enough memory",
                    "Even the smallest part of the picture does not fit into the memory that is "
                    "free: close other programs and try again.",
                )
            )

    def _fall_back(self, reason: AppError) -> NoReturn:
        if self._computer.fall_back():
            raise DeviceReplaced from reason
        raise reason

    def _computed(self, rows: Span, columns: Span) -> Tensor:
        source, scale, device = self._source, self._scale, self._computer.device
        lq = source.colours(
            rows.read_start, rows.read_stop, columns.read_start, columns.read_stop, device
        )
        height, width = lq.shape[-2:]
        channels = self._computer.model.latent_channels
        place = (rows.read_start, columns.read_start, height, width)
        noise = noise_on(device, self._seed, *place, channels)[None]
        with watched(self._computer.model, self._cancel, self._working):
            result = self._computer.run(lq, noise).float()
        self._meanwhile()

        margin = self._tiling.margin
        top, bottom = within(rows, margin, source.height)
        left, right = within(columns, margin, source.width)
        y, x = top - rows.read_start, left - columns.read_start
        lq = lq[:, :, y : y + bottom - top, x : x + right - left]
        result = _cut(result, y, x, lq.shape[-2], lq.shape[-1], scale)
        problem = defect(result, lq)
        if problem is not None:
            raise UpscaleError("Unusable result", f"The model's result {problem}.")
        result = result.clamp(0, 1)
        if self._tiling.anchored:
            result = anchored(result, lq)
        size = (rows.stop - rows.start, columns.stop - columns.start)
        result = _cut(result, rows.start - top, columns.start - left, *size, scale)[0]
        return torch.cat((result, self._alpha(rows, columns))) if source.has_alpha else result

    def _alpha(self, rows: Span, columns: Span) -> Tensor:
        top, bottom = within(rows, _ALPHA_MARGIN, self._source.height)
        left, right = within(columns, _ALPHA_MARGIN, self._source.width)
        enlarged = F.interpolate(
            self._source.alpha(top, bottom, left, right, self._computer.device),
            scale_factor=float(self._scale),
            mode="bicubic",
            align_corners=False,
        )
        size = (rows.stop - rows.start, columns.stop - columns.start)
        return _cut(enlarged, rows.start - top, columns.start - left, *size, self._scale)[0]


def _cut(x: Tensor, top: int, left: int, height: int, width: int, scale: int) -> Tensor:
    """A window, given in LR pixels, of output pixels [..., H, W]."""
    top, left, height, width = (scale * value for value in (top, left, height, width))
    return x[..., top : top + height, left : left + width]


def _explained(error: Exception) -> AppError:
    if isinstance(error, AppError):
        return error
    first_line = next(iter(str(error).splitlines()), type(error).__name__)
    return DeviceError("The computation failed", f"The model could not be run: {first_line}.")
