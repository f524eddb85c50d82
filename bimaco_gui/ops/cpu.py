"""The ops on the native library: arranges memory, fills the C structures, calls.

Arguments have been checked by `schema`.
"""

from __future__ import annotations

import ctypes

import torch
from torch import Tensor

from bimaco_gui.ops import native
from bimaco_gui.ops.layout import empty_beside, has_channels_innermost


def takes(x: Tensor, kernel_size: int = 1) -> bool:
    """Whether the native library computes an op on `x`."""
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


def binary_conv2d(
    x: Tensor, bits: Tensor, alpha: Tensor, bias: Tensor, kernel_size: int, stride: int
) -> Tensor:
    """See `schema.binary_conv2d`."""
    return _conv2d(x, bits, (alpha, bias), kernel_size, stride)


def binary_conv2d_dot(x: Tensor, bits: Tensor, kernel_size: int, stride: int) -> Tensor:
    """See `schema.binary_conv2d_dot`."""
    return _conv2d(x, bits, None, kernel_size, stride)


def binary_linear(x: Tensor, bits: Tensor, alpha: Tensor, bias: Tensor) -> Tensor:
    """See `schema.binary_linear`."""
    return _linear(x, bits, (alpha, bias))


def binary_linear_dot(x: Tensor, bits: Tensor) -> Tensor:
    """See `schema.binary_linear_dot`."""
    return _linear(x, bits, None)


def sparse_map(
    x: Tensor, values: Tensor, out_index: Tensor, in_index: Tensor, out_channels: int
) -> Tensor:
    """See `schema.sparse_map`."""
    x = _arranged(x)
    y = empty_beside(x, out_channels, x.shape[2:], torch.float32)
    if y.numel() == 0:
        return y
    library, isa = _library()
    values, out_index, in_index = (t.contiguous() for t in (values, out_index, in_index))
    call = native.SparseMap(
        x=x.data_ptr(),
        values=values.data_ptr(),
        out_index=out_index.data_ptr(),
        in_index=in_index.data_ptr(),
        y=y.data_ptr(),
        entries=values.numel(),
        batch=x.shape[0],
        in_channels=x.shape[1],
        out_channels=out_channels,
        pixels=x.numel() // (x.shape[0] * x.shape[1]),
        channels_innermost=has_channels_innermost(x),
        isa=isa,
    )
    native.check_status(library.handle.bimaco_sparse_map(ctypes.byref(call)), "sparse_map")
    return y
