"""The structures of kernels/cuda/arguments.h."""

from __future__ import annotations

import ctypes

import torch
from torch import Tensor

from bimaco_gui.ops.arguments import Prologue

TYPES = {torch.float32: 0, torch.float16: 1, torch.bfloat16: 2}
"""Types of feature maps, and the numbers they go by in the kernels."""

RANK = 8
"""Inner channels of the low-rank branch, padded with zeros."""

_ACTIVATIONS = {"none": 0, "leaky": 1, "silu": 2, "gelu": 3}
_POINTER, _INT, _FLOAT = ctypes.c_void_p, ctypes.c_int32, ctypes.c_float


class Before(ctypes.Structure):
    """What stands between a feature map and its signs."""

    _fields_ = [
        ("scale", _POINTER),
        ("shift", _POINTER),
        ("per_picture", _INT),
        ("pixels_per_picture", _INT),
        ("activation", _INT),
        ("negative_slope", _FLOAT),
    ]


class Prepare(ctypes.Structure):
    """One pass over a feature map."""

    _fields_ = [
        *((name, _POINTER) for name in ("x", "down", "bits", "zeros", "ones", "mean", "inner")),
        ("before", Before),
        *((name, _INT) for name in ("pixels", "channels", "chunks", "rank")),
    ]


class Convolve(ctypes.Structure):
    """A binary convolution and what follows it."""

    _fields_ = [
        *(
            (name, _POINTER)
            for name in (
                *("bits", "zeros", "ones", "mean", "inner", "weights", "weight_ones", "channel"),
                *("up", "sparse_rows", "sparse", "x", "residual", "y", "dots"),
            )
        ),
        ("before", Before),
        *(
            (name, _INT)
            for name in (
                *("type", "residual_type", "y_type", "batch", "height", "width"),
                *("out_height", "out_width", "channels", "chunks", "out_channels", "padded"),
                *("kernel", "stride", "doubled", "steps", "activation", "mean_shortcut"),
                *("tile_width_log2", "tile_height", "tiles_x", "tiles_y", "warps_m", "warps_n"),
            )
        ),
    ]


class GroupNorm(ctypes.Structure):
    """Group normalization as a scale and a shift of each channel."""

    _fields_ = [
        *(
            (name, _POINTER)
            for name in (
                *("x", "weight", "bias", "time_scale", "time_shift"),
                *("sums", "scale", "shift"),
            )
        ),
        *((name, _INT) for name in ("type", "batch", "pixels", "channels", "groups")),
        *((name, _INT) for name in ("chunks", "slices", "time_stride")),
        ("epsilon", _FLOAT),
    ]


class Attention(ctypes.Structure):
    """Attention among the pixels of windows."""

    _fields_ = [
        *((name, _POINTER) for name in ("qkv", "bias", "regions", "y")),
        *(
            (name, _INT)
            for name in ("batch", "height", "width", "heads", "depth", "window", "shift")
        ),
        ("apart", _FLOAT),
    ]


class Ceiling(ctypes.Structure):
    """Products of bits from registers alone."""

    _fields_ = [("sums", _POINTER), ("rounds", _INT)]


def pointer(tensor: Tensor | None) -> int | None:
    """Where a tensor lies; None for none."""
    return None if tensor is None else tensor.data_ptr()


def before(prologue: Prologue, pixels_per_picture: int) -> Before:
    """The prologue as the kernels take it; its tensors are contiguous."""
    return Before(
        scale=pointer(prologue.scale),
        shift=pointer(prologue.shift),
        per_picture=prologue.scale is not None and prologue.scale.ndim == 2,
        pixels_per_picture=pixels_per_picture,
        activation=_ACTIVATIONS[prologue.activation],
        negative_slope=prologue.negative_slope,
    )
