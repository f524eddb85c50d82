"""Attention in windows, on every usable instruction set, against a loop over pixels."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bimaco_gui import ops

every_isa = pytest.mark.parametrize("isa", ops.instruction_sets())


@pytest.fixture
def use_isa(isa: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIMACO_ISA", isa)


def expected(
    qkv: np.ndarray,
    bias: np.ndarray,
    window: int,
    shift: int,
    regions: np.ndarray | None,
    apart: float,
) -> np.ndarray:
    n, channels, height, width = qkv.shape
    heads = bias.shape[0]
    parts = qkv.astype(np.float64).reshape(n, 3, heads, -1, height, width)
    y = np.zeros((n, heads, channels // 3 // heads, height, width))
    columns = width // window
    for number in range(height // window * columns):
        top, left = number // columns * window + shift, number % columns * window + shift
        place = [
            ((top + p // window) % height, (left + p % window) % width) for p in range(window**2)
        ]
        rows, cols = (np.array(axis) for axis in zip(*place, strict=True))
        q, k, v = (parts[:, i, :, :, rows, cols] for i in range(3))  # [window^2, N, heads, depth]
        score = np.einsum("inhd,jnhd->nhij", q, k) / np.sqrt(q.shape[3]) + bias
        if regions is not None:
            score = score + apart * (regions[number][:, None] != regions[number][None, :])
        weight = np.exp(score - score.max(3, keepdims=True))
        weight /= weight.sum(3, keepdims=True)
        y[:, :, :, rows, cols] = np.einsum("nhij,jnhd->nhdi", weight, v)
    return y.reshape(n, channels // 3, height, width)


@every_isa
@pytest.mark.usefixtures("use_isa")
@given(
    batch=st.integers(1, 2),
    heads=st.integers(1, 3),
    depth=st.sampled_from([1, 3, 4, 8, 32]),
    window=st.sampled_from([1, 2, 3, 4, 8]),
    grid=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    shifted=st.booleans(),
    apart=st.sampled_from([None, -100.0, -1e30]),
    seed=st.integers(0, 2**32 - 1),
)
@example(batch=1, heads=2, depth=32, window=8, grid=(2, 3), shifted=True, apart=-100.0, seed=0)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_it_is_what_a_loop_over_windows_gives(
    batch: int,
    heads: int,
    depth: int,
    window: int,
    grid: tuple[int, int],
    shifted: bool,
    apart: float | None,
    seed: int,
    isa: str,
) -> None:
    rng = np.random.default_rng(seed)
    height, width = grid[0] * window, grid[1] * window
    qkv = rng.standard_normal((batch, 3 * heads * depth, height, width), np.float32)
    bias = rng.standard_normal((heads, window**2, window**2), np.float32)
    regions = None if apart is None else rng.integers(0, 3, (grid[0] * grid[1], window**2))
    shift = window // 2 if shifted else 0
    y = ops.window_attention(
        torch.from_numpy(qkv),
        torch.from_numpy(bias),
        window,
        shift,
        None if regions is None else torch.from_numpy(regions),
        apart or 0.0,
    )
    wanted = expected(qkv, bias, window, shift, regions, apart or 0.0)
    np.testing.assert_allclose(y.numpy(), wanted, rtol=1e-5, atol=1e-5)


@every_isa
@pytest.mark.usefixtures("use_isa")
def test_the_number_of_threads_changes_no_bit(isa: str) -> None:
    torch.manual_seed(0)
    qkv, bias = torch.randn(1, 96, 32, 40), torch.randn(2, 64, 64)
    threads = torch.get_num_threads()
    results = []
    try:
        for count in (1, 2, 3):
            torch.set_num_threads(count)
            results.append(ops.window_attention(qkv, bias, 8, 4))
    finally:
        torch.set_num_threads(threads)
    if isa != "torch":
        assert all(torch.equal(results[0], other) for other in results[1:])


def test_torch_can_reason_about_the_op() -> None:
    arguments = (torch.randn(2, 12, 4, 8), torch.randn(2, 16, 16), 4, 2)
    checks = ("test_schema", "test_faketensor")
    result = torch.library.opcheck(ops.window_attention, arguments, test_utils=checks)
    assert set(result.values()) == {"SUCCESS"}


@pytest.mark.parametrize(
    ("qkv", "bias", "window", "shift"),
    [
        ((1, 12, 4, 4), (2, 16, 16), 3, 0),
        ((1, 12, 4, 4), (2, 16, 16), 4, 4),
        ((1, 12, 4, 4), (2, 16, 4), 4, 0),
        ((1, 14, 4, 4), (2, 16, 16), 4, 0),
        ((12, 4, 4), (2, 16, 16), 4, 0),
    ],
)
def test_arguments_that_do_not_fit_are_refused(
    qkv: tuple[int, ...], bias: tuple[int, ...], window: int, shift: int
) -> None:
    with pytest.raises(ValueError, match=r"^window_attention: "):
        ops.window_attention(torch.zeros(qkv), torch.zeros(bias), window, shift)
