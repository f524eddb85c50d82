"""The ops on the native library: arranges memory, fills the C structures, calls.

Arguments have been checked by `schema`.
"""

from __future__ import annotations

import ctypes

import torch
from torch import Tensor

from bimaco_gui.ops import native, reference
from bimaco_gui.ops.arguments import Epilogue, Product, Prologue
from bimaco_gui.ops.layout import arranged_as, empty_beside, has_channels_innermost


def takes(x: Tensor, product: Product, prologue: Prologue, epilogue: Epilogue) -> bool:
    """Whether the native library computes the product of such a layer of `x`."""
    return not (product.per_tap or product.zero_is_zero) and takes_dot(x, product.kernel_size)


def takes_dot(x: Tensor, kernel_size: int) -> bool:
    """Whether the native library computes the integers of such a layer of `x`."""
    return (
        x.device.type == "cpu"
        and kernel_size in (1, 3)
        and x.numel() > 0
        and native.active_instruction_set() != native.TORCH
    )


def _library() -> tuple[native.Library, int]:
    library = native.library()
    assert library is not None, "takes() was not asked"
    return library, library.isas[native.active_instruction_set()]


def _arranged(x: Tensor) -> Tensor:
    return x if has_channels_innermost(x) else x.contiguous()


def _pointer(tensor: Tensor | None) -> int | None:
    return None if tensor is None else tensor.data_ptr()


def _convolve(
    x: Tensor,
    bits: Tensor,
    epilogue: tuple[Tensor, Tensor] | None,
    y: Tensor,
    size: tuple[int, int, int, int],
    kernel_size: int,
    stride: int,
    channels_innermost: bool,
) -> None:
    """Run the convolution of `x`, seen as [N, I, H, W] = `size`, into `y`."""
    if y.numel() == 0:
        return
    library, isa = _library()
    bits = bits.contiguous()
    alpha, bias = (t.contiguous() for t in epilogue) if epilogue else (None, None)
    call = native.Convolution(
        x=x.data_ptr(),
        bits=bits.data_ptr(),
        alpha=_pointer(alpha),
        bias=_pointer(bias),
        y=_pointer(y if epilogue else None),
        dots=_pointer(None if epilogue else y),
        batch=size[0],
        in_channels=size[1],
        out_channels=bits.shape[0],
        height=size[2],
        width=size[3],
        kernel_size=kernel_size,
        stride=stride,
        channels_innermost=channels_innermost,
        isa=isa,
    )
    status = library.handle.bimaco_binary_convolution(ctypes.byref(call))
    native.check_status(status, "binary convolution")


def _conv2d(
    x: Tensor, bits: Tensor, epilogue: tuple[Tensor, Tensor] | None, kernel_size: int, stride: int
) -> Tensor:
    x = _arranged(x)
    n, i, h, w = x.shape
    spatial = ((h + stride - 1) // stride, (w + stride - 1) // stride)
    y = empty_beside(x, bits.shape[0], spatial, torch.float32 if epilogue else torch.int32)
    innermost = has_channels_innermost(x)
    _convolve(x, bits, epilogue, y, (n, i, h, w), kernel_size, stride, innermost)
    return y


def _linear(x: Tensor, bits: Tensor, epilogue: tuple[Tensor, Tensor] | None) -> Tensor:
    x = x.contiguous()
    in_features = x.shape[-1]
    dtype = torch.float32 if epilogue else torch.int32
    y = torch.empty((*x.shape[:-1], bits.shape[0]), dtype=dtype)
    _convolve(x, bits, epilogue, y, (1, in_features, 1, x.numel() // in_features), 1, 1, True)
    return y


def binary_conv2d(x: Tensor, product: Product, prologue: Prologue, epilogue: Epilogue) -> Tensor:
    """See `schema.binary_conv2d`."""
    a = reference.prepared(x, prologue)
    scales = (product.alpha, product.bias)
    y = _conv2d(a, product.bits, scales, product.kernel_size, product.stride)
    return arranged_as(x, reference.finished(y, a, product.stride, epilogue))


def binary_conv2d_dot(x: Tensor, bits: Tensor, kernel_size: int, stride: int) -> Tensor:
    """See `schema.binary_conv2d_dot`."""
    return _conv2d(x, bits, None, kernel_size, stride)


def binary_linear(x: Tensor, product: Product, prologue: Prologue, epilogue: Epilogue) -> Tensor:
    """See `schema.binary_linear`."""
    rows = x.reshape(1, -1, x.shape[-1]).transpose(1, 2)[:, :, None]
    residual = epilogue.residual
    alone = Epilogue(epilogue.slope, epilogue.after, epilogue.side)
    y = binary_conv2d(rows, product, prologue, alone)[0, :, 0].t()
    y = y.reshape(*x.shape[:-1], y.shape[1])
    return y if residual is None else y + residual


def binary_linear_dot(x: Tensor, bits: Tensor) -> Tensor:
    """See `schema.binary_linear_dot`."""
    return _linear(x, bits, None)
