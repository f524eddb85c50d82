"""The ops on the native library: arranges memory, fills the C structures, calls.

Arguments have been checked by `schema` and `full_precision`.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

import torch
from torch import Tensor

from bimaco_gui.ops import native
from bimaco_gui.ops.arguments import PRE_ACTIVATIONS, Epilogue, Product, Prologue
from bimaco_gui.ops.layout import empty_beside, has_channels_innermost

_MOST_PRODUCTS = 32767  # sign products of one output number that the library counts


@dataclass(frozen=True)
class _Shape:
    """Of x, seen as a picture."""

    batch: int
    channels: int
    height: int
    width: int
    innermost: bool


def takes(x: Tensor, channels: int, product: Product, prologue: Prologue) -> bool:
    """Whether the native library computes such a layer of `x`, which has so many channels."""
    return (
        takes_norm(x)
        and product.kernel_size in (1, 3)
        and product.bits.numel() > 0
        and channels * product.kernel_size**2 <= _MOST_PRODUCTS
        and 0 <= prologue.negative_slope <= 1
    )


def takes_norm(x: Tensor) -> bool:
    """Whether the native library computes statistics of `x`."""
    on_cpu = x.device.type == "cpu" and x.dtype == torch.float32 and x.numel() > 0
    return on_cpu and native.active_instruction_set() != native.TORCH


def _library() -> tuple[native.Library, int]:
    library = native.library()
    assert library is not None, "takes() was not asked"
    return library, library.isas[native.active_instruction_set()]


def _call(
    x: Tensor,
    shape: _Shape,
    product: Product,
    prologue: Prologue,
    epilogue: Epilogue,
    y: Tensor,
) -> None:
    """Run the layer of `x` into `y`: the result, or the integers D where `y` is int32."""
    library, isa = _library()
    kept: list[Tensor] = []  # contiguous copies live until the call returns

    def pointer(tensor: Tensor | None) -> int | None:
        if tensor is None:
            return None
        if not tensor.is_contiguous():
            tensor = tensor.contiguous()
            kept.append(tensor)
        return tensor.data_ptr()

    side = epilogue.side
    entries = 0 if side.values is None else side.values.numel()
    per_picture = prologue.scale is not None and prologue.scale.ndim == 2
    is_result = y.dtype == torch.float32
    call = native.Layer(
        x.data_ptr(),
        pointer(product.bits),
        pointer(product.alpha),
        pointer(product.bias),
        pointer(prologue.scale),
        pointer(prologue.shift),
        pointer(epilogue.slope),
        pointer(epilogue.after),
        pointer(side.down),
        pointer(side.up),
        pointer(side.values) if entries else None,
        pointer(side.out_index) if entries else None,
        pointer(side.in_index) if entries else None,
        None if epilogue.residual is None else epilogue.residual.data_ptr(),
        y.data_ptr() if is_result else None,
        None if is_result else y.data_ptr(),
        shape.batch,
        shape.channels,
        product.bits.shape[0],
        shape.height,
        shape.width,
        0 if side.down is None else side.down.shape[0],
        entries,
        shape.channels if per_picture else 0,
        prologue.negative_slope,
        PRE_ACTIVATIONS.index(prologue.activation),
        product.kernel_size,
        product.stride,
        shape.innermost,
        product.per_tap,
        product.zero_is_zero,
        prologue.doubled,
        side.mean_shortcut,
        torch.get_num_threads(),
        isa,
    )
    status = library.handle.bimaco_binary_layer(ctypes.byref(call))
    native.check_status(status, "binary layer")


def _arranged(x: Tensor) -> Tensor:
    return x if has_channels_innermost(x) else x.contiguous()


def _arranged_like(x: Tensor, other: Tensor | None) -> Tensor | None:
    if other is None or not has_channels_innermost(x):
        return None if other is None else other.contiguous()
    return other.movedim(1, -1).contiguous().movedim(-1, 1)


def _conv2d(
    x: Tensor, product: Product, prologue: Prologue, epilogue: Epilogue, dtype: torch.dtype
) -> Tensor:
    x = _arranged(x)
    innermost = has_channels_innermost(x)
    factor = 2 if prologue.doubled else 1
    spatial = [-(-side * factor // product.stride) for side in x.shape[2:]]
    y = empty_beside(x, product.bits.shape[0], spatial, dtype)
    if epilogue.residual is not None:
        residual = _arranged_like(x, epilogue.residual)
        epilogue = Epilogue(epilogue.slope, epilogue.after, epilogue.side, residual)
    n, channels, height, width = x.shape
    shape = _Shape(n, channels, height, width, innermost)
    _call(x, shape, product, prologue, epilogue, y)
    return y


def _linear(
    x: Tensor, product: Product, prologue: Prologue, epilogue: Epilogue, dtype: torch.dtype
) -> Tensor:
    x = x.contiguous()
    channels = x.shape[-1]
    y = torch.empty((*x.shape[:-1], product.bits.shape[0]), dtype=dtype)
    if epilogue.residual is not None:
        residual = epilogue.residual.contiguous()
        epilogue = Epilogue(epilogue.slope, epilogue.after, epilogue.side, residual)
    shape = _Shape(1, channels, 1, x.numel() // channels, True)
    _call(x, shape, product, prologue, epilogue, y)
    return y


def binary_conv2d(x: Tensor, product: Product, prologue: Prologue, epilogue: Epilogue) -> Tensor:
    """See `schema.binary_conv2d`."""
    return _conv2d(x, product, prologue, epilogue, torch.float32)


def binary_conv2d_dot(x: Tensor, product: Product) -> Tensor:
    """See `schema.binary_conv2d_dot`."""
    return _conv2d(x, product, Prologue(), Epilogue(), torch.int32)


def binary_linear(x: Tensor, product: Product, prologue: Prologue, epilogue: Epilogue) -> Tensor:
    """See `schema.binary_linear`."""
    return _linear(x, product, prologue, epilogue, torch.float32)


def binary_linear_dot(x: Tensor, product: Product) -> Tensor:
    """See `schema.binary_linear_dot`."""
    return _linear(x, product, Prologue(), Epilogue(), torch.int32)


def group_norm_affine(
    x: Tensor, groups: int, weight: Tensor, bias: Tensor, eps: float
) -> tuple[Tensor, Tensor]:
    """See `full_precision.group_norm_affine`."""
    library, isa = _library()
    x, weight, bias = x.contiguous(), weight.contiguous(), bias.contiguous()
    scale, shift = torch.empty(x.shape[:2]), torch.empty(x.shape[:2])
    call = native.Norm(
        x=x.data_ptr(),
        weight=weight.data_ptr(),
        bias=bias.data_ptr(),
        scale=scale.data_ptr(),
        shift=shift.data_ptr(),
        batch=x.shape[0],
        channels=x.shape[1],
        pixels=x.numel() // (x.shape[0] * x.shape[1]),
        groups=groups,
        eps=eps,
        isa=isa,
    )
    status = library.handle.bimaco_group_norm_affine(ctypes.byref(call))
    native.check_status(status, "group_norm_affine")
    return scale, shift


def takes_attention(qkv: Tensor, depth: int, window: int) -> bool:
    """Whether the native library computes such an attention."""
    return takes_norm(qkv) and depth <= 256 and window <= 16


def window_attention(
    qkv: Tensor, bias: Tensor, window: int, shift: int, regions: Tensor | None, apart: float
) -> Tensor:
    """See `full_precision.window_attention`."""
    library, isa = _library()
    n, channels, height, width = qkv.shape
    y = torch.empty(n, channels // 3, height, width)
    qkv, key_major = qkv.contiguous(), bias.transpose(1, 2).contiguous()
    regions = None if regions is None else regions.float().contiguous()
    call = native.Attention(
        qkv=qkv.data_ptr(),
        bias=key_major.data_ptr(),
        regions=None if regions is None else regions.data_ptr(),
        y=y.data_ptr(),
        batch=n,
        heads=bias.shape[0],
        depth=channels // 3 // bias.shape[0],
        height=height,
        width=width,
        window=window,
        shift=shift,
        apart=apart,
        isa=isa,
    )
    native.check_status(
        library.handle.bimaco_window_attention(ctypes.byref(call)), "window_attention"
    )
    return y


def takes_full_conv2d(x: Tensor, weight: Tensor, bias: Tensor, prologue: Prologue) -> bool:
    """Whether the native library computes such a convolution."""
    floats = weight.dtype == bias.dtype == torch.float32 and weight.numel() > 0
    usual = prologue.activation in ("none", "leaky")
    return (
        takes_norm(x) and floats and usual and (prologue.scale is None or prologue.scale.ndim == 1)
    )


def full_conv2d(x: Tensor, weight: Tensor, bias: Tensor, prologue: Prologue) -> Tensor:
    """See `full_precision.full_conv2d`; the activation is none or leaky."""
    library, isa = _library()
    x, weight, bias = x.contiguous(), weight.contiguous(), bias.contiguous()
    n, channels, height, width = x.shape
    y = torch.empty(n, weight.shape[0], height, width)
    scale, shift = prologue.scale, prologue.shift
    if prologue.activation == "leaky" and scale is None:
        scale, shift = torch.ones(channels), torch.zeros(channels)
    scale, shift = (None if t is None else t.contiguous() for t in (scale, shift))
    call = native.Convolution(
        x=x.data_ptr(),
        weight=weight.data_ptr(),
        bias=bias.data_ptr(),
        pre_scale=None if scale is None else scale.data_ptr(),
        pre_shift=None if shift is None else shift.data_ptr(),
        y=y.data_ptr(),
        batch=n,
        in_channels=channels,
        out_channels=weight.shape[0],
        height=height,
        width=width,
        negative_slope=prologue.negative_slope if prologue.activation == "leaky" else 1.0,
        isa=isa,
    )
    native.check_status(
        library.handle.bimaco_full_convolution(ctypes.byref(call)), "full convolution"
    )
    return y
