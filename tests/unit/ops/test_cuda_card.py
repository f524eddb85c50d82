"""The GPU kernels on a real card where there is one, on the emulator elsewhere."""

from __future__ import annotations

import random

import pytest
import torch

from bimaco_gui import ops
from bimaco_gui.ops import cuda_layers
from tests.benchmarks.cuda_check import check
from tests.benchmarks.cuda_layers import Case, random_case, released

pytestmark = pytest.mark.card

Card = tuple[cuda_layers.Launcher, torch.device]

LAYERS = (
    Case(1, 48, 48, 17, 9),
    Case(1, 96, 96, 9, 18),
    Case(1, 256, 64, 5, 6),
    Case(1, 96, 64, 11, 8, stride=2, finished=False),
    Case(2, 64, 48, 5, 7, doubled=True),
    released(Case(1, 160, 32, 6, 6)),
    released(Case(2, 64, 64, 8, 8, stride=2, branches="mean")),
    released(Case(3, 96, 32, 3, 5, 1)),
    *(random_case(random.Random(seed), small=True) for seed in range(8)),
)


@pytest.mark.parametrize("case", LAYERS, ids=lambda case: case.title)
def test_integers_are_equal_and_floats_within_their_last_bits(card: Card, case: Case) -> None:
    torch.manual_seed(0)
    found = check(*card, case)
    assert (found.unequal, found.far) == (0, 0)
    assert found.worst < 2e-6


def test_the_ceiling_kernel_counts_what_it_says(card: Card) -> None:
    products = cuda_layers.count_from_registers(*card, 2)
    assert products == 2 * cuda_layers.count_from_registers(*card, 1) > 0


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_the_ops_give_on_any_device_what_they_give_on_the_processor(
    card: Card, dtype: torch.dtype
) -> None:
    device = card[1]
    torch.manual_seed(1)
    x, bits = torch.randn(2, 40, 9, 8).to(dtype), ops.pack_signs(torch.randn(24, 40, 3, 3))
    alpha, bias = torch.rand(24), torch.randn(24)
    there = (x.to(device), bits.to(device), alpha.to(device), bias.to(device), 3, 1)
    mine, wanted = ops.binary_conv2d(*there), ops.binary_conv2d(x, bits, alpha, bias, 3, 1)
    assert mine.device.type == device.type and mine.dtype == dtype
    difference = (mine.cpu().float() - wanted.float()).abs().max()
    assert difference <= torch.finfo(dtype).eps * 2 * wanted.float().abs().max()
    dots = ops.binary_conv2d_dot(x.to(device), bits.to(device), 3, 1)
    assert torch.equal(dots.cpu(), ops.binary_conv2d_dot(x, bits, 3, 1))
