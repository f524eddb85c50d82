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
INDEX = torch.tensor([0, 5, 5], dtype=torch.int32), torch.tensor([9, 0, 1], dtype=torch.int32)
PER_CHANNEL = torch.rand(6), torch.rand(6)
CALLS: dict[str, tuple[Callable[..., torch.Tensor], tuple[Any, ...]]] = {
    "convolution": (ops.binary_conv2d, (PICTURE, BITS, *PER_CHANNEL, 3, 1)),
    "stride 2": (ops.binary_conv2d, (PICTURE, BITS, *PER_CHANNEL, 3, 2)),
    "channels last": (
        ops.binary_conv2d,
        (PICTURE.contiguous(memory_format=torch.channels_last), BITS, *PER_CHANNEL, 3, 2),
    ),
    "a view": (ops.binary_conv2d, (PICTURE[..., 1:], BITS, *PER_CHANNEL, 3, 1)),
    "convolution's dot": (ops.binary_conv2d_dot, (PICTURE, BITS, 3, 2)),
    "linear": (ops.binary_linear, (torch.randn(2, 3, 10), LINEAR_BITS, *PER_CHANNEL)),
    "linear's dot": (ops.binary_linear_dot, (torch.randn(10), LINEAR_BITS)),
    "sparse": (ops.sparse_map, (PICTURE, torch.rand(3), *INDEX, 6)),
    "sparse rows": (
        ops.sparse_map,
        (torch.randn(1, 5, 10).transpose(1, 2), torch.rand(3), *INDEX, 6),
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
        (ops.sparse_map, (PICTURE[0, 0], torch.rand(3), *INDEX, 6)),
        (ops.sparse_map, (PICTURE, torch.rand(2), *INDEX, 6)),
        (ops.sparse_map, (PICTURE, torch.rand(3), INDEX[0].long(), INDEX[1], 6)),
    ],
)
def test_arguments_that_do_not_fit_are_refused(
    op: Callable[..., torch.Tensor], args: tuple[Any, ...]
) -> None:
    with pytest.raises(ValueError, match=r"^(binary_|sparse_map)"):
        op(*args)
