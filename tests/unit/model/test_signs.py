import math

import pytest
import torch

from bimaco_gui.model.signs import activation_sign, hard_sign, weight_sign


def test_zero_of_either_sign_is_positive_and_nan_negative() -> None:
    x = torch.tensor([0.0, -0.0, 1e-45, -1e-45, math.inf, -math.inf, math.nan])
    assert hard_sign(x).tolist() == [1, 1, 1, -1, 1, -1, -1]


@pytest.mark.parametrize("x", [-1.5, -0.75, -0.25, 0.0, 0.25, 0.75, 1.5])
def test_activation_gradient_is_the_triangle_of_bi_real_net(x: float) -> None:
    value = torch.tensor([x], requires_grad=True)
    (activation_sign(value) * 3).sum().backward()
    assert value.grad is not None
    assert value.grad.item() == pytest.approx(3 * max(0.0, 2 - 2 * abs(x)))


def test_weight_gradient_passes_inside_one_and_stops_outside() -> None:
    weight = torch.tensor([-1.5, -1.0, 0.2, 1.0, 1.01], requires_grad=True)
    weight_sign(weight).sum().backward()
    assert weight.grad is not None
    assert weight.grad.tolist() == [0, 1, 1, 1, 0]
