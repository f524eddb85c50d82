"""The sparse map over channels, for every usable instruction set."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bimaco_gui import ops

every_isa = pytest.mark.parametrize("isa", ops.instruction_sets())


@pytest.fixture
def use_isa(isa: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIMACO_ISA", isa)


def entries(
    rng: np.random.Generator, count: int, out_channels: int, in_channels: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    return (
        torch.from_numpy(rng.standard_normal(count, np.float32)),
        torch.from_numpy(rng.integers(0, out_channels, count, np.int32)),
        torch.from_numpy(rng.integers(0, in_channels, count, np.int32)),
    )


@every_isa
@pytest.mark.usefixtures("use_isa")
@given(
    batch=st.integers(1, 2),
    channels=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    spatial=st.lists(st.integers(1, 30), min_size=1, max_size=2),
    count=st.integers(0, 120),
    innermost=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_it_is_the_dense_map_of_its_entries(
    batch: int,
    channels: tuple[int, int],
    spatial: list[int],
    count: int,
    innermost: bool,
    seed: int,
    isa: str,
) -> None:
    rng = np.random.default_rng(seed)
    out_channels, in_channels = channels
    x = rng.standard_normal((batch, in_channels, *spatial), np.float32)
    values, out_index, in_index = entries(rng, count, out_channels, in_channels)
    dense = np.zeros((out_channels, in_channels))
    np.add.at(dense, (out_index.numpy(), in_index.numpy()), values.double().numpy())
    terms = np.zeros_like(dense)
    np.add.at(terms, (out_index.numpy(), in_index.numpy()), values.double().abs().numpy())

    tensor = torch.from_numpy(x)
    if innermost:
        tensor = tensor.movedim(1, -1).contiguous().movedim(-1, 1)
    y = ops.sparse_map(tensor, values, out_index, in_index, out_channels).numpy()
    expected = np.einsum("oi,ni...->no...", dense, x.astype(np.float64))
    allowed = 1e-6 * np.einsum("oi,ni...->no...", terms, np.abs(x.astype(np.float64)))
    assert y.shape == expected.shape
    assert (np.abs(y - expected) <= allowed).all()


@every_isa
@pytest.mark.usefixtures("use_isa")
def test_the_rows_of_a_linear_layer_come_back_as_rows(isa: str) -> None:
    rng = np.random.default_rng(0)
    rows = torch.randn(1, 50, 12).transpose(1, 2)
    y = ops.sparse_map(rows, *entries(rng, 40, 20, 12), 20)
    assert y.transpose(1, 2).is_contiguous()


@every_isa
@pytest.mark.usefixtures("use_isa")
@pytest.mark.parametrize("shape", [(2, 9, 40, 41), (2, 9, 1640)])
def test_the_number_of_threads_changes_no_bit(shape: tuple[int, ...], isa: str) -> None:
    x = torch.randn(shape).movedim(1, -1).contiguous().movedim(-1, 1)
    sparse = entries(np.random.default_rng(0), 300, 64, 9)
    threads = torch.get_num_threads()
    results = []
    try:
        for count in (1, 2, 5):
            torch.set_num_threads(count)
            for picture in (x, x.contiguous()):
                results.append(ops.sparse_map(picture, *sparse, 64))
    finally:
        torch.set_num_threads(threads)
    assert all(torch.equal(a, b) for a, b in zip(results, results[2:], strict=False))


@every_isa
@pytest.mark.usefixtures("use_isa")
@pytest.mark.parametrize(("out", "into"), [(3, 0), (-1, 0), (0, 2), (0, -1)])
def test_an_index_out_of_range_is_refused(out: int, into: int, isa: str) -> None:
    index = torch.tensor([out], dtype=torch.int32), torch.tensor([into], dtype=torch.int32)
    with pytest.raises(IndexError):
        ops.sparse_map(torch.randn(1, 2, 4), torch.ones(1), *index, 3)
