"""The sign function of the binary branch and its straight-through gradients.

One rule for training and kernels: sign(x) is +1 where x >= 0 (0.0 and -0.0 included), else -1.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


def hard_sign(x: Tensor) -> Tensor:
    """+1 where x >= 0, else -1; same shape and dtype as `x`, any floating dtype."""
    one = torch.ones((), dtype=x.dtype, device=x.device)
    return torch.where(x >= 0, one, -one)


class ActivationSign(torch.autograd.Function):
    """Forward: the hard sign. Backward: the derivative of Bi-Real Net's quadratic."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        """The sign of `x`, which is kept for the way back."""
        ctx.save_for_backward(x)
        return hard_sign(x)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Tensor:
        """The gradient of the input."""
        x: Tensor = ctx.saved_tensors[0]
        return grads[0] * (2 - 2 * x.abs()).clamp_(min=0)


class WeightSign(torch.autograd.Function):
    """Forward: the hard sign. Backward: identity where |w| <= 1."""

    @staticmethod
    def forward(ctx: Any, w: Tensor) -> Tensor:
        """The sign of `w`, which is kept for the way back."""
        ctx.save_for_backward(w)
        return hard_sign(w)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Tensor:
        """The gradient of the input."""
        w: Tensor = ctx.saved_tensors[0]
        return grads[0] * (w.abs() <= 1)


def activation_sign(x: Tensor) -> Tensor:
    """sign(x) with gradient max(0, 2 - 2|x|), straight through (Bi-Real Net, BiMaCoSR)."""
    return ActivationSign.apply(x)  # type: ignore[no-any-return, no-untyped-call]


def weight_sign(w: Tensor) -> Tensor:
    """sign(w) with gradient 1 where |w| <= 1, else 0, straight through (BiMaCoSR)."""
    return WeightSign.apply(w)  # type: ignore[no-any-return, no-untyped-call]
