"""The ops as torch sees them: `torch.library` custom ops in the namespace ``bimaco``.

Each op checks its arguments, then hands them to the native library where that can take them, else
to the torch reference. Layouts: the result of an op over pictures has its channels innermost where
`x` has them there, and is contiguous otherwise.
"""

from __future__ import annotations

import torch
from torch import Tensor

from bimaco_gui.ops import cpu, reference
from bimaco_gui.ops.layout import arranged_as, empty_beside


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise ValueError(message)


def _check_pixels(x: Tensor, name: str, dims: int) -> None:
    _require(x.dtype == torch.float32, f"{name}: x is {x.dtype}, not float32")
    _require(x.ndim >= dims, f"{name}: x has {x.ndim} dimensions, at least {dims} are needed")


def _check_bits(bits: Tensor, in_channels: int, taps: int, name: str) -> None:
    _require(bits.dtype == torch.uint8, f"{name}: bits are {bits.dtype}, not uint8")
    _require(
        bits.ndim == 3 and bits.shape[1] == taps and bits.shape[2] == (in_channels + 7) // 8,
        f"{name}: bits {tuple(bits.shape)} do not fit {in_channels} channels and {taps} taps",
    )
    _require(0 < in_channels * taps < 2**24, f"{name}: {in_channels} channels cannot be counted")


def _check_conv(x: Tensor, bits: Tensor, kernel_size: int, stride: int, name: str) -> None:
    _check_pixels(x, name, 4)
    _require(x.ndim == 4, f"{name}: x has {x.ndim} dimensions, not 4")
    _require(kernel_size % 2 == 1 and kernel_size > 0, f"{name}: kernel size {kernel_size}")
    _require(stride in (1, 2), f"{name}: stride {stride} is neither 1 nor 2")
    _check_bits(bits, x.shape[1], kernel_size**2, name)


def _check_linear(x: Tensor, bits: Tensor, name: str) -> None:
    _check_pixels(x, name, 1)
    _check_bits(bits, x.shape[-1], 1, name)


def _check_epilogue(bits: Tensor, alpha: Tensor, bias: Tensor, name: str) -> None:
    for what, value in (("alpha", alpha), ("bias", bias)):
        _require(
            value.dtype == torch.float32 and value.shape == bits.shape[:1],
            f"{name}: {what} is {value.dtype} {tuple(value.shape)}, not float32 [{bits.shape[0]}]",
        )


