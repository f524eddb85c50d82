"""The released binary layers compute, learn and start as their authors' do.

`tests/data/golden` holds what the authors' code gave for random weights, layer by layer.
"""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from bimaco_gui.model.released.layers import (
    ReleasedBinaryConv2d,
    ReleasedBinaryLinear,
    ReleasedSparse,
    binarize_conv,
    binarize_linear,
    side_matrix,
)


def relative(a: Tensor, b: Tensor) -> float:
    return float(((a - b).norm() / b.norm().clamp_min(1e-12)).detach())


@pytest.fixture(scope="module")
def initial(repo: Path) -> dict[str, Tensor]:
    return load_file(repo / "tests" / "data" / "golden" / "layer_init.safetensors")


@pytest.fixture(scope="module")
def full_conv(initial: dict[str, Tensor]) -> nn.Conv2d:
    conv = nn.Conv2d(48, 64, 3, padding=1)
    conv.load_state_dict({k: initial[f"conv.fp.{k}"] for k in ("weight", "bias")})
    return conv


@pytest.fixture(scope="module")
def full_linear(initial: dict[str, Tensor]) -> nn.Linear:
    linear = nn.Linear(96, 64)
    linear.load_state_dict({k: initial[f"linear.fp.{k}"] for k in ("weight", "bias")})
    return linear


def golden_layer(
    layer: ReleasedBinaryConv2d | ReleasedBinaryLinear, initial: dict[str, Tensor], kind: str
) -> nn.Module:
    prefix = f"{kind}.binary."
    state = {k.removeprefix(prefix): v for k, v in initial.items() if k.startswith(prefix)}
    layer.load_state_dict({k: v for k, v in state.items() if k not in layer.unused_keys})
    return layer


def sparse_parts(sparse: ReleasedSparse) -> list[tuple[int, int, float]]:
    out_index, in_index = sparse.indices
    return sorted(zip(out_index.tolist(), in_index.tolist(), sparse.values.tolist(), strict=True))


@pytest.mark.parametrize("kind", ["conv", "linear"])
def test_a_layer_starts_as_the_authors_start_it(
    kind: str, initial: dict[str, Tensor], full_conv: nn.Conv2d, full_linear: nn.Linear
) -> None:
    if kind == "conv":
        ours: nn.Module = binarize_conv(full_conv)
        theirs = golden_layer(ReleasedBinaryConv2d(48, 64, 3), initial, kind)
    else:
        ours = binarize_linear(full_linear)
        theirs = golden_layer(ReleasedBinaryLinear(96, 64), initial, kind)
    assert sparse_parts(ours.skip_connection) == sparse_parts(theirs.skip_connection)
    low_rank = theirs.lora.up @ theirs.lora.down
    assert relative(ours.lora.up @ ours.lora.down, low_rank) < 1e-5
    assert relative(ours.weight, theirs.weight) < 1e-5
    # Factors share the singular values evenly, whatever the signs of their vectors.
    assert relative(ours.lora.up.norm(dim=0), theirs.lora.up.norm(dim=0)) < 1e-5
    for name, parameter in theirs.named_parameters():
        if "relu" in name or name == "bias":
            assert torch.equal(ours.get_parameter(name), parameter), name
    x, out = initial[f"{kind}.x"], initial[f"{kind}.out"]
    with torch.no_grad():
        assert relative(theirs(x), out) < 1e-5
        assert relative(ours(x), out) < 1e-5


def test_another_rank_is_kept(full_conv: nn.Conv2d, full_linear: nn.Linear) -> None:
    for layer in (binarize_conv(full_conv, 3), binarize_linear(full_linear, 3)):
        assert torch.linalg.matrix_rank(layer.lora.up @ layer.lora.down) == 3


def test_a_layer_starts_from_a_copy(full_conv: nn.Conv2d) -> None:
    before = full_conv.weight.detach().clone()
    with torch.no_grad():
        binarize_conv(full_conv).weight.zero_()
    assert torch.equal(full_conv.weight, before)


def test_a_linear_layer_is_split_without_loss(full_linear: nn.Linear) -> None:
    layer = binarize_linear(full_linear)
    whole = layer.weight + side_matrix(layer.skip_connection, layer.lora)
    assert relative(whole, full_linear.weight) < 1e-6


def test_a_convolution_is_split_off_its_centre_tap_alone(full_conv: nn.Conv2d) -> None:
    layer = binarize_conv(full_conv)
    rest = full_conv.weight - layer.weight
    side = side_matrix(layer.skip_connection, layer.lora)
    assert relative(rest[:, :, 1, 1], side) < 1e-5
    rest = rest.detach().clone()
    rest[:, :, 1, 1] = 0
    assert not rest.any()


