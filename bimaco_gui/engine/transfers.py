"""Finished pixels on their way from a device to the host, while the device computes on."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any, Final

import numpy.typing as npt
import torch
from torch import Tensor

_MOST: Final = 2
"""Transfers under way at a time; each holds its pixels once more."""


@dataclass(frozen=True)
class _Transfer:
    """What arrives in `staged`, once `arrived` has happened, belongs into `target`."""

    arrived: torch.cuda.Event
    staged: Tensor
    target: npt.NDArray[Any]


class Transfers:
    """Copies of tensors into arrays of the host; from a GPU they are made in the background."""

    def __init__(self) -> None:
        self._pending: deque[_Transfer] = deque()
        self._stream: torch.cuda.Stream | None = None

    def start(self, values: Tensor, target: npt.NDArray[Any]) -> None:
        """Copy `values` to `target`, of the same shape and item size, now or before `finish`.

        Raises:
            RuntimeError: an earlier computation on the device failed.
        """
        if values.device.type != "cuda":
            target[...] = values.numpy().view(target.dtype)
            return
        while len(self._pending) >= _MOST:
            self._finish_one()
        with torch.cuda.device(values.device):
            if self._stream is None or self._stream.device != values.device:
                self._stream = torch.cuda.Stream()
            self._stream.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(self._stream):
                staged = torch.empty(values.shape, dtype=values.dtype, pin_memory=True)
                staged.copy_(values, non_blocking=True)
                values.record_stream(self._stream)
                arrived = torch.cuda.Event()
                arrived.record()
        self._pending.append(_Transfer(arrived, staged, target))

    def finish(self) -> None:
        """Wait for all of them.

        Raises:
            RuntimeError: a computation on the device failed.
        """
        while self._pending:
            self._finish_one()

    def forget(self) -> None:
        """Give up what is under way, because its device was lost."""
        self._pending.clear()
        self._stream = None

    def _finish_one(self) -> None:
        transfer = self._pending.popleft()
        transfer.arrived.synchronize()
        transfer.target[...] = transfer.staged.numpy().view(transfer.target.dtype)
