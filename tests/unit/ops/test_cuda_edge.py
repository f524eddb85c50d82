"""Full-precision convolutions of the GPU kernels, run on this processor against the oracle."""

from __future__ import annotations

import random

import pytest
import torch

from bimaco_gui.ops import cuda_edge, reference
from bimaco_gui.ops.arguments import Prologue
from bimaco_gui.ops.cuda_edge import edge_plan
from tests.unit.ops.cuda_emulation import EmulatedGpu

ROOM = {torch.float32: 3e-6, torch.float16: 1e-3, torch.bfloat16: 8e-3}
"""By which results may differ, relative to the largest value."""


@pytest.mark.parametrize("dtype", ROOM)
@pytest.mark.parametrize("seed", range(12))
def test_random_convolutions_equal_the_reference(
    gpu: EmulatedGpu, dtype: torch.dtype, seed: int
) -> None:
    torch.manual_seed(seed)
    chance = random.Random(seed)
    n, i = chance.randint(1, 3), chance.choice([3, 6, 16, 36, 48, 64])
    o = chance.choice([1, 3, 4, 12, 48, 90])
    x = torch.randn(n, i, chance.randint(1, 20), chance.randint(1, 20)).to(dtype)
    if chance.random() < 0.7:
        x = x.to(memory_format=torch.channels_last)
    weight, bias = torch.randn(o, i, 3, 3), torch.randn(o)
    prologue = Prologue(activation=chance.choice(["none", "leaky"]), negative_slope=0.1)
    if chance.random() < 0.6:
        shape = chance.choice([(i,), (n, i)])
        kind = chance.choice(["none", "leaky", "silu"])
        prologue = Prologue(torch.randn(shape), torch.randn(shape), kind, 0.1)
    y = cuda_edge.full_conv2d(gpu, x, weight, bias, prologue)
    wanted = reference.full_conv2d(x.float(), weight, bias, prologue)
    assert y.dtype == dtype and y.shape == wanted.shape and y.movedim(1, -1).is_contiguous()
    assert (y - wanted).abs().max() <= ROOM[dtype] * wanted.abs().max()


@pytest.mark.parametrize(
    ("size", "channels", "out_channels"),
    [
        ((1, 64, 64), 6, 160),
        ((16, 64, 64), 160, 3),
        ((1, 64, 64), 160, 3),
        ((1, 750, 1000), 48, 48),
        ((1, 750, 1000), 3, 48),
    ],
)
def test_the_edges_of_networks_fit_a_block(
    size: tuple[int, int, int], channels: int, out_channels: int
) -> None:
    plan = edge_plan(size, channels, out_channels, 132)
    assert plan.threads % 32 == 0 and plan.threads <= 256 and plan.shared <= 48 * 1024
    assert plan.stage % plan.splits == 0 and plan.stage % 4 == 0
    assert plan.grid[1] * plan.groups * plan.out >= out_channels
    assert plan.grid[0] * plan.grid[1] >= 64
