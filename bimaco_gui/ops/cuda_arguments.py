"""The structures of kernels/cuda/arguments.h."""

from __future__ import annotations

import ctypes

import torch
from torch import Tensor

from bimaco_gui.ops.arguments import Prologue

TYPES = {torch.float32: 0, torch.float16: 1, torch.bfloat16: 2}
"""Types of feature maps, and the numbers they go by in the kernels."""

SIDE_STEP = 32
"""Bytes of a pixel's channels that one multiplication of the side branches takes."""

_POINTER, _INT, _FLOAT = ctypes.c_void_p, ctypes.c_int32, ctypes.c_float


class Before(ctypes.Structure):
    """What stands between a feature map and its signs."""

    _fields_ = [
        ("scale", _POINTER),
        ("shift", _POINTER),
        ("per_picture", _INT),
        ("pixels_per_picture", _INT),
        ("negative_slope", _FLOAT),
    ]


class Prepare(ctypes.Structure):
    """One pass over a feature map."""

    _fields_ = [
        *((name, _POINTER) for name in ("x", "a", "bits", "minus", "stats")),
        ("before", Before),
        *((name, _INT) for name in ("pixels", "channels", "chunks", "side_steps", "zero_is_zero")),
    ]


class Convolve(ctypes.Structure):
    """A binary convolution and what follows it."""

    _fields_ = [
        *(
            (name, _POINTER)
            for name in (
                *("bits", "minus", "stats", "weights", "weight_ones", "channel"),
                *("side", "side_weights", "residual", "y", "dots"),
            )
        ),
        *(
            (name, _INT)
            for name in (
                *("batch", "height", "width", "out_height", "out_width"),
                *("channels", "chunks", "out_channels", "padded"),
                *("kernel", "stride", "doubled", "steps", "activation"),
                *("side_steps", "stage_steps"),
                *("tile_width_log2", "tile_height", "tiles_x", "tiles_y", "warps_m", "warps_n"),
                *("step_x", "step_y", "step_pictures"),
            )
        ),
        *((name, ctypes.c_uint32) for name in ("by_chunks", "by_columns", "by_pieces")),
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


class Edge(ctypes.Structure):
    """A 3x3 convolution in full precision."""

    _fields_ = [
        *((name, _POINTER) for name in ("x", "scale", "shift", "weight", "bias", "y")),
        *(
            (name, _INT)
            for name in (
                *("type", "batch", "height", "width", "channels", "out_channels"),
                *("per_picture", "activation"),
            )
        ),
        ("negative_slope", _FLOAT),
        *((name, _INT) for name in ("lanes", "groups", "splits", "stage")),
    ]


class Ceiling(ctypes.Structure):
    """Products of bits from registers alone."""

    _fields_ = [("sums", _POINTER), ("rounds", _INT)]


def divisor(value: int) -> int:
    """By which a kernel multiplies numbers below 2^16 to divide them by `value`, below 2^16.

    2^32 / value, rounded up; 0 stands for 1, whose factor has no place in 32 bits.
    """
    return -(-(1 << 32) // value) if value > 1 else 0


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
        negative_slope=prologue.negative_slope,
    )
