"""The packed layout of weights: what a model file holds."""

from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from bimaco_gui import ops
from bimaco_gui.ops import reference


def test_bits_lie_lowest_first_and_taps_row_by_row() -> None:
    weight = -torch.ones(1, 10, 3, 3)
    weight[0, 0, 0, 0] = 1
    weight[0, 3, 0, 1] = 1
    weight[0, 9, 2, 0] = 1
    bits = ops.pack_signs(weight)
    assert bits.shape == (1, 9, 2)
    assert bits.dtype == torch.uint8
    assert bits[0].tolist() == [
        [1, 0],
        [8, 0],
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 2],
        [0, 0],
        [0, 0],
    ]


def test_both_zeros_are_plus_and_nan_is_minus() -> None:
    weight = torch.tensor([[0.0, -0.0, float("nan"), -1e-45, 1e-45, float("-inf"), float("inf")]])
    assert ops.pack_signs(weight).tolist() == [[[0b1010011]]]


@given(st.integers(1, 5), st.integers(1, 40), st.sampled_from([1, 3]), st.integers(0, 2**31))
@settings(deadline=None, max_examples=40)
def test_unpacking_gives_the_signs_back(out: int, channels: int, size: int, seed: int) -> None:
    weight = torch.randn(out, channels, size, size, generator=torch.Generator().manual_seed(seed))
    signs = reference.unpack_signs(ops.pack_signs(weight), channels)
    assert torch.equal(signs, weight.flatten(2).transpose(1, 2).sign())


def test_bits_past_the_last_channel_are_zero() -> None:
    bits = ops.pack_signs(torch.ones(2, 11, 3, 3))
    assert (bits[..., 1] == 0b111).all()
