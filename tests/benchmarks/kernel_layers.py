"""Binary layers with random weights, to time the kernels with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from bimaco_gui import ops

Call = Callable[[], Tensor]


@dataclass(frozen=True)
class Layer:
    """A layer of so many sign products; `make` returns what computes it on a random map."""

    products: int
    make: Callable[[], Call]


def _arguments(i: int, o: int, side: int, size: int) -> tuple[Any, ...]:
    x, weight = torch.randn(1, i, side, side), torch.randn(o, i, size, size)
    return x, ops.pack_signs(weight), torch.rand(o), torch.randn(o), size


def _branches(i: int, o: int) -> dict[str, Tensor]:
    entries = 2 * max(i, o)
    return {
        "low_rank_down": torch.randn(8, i),
        "low_rank_up": torch.randn(o, 8),
        "sparse_values": torch.randn(entries),
        "sparse_out": torch.randint(o, (entries,), dtype=torch.int32),
        "sparse_in": torch.randint(i, (entries,), dtype=torch.int32),
    }


def bare(i: int, o: int, side: int, size: int, stride: int = 1) -> Layer:
    """A convolution with nothing around it."""

    def make() -> Call:
        parts = _arguments(i, o, side, size)
        return lambda: ops.binary_conv2d(*parts, stride)  # type: ignore[no-any-return]

    return Layer(i * o * (side // stride) ** 2 * size**2, make)


def whole(i: int, o: int, side: int, size: int, stride: int = 1) -> Layer:
    """A convolution with all that our models put around it."""

    def make() -> Call:
        parts, branches = _arguments(i, o, side, size), _branches(i, o)
        before, after = (torch.rand(i), torch.randn(i)), (torch.rand(o), torch.randn(o))
        residual = None if stride == 2 else torch.randn(1, o, side, side)
        return lambda: ops.binary_conv2d(  # type: ignore[no-any-return]
            *parts,
            stride,
            pre_scale=before[0],
            pre_shift=before[1],
            pre_activation="leaky",
            negative_slope=0.2,
            slope=after[0],
            after=after[1],
            residual=residual,
            **branches,
        )

    return Layer(i * o * (side // stride) ** 2 * size**2, make)


def released(i: int, o: int, side: int, size: int) -> Layer:
    """A convolution with all that the released network puts around it."""

    def make() -> Call:
        parts, branches = _arguments(i, o, side, size), _branches(i, o)
        before, residual = (torch.rand(i), torch.randn(i)), torch.randn(1, o, side, side)
        return lambda: ops.binary_conv2d(  # type: ignore[no-any-return]
            *parts,
            1,
            per_tap=True,
            zero_is_zero=True,
            pre_scale=before[0],
            pre_shift=before[1],
            pre_activation="silu",
            residual=residual,
            **branches,
        )

    return Layer(i * o * side**2 * size**2, make)


def linear(i: int, o: int, rows: int) -> Layer:
    """A linear layer with nothing around it."""

    def make() -> Call:
        x, bits = torch.randn(rows, i), ops.pack_signs(torch.randn(o, i))
        alpha, bias = torch.rand(o), torch.randn(o)
        return lambda: ops.binary_linear(x, bits, alpha, bias)  # type: ignore[no-any-return]

    return Layer(i * o * rows, make)


LAYERS = {
    "3x3 160 to 160, 64x64, bare": bare(160, 160, 64, 3),
    "3x3 96 to 96, 256x256, all": whole(96, 96, 256, 3),
    "3x3 256 to 256, 128x128, all": whole(256, 256, 128, 3),
    "3x3 96 to 256, 256x256, stride 2, all": whole(96, 256, 256, 3, 2),
    "3x3 320 to 320, 64x64, per tap, all": released(320, 320, 64, 3),
    "1x1 192 to 768, 64x64, bare": bare(192, 768, 64, 1),
    "linear 192 to 192, 4096 rows, bare": linear(192, 192, 4096),
}
