"""What stands around the binary layers on a GPU, run on this processor against the oracle."""

from __future__ import annotations

import random

import pytest
import torch
from torch import Tensor

from bimaco_gui.ops import cuda_around, reference
from bimaco_gui.ops.cuda_around import NormPlan, norm_plan
from tests.unit.ops.cuda_emulation import EmulatedGpu

DTYPES = [torch.float32, torch.float16, torch.bfloat16]
H200 = 132  # multiprocessors


def assert_equal_norms(
    gpu: EmulatedGpu,
    plan: NormPlan,
    x: Tensor,
    groups: int,
    time: tuple[Tensor, Tensor] | None = None,
) -> None:
    weight, bias = torch.randn(2, x.shape[1])
    mine = cuda_around.group_norm_affine(gpu, plan, x, groups, weight, bias, 1e-5, time)
    wanted = reference.group_norm_affine(x.double(), groups, weight, bias, 1e-5)
    if time is not None:
        wanted = reference.timed(*wanted, *time)
    for got, right in zip(mine, wanted, strict=True):
        assert got.dtype == torch.float32 and got.shape == x.shape[:2]
        assert (got - right).abs().max() <= 2e-6 * right.abs().max(), plan


@pytest.mark.parametrize("seed", range(16))
def test_random_norms_equal_the_reference(gpu: EmulatedGpu, seed: int) -> None:
    torch.manual_seed(seed)
    chance = random.Random(seed)
    groups, each, n = chance.randint(1, 40), chance.randint(1, 12), chance.randint(1, 3)
    channels, spatial = groups * each, (chance.randint(1, 20), chance.randint(2, 20))
    x = torch.randn(n, channels, *spatial) * 3 + chance.choice([0, 100])
    x = x.to(chance.choice(DTYPES))
    if chance.random() < 0.5:
        x = x.to(memory_format=torch.channels_last)
    time = None
    if chance.random() < 0.5:
        time_scale, time_shift = torch.randn(chance.choice([1, n]), 2 * channels).chunk(2, dim=1)
        time = (time_scale, time_shift if chance.random() < 0.5 else time_shift.clone())
    plan = norm_plan(n, x[0, 0].numel(), channels, groups, gpu.processors)
    assert plan is not None
    assert_equal_norms(gpu, plan, x, groups, time)


@pytest.mark.parametrize(
    "plan", [NormPlan(1, 1, 256), NormPlan(4, 1, 64), NormPlan(1, 7, 128), NormPlan(2, 50, 512)]
)
@pytest.mark.parametrize("dtype", DTYPES)
def test_every_share_of_the_work_gives_the_same(
    gpu: EmulatedGpu, plan: NormPlan, dtype: torch.dtype
) -> None:
    torch.manual_seed(3)
    x = (torch.randn(2, 160, 9, 5) * 3 + 10).to(dtype)
    assert_equal_norms(gpu, plan, x, 32)


def test_a_small_norm_is_within_a_millionth(gpu: EmulatedGpu) -> None:
    torch.manual_seed(3)
    x, weight, bias = torch.randn(2, 32, 3, 7) * 3 + 10, torch.randn(32), torch.randn(32)
    plan = norm_plan(2, 21, 32, 8, gpu.processors)
    assert plan is not None
    mine = cuda_around.group_norm_affine(gpu, plan, x, 8, weight, bias, 1e-5)
    for got, wanted in zip(
        mine, reference.group_norm_affine(x, 8, weight, bias, 1e-5), strict=True
    ):
        assert (got - wanted).abs().max() <= 1e-6 * wanted.abs().max()


def test_a_view_that_begins_anywhere_is_read_right(gpu: EmulatedGpu) -> None:
    torch.manual_seed(4)
    x = torch.randn(1 + 3 * 5 * 64)[1:].view(1, 3, 5, 64).movedim(-1, 1)
    assert_equal_norms(gpu, NormPlan(4, 1, 64), x, 8)


def test_a_map_that_is_the_same_everywhere_has_no_variance(gpu: EmulatedGpu) -> None:
    x = torch.full((1, 64, 40, 8), 1000.1)
    weight, bias = torch.ones(64), torch.zeros(64)
    for plan in (NormPlan(8, 1, 256), NormPlan(1, 9, 64)):
        scale, _ = cuda_around.group_norm_affine(gpu, plan, x, 8, weight, bias, 1e-5)
        assert torch.allclose(scale, torch.full((1, 64), 1e-5**-0.5))


