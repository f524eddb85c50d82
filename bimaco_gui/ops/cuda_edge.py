"""3x3 convolutions in full precision on a GPU, where one side has few channels.

They are computed in float32 whatever the map is, with the prologue inside. cuDNN pads so few
channels, and without TF32 wants another layout than the binary layers.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from bimaco_gui.ops.arguments import Prologue
from bimaco_gui.ops.cuda_arguments import TYPES, Edge, pointer
from bimaco_gui.ops.cuda_layers import Launcher, innermost

_ACTIVATIONS = {"none": 0, "leaky": 1, "silu": 2}
_MOST_PRODUCTS = {torch.float32: 4096, torch.float16: 1024, torch.bfloat16: 1024}
"""Channels in times channels out, up to which they are taken: short maps have matrix units."""

_THREADS = 256
_LANES = (32, 16)  # threads of a tile, each with four pixels in a row
_WIDTH, _PITCH = 16, 20  # of kernels/cuda/edge.cuh


@dataclass(frozen=True)
class EdgePlan:
    """How a convolution is shared out.

    Attributes:
        out: Output channels of a thread: 4 or 8.
        lanes: Threads of a tile.
        groups: Threads of a block side by side in output channels.
        splits: The same in input channels.
        stage: Input channels in shared memory at a time.
        grid: Blocks: tiles, and by output channels.
    """

    out: int
    lanes: int
    groups: int
    splits: int
    stage: int
    grid: tuple[int, int]

    @property
    def threads(self) -> int:
        """Of a block."""
        return self.lanes * self.groups * self.splits

    @property
    def shared(self) -> int:
        """Bytes of shared memory of a block."""
        plane = (self.lanes // 4 + 2) * _PITCH
        staged = self.stage * (plane + 9 * (self.groups * self.out + 4))
        return 4 * max(staged, self.threads * self.out * 4 if self.splits > 1 else 0)


def edge_plan(
    size: tuple[int, int, int], channels: int, out_channels: int, processors: int
) -> EdgePlan:
    """A plan for a map [N, H, W] = `size`: small tiles where large ones would be few."""
    out = 4 if out_channels <= 4 else 8
    needed = -(-out_channels // out)
    usual, small = (_shared_out(size, channels, out, needed, lanes) for lanes in _LANES)
    few = usual.grid[0] * usual.grid[1] < processors
    return small if few and small.threads % 32 == 0 else usual


def _shared_out(
    size: tuple[int, int, int], channels: int, out: int, needed: int, lanes: int
) -> EdgePlan:
    n, height, width = size
    blocks = -(-needed // 8)
    groups = -(-needed // blocks)
    splits = 1
    while lanes * groups * splits * 2 <= _THREADS and channels >= splits * 8:
        splits *= 2
    step = max(4, splits)
    stage = min(32 if groups * out <= 16 else 16, -(-channels // step) * step)
    tiles = n * -(-height // (lanes // 4)) * -(-width // _WIDTH)
    return EdgePlan(out, lanes, groups, splits, stage, (tiles, blocks))


def fits(x: Tensor, weight: Tensor, bias: Tensor) -> bool:
    """Whether the kernels are meant for such a convolution of `x`."""
    floats = weight.dtype == bias.dtype == torch.float32
    few = 0 < weight.shape[0] * weight.shape[1] <= _MOST_PRODUCTS[x.dtype]
    return floats and few and x.numel() > 0


def full_conv2d(
    launcher: Launcher, x: Tensor, weight: Tensor, bias: Tensor, prologue: Prologue
) -> Tensor:
    """See `full_precision.full_conv2d`; the result has its channels innermost."""
    n, channels, height, width = x.shape
    x, weight, bias = innermost(x), weight.contiguous(), bias.contiguous()
    scale, shift = prologue.scale, prologue.shift
    if scale is not None and shift is not None:
        scale, shift = scale.contiguous(), shift.contiguous()
    y = x.new_empty((n, height, width, weight.shape[0])).movedim(-1, 1)
    plan = edge_plan((n, height, width), channels, weight.shape[0], launcher.processors)
    call = Edge(
        x=pointer(x),
        scale=pointer(scale),
        shift=pointer(shift),
        weight=pointer(weight),
        bias=pointer(bias),
        y=pointer(y),
        type=TYPES[x.dtype],
        batch=n,
        height=height,
        width=width,
        channels=channels,
        out_channels=weight.shape[0],
        per_picture=scale is not None and scale.ndim == 2,
        activation=_ACTIVATIONS[prologue.activation],
        negative_slope=prologue.negative_slope,
        lanes=plan.lanes,
        groups=plan.groups,
        splits=plan.splits,
        stage=plan.stage,
    )
    launcher.launch(f"bimaco_edge_{plan.out}", call, plan.grid, plan.threads, plan.shared)
    return y
