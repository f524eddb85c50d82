"""The GPU kernels' own source, run on this processor lane by lane, against the oracle."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor

from bimaco_gui.ops import cuda_layers, reference
from bimaco_gui.ops.arguments import Epilogue, Product, Prologue, SideBranches
from bimaco_gui.ops.cuda_plan import Layer, best_plan, candidates, fits
from bimaco_gui.ops.cuda_weights import WeightCache, side_matrix, side_steps_of
from tests.benchmarks.cuda_check import check
from tests.benchmarks.cuda_layers import Case
from tests.unit.ops.cuda_emulation import EmulatedGpu

SHARED_OF = {"8.0": 163 * 1024, "8.6": 99 * 1024, "9.0": 227 * 1024}
"""Bytes of shared memory for a block, by compute capability (CUDA programming guide)."""


def a_product(i: int, o: int, kernel: int, stride: int = 1) -> Product:
    bits = reference.pack_signs(torch.randn(o, i, kernel, kernel))
    return Product(bits, torch.rand(o), torch.randn(o), kernel, stride)


def side_branches(i: int, o: int) -> SideBranches:
    rank, entries = min(8, i, o), 2 * max(i, o)
    return SideBranches(
        torch.randn(rank, i),
        torch.randn(o, rank),
        torch.randn(entries),
        torch.randint(o, (entries,), dtype=torch.int32),
        torch.randint(i, (entries,), dtype=torch.int32),
    )


def assert_equal_layers(
    gpu: EmulatedGpu, x: Tensor, product: Product, prologue: Prologue, epilogue: Epilogue
) -> None:
    """Integers are equal, and floats within 1e-6 of the largest."""
    integers = Product(
        product.bits, product.alpha, product.bias, product.kernel_size, product.stride
    )
    cache = WeightCache()
    dots = cuda_layers.conv2d(gpu, cache, x, integers, Prologue(), Epilogue(), dots=True)
    expected = reference.binary_conv2d_dot(x, product.bits, product.kernel_size, product.stride)
    assert torch.equal(dots, expected)
    y = cuda_layers.conv2d(gpu, cache, x, product, prologue, epilogue)
    wanted = reference.binary_conv2d(x, product, prologue, epilogue)
    assert y.shape == wanted.shape
    assert (y - wanted).abs().max() <= 2e-6 * wanted.abs().max()


@pytest.mark.parametrize("seed", range(9))
def test_random_layers_equal_the_reference(gpu: EmulatedGpu, seed: int) -> None:
    torch.manual_seed(seed)
    chance = random.Random(seed)
    kernel, stride, n = chance.choice([1, 3]), chance.choice([1, 1, 2]), chance.randint(1, 3)
    i = chance.choice([chance.randint(1, 140), 8 * chance.randint(1, 17)])
    o = chance.choice([chance.randint(1, 60), 16 * chance.randint(1, 5), i])
    x = torch.randn(n, i, chance.randint(1, 9), chance.randint(1, 9))
    prologue = Prologue(doubled=stride == 1 and chance.random() < 0.3)
    if chance.random() < 0.6:
        shape = chance.choice([(i,), (n, i)])
        kind = chance.choice(["none", "leaky", "silu", "gelu"])
        prologue = Prologue(torch.randn(shape), torch.randn(shape), kind, 0.2, prologue.doubled)
    side = side_branches(i, o) if chance.random() < 0.6 else SideBranches()
    if stride == 2 and i == o:
        side = SideBranches(mean_shortcut=True)
    product = replace(
        a_product(i, o, kernel, stride),
        per_tap=chance.random() < 0.4,
        zero_is_zero=chance.random() < 0.4,
    )
    if product.zero_is_zero:
        x[torch.rand_like(x) < 0.02] = 0
    if chance.random() < 0.5:
        x = x.to(memory_format=torch.channels_last)
    plain = reference.binary_conv2d(x, product, prologue, Epilogue())
    epilogue = Epilogue(torch.rand(o), torch.randn(o), side, torch.randn_like(plain))
    assert_equal_layers(gpu, x, product, prologue, epilogue)


@pytest.mark.parametrize(("i", "o", "kernel"), [(48, 48, 3), (136, 80, 3), (96, 192, 1)])
def test_every_plan_gives_the_same(gpu: EmulatedGpu, i: int, o: int, kernel: int) -> None:
    torch.manual_seed(i + o)
    x = torch.randn(1, 3, 17, i).movedim(-1, 1)
    product, side = a_product(i, o, kernel), side_branches(i, o)
    epilogue = Epilogue(torch.rand(o), torch.randn(o), side, torch.randn(1, o, 3, 17))
    wanted = reference.binary_conv2d(x, product, Prologue(), epilogue)
    layer = cuda_layers.layer_of((1, 3, 17), i, x.dtype, product, Prologue(), epilogue)
    weights = WeightCache().of(product, epilogue, i, x.dtype)
    wanted_signs = cuda_layers.wanted_of(product, epilogue)
    signs = cuda_layers.prepare(gpu, x, i, Prologue(), 51, wanted_signs)
    size = (1, 1, 51) if kernel == 1 else (1, 3, 17)
    residual = cuda_layers.innermost(epilogue.residual) if epilogue.residual is not None else None
    epilogue = replace(epilogue, residual=residual)
    for plan in list(candidates(layer, 2, gpu.most_shared))[::6]:
        y = torch.full((1, 3, 17, o), torch.nan).movedim(-1, 1)
        cuda_layers.convolve(gpu, plan, layer, signs, weights, size, False, epilogue, y)
        assert (y - wanted).abs().max() <= 2e-6 * wanted.abs().max(), plan


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("activation", ["none", "silu"])
@pytest.mark.parametrize("stride", [1, 2])
def test_short_floats_come_and_go(
    gpu: EmulatedGpu, dtype: torch.dtype, activation: str, stride: int
) -> None:
    torch.manual_seed(1)
    product, side = a_product(72, 32, 3, stride), side_branches(72, 32)
    x = torch.randn(2, 72, 6, 8).to(dtype)
    prologue = Prologue(activation=activation)
    binary = reference.binary_conv2d(x.float(), product, prologue, Epilogue())
    residual = torch.randn_like(binary).to(dtype)
    epilogue = Epilogue(torch.rand(32), torch.randn(32), side, residual)
    y = cuda_layers.conv2d(gpu, WeightCache(), x, product, prologue, epilogue)
    assert y.dtype == dtype
    # The result is rounded, and the two factors of the side branches' product before it.
    finished = reference.binary_conv2d(
        x.float(), product, prologue, Epilogue(epilogue.slope, epilogue.after)
    )
    matrix = side_matrix(side, 32, 72)
    assert matrix is not None
    a = reference.prepared(x.float(), prologue).to(dtype)
    a = torch.nn.functional.avg_pool2d(a.double(), 2) if stride == 2 else a.double()
    sides = torch.einsum("oi,nihw->nohw", matrix.to(dtype).double(), a.to(dtype).double())
    wanted = (finished + sides + residual).to(dtype)
    assert ((y - wanted).abs() <= torch.finfo(dtype).eps * wanted.abs() + 1e-5).all()


def test_views_that_begin_anywhere_are_read_right(gpu: EmulatedGpu) -> None:
    torch.manual_seed(5)
    values = torch.randn(1 + 2 * 4 * 5 * 32)[1:].view(2, 4, 5, 32).movedim(-1, 1)
    prologue = Prologue(torch.rand(33)[1:] + 0.5, torch.randn(33)[1:], "leaky", 0.2)
    parts = (a_product(32, 24, 3), prologue, Epilogue(side=side_branches(32, 24)))
    assert_equal_layers(gpu, values, *parts)


@pytest.mark.parametrize("batch", [1, 3])
def test_scales_of_each_picture_reach_the_side_branches_of_pixels(
    gpu: EmulatedGpu, batch: int
) -> None:
    torch.manual_seed(6)
    x = torch.randn(batch, 32, 3, 5)
    prologue = Prologue(torch.rand(batch, 32) + 0.5, torch.randn(batch, 32), "silu")
    epilogue = Epilogue(side=side_branches(32, 24), residual=torch.randn(batch, 24, 3, 5))
    assert_equal_layers(gpu, x, a_product(32, 24, 1), prologue, epilogue)


def test_rows_equal_the_reference(gpu: EmulatedGpu) -> None:
    torch.manual_seed(2)
    x, residual = torch.randn(3, 11, 70), torch.randn(3, 11, 24)
    product = replace(a_product(70, 24, 1), per_tap=True)
    prologue = Prologue(torch.randn(70), torch.randn(70), "silu")
    epilogue = Epilogue(None, None, side_branches(70, 24), residual)
    y = cuda_layers.linear(gpu, WeightCache(), x, product, prologue, epilogue)
    wanted = reference.binary_linear(x, product, prologue, epilogue)
    assert (y - wanted).abs().max() <= 2e-6 * wanted.abs().max()


def test_signs_of_zeros_and_what_is_no_number(gpu: EmulatedGpu) -> None:
    x = torch.tensor([0.0, -0.0, torch.nan, torch.inf, -torch.inf, 1e-45, -1e-45, 2.0])
    product = Product(
        reference.pack_signs(torch.ones(1, 8, 1, 1)), torch.ones(1), torch.zeros(1), 1
    )
    picture = x.view(8, 1, 1, 1).expand(8, 8, 1, 1)
    dots = cuda_layers.conv2d(
        gpu, WeightCache(), picture, product, Prologue(), Epilogue(), dots=True
    )
    assert dots.flatten().tolist() == [8, 8, -8, 8, -8, 8, -8, 8]


def test_weights_are_arranged_again_only_when_they_change(gpu: EmulatedGpu) -> None:
    cache, product, x = WeightCache(), a_product(32, 16, 1), torch.randn(1, 32, 3, 3)
    first = cache.of(product, Epilogue(), 32, x.dtype)
    assert cache.of(product, Epilogue(), 32, x.dtype) is first
    product.alpha.mul_(2)
    assert cache.of(product, Epilogue(), 32, x.dtype) is not first
    y = cuda_layers.conv2d(gpu, cache, x, product, Prologue(), Epilogue())
    wanted = reference.binary_conv2d(x, product, Prologue(), Epilogue())
    assert torch.allclose(y, wanted, rtol=1e-5, atol=1e-5)


def test_a_sparse_index_out_of_range_is_an_error(gpu: EmulatedGpu) -> None:
    side = replace(side_branches(32, 16), in_index=torch.full((64,), 32, dtype=torch.int32))
    with pytest.raises(IndexError):
        WeightCache().of(a_product(32, 16, 1), Epilogue(side=side), 32, torch.float32)


def test_the_check_for_a_card_passes_right_kernels_and_finds_wrong_ones(gpu: EmulatedGpu) -> None:
    class Forgetful:
        """Never prepares anything, so that all signs are 0."""

        processors, most_shared = gpu.processors, gpu.most_shared

        def launch(self, kernel: str, *arguments: Any) -> None:
            if "prepare" not in kernel:
                gpu.launch(kernel, *arguments)

    case = Case(1, 40, 24, 5, 6, released=True, activation="silu")
    right = check(gpu, torch.device("cpu"), case)
    assert (right.unequal, right.far) == (0, 0) and right.worst < 1e-5
    assert check(Forgetful(), torch.device("cpu"), case).unequal > 0


@pytest.mark.parametrize("capability", SHARED_OF)
def test_the_layers_of_both_models_fit(capability: str) -> None:
    shared = SHARED_OF[capability]
    bundled = [(48, 48, 3), (96, 96, 3), (192, 192, 3), (192, 768, 1), (768, 192, 1)]
    released = [(160, 160, 3), (320, 320, 3), (640, 640, 3), (1280, 640, 3), (960, 640, 3)]
    for i, o, kernel in bundled + released:
        per_tap, steps = (i, o, kernel) in released, side_steps_of(i, torch.float32)
        layer = Layer(1, 64, 64, i, o, kernel, per_tap=per_tap, minus=per_tap, side_steps=steps)
        if fits(layer, shared):
            plan = best_plan(layer, 132, shared)
            assert plan.shared <= shared
            covered = plan.blocks_y * plan.warps_n * plan.variant.n * 16
            assert covered >= o
            assert plan.tiles_x * plan.tile_width >= 64 and plan.tiles_y * plan.tile_height >= 64
        else:
            assert capability != "9.0"
