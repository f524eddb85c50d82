"""Tensors that are made of a network's parameters or of a size, and made once."""

from __future__ import annotations

from collections.abc import Callable, Hashable

import torch
from torch import Tensor


class Kept:
    """The last tensor that was made, until what it is made of changes.

    Nothing is kept while a CUDA graph is recorded: it would be computed when the graph runs.
    """

    def __init__(self) -> None:
        self._source: Tensor | None = None
        self._key: Hashable = None
        self._value: Tensor | None = None

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
        key = (device, None if source is None else (source.dtype, _version(source)), key)
        if self._value is not None and self._source is source and self._key == key:
            return self._value
        # One tensor serves inference and training alike.
        with torch.inference_mode(False), torch.no_grad():
            value = make()
        if not (device.type == "cuda" and torch.cuda.is_current_stream_capturing()):
            self._source, self._key, self._value = source, key, value
        return value


def _version(tensor: Tensor) -> int:
    """How often it was written to; 0 where torch does not count (inference tensors)."""
    return 0 if tensor.is_inference() else tensor._version
