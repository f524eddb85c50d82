"""The ops around the binary layers as torch sees them: operators in the namespace ``bimaco``.

Each checks its arguments, then hands them to the native library where that can take them, else to
the torch reference, as the binary ops of `schema` do.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from bimaco_gui.ops import cpu, cuda, reference
from bimaco_gui.ops.arguments import Prologue, check_pixels, require
from bimaco_gui.ops.operators import fake, operator


def _check_group_norm(
    x: Tensor,
    groups: int,
    weight: Tensor,
    bias: Tensor,
    time_scale: Tensor | None,
    time_shift: Tensor | None,
) -> None:
    name = "group_norm_affine"
    check_pixels(name, x, 3)
    n, channels = x.shape[:2]
    require(
        groups > 0 and channels % groups == 0, f"{name}: {groups} groups of {channels} channels"
    )
    for what, value in (("weight", weight), ("bias", bias)):
        require(
            value.dtype == torch.float32 and value.shape == (channels,),
            f"{name}: {what} is {value.dtype} {tuple(value.shape)}, not float32 [{channels}]",
        )
    both = (time_scale is None) == (time_shift is None)
    require(both, f"{name}: time_scale and time_shift come together")
    for what, time in (("time_scale", time_scale), ("time_shift", time_shift)):
        if time is not None:
            require(
                time.dtype == torch.float32 and time.shape in ((n, channels), (1, channels)),
                f"{name}: {what} is {time.dtype} {tuple(time.shape)}, "
                f"not float32 [{n} or 1, {channels}]",
            )


@operator
def group_norm_affine(
    x: Tensor,
    groups: int,
    weight: Tensor,
    bias: Tensor,
    eps: float,
    time_scale: Tensor | None = None,
    time_shift: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Group normalization as an affine map per picture and channel, for a layer's prologue.

    Args:
        x: float32, float16 or bfloat16 [N, C, *spatial].
        groups: divides C.
        weight, bias: float32 [C].
        eps: added to the variance.
        time_scale, time_shift: float32 [N, C] or [1, C]: what the time makes of the normalized
            map, group_norm(x) * (1 + time_scale) + time_shift (ResShift's residual blocks).

    Returns:
        (pre_scale, pre_shift), float32 [N, C]: the result is x * pre_scale + pre_shift.

    Raises:
        ValueError: shapes or dtypes do not fit each other.
    """
    _check_group_norm(x, groups, weight, bias, time_scale, time_shift)
    time = None if time_scale is None or time_shift is None else (time_scale, time_shift)
    if cuda.takes_group_norm(x, groups):
        return cuda.group_norm_affine(x, groups, weight, bias, eps, time)
    native = cpu.takes_norm(x)
    norm = cpu.group_norm_affine if native else reference.group_norm_affine
    scale, shift = norm(x, groups, weight, bias, eps)
    return (scale, shift) if time is None else reference.timed(scale, shift, *time)


@fake("group_norm_affine")
def _(
    x: Tensor,
    groups: int,
    weight: Tensor,
    bias: Tensor,
    eps: float,
    time_scale: Tensor | None = None,
    time_shift: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    _check_group_norm(x, groups, weight, bias, time_scale, time_shift)
    scale = x.new_empty(x.shape[:2], dtype=torch.float32)
    return scale, torch.empty_like(scale)


def _format_beside(x: Tensor) -> torch.memory_format:
    """How what is computed of `x` [N, C, H, W] lies in memory."""
    return torch.channels_last if cuda.is_at_home(x) else torch.contiguous_format


def _check_full(x: Tensor, weight: Tensor, bias: Tensor, prologue: Prologue) -> None:
    name = "full_conv2d"
    check_pixels(name, x, 4)
    channels = x.shape[1]
    require(x.ndim == 4, f"{name}: x has {x.ndim} dimensions, not 4")
    require(
        weight.ndim == 4 and weight.shape[1:] == (channels, 3, 3),
        f"{name}: weight is {tuple(weight.shape)}, not [O, {channels}, 3, 3]",
    )
    require(bias.shape == weight.shape[:1], f"{name}: bias is {tuple(bias.shape)}")
    known = prologue.activation in ("none", "leaky", "silu") and 0 <= prologue.negative_slope <= 1
    require(known, f"{name}: pre_activation {prologue.activation!r} {prologue.negative_slope}")
    scale, shift = prologue.scale, prologue.shift
    require((scale is None) == (shift is None), f"{name}: pre_scale and pre_shift come together")
    shapes = ((channels,), (x.shape[0], channels))
    for value in (scale, shift):
        if value is not None:
            fits = value.shape in shapes and value.dtype == torch.float32
            require(fits, f"{name}: pre_scale and pre_shift are float32 [{channels}] or [N, ...]")


@operator
def full_conv2d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor,
    pre_scale: Tensor | None = None,
    pre_shift: Tensor | None = None,
    pre_activation: str = "none",
    negative_slope: float = 0.0,
) -> Tensor:
    """A 3x3 convolution in full precision, as stands at the edges of a binary network.

    Args:
        x: [N, I, H, W], float32, float16 or bfloat16.
        weight: [O, I, 3, 3].
        bias: [O].
        pre_scale, pre_shift: float32 [I] or [N, I].
        pre_activation: "none", "leaky" or "silu", of x * pre_scale + pre_shift.
        negative_slope: of "leaky", 0 to 1.

    Returns:
        [N, O, H, W] of the type of `x`; zero padding. Contiguous, but on a GPU, where binary layers
        want them so, with its channels innermost.

    Raises:
        ValueError: shapes, dtypes or options do not fit each other.
    """
    prologue = Prologue(pre_scale, pre_shift, pre_activation, negative_slope)
    _check_full(x, weight, bias, prologue)
    if cpu.takes_full_conv2d(x, weight, bias, prologue):
        return cpu.full_conv2d(x, weight, bias, prologue)
    if cuda.is_at_home(x):
        return cuda.full_conv2d(x, weight, bias, prologue)
    return reference.full_conv2d(x, weight, bias, prologue).contiguous()


