"""The ops in plain torch: right on every device, and what every other backend is compared with.

The signs are unpacked to a tensor of +1 and -1, so that torch's own convolution counts. Its sums
stay below 2^24 in magnitude and are therefore exact in float32.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

import torch
from torch import Tensor
from torch.nn import functional as F

from bimaco_gui.ops.arguments import Epilogue, Product, Prologue, SideBranches

_P = ParamSpec("_P")
_R = TypeVar("_R")


def _in_float32(
    function: Callable[Concatenate[Tensor, _P], _R],
) -> Callable[Concatenate[Tensor, _P], _R]:
    """Switch off what torch.autocast does to the products inside."""

    @functools.wraps(function)
    def exact(x: Tensor, /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        with torch.autocast(x.device.type, enabled=False):
            return function(x, *args, **kwargs)

    return exact


def pack_signs(weight: Tensor) -> Tensor:
    """Pack the signs of a weight, one bit each.

    Args:
        weight: [O, I, k, k] or [O, I], any floating dtype.

    Returns:
        uint8 [O, k * k, ceil(I / 8)]: bit c % 8 (lowest first) of byte c // 8 is 1 where
        weight[o, c, tap] >= 0. Both zeros give 1, NaN gives 0, bits past I are 0.
    """
    signs = (weight >= 0).flatten(2).transpose(1, 2) if weight.ndim == 4 else weight[:, None] >= 0
    signs = F.pad(signs.to(torch.uint8), (0, -signs.shape[2] % 8))
    place = torch.arange(8, dtype=torch.uint8, device=weight.device)
    return torch.sum(signs.unflatten(2, (-1, 8)) << place, 3, dtype=torch.uint8)


def unpack_signs(bits: Tensor, in_channels: int) -> Tensor:
    """The inverse of `pack_signs`: float32 [O, taps, in_channels] of +1 and -1."""
    place = torch.arange(8, dtype=torch.uint8, device=bits.device)
    ones = ((bits[..., None] >> place) & 1).flatten(2)[:, :, :in_channels]
    return ones.to(torch.float32).mul_(2).sub_(1)


@_in_float32
def group_norm_affine(
    x: Tensor, groups: int, weight: Tensor, bias: Tensor, eps: float
) -> tuple[Tensor, Tensor]:
    """See `full_precision.group_norm_affine`. Sums in float64: their order does not matter."""
    grouped = x.reshape(x.shape[0], groups, -1)
    mean = grouped.mean(2, dtype=torch.float64)
    variance = (grouped - mean[:, :, None]).square_().mean(2)
    each = x.shape[1] // groups
    scale = (variance + eps).rsqrt().repeat_interleave(each, 1) * weight
    shift = bias - mean.repeat_interleave(each, 1) * scale
    return scale.float(), shift.float()


def timed(
    scale: Tensor, shift: Tensor, time_scale: Tensor, time_shift: Tensor
) -> tuple[Tensor, Tensor]:
    """A normalization's affine map and what the time makes of it, as one map; [N, C] each."""
    factor = 1 + time_scale
    return scale * factor, shift * factor + time_shift


def _signs(a: Tensor, zero_is_zero: bool) -> Tensor:
    signs = (a >= 0).to(torch.float32).mul_(2).sub_(1)
    return signs.masked_fill_(a == 0, 0) if zero_is_zero else signs