@pytest.mark.parametrize(
    ("batch", "side", "channels", "kernels"),
    [(1, 64, 160, 2), (1, 32, 320, 1), (1, 8, 640, 1), (16, 16, 1280, 1), (16, 64, 480, 2)],
)
def test_maps_of_the_released_network_fill_a_card(
    batch: int, side: int, channels: int, kernels: int
) -> None:
    plan = norm_plan(batch, side**2, channels, 32, H200)
    assert plan is not None and (plan.chunks > 1) == (kernels == 2)
    assert plan.shared <= 48 * 1024 and plan.threads <= 512
    assert batch * plan.slices * plan.chunks >= (8 if kernels == 1 else H200)


def test_groups_too_wide_for_a_block_are_left_to_torch() -> None:
    assert norm_plan(1, 64, 4104, 1, H200) is None
    assert norm_plan(1, 64, 4096, 1, H200) is not None
    assert norm_plan(1, 64, 8192, 32, H200) is not None


ROOM = {torch.float32: 2e-6, torch.float16: 1.5e-3, torch.bfloat16: 1.2e-2}
"""By which results may differ, relative to the largest value."""


def assert_equal_attention(
    gpu: EmulatedGpu,
    qkv: Tensor,
    bias: Tensor,
    window: int,
    shift: int,
    regions: Tensor | None = None,
    apart: float = 0.0,
) -> None:
    y = cuda_around.window_attention(gpu, qkv, bias, window, shift, regions, apart)
    arguments = (bias.double(), window, shift, regions, apart)
    wanted = reference.window_attention(qkv.double(), *arguments)
    assert y.dtype == qkv.dtype and y.shape == wanted.shape
    assert y.movedim(1, -1).is_contiguous()
    assert (y - wanted).abs().max() <= ROOM[qkv.dtype] * wanted.abs().max()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("seed", range(10))
def test_random_attention_equals_the_reference(
    gpu: EmulatedGpu, dtype: torch.dtype, seed: int
) -> None:
    torch.manual_seed(seed)
    chance = random.Random(seed)
    window, heads, n = chance.choice([1, 3, 4, 7, 8, 8]), chance.randint(1, 3), chance.randint(1, 3)
    depth = 8 * chance.choice([1, 3, 4, 4, 5, 8])
    rows, columns = chance.randint(1, 3), chance.randint(1, 3)
    qkv = torch.randn(n, 3 * heads * depth, rows * window, columns * window).to(dtype)
    if chance.random() < 0.7:
        qkv = qkv.to(memory_format=torch.channels_last)
    bias = torch.randn(heads, window**2, window**2)
    regions, apart = None, 0.0
    if chance.random() < 0.6:
        regions = torch.randint(3, (rows * columns, window**2))
        apart = chance.choice([-100.0, -1e30, 2.0])
    assert_equal_attention(gpu, qkv, bias, window, chance.randrange(window), regions, apart)


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_block_goes_from_window_to_window(gpu: EmulatedGpu, dtype: torch.dtype) -> None:
    torch.manual_seed(1)
    qkv, bias = torch.randn(2, 3 * 6 * 32, 24, 16).to(dtype), torch.randn(6, 64, 64)
    regions = torch.randint(2, (6, 64))
    assert 4 * gpu.processors / 6 < 12  # more windows than blocks
    assert_equal_attention(gpu, qkv, bias, 8, 4, regions, -100.0)


@pytest.mark.parametrize("dtype", DTYPES)
def test_scores_far_apart_choose_one_key(gpu: EmulatedGpu, dtype: torch.dtype) -> None:
    torch.manual_seed(2)
    qkv, chosen = torch.randn(1, 96, 8, 8), torch.randperm(64)
    bias = torch.full((1, 64, 64), -1e30)
    bias[0, torch.arange(64), chosen] = 1e30
    y = cuda_around.window_attention(gpu, qkv.to(dtype), bias, 8, 0, None, 0.0)
    assert torch.equal(y.flatten(2), qkv.to(dtype)[:, 64:].flatten(2)[:, :, chosen])


@pytest.mark.parametrize(
    ("depth", "window", "fits"),
    [(32, 8, True), (64, 7, True), (8, 1, True), (36, 8, False), (72, 8, False), (32, 9, False)],
)
def test_the_kernels_take_windows_and_heads_up_to_their_sizes(
    depth: int, window: int, fits: bool
) -> None:
    assert cuda_around.fits_attention(depth, window) == fits
