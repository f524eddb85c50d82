"""Tensors that are made of a network's parameters or of a size, and made once."""

from __future__ import annotations

from collections.abc import Callable, Hashable

import torch
from torch import Tensor

from bimaco_gui.ops.versions import version


def is_recorded(device: torch.device) -> bool:
    """Whether what is computed on a device now becomes part of a CUDA graph, not a value yet."""
    return device.type == "cuda" and torch.cuda.is_current_stream_capturing()


class Kept:
    """Tensors by what they depend on, until the tensor that they are made of changes.

    None is dropped before: a recorded CUDA graph may read it at its place. None is kept that is
    made while a graph is recorded: it is computed when the graph runs.
    """

    def __init__(self) -> None:
        self._source: Tensor | None = None
        self._state: Hashable = None
        self._values: dict[Hashable, Tensor] = {}

    def of(
        self,
        source: Tensor | None,
        device: torch.device,
        key: Hashable,
        make: Callable[[], Tensor],
    ) -> Tensor:
        """The tensor on a device.

        Args:
            source: What it is made of; a write to it makes a new one necessary.
            device: Where it lies.
            key: What else it depends on.
            make: Makes it.
        """
        state = None if source is None else (source.dtype, version(source))
        place = (device, key)
        current = self._source is source and self._state == state
        known = self._values.get(place) if current else None
        if known is not None:
            return known
        # One tensor serves inference and training alike.
        with torch.inference_mode(False), torch.no_grad():
            value = make()
        if not is_recorded(device):
            if not current:
                self._source, self._state, self._values = source, state, {}
            self._values[place] = value
        return value
