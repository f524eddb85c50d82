"""What stands around the binary layers on a GPU: arranges memory, launches.

Arguments have been checked by `full_precision`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from bimaco_gui.ops.cuda_arguments import TYPES, Attention, GroupNorm, pointer
from bimaco_gui.ops.cuda_layers import NAMES, Launcher, innermost

_RUN = 8  # channels that a thread reads at once
_MOST_THREADS, _USUAL_THREADS = 512, 256
_MOST_READS = 16  # by a thread, where a picture is one chunk
_LEAST_READS = 2
_BLOCKS = 4  # for each multiprocessor


@dataclass(frozen=True)
class NormPlan:
    """How the statistics of a feature map are shared out.

    Attributes:
        slices: Of the groups of a picture; each is whole runs of channels.
        chunks: Of the pixels of a picture.
        threads: Of a block, one for each slice of each chunk of each picture.
    """

    slices: int
    chunks: int
    threads: int

    @property
    def shared(self) -> int:
        """Bytes of shared memory of a block: sums and squares of a run for each thread."""
        return 2 * _RUN * (self.threads + 4) * 4


def norm_plan(
    batch: int, pixels: int, channels: int, groups: int, processors: int
) -> NormPlan | None:
    """The fewest kernels that keep the card busy; None where no block can hold a group."""
    width = channels // groups
    least = _RUN // math.gcd(width, _RUN)  # groups that make whole runs
    slices = groups // least if channels % _RUN == 0 and groups % least == 0 else 1
    runs = -(-channels // slices // _RUN)
    if runs > _MOST_THREADS:
        return None
    rows = _MOST_THREADS // runs
    if pixels <= rows * _MOST_READS:
        return NormPlan(slices, 1, _whole_warps(min(rows, pixels) * runs))
    whole = -(-channels // _RUN)
    if whole <= _MOST_THREADS:
        slices, runs = 1, whole  # so that blocks read what lies side by side
    rows = max(_USUAL_THREADS // runs, 1)
    most = -(-_BLOCKS * processors // (batch * slices))
    chunks = max(min(-(-pixels // (rows * _LEAST_READS)), most), 1)
    return NormPlan(slices, chunks, _whole_warps(rows * runs))


def _whole_warps(threads: int) -> int:
    return -(-threads // 32) * 32


def group_norm_affine(
    launcher: Launcher,
    plan: NormPlan,
    x: Tensor,
    groups: int,
    weight: Tensor,
    bias: Tensor,
    epsilon: float,
    time: tuple[Tensor, Tensor] | None = None,
) -> tuple[Tensor, Tensor]:
    """See `full_precision.group_norm_affine`; `time` is its scale and shift, where given."""
    n, channels = x.shape[:2]
    x = innermost(x)
    weight, bias = weight.contiguous(), bias.contiguous()
    scale = x.new_empty((n, channels), dtype=torch.float32)
    shift = torch.empty_like(scale)
    sums = scale.new_empty((n, groups, plan.chunks, 2)) if plan.chunks > 1 else None
    time_scale, time_shift = (None, None) if time is None else _rows(*time)
    call = GroupNorm(
        x=pointer(x),
        weight=pointer(weight),
        bias=pointer(bias),
        time_scale=pointer(time_scale),
        time_shift=pointer(time_shift),
        sums=pointer(sums),
        scale=pointer(scale),
        shift=pointer(shift),
        type=TYPES[x.dtype],
        batch=n,
        pixels=x.numel() // (n * channels),
        channels=channels,
        groups=groups,
        chunks=plan.chunks,
        slices=plan.slices,
        time_stride=0 if time_scale is None or len(time_scale) == 1 else time_scale.stride(0),
        epsilon=epsilon,
    )
    blocks = n * plan.slices * plan.chunks
    kernel = f"bimaco_group_sums_{NAMES[x.dtype]}"
    launcher.launch(kernel, call, (blocks, 1), plan.threads, plan.shared)
    if plan.chunks > 1:
        launcher.launch("bimaco_group_norm", call, (-(-n * groups // 4), 1), 128, 0)
    return scale, shift


def _rows(scale: Tensor, shift: Tensor) -> tuple[Tensor, Tensor]:
    """Both with neighbouring channels side by side, in rows equally far apart."""
    if scale.stride() == shift.stride() and scale.stride(1) == 1:
        return scale, shift
    return scale.contiguous(), shift.contiguous()


_TOKENS = 64  # of a window in the kernels
_DEPTHS = (32, 64)  # that there are kernels for
_PIECE = 8  # channels of a head come in so many


def fits_attention(depth: int, window: int) -> bool:
    """Whether the kernels have windows and heads of that size."""
    return window**2 <= _TOKENS and depth <= max(_DEPTHS) and depth % _PIECE == 0


def window_attention(
    launcher: Launcher,
    qkv: Tensor,
    bias: Tensor,
    window: int,
    shift: int,
    regions: Tensor | None,
    apart: float,
) -> Tensor:
    """See `full_precision.window_attention`; the result has its channels innermost."""
    n, channels, height, width = qkv.shape
    heads = bias.shape[0]
    depth = channels // 3 // heads
    qkv, bias = innermost(qkv), bias.contiguous()
    y = qkv.new_empty((n, height, width, heads * depth)).movedim(-1, 1)
    if regions is not None:
        missing = _TOKENS - window**2
        regions = regions.to(torch.int32)
        regions = (F.pad(regions, (0, missing)) if missing else regions).contiguous()
    call = Attention(
        qkv=pointer(qkv),
        bias=pointer(bias),
        regions=pointer(regions),
        y=pointer(y),
        batch=n,
        height=height,
        width=width,
        heads=heads,
        depth=depth,
        window=window,
        shift=shift,
        apart=apart,
    )
    most = next(most for most in _DEPTHS if depth <= most)
    short = qkv.dtype != torch.float32
    row = most * qkv.element_size() + 16
    # Short floats have two windows under way, float32 the weights in shared memory.
    shared = 2 * (3 * _TOKENS * row + _TOKENS * 4) if short else 3 * _TOKENS * row
    shared += 0 if short else _TOKENS * (_TOKENS + 4) * 4 + _TOKENS * 4
    resident = 4 if short else 3  # blocks of a multiprocessor
    windows = n * (height // window) * (width // window)
    blocks = min(windows, -(-resident * launcher.processors // heads))
    kernel = f"bimaco_attention_{NAMES[qkv.dtype]}_{most}"
    launcher.launch(kernel, call, (blocks, heads), 128 if short else 256, shared)
    return y
