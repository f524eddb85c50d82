"""The optional parts of a binary layer, grouped, and the checks that they fit together.

A custom op can take flat tensors only; `schema` gathers them here, so that everything behind it
passes a few named parts instead of twenty arguments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

PRE_ACTIVATIONS = ("none", "leaky", "silu", "gelu")

MAP_TYPES = (torch.float32, torch.float16, torch.bfloat16)
"""Types of feature maps. Only maps may be short: weights, scales and statistics are float32."""


@dataclass(frozen=True)
class Product:
    """The binary product of a layer.

    Attributes:
        bits: uint8 [O, taps, ceil(I / 8)], as `pack_signs` makes them.
        alpha: float32 [O].
        bias: float32 [O].
        kernel_size: Odd; 1 for rows.
        stride: 1 or 2.
        per_tap: Each pixel's own scale, before the sum over taps, instead of the centre's after it.
        zero_is_zero: Zeros of the input add nothing, instead of counting as +1.
    """

    bits: Tensor
    alpha: Tensor
    bias: Tensor
    kernel_size: int = 1
    stride: int = 1
    per_tap: bool = False
    zero_is_zero: bool = False


def integers(bits: Tensor, kernel_size: int = 1, stride: int = 1) -> Product:
    """A product of which only the integers count."""
    scales = torch.empty((2, bits.shape[0]), device=bits.device)
    return Product(bits, scales[0], scales[1], kernel_size, stride)


@dataclass(frozen=True)
class Prologue:
    """What is done to `x` first: a = activation(x * scale + shift), then perhaps doubled.

    Attributes:
        scale, shift: float32 [I] or [N, I]; neither or both.
        activation: One of `PRE_ACTIVATIONS`.
        negative_slope: Of the leaky rectifier.
        doubled: `a` is enlarged twice by nearest neighbour.
    """

    scale: Tensor | None = None
    shift: Tensor | None = None
    activation: str = "none"
    negative_slope: float = 0.0
    doubled: bool = False


@dataclass(frozen=True)
class SideBranches:
    """Full-precision branches that read `a`, or its 2x2 mean where the layer halves it.

    Attributes:
        down, up: Low rank: float32 [r, I] and [O, r]; neither or both.
        values, out_index, in_index: Sparse: float32, int32 and int32 [k]; none or all.
        mean_shortcut: The 2x2 mean of `a` itself.
    """

    down: Tensor | None = None
    up: Tensor | None = None
    values: Tensor | None = None
    out_index: Tensor | None = None
    in_index: Tensor | None = None
    mean_shortcut: bool = False


@dataclass(frozen=True)
class Epilogue:
    """What follows the product: prelu(y, slope) + after, the side branches, the residual.

    Attributes:
        slope, after: float32 [O]; neither or both.
        side: The side branches.
        residual: Of the type of `x` and of the result's shape.
    """

    slope: Tensor | None = None
    after: Tensor | None = None
    side: SideBranches = SideBranches()
    residual: Tensor | None = None


def require(condition: bool, message: str) -> None:
    """Raise ValueError with `message` unless `condition` holds."""
    if not condition:
        raise ValueError(message)


def _require_tensor(
    name: str, what: str, value: Tensor, shape: Sequence[int | torch.SymInt], dtype: torch.dtype
) -> None:
    # No message is made where all is well: it would take longer than the check.
    if value.dtype != dtype or tuple(value.shape) != tuple(shape):
        raise ValueError(
            f"{name}: {what} is {value.dtype} {tuple(value.shape)}, not {dtype} {tuple(shape)}"
        )


def _require_together(name: str, **values: Tensor | None) -> bool:
    """Whether all are given; an error where only some are."""
    given = sum(value is not None for value in values.values())
    if given not in (0, len(values)):
        raise ValueError(f"{name}: {' and '.join(values)} come together")
    return given > 0


def check_pixels(name: str, x: Tensor, dims: int) -> None:
    """`x` is a feature map with at least `dims` axes."""
    if x.dtype not in MAP_TYPES:
        raise ValueError(f"{name}: x is {x.dtype}, not float32, float16 or bfloat16")
    require(x.ndim >= dims, f"{name}: x has {x.ndim} dimensions, at least {dims} are needed")


def check_bits(name: str, bits: Tensor, in_channels: int, taps: int) -> None:
    """`bits` are those of `taps` times `in_channels` weights for each output channel."""
    if bits.dtype != torch.uint8:
        raise ValueError(f"{name}: bits are {bits.dtype}, not uint8")
    if bits.ndim != 3 or bits.shape[1] != taps or bits.shape[2] != (in_channels + 7) // 8:
        raise ValueError(
            f"{name}: bits {tuple(bits.shape)} do not fit {in_channels} channels and {taps} taps"
        )
    require(0 < in_channels * taps < 2**24, f"{name}: {in_channels} channels cannot be counted")


def check_geometry(name: str, x: Tensor, bits: Tensor, kernel_size: int, stride: int) -> None:
    """`x` is a picture that a convolution of these sizes can read."""
    check_pixels(name, x, 4)
    require(x.ndim == 4, f"{name}: x has {x.ndim} dimensions, not 4")
    require(kernel_size % 2 == 1 and kernel_size > 0, f"{name}: kernel size {kernel_size}")
    require(stride in (1, 2), f"{name}: stride {stride} is neither 1 nor 2")
    check_bits(name, bits, x.shape[1], kernel_size**2)


def check_layer(
    name: str,
    product: Product,
    prologue: Prologue,
    epilogue: Epilogue,
    in_channels: int,
    batch: int | None,
    out_shape: Sequence[int | torch.SymInt],
    map_type: torch.dtype,
) -> None:
    """All parts fit each other and a result of `out_shape`; `batch` is None for rows.

    Raises:
        ValueError: they do not.
    """
    out_channels = product.bits.shape[0]
    out = (out_channels,)
    _require_tensor(name, "alpha", product.alpha, out, torch.float32)
    _require_tensor(name, "bias", product.bias, out, torch.float32)

    if prologue.activation not in PRE_ACTIVATIONS:
        known = ", ".join(PRE_ACTIVATIONS)
        raise ValueError(f"{name}: pre_activation {prologue.activation!r} is none of {known}")
    require(
        not (prologue.doubled and product.stride == 2), f"{name}: doubled and stride 2 in one layer"
    )
    if _require_together(name, pre_scale=prologue.scale, pre_shift=prologue.shift):
        assert prologue.scale is not None and prologue.shift is not None
        per_picture = batch is not None and prologue.scale.ndim == 2
        shape = (batch, in_channels) if per_picture else (in_channels,)
        _require_tensor(name, "pre_scale", prologue.scale, shape, torch.float32)  # type: ignore[arg-type]
        _require_tensor(name, "pre_shift", prologue.shift, shape, torch.float32)  # type: ignore[arg-type]

    if _require_together(name, slope=epilogue.slope, after=epilogue.after):
        assert epilogue.slope is not None and epilogue.after is not None
        _require_tensor(name, "slope", epilogue.slope, out, torch.float32)
        _require_tensor(name, "after", epilogue.after, out, torch.float32)
    if epilogue.residual is not None:
        _require_tensor(name, "residual", epilogue.residual, out_shape, map_type)
    _check_side(name, epilogue.side, product, in_channels)


def _check_side(name: str, side: SideBranches, product: Product, in_channels: int) -> None:
    out_channels = product.bits.shape[0]
    if _require_together(name, low_rank_down=side.down, low_rank_up=side.up):
        assert side.down is not None and side.up is not None
        rank = side.down.shape[0] if side.down.ndim == 2 else 0
        require(0 < rank <= 64, f"{name}: a low rank of {rank}; 1 to 64 are possible")
        _require_tensor(name, "low_rank_down", side.down, (rank, in_channels), torch.float32)
        _require_tensor(name, "low_rank_up", side.up, (out_channels, rank), torch.float32)
    if _require_together(
        name, sparse_values=side.values, sparse_out=side.out_index, sparse_in=side.in_index
    ):
        assert side.values is not None
        assert side.out_index is not None and side.in_index is not None
        entries = (side.values.numel(),)
        _require_tensor(name, "sparse_values", side.values, entries, torch.float32)
        _require_tensor(name, "sparse_out", side.out_index, entries, torch.int32)
        _require_tensor(name, "sparse_in", side.in_index, entries, torch.int32)
    require(
        not side.mean_shortcut or (product.stride == 2 and in_channels == out_channels),
        f"{name}: a mean shortcut needs stride 2 and as many channels out as in",
    )
