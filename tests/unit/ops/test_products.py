"""The integers and the epilogue of every usable instruction set, against the oracle."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bimaco_gui import ops
from tests.unit.ops import oracle

every_isa = pytest.mark.parametrize("isa", ops.instruction_sets())
quickly = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
SPECIAL = np.array([0.0, -0.0, np.nan, np.inf, -np.inf, 1e-45, -1e-45, 3e38], np.float32)

CHANNELS = st.one_of(st.integers(1, 40), st.sampled_from([63, 64, 65, 96, 100, 127, 161, 192]))
CONVOLUTIONS = st.fixed_dictionaries(
    {
        "batch": st.integers(1, 2),
        "in_channels": CHANNELS,
        "out_channels": CHANNELS,
        "height": st.integers(1, 11),
        "width": st.one_of(st.integers(1, 20), st.sampled_from([31, 32, 33, 64, 65])),
        "kernel_size": st.sampled_from([1, 3]),
        "stride": st.sampled_from([1, 2]),
        "channels_last": st.booleans(),
        "seed": st.integers(0, 2**32 - 1),
    }
)


def shape(**sizes: Any) -> dict[str, Any]:
    usual = {
        "batch": 1,
        "in_channels": 5,
        "out_channels": 7,
        "height": 6,
        "width": 6,
        "kernel_size": 3,
        "stride": 1,
        "channels_last": False,
        "seed": 0,
    }
    return usual | sizes


@pytest.fixture
def use_isa(isa: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIMACO_ISA", isa)


def normal(rng: np.random.Generator, *size: int) -> np.ndarray:
    return rng.standard_normal(size, np.float32)


def arranged(x: np.ndarray, channels_last: bool) -> torch.Tensor:
    tensor = torch.from_numpy(x)
    return tensor.contiguous(memory_format=torch.channels_last) if channels_last else tensor


def picture_and_weight(case: dict[str, Any]) -> tuple[np.random.Generator, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(case["seed"])
    x = normal(rng, case["batch"], case["in_channels"], case["height"], case["width"])
    kernel_size = case["kernel_size"]
    weight = normal(rng, case["out_channels"], case["in_channels"], kernel_size, kernel_size)
    return rng, x, weight


@every_isa
@pytest.mark.usefixtures("use_isa")
@given(case=CONVOLUTIONS)
@example(case=shape(height=1, width=1))
@example(case=shape(height=1, width=1, channels_last=True))
@example(case=shape(height=1, width=33, stride=2))
@example(case=shape(height=33, width=1, stride=2))
@example(case=shape(in_channels=1, out_channels=1, batch=2))
@example(case=shape(in_channels=700, kernel_size=3, height=2, width=3))
@example(case=shape(in_channels=700, kernel_size=3, height=2, width=3, channels_last=True))
@quickly
def test_convolution_counts_exactly(case: dict[str, Any], isa: str) -> None:
    rng, x, weight = picture_and_weight(case)
    hits = rng.random(x.shape) < 0.1
    x[hits] = rng.choice(SPECIAL, hits.sum())
    bits = ops.pack_signs(torch.from_numpy(weight))
    dot = ops.binary_conv2d_dot(
        arranged(x, case["channels_last"]), bits, case["kernel_size"], case["stride"]
    )
    assert dot.dtype == torch.int32
    np.testing.assert_array_equal(dot.numpy(), oracle.conv2d_dot(x, weight, case["stride"]))


@every_isa
@pytest.mark.usefixtures("use_isa")
@given(case=CONVOLUTIONS)
@quickly
def test_convolution_scales_and_shifts_the_counts(case: dict[str, Any], isa: str) -> None:
    rng, x, weight = picture_and_weight(case)
    alpha, bias = normal(rng, case["out_channels"]), normal(rng, case["out_channels"])
    y = ops.binary_conv2d(
        arranged(x, case["channels_last"]),
        ops.pack_signs(torch.from_numpy(weight)),
        torch.from_numpy(alpha),
        torch.from_numpy(bias),
        case["kernel_size"],
        case["stride"],
    )
    assert y.dtype == torch.float32
    oracle.assert_epilogue(
        y.numpy(),
        oracle.conv2d_dot(x, weight, case["stride"]),
        oracle.conv2d_scale(x, case["stride"]),
        alpha[:, None, None],
        bias[:, None, None],
    )


@every_isa
@pytest.mark.usefixtures("use_isa")
@given(
    rows=st.lists(st.integers(1, 9), max_size=3),
    in_features=CHANNELS,
    out_features=CHANNELS,
    seed=st.integers(0, 2**32 - 1),
)
@quickly
def test_linear_counts_scales_and_shifts(
    rows: list[int], in_features: int, out_features: int, seed: int, isa: str
) -> None:
    rng = np.random.default_rng(seed)
    x, weight = normal(rng, *rows, in_features), normal(rng, out_features, in_features)
    alpha, bias = normal(rng, out_features), normal(rng, out_features)
    bits = ops.pack_signs(torch.from_numpy(weight))
    expected = oracle.linear_dot(x, weight)

    dot = ops.binary_linear_dot(torch.from_numpy(x), bits)
    np.testing.assert_array_equal(dot.numpy(), expected)
    y = ops.binary_linear(
        torch.from_numpy(x), bits, torch.from_numpy(alpha), torch.from_numpy(bias)
    )
    scale = np.abs(x.astype(np.float64)).mean(-1, keepdims=True)
    oracle.assert_epilogue(y.numpy(), expected, scale, alpha, bias)


@every_isa
@pytest.mark.usefixtures("use_isa")
@pytest.mark.parametrize("channels_last", [False, True])
@pytest.mark.parametrize(("value", "sign"), [(0.0, 1), (-0.0, 1), (np.nan, -1), (np.inf, 1)])
def test_zeros_count_as_plus_and_nan_as_minus(
    value: float, sign: int, channels_last: bool, isa: str
) -> None:
    x = torch.full((1, 40, 3, 5), value).contiguous(
        memory_format=torch.channels_last if channels_last else torch.contiguous_format
    )
    bits = ops.pack_signs(torch.ones(2, 40, 1, 1))
    assert (ops.binary_conv2d_dot(x, bits, 1, 1) == 40 * sign).all()
    assert (ops.binary_linear_dot(x.movedim(1, -1), bits) == 40 * sign).all()


@every_isa
@pytest.mark.usefixtures("use_isa")
@pytest.mark.parametrize("channels_last", [False, True])
def test_nan_and_infinity_stay_at_their_pixel(channels_last: bool, isa: str) -> None:
    rng = np.random.default_rng(0)
    x = normal(rng, 1, 33, 4, 40)
    x[0, 5, 1, 2], x[0, 7, 3, 39] = np.nan, np.inf
    bits = ops.pack_signs(torch.from_numpy(normal(rng, 9, 33, 3, 3)))
    y = ops.binary_conv2d(arranged(x, channels_last), bits, torch.ones(9), torch.zeros(9), 3, 1)
    broken = ~torch.isfinite(y).all(1)[0]
    assert broken.nonzero().tolist() == [[1, 2], [3, 39]]
    assert y[0, :, 1, 2].isnan().all()


@every_isa
@pytest.mark.usefixtures("use_isa")
@pytest.mark.parametrize("channels_last", [False, True])
@pytest.mark.parametrize("agree", [True, False])
def test_extreme_counts(agree: bool, channels_last: bool, isa: str) -> None:
    channels = 1000
    x = arranged(np.ones((1, channels, 5, 37), np.float32), channels_last)
    weight = torch.ones(3, channels, 3, 3) if agree else -torch.ones(3, channels, 3, 3)
    dot = ops.binary_conv2d_dot(x, ops.pack_signs(weight), 3, 1)
    sign = 1 if agree else -1
    assert (dot[:, :, 1:-1, 1:-1] == sign * 9 * channels).all()
    assert (dot[:, :, 0, 1:-1] == sign * 6 * channels).all()
    assert (dot[:, :, -1, [0, -1]] == sign * 4 * channels).all()


@every_isa
@pytest.mark.usefixtures("use_isa")
def test_any_view_gives_what_its_copy_gives(isa: str) -> None:
    torch.manual_seed(0)
    base = torch.randn(2, 3, 70, 12, 14)
    bits = ops.pack_signs(torch.randn(6, 70, 3, 3))
    alpha, bias = torch.randn(6), torch.randn(6)
    views = [
        base[:, 1],
        base[0].transpose(2, 3),
        base[:, 2, :, ::2, 1::3],
        base[:, 0, ..., :1].expand(-1, -1, -1, 9),
        base[:, 1].contiguous(memory_format=torch.channels_last)[:, :, 1:-1],
    ]
    for view in views:
        copy = view.contiguous()
        assert torch.equal(
            ops.binary_conv2d_dot(view, bits, 3, 2), ops.binary_conv2d_dot(copy, bits, 3, 2)
        )
        torch.testing.assert_close(
            ops.binary_conv2d(view, bits, alpha, bias, 3, 1),
            ops.binary_conv2d(copy, bits, alpha, bias, 3, 1),
            rtol=1e-6,
            atol=1e-5,
        )
    rows = torch.randn(70, 33).t()
    linear_bits = ops.pack_signs(torch.randn(5, 70))
    assert torch.equal(
        ops.binary_linear_dot(rows, linear_bits),
        ops.binary_linear_dot(rows.contiguous(), linear_bits),
    )


@every_isa
@pytest.mark.usefixtures("use_isa")
def test_results_keep_the_layout_of_their_input(isa: str) -> None:
    x = torch.randn(2, 8, 6, 6)
    bits = ops.pack_signs(torch.randn(4, 8, 3, 3))
    args = (bits, torch.ones(4), torch.zeros(4), 3, 1)
    assert ops.binary_conv2d(x, *args).is_contiguous()
    innermost = ops.binary_conv2d(x.contiguous(memory_format=torch.channels_last), *args)
    assert innermost.is_contiguous(memory_format=torch.channels_last)


@every_isa
@pytest.mark.usefixtures("use_isa")
def test_a_larger_kernel_works_too(isa: str) -> None:
    rng = np.random.default_rng(0)
    x, weight = normal(rng, 1, 12, 7, 9), normal(rng, 3, 12, 5, 5)
    dot = ops.binary_conv2d_dot(torch.from_numpy(x), ops.pack_signs(torch.from_numpy(weight)), 5, 2)
    np.testing.assert_array_equal(dot.numpy(), oracle.conv2d_dot(x, weight, 2))


@every_isa
@pytest.mark.usefixtures("use_isa")
def test_no_pixels_and_no_rows_give_none(isa: str) -> None:
    bits = ops.pack_signs(torch.randn(4, 8, 3, 3))
    x = torch.empty(0, 8, 6, 6)
    assert ops.binary_conv2d(x, bits, torch.ones(4), torch.ones(4), 3, 2).shape == (0, 4, 3, 3)
    assert ops.binary_linear_dot(torch.empty(3, 0, 8), bits[:, :1]).shape == (3, 0, 4)


@every_isa
@pytest.mark.usefixtures("use_isa")
@pytest.mark.parametrize("channels_last", [False, True])
def test_the_number_of_threads_changes_no_bit(channels_last: bool, isa: str) -> None:
    torch.manual_seed(0)
    x = torch.randn(2, 70, 61, 67)
    if channels_last:
        x = x.contiguous(memory_format=torch.channels_last)
    bits = ops.pack_signs(torch.randn(90, 70, 3, 3))
    alpha, bias = torch.randn(90), torch.randn(90)
    threads = torch.get_num_threads()
    results = []
    try:
        for count in (1, 2, 3, 7):
            torch.set_num_threads(count)
            results.append(ops.binary_conv2d(x, bits, alpha, bias, 3, 1))
    finally:
        torch.set_num_threads(threads)
    assert all(torch.equal(results[0], other) for other in results[1:])


@every_isa
@pytest.mark.usefixtures("use_isa")
def test_one_flipped_sign_moves_each_product_by_two(isa: str) -> None:
    torch.manual_seed(0)
    x, bits = torch.randn(1, 50, 5, 40), ops.pack_signs(torch.randn(20, 50, 3, 3))
    before = ops.binary_conv2d_dot(x, bits, 3, 1)
    x[0, 49, 2, 31].neg_()
    moved = (ops.binary_conv2d_dot(x, bits, 3, 1) - before).abs()
    assert (moved[:, :, 1:4, 30:33] == 2).all()
    assert moved.sum() == 2 * 9 * 20