@fake("full_conv2d")
def _(
    x: Tensor,
    weight: Tensor,
    bias: Tensor,
    pre_scale: Tensor | None = None,
    pre_shift: Tensor | None = None,
    pre_activation: str = "none",
    negative_slope: float = 0.0,
) -> Tensor:
    prologue = Prologue(pre_scale, pre_shift, pre_activation, negative_slope)
    _check_full(x, weight, bias, prologue)
    y = x.new_empty(x.shape[0], weight.shape[0], *x.shape[2:])
    return y.to(memory_format=_format_beside(x))


def _check_attention(
    qkv: Tensor, bias: Tensor, window: int, shift: int, regions: Tensor | None, apart: float
) -> None:
    name = "window_attention"
    check_pixels(name, qkv, 4)
    require(qkv.ndim == 4, f"{name}: qkv has {qkv.ndim} dimensions, not 4")
    channels, height, width = qkv.shape[1:]
    pixels = window**2
    require(
        window > 0 and height % window == 0 and width % window == 0,
        f"{name}: {height} by {width} pixels have no whole windows of {window}",
    )
    require(0 <= shift < window, f"{name}: a shift of {shift} in windows of {window}")
    require(
        bias.dtype == torch.float32 and bias.ndim == 3 and bias.shape[1:] == (pixels, pixels),
        f"{name}: bias is {bias.dtype} {tuple(bias.shape)}, not float32 [heads, {pixels}, ...]",
    )
    require(
        bias.shape[0] > 0 and channels % (3 * bias.shape[0]) == 0,
        f"{name}: {channels} channels are not queries, keys and values of {bias.shape[0]} heads",
    )
    require(math.isfinite(apart), f"{name}: apart is {apart}")
    if regions is not None:
        shape = (height * width // pixels, pixels)
        require(
            tuple(regions.shape) == shape,
            f"{name}: regions are {tuple(regions.shape)}, not {shape}",
        )


@operator
def window_attention(
    qkv: Tensor,
    bias: Tensor,
    window: int,
    shift: int,
    regions: Tensor | None = None,
    apart: float = 0.0,
) -> Tensor:
    """Multi-head attention among the pixels of windows (Swin).

    Args:
        qkv: [N, 3 * heads * depth, H, W], float32, float16 or bfloat16: queries, keys, values, each
            head after head.
        bias: float32 [heads, window^2, window^2]: added to a query's (rows) score for a key.
        window: side of a window; H and W are multiples.
        shift: the grid of windows lies so far down and right, cyclically.
        regions: whole numbers [windows, window^2], windows and their pixels row by row; `apart` is
            added to the score between pixels of different regions.
        apart: a finite number.

    Returns:
        [N, heads * depth, H, W] of the type of `qkv`. Contiguous, but on a GPU, where binary layers
        want them so, with its channels innermost.

    Raises:
        ValueError: shapes, dtypes or options do not fit each other.
    """
    _check_attention(qkv, bias, window, shift, regions, apart)
    depth = qkv.shape[1] // 3 // bias.shape[0]
    if cuda.takes_attention(qkv, depth, window):
        return cuda.window_attention(qkv, bias, window, shift, regions, apart)
    if cpu.takes_attention(qkv, depth, window):
        return cpu.window_attention(qkv, bias, window, shift, regions, apart)
    y = reference.window_attention(qkv, bias, window, shift, regions, apart)
    return y.contiguous(memory_format=_format_beside(qkv))


@fake("window_attention")
def _(
    qkv: Tensor,
    bias: Tensor,
    window: int,
    shift: int,
    regions: Tensor | None = None,
    apart: float = 0.0,
) -> Tensor:
    _check_attention(qkv, bias, window, shift, regions, apart)
    y = qkv.new_empty(qkv.shape[0], qkv.shape[1] // 3, *qkv.shape[2:])
    return y.to(memory_format=_format_beside(qkv))
