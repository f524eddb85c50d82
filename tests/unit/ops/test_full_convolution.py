"""Full-precision convolutions at the edges of a network, on every usable instruction set."""

from __future__ import annotations

import pytest
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from bimaco_gui import ops

every_isa = pytest.mark.parametrize("isa", ops.instruction_sets())


@pytest.fixture
def use_isa(isa: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIMACO_ISA", isa)


@every_isa
@pytest.mark.usefixtures("use_isa")
@given(
    batch=st.integers(1, 2),
    channels=st.tuples(st.integers(1, 20), st.integers(1, 20)),
    size=st.tuples(st.integers(1, 9), st.integers(1, 60)),
    affine=st.booleans(),
    slope=st.sampled_from([None, 0.0, 0.2, 1.0]),
    seed=st.integers(0, 2**31),
)
@example(batch=1, channels=(7, 9), size=(1, 1), affine=True, slope=0.2, seed=0)
@example(batch=2, channels=(16, 12), size=(2, 48), affine=False, slope=0.2, seed=0)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_it_is_what_torch_gives_in_double_precision(
    batch: int,
    channels: tuple[int, int],
    size: tuple[int, int],
    affine: bool,
    slope: float | None,
    seed: int,
    isa: str,
) -> None:
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(batch, channels[0], *size, generator=generator)
    weight = torch.randn(channels[1], channels[0], 3, 3, generator=generator)
    bias = torch.randn(channels[1], generator=generator)
    scale, shift = torch.randn(2, channels[0], generator=generator)
    y = ops.full_conv2d(
        x,
        weight,
        bias,
        scale if affine else None,
        shift if affine else None,
        "none" if slope is None else "leaky",
        slope or 0.0,
    )
    a = x * scale[:, None, None] + shift[:, None, None] if affine else x
    a = (a if slope is None else F.leaky_relu(a, slope)).double()
    wide = weight.double(), bias.double()
    expected = F.conv2d(a, *wide, padding=1)
    terms = F.conv2d(a.abs() + 1, *(t.abs() for t in wide), padding=1)
    assert ((y - expected).abs() <= 3e-6 * terms).all()


@every_isa
@pytest.mark.usefixtures("use_isa")
def test_the_number_of_threads_changes_no_bit(isa: str) -> None:
    torch.manual_seed(0)
    x, weight, bias = torch.randn(2, 24, 33, 70), torch.randn(14, 24, 3, 3), torch.randn(14)
    threads = torch.get_num_threads()
    results = []
    try:
        for count in (1, 2, 3):
            torch.set_num_threads(count)
            results.append(ops.full_conv2d(x, weight, bias))
    finally:
        torch.set_num_threads(threads)
    if isa != "torch":
        assert all(torch.equal(results[0], other) for other in results[1:])


@every_isa
@pytest.mark.usefixtures("use_isa")
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_each_picture_has_its_scale_and_shift(isa: str, dtype: torch.dtype) -> None:
    torch.manual_seed(1)
    x, weight, bias = torch.randn(3, 6, 5, 7).to(dtype), torch.randn(4, 6, 3, 3), torch.randn(4)
    scale, shift = torch.randn(2, 3, 6)
    y = ops.full_conv2d(x, weight, bias, scale, shift, "silu")
    assert y.dtype == dtype
    each = [
        ops.full_conv2d(x[i : i + 1], weight, bias, scale[i], shift[i], "silu") for i in range(3)
    ]
    room = {torch.float32: 1e-5, torch.bfloat16: 0.1}[dtype]
    assert torch.allclose(y, torch.cat(each), atol=room, rtol=room)
    a = F.silu(x.float() * scale[:, :, None, None] + shift[:, :, None, None])
    assert torch.allclose(y.float(), F.conv2d(a, weight, bias, padding=1), atol=room, rtol=room)


def test_torch_can_reason_about_the_op() -> None:
    arguments = (torch.randn(2, 3, 4, 8), torch.randn(5, 3, 3, 3), torch.randn(5))
    checks = ("test_schema", "test_faketensor")
    result = torch.library.opcheck(ops.full_conv2d, arguments, test_utils=checks)
    assert set(result.values()) == {"SUCCESS"}


@pytest.mark.parametrize(
    ("weight", "bias", "options"),
    [
        ((5, 4, 3, 3), 5, {}),
        ((5, 3, 1, 1), 5, {}),
        ((5, 3, 3, 3), 4, {}),
        ((5, 3, 3, 3), 5, {"pre_scale": torch.ones(3)}),
        ((5, 3, 3, 3), 5, {"pre_scale": torch.ones(2), "pre_shift": torch.ones(2)}),
        ((5, 3, 3, 3), 5, {"pre_scale": torch.ones(2, 3), "pre_shift": torch.ones(2, 3)}),
        ((5, 3, 3, 3), 5, {"pre_activation": "gelu"}),
    ],
)
def test_arguments_that_do_not_fit_are_refused(
    weight: tuple[int, ...], bias: int, options: dict[str, object]
) -> None:
    with pytest.raises(ValueError, match=r"^full_conv2d: "):
        ops.full_conv2d(torch.zeros(1, 3, 4, 4), torch.zeros(weight), torch.zeros(bias), **options)
