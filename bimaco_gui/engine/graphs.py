"""CUDA graphs of a model, one for each shape of tile: all its launches become a single one."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor, nn

from bimaco_gui.engine.device import is_out_of_memory

_LOG = logging.getLogger(__name__)

MOST: Final = 4
"""Graphs kept; each holds its inputs and its result."""

LARGEST: Final = 512 * 512
"""LR pixels of a tile above which launches hide behind the work of the device."""

_Shape = tuple[int, ...]


Record = Callable[[Callable[[], Tensor], torch.device], tuple[Callable[[], None], Tensor]]
"""Runs a call once that computes on a device; returns what repeats it, and the result that is
written each time."""


def record(call: Callable[[], Tensor], device: torch.device) -> tuple[Callable[[], None], Tensor]:
    """See `Record`; by a CUDA graph.

    Raises:
        RuntimeError: the call does what no graph can hold, or memory is not enough.
    """
    graph = torch.cuda.CUDAGraph()
    # What runs on another device than the current one would run once and not be recorded. Other
    # threads may use the device meanwhile.
    with (
        torch.cuda.device(device),
        torch.cuda.graph(graph, capture_error_mode="thread_local"),
    ):
        result = call()
    return graph.replay, result


@dataclass(frozen=True)
class _Recording:
    """What repeats a run, the inputs that it reads and the result that it writes."""

    replay: Callable[[], None]
    lq: Tensor
    noise: Tensor
    result: Tensor


class GraphedModel:
    """Runs a model on a GPU; a small shape that comes again is recorded and replayed.

    The result of a call holds until the next call.

    Args:
        model: On a CUDA device, in evaluation mode.
        record: Records a run.
    """

    def __init__(self, model: nn.Module, record: Record = record) -> None:
        self._model, self._record = model, record
        self._met: set[_Shape] = set()
        self._unfit: set[_Shape] = set()
        self._recordings: OrderedDict[_Shape, _Recording] = OrderedDict()

    def __call__(self, lq: Tensor, noise: Tensor) -> Tensor:
        """See `TileModel.__call__`."""
        shape = tuple(lq.shape)
        recording = self._recordings.get(shape) or self._recorded(shape, lq, noise)
        if recording is None:
            result: Tensor = self._model(lq, noise)
            return result
        self._recordings.move_to_end(shape)
        recording.lq.copy_(lq)
        recording.noise.copy_(noise)
        recording.replay()
        return recording.result

    def forget(self) -> None:
        """Give back the memory of all recordings."""
        self._recordings.clear()

    def _recorded(self, shape: _Shape, lq: Tensor, noise: Tensor) -> _Recording | None:
        """A new recording; None at a first meeting, and where there can or need not be any."""
        is_new = shape not in self._met
        self._met.add(shape)
        if is_new or shape in self._unfit or shape[-1] * shape[-2] > LARGEST:
            return None
        while len(self._recordings) >= MOST:
            self._recordings.popitem(last=False)
        lq, noise = lq.clone(), noise.clone()
        try:
            replay, result = self._record(lambda: self._model(lq, noise), lq.device)
        except RuntimeError as error:
            self._unfit.add(shape)
            if is_out_of_memory(error):
                self.forget()
            _LOG.info("Tiles of %s are not recorded: %s", shape, error)
            return None
        self._recordings[shape] = _Recording(replay, lq, noise, result)
        return self._recordings[shape]
