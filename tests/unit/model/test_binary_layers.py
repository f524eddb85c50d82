"""Layers against a literal reading of the formula in float64."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from bimaco_gui.model.binary_layers import BinaryConv2d, BinaryLinear, RPReLU


def randomise(module: nn.Module, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.5)


def convolution_by_loops(layer: BinaryConv2d, x: np.ndarray) -> np.ndarray:
    """One picture [I, H, W], pixel by pixel."""
    weight = layer.weight.detach().double().numpy()
    sign_w = np.where(weight >= 0, 1.0, -1.0)
    sign_x = np.where(x >= 0, 1.0, -1.0)
    side = (layer.low_rank.up @ layer.low_rank.down).detach().double().numpy()
    for value, o, i in zip(
        layer.sparse.values.tolist(),
        layer.sparse.out_index.tolist(),
        layer.sparse.in_index.tolist(),
        strict=True,
    ):
        side[o, i] += value
    k, stride = layer.kernel_size, layer.stride
    height, width = -(-x.shape[1] // stride), -(-x.shape[2] // stride)
    result = np.zeros((layer.out_channels, height, width))
    before, slope, after = (
        p.detach().double().numpy()
        for p in (layer.activation.before, layer.activation.slope, layer.activation.after)
    )
    alpha, bias = layer.alpha.detach().double().numpy(), layer.bias.detach().double().numpy()
    for row in range(height):
        for column in range(width):
            dot = np.zeros(layer.out_channels)
            for dy in range(k):
                for dx in range(k):
                    y, z = row * stride + dy - k // 2, column * stride + dx - k // 2
                    if 0 <= y < x.shape[1] and 0 <= z < x.shape[2]:
                        dot += sign_w[:, :, dy, dx] @ sign_x[:, y, z]
            scale = np.abs(x[:, row * stride, column * stride]).mean()
            value = alpha * scale * dot + bias + before
            value = np.where(value >= 0, value, slope * value) + after
            block = x[:, row * stride : (row + 1) * stride, column * stride : (column + 1) * stride]
            result[:, row, column] = value + side @ block.mean((1, 2))
    return result


@settings(max_examples=15, deadline=None)
@given(
    st.integers(1, 9),
    st.integers(1, 9),
    st.sampled_from([1, 3]),
    st.sampled_from([1, 2]),
    st.integers(1, 3),
    st.integers(1, 3),
    st.integers(0, 2**31),
)
def test_convolution_computes_the_formula(
    i: int, o: int, kernel: int, stride: int, rows: int, columns: int, seed: int
) -> None:
    layer = BinaryConv2d(i, o, kernel, stride, rank=3)
    randomise(layer, seed)
    generator = torch.Generator().manual_seed(seed + 1)
    x = torch.randn(2, i, rows * stride, columns * stride, generator=generator)
    with torch.no_grad():
        y = layer(x).double().numpy()
    for n in range(2):
        expected = convolution_by_loops(layer, x[n].double().numpy())
        np.testing.assert_allclose(y[n], expected, rtol=1e-4, atol=1e-4)


def test_linear_computes_the_formula() -> None:
    layer = BinaryLinear(7, 5, rank=2)
    randomise(layer, 1)
    x = torch.randn(2, 3, 7, generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        y = layer(x)
        side = layer.low_rank.matrix() + layer.sparse.matrix()
        for n in range(2):
            for row in range(3):
                v = x[n, row]
                dot = torch.where(layer.weight >= 0, 1.0, -1.0) @ torch.where(v >= 0, 1.0, -1.0)
                expected = layer.alpha * v.abs().mean() * dot + layer.bias + side @ v
                torch.testing.assert_close(y[n, row], expected)


@pytest.mark.parametrize("stride", [1, 2])
def test_a_convolution_starts_close_to_the_one_it_replaces(stride: int) -> None:
    """Where the side branches can hold all of a layer, nothing at all is lost."""
    torch.manual_seed(0)
    full = nn.Conv2d(8, 8, 1 if stride == 1 else 3, stride, padding=0 if stride == 1 else 1)
    with torch.no_grad():
        full.weight.copy_(
            torch.einsum("or,ri->oi", torch.randn(8, 2), torch.randn(2, 8))[
                :, :, None, None
            ].expand_as(full.weight)
        )
    binary = BinaryConv2d(8, 8, full.kernel_size[0], stride, rank=8, sparse_per_channel=0)
    binary.initialise_from(full)
    side = binary.low_rank.matrix() + binary.sparse.matrix()
    seen = full.weight[:, :, 0, 0] if stride == 1 else full.weight.sum((2, 3))
    torch.testing.assert_close(side, seen, rtol=1e-4, atol=1e-4)
    assert full.bias is not None
    torch.testing.assert_close(binary.bias, full.bias)


def test_scales_start_at_the_mean_of_the_rest() -> None:
    full = nn.Conv2d(16, 12, 3, padding=1)
    binary = BinaryConv2d(16, 12, 3)
    binary.initialise_from(full)
    torch.testing.assert_close(binary.alpha, binary.weight.abs().mean((1, 2, 3)))
    untouched = torch.ones(3, 3, dtype=torch.bool)
    untouched[1, 1] = False
    assert torch.equal(binary.weight[:, :, untouched], full.weight[:, :, untouched])


def test_rprelu_starts_as_the_identity() -> None:
    x = torch.randn(2, 3, 4, 5)
    assert torch.equal(RPReLU(3)(x), x)


@pytest.mark.parametrize("kind", [BinaryConv2d, BinaryLinear])
def test_gradients_pass_the_signs_and_not_the_scale(
    kind: type[BinaryConv2d] | type[BinaryLinear],
) -> None:
    layer = BinaryConv2d(4, 1, 1) if kind is BinaryConv2d else BinaryLinear(4, 1)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([0.5, -0.5, 2.0, 1.0]).view_as(layer.weight))
        layer.alpha.fill_(3.0)
    x = torch.tensor([-1.5, -0.25, 0.5, 0.75]).reshape((1, 4) + (1, 1) * (kind is BinaryConv2d))
    x.requires_grad_()
    layer(x).sum().backward()
    assert x.grad is not None and layer.weight.grad is not None
    # The mean of |x| is 0.75; the inner product of the signs is 2, and nothing of it comes back.
    expected = 3.0 * 0.75 * torch.tensor([0.0, -1.5, 1.0, 0.5])
    assert torch.allclose(x.grad.flatten(), expected)
    expected = 3.0 * 0.75 * torch.tensor([-1.0, -1.0, 0.0, 1.0])
    assert torch.allclose(layer.weight.grad.flatten(), expected)


def test_every_parameter_of_a_layer_learns() -> None:
    layer = BinaryConv2d(6, 4, 3)
    randomise(layer, 4)
    layer(torch.randn(2, 6, 5, 5)).square().sum().backward()
    for name, parameter in layer.named_parameters():
        assert parameter.grad is not None and parameter.grad.abs().sum() > 0, name