def by_definition(layer: ReleasedBinaryConv2d, x: Tensor) -> Tensor:
    """The released formula, pixel by pixel and tap by tap, in float64."""
    weight, pixels = layer.weight.double(), x.double()
    n, _, height, width = x.shape
    reach = layer.kernel_size // 2
    step = layer.stride
    y = torch.zeros(n, layer.out_channels, height // step, width // step, dtype=torch.float64)
    alpha = weight.abs().mean((1, 2, 3))
    for row in range(y.shape[2]):
        for column in range(y.shape[3]):
            for i in range(layer.kernel_size):
                for j in range(layer.kernel_size):
                    at = (row * step + i - reach, column * step + j - reach)
                    if not (0 <= at[0] < height and 0 <= at[1] < width):
                        continue
                    pixel = pixels[:, :, at[0], at[1]]
                    scale = pixel.abs().mean(1, keepdim=True)
                    y[:, :, row, column] += scale * (pixel.sign() @ weight[:, :, i, j].sign().T)
    y = y * alpha[:, None, None] + layer.bias[:, None, None]
    y = y + layer.relu.pr_bias0.bias[0, :, None, None]
    y = torch.where(y > 0, y, y * layer.relu.pr_prelu.weight[:, None, None])
    y = y + layer.relu.pr_bias1.bias[0, :, None, None]
    if layer.stride == 2:
        return y + nn.functional.avg_pool2d(pixels, 2)
    side = side_matrix(layer.skip_connection, layer.lora).double()
    return y + torch.einsum("oi,nihw->nohw", side, pixels)


@pytest.mark.parametrize(("kernel", "stride"), [(1, 1), (3, 1), (3, 2)])
@torch.no_grad()
def test_a_convolution_follows_the_definition(kernel: int, stride: int) -> None:
    torch.manual_seed(kernel + stride)
    out_channels = 5 if stride == 1 else 7
    layer = ReleasedBinaryConv2d(7, out_channels, kernel, stride, rank=2)
    for parameter in layer.parameters():
        parameter.normal_()
    layer.weight[0, 0] = 0
    x = torch.randn(2, 7, 6, 4)
    x[0, :, 0, 0] = 0
    x[:, 2] = 0
    assert relative(layer(x).double(), by_definition(layer, x)) < 1e-6


@torch.no_grad()
def test_zero_has_no_sign() -> None:
    layer = ReleasedBinaryLinear(4, 3)
    for parameter in layer.parameters():
        parameter.zero_()
    layer.weight.fill_(1.0)
    x = torch.tensor([0.0, -0.0, 3.0, -1.0])
    # s = 1, alpha = 1, and the signs 0 + 0 + 1 - 1 cancel; counting zeros as positive would give 2.
    assert layer(x).tolist() == [0.0, 0.0, 0.0]
    layer.weight[0, 3] = 0
    assert layer(x).tolist() == [0.75, 0.0, 0.0]


def test_gradients_pass_the_signs_straight_through() -> None:
    layer = ReleasedBinaryLinear(5, 1)
    with torch.no_grad():
        layer.lora.A.weight.zero_()
        layer.weight.copy_(torch.tensor([[2.0, -0.5, 0.5, 1.0, 1.0]]))
    x = torch.tensor([[-1.5, -0.25, 0.0, 0.5, 1.0]], requires_grad=True)
    layer(x).sum().backward()
    assert x.grad is not None
    # 2 + 2x below zero, 2 - 2x above, 0 beyond 1; times s = 0.65, alpha = 1, the weights' signs.
    # The inner product of the signs is 2, and nothing of it comes back through s.
    expected = 0.65 * torch.tensor([[0.0, -1.5, 2.0, 1.0, 0.0]])
    assert torch.allclose(x.grad, expected)
    assert layer.weight.grad is not None
    # Identity up to magnitude 1; times s, alpha and the inputs' signs.
    expected = 0.65 * torch.tensor([[0.0, -1.0, 0.0, 1.0, 1.0]])
    assert torch.allclose(layer.weight.grad, expected)


def test_everything_in_a_layer_learns() -> None:
    for layer, x in (
        (ReleasedBinaryConv2d(6, 4, 3), torch.randn(1, 6, 5, 5)),
        (ReleasedBinaryLinear(6, 4), torch.randn(2, 6)),
    ):
        layer(x).square().sum().backward()
        still = [n for n, p in layer.named_parameters() if p.grad is None or not p.grad.any()]
        assert not still


def test_sparse_weights_at_the_same_place_add_up() -> None:
    sparse = ReleasedSparse(3, 2)
    with torch.no_grad():
        sparse.values.fill_(1.5)
        sparse.indices_float.copy_(torch.tensor([[0.9], [2.2]]).expand(2, 6))
    assert sparse.matrix().tolist() == [[0, 0, 0], [0, 0, 9]]


def test_a_halving_convolution_keeps_its_width() -> None:
    with pytest.raises(ValueError, match="keeps its width"):
        ReleasedBinaryConv2d(4, 8, 3, stride=2)
