"""The ops as torch sees them: shapes without data, and arguments that do not fit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from bimaco_gui import ops

BITS = ops.pack_signs(torch.randn(6, 10, 3, 3))
LINEAR_BITS = ops.pack_signs(torch.randn(6, 10))
PICTURE = torch.randn(2, 10, 5, 7)
SPARSE = {
    "sparse_values": torch.rand(3),
    "sparse_out": torch.tensor([0, 5, 5], dtype=torch.int32),
    "sparse_in": torch.tensor([9, 0, 1], dtype=torch.int32),
}
OPTIONS: dict[str, dict[str, Any]] = {
    "everything": {
        "per_tap": True,
        "zero_is_zero": True,
        "pre_scale": torch.rand(2, 10),
        "pre_shift": torch.rand(2, 10),
        "pre_activation": "leaky",
        "negative_slope": 0.1,
        "doubled": True,
        "slope": torch.rand(6),
        "after": torch.rand(6),
        "low_rank_down": torch.rand(3, 10),
        "low_rank_up": torch.rand(6, 3),
        **SPARSE,
        "residual": torch.rand(2, 6, 10, 14),
    },
    "sparse": SPARSE,
}
PER_CHANNEL = torch.rand(6), torch.rand(6)
CALLS: dict[str, tuple[Callable[..., torch.Tensor], tuple[Any, ...]]] = {
    "convolution": (ops.binary_conv2d, (PICTURE, BITS, *PER_CHANNEL, 3, 1)),
    "stride 2": (ops.binary_conv2d, (PICTURE, BITS, *PER_CHANNEL, 3, 2)),
    "channels last": (
        ops.binary_conv2d,
        (PICTURE.contiguous(memory_format=torch.channels_last), BITS, *PER_CHANNEL, 3, 2),
    ),
    "half floats": (ops.binary_conv2d, (PICTURE.half(), BITS, *PER_CHANNEL, 3, 1)),
    "rows of half floats": (
        ops.binary_linear,
        (PICTURE[..., 0].half().mT, LINEAR_BITS, *PER_CHANNEL),
    ),
    "norm of half floats": (
        ops.group_norm_affine,
        (PICTURE.half(), 5, torch.rand(10), torch.rand(10), 1e-5),
    ),
    "a view": (ops.binary_conv2d, (PICTURE[..., 1:], BITS, *PER_CHANNEL, 3, 1)),
    "convolution's dot": (ops.binary_conv2d_dot, (PICTURE, BITS, 3, 2)),
    "linear": (ops.binary_linear, (torch.randn(2, 3, 10), LINEAR_BITS, *PER_CHANNEL)),
    "linear's dot": (ops.binary_linear_dot, (torch.randn(10), LINEAR_BITS)),
    "norm": (ops.group_norm_affine, (PICTURE, 5, torch.rand(10), torch.rand(10), 1e-5)),
    "norm with the time's scale and shift": (
        ops.group_norm_affine,
        (PICTURE, 5, torch.rand(10), torch.rand(10), 1e-5, *torch.rand(2, 2, 10)),
    ),
}


@pytest.mark.parametrize("isa", ops.instruction_sets())
@pytest.mark.parametrize("name", CALLS)
def test_torch_can_reason_about_the_op(
    name: str, isa: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIMACO_ISA", isa)
    op, args = CALLS[name]
    checks = ("test_schema", "test_faketensor")
    assert set(torch.library.opcheck(op, args, test_utils=checks).values()) == {"SUCCESS"}


@pytest.mark.parametrize("isa", ops.instruction_sets())
@pytest.mark.parametrize("name", OPTIONS)
def test_torch_can_reason_about_a_whole_layer(
    name: str, isa: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIMACO_ISA", isa)
    result = torch.library.opcheck(
        ops.binary_conv2d,
        (PICTURE, BITS, *PER_CHANNEL, 3, 1),
        OPTIONS[name],
        test_utils=("test_schema", "test_faketensor"),
    )
    assert set(result.values()) == {"SUCCESS"}


@pytest.mark.parametrize(
    "options",
    [
        {"pre_scale": torch.rand(10)},
        {"pre_scale": torch.rand(10), "pre_shift": torch.rand(9)},
        {"pre_scale": torch.rand(3, 10), "pre_shift": torch.rand(3, 10)},
        {"pre_activation": "tanh"},
        {"slope": torch.rand(6)},
        {"slope": torch.rand(6), "after": torch.rand(5)},
        {"low_rank_down": torch.rand(3, 10)},
        {"low_rank_down": torch.rand(3, 10), "low_rank_up": torch.rand(3, 6)},
        {"low_rank_down": torch.rand(65, 10), "low_rank_up": torch.rand(6, 65)},
        SPARSE | {"sparse_in": None},
        SPARSE | {"sparse_values": torch.rand(4)},
        SPARSE | {"sparse_in": torch.zeros(3, dtype=torch.int64)},
        {"mean_shortcut": True},
        {"residual": torch.rand(2, 6, 5, 6)},
        {"residual": torch.rand(2, 6, 5, 7).double()},
    ],
)
def test_options_that_do_not_fit_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^binary_conv2d: "):
        ops.binary_conv2d(PICTURE, BITS, *PER_CHANNEL, 3, 1, **options)
    with pytest.raises(ValueError, match=r"^binary_conv2d: "):
        ops.binary_conv2d(PICTURE, BITS, *PER_CHANNEL, 3, 2, doubled=True)


@pytest.mark.parametrize("isa", ops.instruction_sets())
@pytest.mark.parametrize("wrong", [{"sparse_out": 6}, {"sparse_out": -1}, {"sparse_in": 10}])
def test_an_index_out_of_range_is_an_error(
    wrong: dict[str, int], isa: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIMACO_ISA", isa)
    index = {name: torch.tensor([0, at, 0], dtype=torch.int32) for name, at in wrong.items()}
    with pytest.raises(IndexError):
        ops.binary_conv2d(PICTURE, BITS, *PER_CHANNEL, 3, 1, **(SPARSE | index))


def test_ops_work_in_inference_mode() -> None:
    with torch.inference_mode():
        y = ops.binary_conv2d(PICTURE.clone(), BITS, *PER_CHANNEL, 3, 1)
    assert torch.equal(y, ops.binary_conv2d(PICTURE, BITS, *PER_CHANNEL, 3, 1))


@pytest.mark.parametrize(
    ("op", "args"),
    [
        (ops.binary_conv2d_dot, (PICTURE[0], BITS, 3, 1)),
        (ops.binary_conv2d_dot, (PICTURE.double(), BITS, 3, 1)),
        (ops.binary_conv2d_dot, (PICTURE, BITS.float(), 3, 1)),
        (ops.binary_conv2d_dot, (PICTURE, BITS, 1, 1)),
        (ops.binary_conv2d_dot, (PICTURE, BITS, 3, 3)),
        (ops.binary_conv2d_dot, (PICTURE, BITS, 2, 1)),
        (ops.binary_conv2d_dot, (PICTURE[:, :8], BITS, 3, 1)),
        (ops.binary_conv2d, (PICTURE, BITS, torch.rand(5), torch.rand(6), 3, 1)),
        (ops.binary_conv2d, (PICTURE, BITS, torch.rand(6), torch.rand(6).half(), 3, 1)),
        (ops.binary_linear_dot, (torch.randn(3, 10), BITS)),
        (ops.binary_linear, (torch.randn(3, 17), LINEAR_BITS, *PER_CHANNEL)),
        (ops.group_norm_affine, (PICTURE, 3, torch.rand(10), torch.rand(10), 1e-5)),
        (ops.group_norm_affine, (PICTURE, 5, torch.rand(9), torch.rand(10), 1e-5)),
        (
            ops.group_norm_affine,
            (PICTURE, 5, torch.rand(10), torch.rand(10), 1e-5, torch.rand(2, 10)),
        ),
        (
            ops.group_norm_affine,
            (PICTURE, 5, torch.rand(10), torch.rand(10), 1e-5, *torch.rand(2, 3, 10)),
        ),
    ],
)
def test_arguments_that_do_not_fit_are_refused(
    op: Callable[..., torch.Tensor], args: tuple[Any, ...]
) -> None:
    with pytest.raises(ValueError, match=r"^(binary_|group_norm)"):
        op(*args)
