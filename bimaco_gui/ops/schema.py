"""The binary ops as torch sees them: operators in the namespace ``bimaco``.

An op is a whole layer: prologue, binary product, epilogue. Each checks its arguments, then hands
them to the native library where that can take them, else to the torch reference. Layouts: the
result of an op over pictures has its channels innermost where `x` has them there or lies on a GPU,
and is contiguous otherwise.

Give options by name. (The signatures cannot insist: torch allows no keyword-only tensors.)
"""

from __future__ import annotations

import torch
from torch import Tensor

from bimaco_gui.ops import cpu, cuda, reference
from bimaco_gui.ops.arguments import (
    Epilogue,
    Product,
    Prologue,
    SideBranches,
    check_bits,
    check_geometry,
    check_layer,
    check_pixels,
    integers,
)
from bimaco_gui.ops.layout import arranged_as, empty_beside
from bimaco_gui.ops.operators import fake, operator


def _conv_result(x: Tensor, product: Product, prologue: Prologue) -> list[int]:
    """Height and width of the result."""
    factor = 2 if prologue.doubled else 1
    return [(side * factor + product.stride - 1) // product.stride for side in x.shape[2:]]


def _check_conv(
    x: Tensor, product: Product, prologue: Prologue, epilogue: Epilogue
) -> tuple[int, int]:
    name = "binary_conv2d"
    check_geometry(name, x, product.bits, product.kernel_size, product.stride)
    height, width = _conv_result(x, product, prologue)
    out_shape = (x.shape[0], product.bits.shape[0], height, width)
    check_layer(name, product, prologue, epilogue, x.shape[1], x.shape[0], out_shape, x.dtype)
    return height, width


@operator
def binary_conv2d(
    x: Tensor,
    bits: Tensor,
    alpha: Tensor,
    bias: Tensor,
    kernel_size: int,
    stride: int,
    per_tap: bool = False,
    zero_is_zero: bool = False,
    pre_scale: Tensor | None = None,
    pre_shift: Tensor | None = None,
    pre_activation: str = "none",
    negative_slope: float = 0.0,
    doubled: bool = False,
    slope: Tensor | None = None,
    after: Tensor | None = None,
    low_rank_down: Tensor | None = None,
    low_rank_up: Tensor | None = None,
    sparse_values: Tensor | None = None,
    sparse_out: Tensor | None = None,
    sparse_in: Tensor | None = None,
    mean_shortcut: bool = False,
    residual: Tensor | None = None,
) -> Tensor:
    """A whole binary convolution layer.

    1. a = pre_activation(x * pre_scale + pre_shift), enlarged twice by nearest neighbour where
       `doubled`.
    2. D is the inner product of the signs of weight and a over the taps inside the picture (true
       zero padding of half the kernel), s the mean over the channels of |a| at a pixel, and
       y = alpha * s * D + bias with s at the centre tap's pixel; `per_tap`:
       y = alpha * (sum over taps of s at the tap's pixel times the tap's part of D) + bias.
       sign(v) is +1 where v >= 0, both zeros included, else -1, NaN included; `zero_is_zero`:
       zeros of a add nothing.
    3. y = prelu(y, slope) + after, where given.
    4. y += low_rank_up @ (low_rank_down @ a) + sparse(a), of the 2x2 mean of a where the stride is
       2 (at an odd border, of what is inside); `mean_shortcut`: that mean itself is added.
    5. y += residual, where given.

    Args:
        x: float32, float16 or bfloat16 [N, I, H, W]. All is computed in float32, and a short result
            is rounded once, at the end.
        bits: uint8 [O, kernel_size^2, ceil(I / 8)] as `pack_signs` makes them.
        alpha, bias: float32 [O].
        kernel_size: odd; 1 and 3 have native kernels.
        stride: 1 or 2.
        per_tap, zero_is_zero: see 2; both are set for the released network.
        pre_scale, pre_shift: float32 [I] or [N, I].
        pre_activation: "none", "leaky" (with `negative_slope`), "silu" or "gelu".
        negative_slope: of "leaky".
        doubled: see 1; not together with stride 2.
        slope, after: float32 [O].
        low_rank_down, low_rank_up: float32 [r, I] and [O, r], r at most 64.
        sparse_values, sparse_out, sparse_in: float32, int32, int32 [k]; places may repeat.
        mean_shortcut: see 4; needs stride 2 and I = O.
        residual: Of the type of `x` and of the result's shape.

    Returns:
        [N, O, H', W'] of the type of `x`: ceil(H / stride) by ceil(W / stride), or 2H by 2W where
        doubled.

    Raises:
        ValueError: shapes, dtypes or options do not fit each other.
        IndexError: an index of the sparse branch is out of range.
    """
    product = Product(bits, alpha, bias, kernel_size, stride, per_tap, zero_is_zero)
    prologue = Prologue(pre_scale, pre_shift, pre_activation, negative_slope, doubled)
    side = SideBranches(
        low_rank_down, low_rank_up, sparse_values, sparse_out, sparse_in, mean_shortcut
    )
    epilogue = Epilogue(slope, after, side, residual)
    _check_conv(x, product, prologue, epilogue)
    if cuda.takes_conv2d(x, product, prologue, epilogue):
        return cuda.binary_conv2d(x, product, prologue, epilogue)
    if cpu.takes(x, x.shape[1], product, prologue):
        return cpu.binary_conv2d(x, product, prologue, epilogue)
    return arranged_as(x, reference.binary_conv2d(x, product, prologue, epilogue))


@fake("binary_conv2d")
def _(
    x: Tensor,
    bits: Tensor,
    alpha: Tensor,
    bias: Tensor,
    kernel_size: int,
    stride: int,
    per_tap: bool = False,
    zero_is_zero: bool = False,
    pre_scale: Tensor | None = None,
    pre_shift: Tensor | None = None,
    pre_activation: str = "none",
    negative_slope: float = 0.0,
    doubled: bool = False,
    slope: Tensor | None = None,
    after: Tensor | None = None,
    low_rank_down: Tensor | None = None,
    low_rank_up: Tensor | None = None,
    sparse_values: Tensor | None = None,
    sparse_out: Tensor | None = None,
    sparse_in: Tensor | None = None,
    mean_shortcut: bool = False,
    residual: Tensor | None = None,
) -> Tensor:
    product = Product(bits, alpha, bias, kernel_size, stride, per_tap, zero_is_zero)
    prologue = Prologue(pre_scale, pre_shift, pre_activation, negative_slope, doubled)
    side = SideBranches(
        low_rank_down, low_rank_up, sparse_values, sparse_out, sparse_in, mean_shortcut
    )
    spatial = _check_conv(x, product, prologue, Epilogue(slope, after, side, residual))
    return empty_beside(x, bits.shape[0], spatial, x.dtype)


@operator
def binary_conv2d_dot(x: Tensor, bits: Tensor, kernel_size: int, stride: int) -> Tensor:
    """The integers D of `binary_conv2d` without options: int32, of its result's shape."""
    check_geometry("binary_conv2d_dot", x, bits, kernel_size, stride)
    product = integers(bits, kernel_size, stride)
    if cuda.takes_conv2d(x, product):
        return cuda.binary_conv2d_dot(x, product)
    if cpu.takes(x, x.shape[1], product, Prologue()):
        return cpu.binary_conv2d_dot(x, product)
    return arranged_as(x, reference.binary_conv2d_dot(x, bits, kernel_size, stride))


@fake("binary_conv2d_dot")
def _(x: Tensor, bits: Tensor, kernel_size: int, stride: int) -> Tensor:
    check_geometry("binary_conv2d_dot", x, bits, kernel_size, stride)
    spatial = [(side + stride - 1) // stride for side in x.shape[2:]]
    return empty_beside(x, bits.shape[0], spatial, torch.int32)


def _check_linear(
    x: Tensor, product: Product, prologue: Prologue, epilogue: Epilogue
) -> tuple[int, ...]:
    name = "binary_linear"
    check_pixels(name, x, 1)
    check_bits(name, product.bits, x.shape[-1], 1)
    out_shape = (*x.shape[:-1], product.bits.shape[0])
    check_layer(name, product, prologue, epilogue, x.shape[-1], None, out_shape, x.dtype)
    return out_shape


@operator
def binary_linear(
    x: Tensor,
    bits: Tensor,
    alpha: Tensor,
    bias: Tensor,
    zero_is_zero: bool = False,
    pre_scale: Tensor | None = None,
    pre_shift: Tensor | None = None,
    pre_activation: str = "none",
    negative_slope: float = 0.0,
    slope: Tensor | None = None,
    after: Tensor | None = None,
    low_rank_down: Tensor | None = None,
    low_rank_up: Tensor | None = None,
    sparse_values: Tensor | None = None,
    sparse_out: Tensor | None = None,
    sparse_in: Tensor | None = None,
    residual: Tensor | None = None,
) -> Tensor:
    """A whole binary linear layer over the last axis; `binary_conv2d` row by row.

    Args:
        x: float32, float16 or bfloat16 [..., I].
        bits: uint8 [O, 1, ceil(I / 8)] as `pack_signs` makes them.
        residual: Of the type of `x`, [..., O].

    The other arguments are those of `binary_conv2d`; pre_scale and pre_shift are [I].

    Returns:
        Of the type of `x`, [..., O], contiguous.

    Raises:
        ValueError: shapes, dtypes or options do not fit each other.
        IndexError: an index of the sparse branch is out of range.
    """
    product = Product(bits, alpha, bias, zero_is_zero=zero_is_zero)
    prologue = Prologue(pre_scale, pre_shift, pre_activation, negative_slope)
    side = SideBranches(low_rank_down, low_rank_up, sparse_values, sparse_out, sparse_in)
    epilogue = Epilogue(slope, after, side, residual)
    _check_linear(x, product, prologue, epilogue)
    if cuda.takes_linear(x, product, prologue, epilogue):
        return cuda.binary_linear(x, product, prologue, epilogue)
    if cpu.takes(x, x.shape[-1], product, prologue):
        return cpu.binary_linear(x, product, prologue, epilogue)
    return reference.binary_linear(x, product, prologue, epilogue).contiguous()


@fake("binary_linear")
def _(
    x: Tensor,
    bits: Tensor,
    alpha: Tensor,
    bias: Tensor,
    zero_is_zero: bool = False,
    pre_scale: Tensor | None = None,
    pre_shift: Tensor | None = None,
    pre_activation: str = "none",
    negative_slope: float = 0.0,
    slope: Tensor | None = None,
    after: Tensor | None = None,
    low_rank_down: Tensor | None = None,
    low_rank_up: Tensor | None = None,
    sparse_values: Tensor | None = None,
    sparse_out: Tensor | None = None,
    sparse_in: Tensor | None = None,
    residual: Tensor | None = None,
) -> Tensor:
    product = Product(bits, alpha, bias, zero_is_zero=zero_is_zero)
    prologue = Prologue(pre_scale, pre_shift, pre_activation, negative_slope)
    side = SideBranches(low_rank_down, low_rank_up, sparse_values, sparse_out, sparse_in)
    shape = _check_linear(x, product, prologue, Epilogue(slope, after, side, residual))
    return torch.empty(shape, dtype=x.dtype, device=x.device)


@operator
def binary_linear_dot(x: Tensor, bits: Tensor) -> Tensor:
    """The integers D of `binary_linear` without options: int32 [..., O]."""
    check_pixels("binary_linear_dot", x, 1)
    check_bits("binary_linear_dot", bits, x.shape[-1], 1)
    product = integers(bits)
    if cuda.takes_linear(x, product):
        return cuda.binary_linear_dot(x, product)
    if cpu.takes(x, x.shape[-1], product, Prologue()):
        return cpu.binary_linear_dot(x, product)
    return reference.binary_linear_dot(x, bits).contiguous()


@fake("binary_linear_dot")
def _(x: Tensor, bits: Tensor) -> Tensor:
    check_pixels("binary_linear_dot", x, 1)
    check_bits("binary_linear_dot", bits, x.shape[-1], 1)
    return torch.empty((*x.shape[:-1], bits.shape[0]), dtype=torch.int32, device=x.device)