def _conv2d_dot(signs: Tensor, bits: Tensor, kernel_size: int, stride: int) -> Tensor:
    weight = unpack_signs(bits, signs.shape[1]).transpose(1, 2)
    weight = weight.unflatten(2, (kernel_size, kernel_size)).contiguous()
    dot = F.conv2d(signs, weight, stride=stride, padding=kernel_size // 2)
    # Some convolution algorithms (Winograd) leave traces of rounding on integers.
    return dot.round_()


def _scaled_by_tap(signs: Tensor, scale: Tensor, product: Product) -> Tensor:
    """The sum over the taps of s * D_tap, each D_tap an exact integer."""
    weight = unpack_signs(product.bits, signs.shape[1])
    padding = product.kernel_size // 2
    signs, scale = (F.pad(t, [padding] * 4) for t in (signs, scale))
    height, width = (side - 2 * padding for side in signs.shape[2:])
    total = None
    for tap in range(product.kernel_size**2):
        top, left = divmod(tap, product.kernel_size)
        rows = slice(top, top + height, product.stride)
        columns = slice(left, left + width, product.stride)
        dot = F.conv2d(signs[:, :, rows, columns], weight[:, tap, :, None, None]).round_()
        term = dot.mul_(scale[:, :, rows, columns])
        total = term if total is None else total.add_(term)
    assert total is not None
    return total


def _activate(a: Tensor, prologue: Prologue) -> Tensor:
    """The prologue's activation of `a`, which may be overwritten or returned."""
    match prologue.activation:
        case "leaky":
            return F.leaky_relu(a, prologue.negative_slope)
        case "silu":
            return F.silu(a)
        case "gelu":
            return F.gelu(a)
        case _:
            return a


def prepared(x: Tensor, prologue: Prologue) -> Tensor:
    """a, of `x` [N, I, H, W]."""
    if prologue.scale is not None and prologue.shift is not None:
        x = x * prologue.scale[..., None, None] + prologue.shift[..., None, None]
    a = _activate(x, prologue)
    return F.interpolate(a, scale_factor=2.0, mode="nearest") if prologue.doubled else a


def _add_side(y: Tensor, source: Tensor, side: SideBranches) -> Tensor:
    """Add the side branches' maps of `source` [N, I, P] to `y` [N, O, P], in place."""
    if side.down is not None and side.up is not None:
        batch = y.shape[0]
        inner = torch.matmul(side.down, source)
        y.baddbmm_(side.up.expand(batch, -1, -1), inner)
    if side.values is not None and side.out_index is not None and side.in_index is not None:
        _check_indices(side.out_index, y.shape[1])
        _check_indices(side.in_index, source.shape[1])
        y.index_add_(
            1, side.out_index, source.index_select(1, side.in_index).mul_(side.values[:, None])
        )
    if side.mean_shortcut:
        y += source
    return y


def _check_indices(index: Tensor, channels: int) -> None:
    """Out of range, a GPU's own check stops the program instead."""
    if index.device.type == "cpu" and ((index < 0) | (index >= channels)).any():
        raise IndexError(f"sparse branch: an index is not in 0..{channels - 1}")


def finished(y: Tensor, a: Tensor, stride: int, epilogue: Epilogue) -> Tensor:
    """What follows the product `y` [N, O, H', W'] of `a` [N, I, H, W]; `y` is overwritten."""
    if epilogue.slope is not None and epilogue.after is not None:
        y = F.prelu(y, epilogue.slope).add_(epilogue.after[:, None, None])
    source = a if stride == 1 else F.avg_pool2d(a, 2, ceil_mode=True)
    y = y.contiguous()
    _add_side(y.flatten(2), source.flatten(2), epilogue.side)
    return y if epilogue.residual is None else y.add_(epilogue.residual)


@_in_float32
def binary_conv2d_dot(x: Tensor, bits: Tensor, kernel_size: int, stride: int) -> Tensor:
    """See `schema.binary_conv2d_dot`."""
    return _conv2d_dot(_signs(x, False), bits, kernel_size, stride).to(torch.int32)


@_in_float32
def binary_linear_dot(x: Tensor, bits: Tensor) -> Tensor:
    """See `schema.binary_linear_dot`."""
    return (
        F.linear(_signs(x, False), unpack_signs(bits, x.shape[-1])[:, 0]).round_().to(torch.int32)
    )


@_in_float32
def binary_conv2d(x: Tensor, product: Product, prologue: Prologue, epilogue: Epilogue) -> Tensor:
    """See `schema.binary_conv2d`."""
    return _layer(x.float(), product, prologue, epilogue).to(x.dtype)


def _layer(x: Tensor, product: Product, prologue: Prologue, epilogue: Epilogue) -> Tensor:
    stride = product.stride
    a = prepared(x, prologue)
    signs = _signs(a, product.zero_is_zero)
    scale = a.abs().mean(1, keepdim=True)
    if product.per_tap:
        y = _scaled_by_tap(signs, scale, product).mul_(product.alpha[:, None, None])
    else:
        y = _conv2d_dot(signs, product.bits, product.kernel_size, stride)
        y.mul_(product.alpha[:, None, None]).mul_(scale[:, :, ::stride, ::stride])
    return finished(y.add_(product.bias[:, None, None]), a, stride, epilogue)


@_in_float32
def binary_linear(x: Tensor, product: Product, prologue: Prologue, epilogue: Epilogue) -> Tensor:
    """See `schema.binary_linear`: rows are the pixels of a picture of one row."""
    rows = x.float().reshape(1, -1, x.shape[-1]).transpose(1, 2)[:, :, None]
    residual = epilogue.residual
    alone = Epilogue(epilogue.slope, epilogue.after, epilogue.side)
    y = _layer(rows, product, prologue, alone)[0, :, 0].t()
    y = y.reshape(*x.shape[:-1], y.shape[1])
    return (y if residual is None else y + residual).to(x.dtype)


def window_attention(
    qkv: Tensor, bias: Tensor, window: int, shift: int, regions: Tensor | None, apart: float
) -> Tensor:
    """See `full_precision.window_attention`."""
    n, channels, height, width = qkv.shape
    heads = bias.shape[0]
    rows, columns, depth = height // window, width // window, channels // 3 // heads
    if shift:
        qkv = qkv.roll((-shift, -shift), (2, 3))
    parts = qkv.reshape(n, 3, heads, depth, rows, window, columns, window)
    parts = parts.permute(1, 0, 4, 6, 2, 5, 7, 3).reshape(3, -1, heads, window**2, depth)
    if regions is not None:
        differ = regions[:, None, :, None] != regions[:, None, None, :]
        bias = (bias + differ.to(bias.dtype) * apart).repeat(n, 1, 1, 1)
    y = F.scaled_dot_product_attention(parts[0], parts[1], parts[2], attn_mask=bias.to(qkv.dtype))
    y = y.view(n, rows, columns, heads, window, window, depth).permute(0, 3, 6, 1, 4, 2, 5)
    y = y.reshape(n, channels // 3, height, width)
    return y.roll((shift, shift), (2, 3)) if shift else y


def full_conv2d(x: Tensor, weight: Tensor, bias: Tensor, prologue: Prologue) -> Tensor:
    """See `full_precision.full_conv2d`."""
    a = prepared(x, prologue).to(x.dtype)
    return F.conv2d(a, weight.to(x.dtype), bias.to(x.dtype), padding=1)
