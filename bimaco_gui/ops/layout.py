"""Where a feature map keeps its channels in memory.

Results are laid out as their inputs are, but on a GPU, whose kernels want them so, always with the
channels innermost.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def has_channels_innermost(x: Tensor) -> bool:
    """Whether [N, C, *spatial] lies in memory as [N, *spatial, C], and not also contiguously."""
    return not x.is_contiguous() and x.movedim(1, -1).is_contiguous()


def wants_channels_innermost(x: Tensor) -> bool:
    """Whether the result of a layer of `x` has its channels innermost."""
    return x.device.type == "cuda" or has_channels_innermost(x)


def empty_beside(
    x: Tensor, channels: int, spatial: Sequence[int | torch.SymInt], dtype: torch.dtype
) -> Tensor:
    """An uninitialised [N, channels, *spatial] on the device and in the layout of a result."""
    if wants_channels_innermost(x):
        shape = (x.shape[0], *spatial, channels)
        return torch.empty(shape, dtype=dtype, device=x.device).movedim(-1, 1)
    return torch.empty((x.shape[0], channels, *spatial), dtype=dtype, device=x.device)


def arranged_as(x: Tensor, y: Tensor) -> Tensor:
    """`y` [N, O, *spatial] in the layout of a result, copied only where it is in another."""
    if wants_channels_innermost(x):
        return y.movedim(1, -1).contiguous().movedim(-1, 1)
    return y.contiguous()