def _empty_conv(x: Tensor, bits: Tensor, stride: int, dtype: torch.dtype) -> Tensor:
    spatial = [(side + stride - 1) // stride for side in x.shape[2:]]
    return empty_beside(x, bits.shape[0], spatial, dtype)


@torch.library.custom_op("bimaco::binary_conv2d", mutates_args=())
def binary_conv2d(
    x: Tensor, bits: Tensor, alpha: Tensor, bias: Tensor, kernel_size: int, stride: int
) -> Tensor:
    """Binary convolution: alpha[o] * s[n, p] * D[n, o, p] + bias[o].

    D is the inner product of the signs of weight and `x` over the taps inside the picture (true
    zero padding of half the kernel), s the mean over the channels of |x| at the centre tap.
    sign(v) is +1 where v >= 0, both zeros included, else -1, NaN included.

    Args:
        x: float32 [N, I, H, W]; contiguous or channels_last is quickest.
        bits: uint8 [O, kernel_size^2, ceil(I / 8)] as `pack_signs` makes them.
        alpha: float32 [O].
        bias: float32 [O].
        kernel_size: odd; 1 and 3 have native kernels.
        stride: 1 or 2.

    Returns:
        float32 [N, O, ceil(H / stride), ceil(W / stride)].

    Raises:
        ValueError: shapes or dtypes do not fit each other.
    """
    _check_conv(x, bits, kernel_size, stride, "binary_conv2d")
    _check_epilogue(bits, alpha, bias, "binary_conv2d")
    if cpu.takes(x, kernel_size):
        return cpu.binary_conv2d(x, bits, alpha, bias, kernel_size, stride)
    y = reference.binary_conv2d(x, bits, alpha, bias, kernel_size, stride)
    return arranged_as(x, y)


@binary_conv2d.register_fake
def _(
    x: Tensor, bits: Tensor, alpha: Tensor, bias: Tensor, kernel_size: int, stride: int
) -> Tensor:
    _check_conv(x, bits, kernel_size, stride, "binary_conv2d")
    _check_epilogue(bits, alpha, bias, "binary_conv2d")
    return _empty_conv(x, bits, stride, torch.float32)


@torch.library.custom_op("bimaco::binary_conv2d_dot", mutates_args=())
def binary_conv2d_dot(x: Tensor, bits: Tensor, kernel_size: int, stride: int) -> Tensor:
    """The integers D of `binary_conv2d`: int32 [N, O, ceil(H / stride), ceil(W / stride)]."""
    _check_conv(x, bits, kernel_size, stride, "binary_conv2d_dot")
    if cpu.takes(x, kernel_size):
        return cpu.binary_conv2d_dot(x, bits, kernel_size, stride)
    dot = reference.binary_conv2d_dot(x, bits, kernel_size, stride)
    return arranged_as(x, dot)


@binary_conv2d_dot.register_fake
def _(x: Tensor, bits: Tensor, kernel_size: int, stride: int) -> Tensor:
    _check_conv(x, bits, kernel_size, stride, "binary_conv2d_dot")
    return _empty_conv(x, bits, stride, torch.int32)


@torch.library.custom_op("bimaco::binary_linear", mutates_args=())
def binary_linear(x: Tensor, bits: Tensor, alpha: Tensor, bias: Tensor) -> Tensor:
    """Binary linear layer over the last axis; the formula of `binary_conv2d`, row by row.

    Args:
        x: float32 [..., I].
        bits: uint8 [O, 1, ceil(I / 8)] as `pack_signs` makes them.
        alpha: float32 [O].
        bias: float32 [O].

    Returns:
        float32 [..., O], contiguous.

    Raises:
        ValueError: shapes or dtypes do not fit each other.
    """
    _check_linear(x, bits, "binary_linear")
    _check_epilogue(bits, alpha, bias, "binary_linear")
    if cpu.takes(x):
        return cpu.binary_linear(x, bits, alpha, bias)
    return reference.binary_linear(x, bits, alpha, bias).contiguous()


@binary_linear.register_fake
def _(x: Tensor, bits: Tensor, alpha: Tensor, bias: Tensor) -> Tensor:
    _check_linear(x, bits, "binary_linear")
    _check_epilogue(bits, alpha, bias, "binary_linear")
    return torch.empty((*x.shape[:-1], bits.shape[0]), dtype=torch.float32, device=x.device)


@torch.library.custom_op("bimaco::binary_linear_dot", mutates_args=())
def binary_linear_dot(x: Tensor, bits: Tensor) -> Tensor:
    """The integers D of `binary_linear`: int32 [..., O]."""
    _check_linear(x, bits, "binary_linear_dot")
    if cpu.takes(x):
        return cpu.binary_linear_dot(x, bits)
    return reference.binary_linear_dot(x, bits).contiguous()


@binary_linear_dot.register_fake
def _(x: Tensor, bits: Tensor) -> Tensor:
    _check_linear(x, bits, "binary_linear_dot")
    return torch.empty((*x.shape[:-1], bits.shape[0]), dtype=torch.int32, device=x.device)


def _check_sparse(x: Tensor, values: Tensor, out_index: Tensor, in_index: Tensor) -> None:
    _check_pixels(x, "sparse_map", 3)
    _require(
        values.dtype == torch.float32 and values.ndim == 1,
        f"sparse_map: values are {values.dtype} {tuple(values.shape)}, not float32 [k]",
    )
    for name, index in (("out_index", out_index), ("in_index", in_index)):
        _require(
            index.dtype == torch.int32 and index.shape == values.shape,
            f"sparse_map: {name} is {index.dtype} {tuple(index.shape)}, "
            f"not int32 {tuple(values.shape)}",
        )


@torch.library.custom_op("bimaco::sparse_map", mutates_args=())
def sparse_map(
    x: Tensor, values: Tensor, out_index: Tensor, in_index: Tensor, out_channels: int
) -> Tensor:
    """A sparse map over channels: y[:, out_index[k]] += values[k] * x[:, in_index[k]].

    Args:
        x: float32 [N, I, *spatial], at least one spatial axis.
        values: float32 [k].
        out_index: int32 [k], each in 0..out_channels - 1; places may repeat.
        in_index: int32 [k], each in 0..I - 1.
        out_channels: O.

    Returns:
        float32 [N, O, *spatial].

    Raises:
        ValueError: shapes or dtypes do not fit each other.
        IndexError: an index is out of range.
    """
    _check_sparse(x, values, out_index, in_index)
    if cpu.takes(x):
        return cpu.sparse_map(x, values, out_index, in_index, out_channels)
    return arranged_as(x, reference.sparse_map(x, values, out_index, in_index, out_channels))


@sparse_map.register_fake
def _(x: Tensor, values: Tensor, out_index: Tensor, in_index: Tensor, out_channels: int) -> Tensor:
    _check_sparse(x, values, out_index, in_index)
    return empty_beside(x, out_channels, x.shape[2:], torch.float32)
