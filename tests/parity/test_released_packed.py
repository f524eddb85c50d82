"""The released network packed: what the authors' code gave, and the trainable form's twin."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.torch import load_file
from torch import Tensor

from bimaco_gui.model import Form
from bimaco_gui.model.released.config import ReleasedUNetConfig
from bimaco_gui.model.released.layers import ReleasedBinaryConv2d, ReleasedBinaryLinear
from bimaco_gui.model.released.packed_layers import (
    Before,
    PackedReleasedConv2d,
    PackedReleasedLayer,
    PackedReleasedLinear,
)
from bimaco_gui.model.released.unet import ReleasedUNet, pack_unet
from bimaco_gui.model.released.verification import compare, part_differences
from bimaco_gui.weights.released import build_autoencoder, build_pipeline, build_unet

GOLDEN = Path(__file__).resolve().parents[1] / "data" / "golden"
MAPPING: dict[str, Any] = json.loads((GOLDEN / "unet_tiny_config.json").read_text())
with safe_open(GOLDEN / "unet_tiny_layers.safetensors", "pt") as file:
    _KEYS = file.keys()
RECORDED = sorted(key.removesuffix(".out") for key in _KEYS if key.endswith(".out"))


def relative(a: Tensor, b: Tensor) -> float:
    return float(((a - b).norm() / b.norm().clamp_min(1e-12)).detach())


@pytest.fixture(autouse=True)
def one_thread_without_gradients() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    with torch.inference_mode():
        yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def unet() -> ReleasedUNet:
    return build_unet(MAPPING, load_file(GOLDEN / "unet_tiny_state.safetensors"))


@pytest.fixture(scope="module")
def packed(unet: ReleasedUNet) -> ReleasedUNet:
    return pack_unet(unet)


@pytest.fixture(scope="module")
def recorded() -> dict[str, Tensor]:
    return load_file(GOLDEN / "unet_tiny_layers.safetensors")


@pytest.mark.parametrize("name", RECORDED)
def test_a_packed_part_gives_what_the_authors_gives(
    name: str, packed: ReleasedUNet, recorded: dict[str, Tensor]
) -> None:
    part = packed.get_submodule(name)
    inputs = [recorded[f"{name}.in{i}"] for i in range(2) if f"{name}.in{i}" in recorded]
    single = isinstance(part, PackedReleasedLayer)
    assert relative(part(*inputs), recorded[f"{name}.out"]) < (1e-5 if single else 1e-4)


def test_the_packed_network_gives_what_the_authors_gives(packed: ReleasedUNet) -> None:
    io = load_file(GOLDEN / "unet_tiny_io.safetensors")
    assert relative(packed(io["x"], io["timesteps"], io["lq"]), io["out"]) < 1e-5


def test_the_packed_pipeline_gives_what_the_authors_gives(packed: ReleasedUNet) -> None:
    mapping = json.loads((GOLDEN / "vq_tiny_config.json").read_text())
    autoencoder = build_autoencoder(mapping, load_file(GOLDEN / "vq_tiny_state.safetensors"))
    diffusion = json.loads((GOLDEN / "diffusion_config.json").read_text())
    io = load_file(GOLDEN / "pipeline_tiny_io.safetensors")
    pipeline = build_pipeline(packed, autoencoder, diffusion)
    assert relative(pipeline(io["lq"], io["noise"]), io["out"]) < 1e-3


def test_no_full_precision_weight_of_a_binary_layer_is_left(packed: ReleasedUNet) -> None:
    largest = 8 * 2 * 64 + 10_000
    for layer in packed.modules():
        if isinstance(layer, PackedReleasedLayer):
            assert layer.bits.dtype == torch.uint8
            assert not list(layer.parameters())
            floats = [b for b in layer.buffers() if b.is_floating_point()]
            assert sum(b.numel() for b in floats) < largest


@pytest.mark.parametrize("kernel", [1, 3])
def test_weights_that_are_exactly_zero_stay_zero(kernel: int) -> None:
    torch.manual_seed(kernel)
    layer = ReleasedBinaryConv2d(40, 24, kernel).eval()
    for parameter in layer.parameters():
        parameter.normal_()
    layer.weight[3, 7, 0, 0] = 0
    layer.weight[3, 8] = -0.0
    layer.weight[20] = 0
    twin = PackedReleasedConv2d(40, 24, kernel)
    twin.take(layer)
    assert twin.zeros.shape == (2, 1 + kernel**2 * 41)
    x, residual = torch.randn(2, 40, 6, 4), torch.randn(2, 24, 6, 4)
    assert relative(twin(x), layer(x)) < 1e-6
    before = Before(torch.rand(2, 40) + 0.5, torch.randn(2, 40), "silu")
    assert relative(twin(x, before, residual), layer(before(x)) + residual) < 1e-6
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert relative(twin(x, before, residual), layer(before(x)) + residual) < 0.1


def test_zeros_in_halving_and_linear_layers_stay_zero() -> None:
    torch.manual_seed(0)
    conv = ReleasedBinaryConv2d(16, 16, 3, 2)
    linear = ReleasedBinaryLinear(24, 10)
    conv.weight[2, 5, 1] = 0
    linear.weight[4, :9] = 0
    halving, rows = PackedReleasedConv2d(16, 16, 3, 2), PackedReleasedLinear(24, 10)
    halving.take(conv)
    rows.take(linear)
    x, tokens = torch.randn(1, 16, 8, 12), torch.randn(2, 5, 24)
    assert relative(halving(x), conv(x)) < 1e-6
    assert relative(rows(tokens), linear(tokens)) < 1e-6


def random_unet(mapping: dict[str, Any], seed: int) -> ReleasedUNet:
    torch.manual_seed(seed)
    unet = ReleasedUNet(ReleasedUNetConfig.from_mapping(mapping), Form.BINARY).eval()
    for name, value in unet.named_parameters():
        if value.ndim == 1 or "bias" in name:
            value.add_(0.2 * torch.randn_like(value))
    for name, buffer in unet.named_buffers():
        if name.endswith("indices_float"):
            buffer.copy_(buffer[:, torch.randperm(buffer.shape[1])])
    return unet.requires_grad_(False)


@settings(max_examples=5, deadline=None)
@given(
    width=st.sampled_from([32, 64]),
    multipliers=st.sampled_from([[1], [1, 2], [2, 1]]),
    blocks=st.integers(1, 2),
    embed=st.sampled_from([32, 96]),
    window=st.sampled_from([2, 4]),
    depth=st.integers(1, 3),
    mlp=st.integers(1, 4),
    ranks=st.tuples(st.integers(1, 40), st.integers(1, 9)),
    rows=st.integers(1, 2),
    columns=st.integers(1, 3),
    pictures=st.integers(1, 2),
    keep=st.sampled_from(["out.2", "skip_connection", "qkv"]),
    seed=st.integers(0, 1000),
)
def test_any_packed_network_is_its_trainable_twin(
    width: int,
    multipliers: list[int],
    blocks: int,
    embed: int,
    window: int,
    depth: int,
    mlp: int,
    ranks: tuple[int, int],
    rows: int,
    columns: int,
    pictures: int,
    keep: str,
    seed: int,
) -> None:
    rule = {"skip_keywords": ["input_blocks.0.0", keep], "param_threshold": 0.2}
    mapping = MAPPING | {
        "image_size": 16,
        "model_channels": width,
        "channel_mult": multipliers,
        "num_res_blocks": blocks,
        "attention_resolutions": [16],
        "swin_embed_dim": embed,
        "window_size": window,
        "swin_depth": depth,
        "mlp_ratio": mlp,
        "conv_quant_config": {"rank": ranks[0]},
        "linear_quant_config": {"rank": ranks[1]},
        "which_fp_conv": [rule],
        "which_fp_linear": [rule],
    }
    unet = random_unet(mapping, seed)
    packed = pack_unet(unet)
    size = (pictures, 3, unet.alignment * rows, unet.alignment * columns)
    best: dict[str, float] = {}
    for _ in range(3):
        layers, parts = part_differences(unet, packed, torch.randn(size), torch.rand(size) * 2 - 1)
        assert max(layers.values()) < 1e-5
        best = {name: min(parts[name], best.get(name, 1.0)) for name in parts}
        if max(best.values()) < 1e-4:
            return
    # A value that rounding moves over zero spoils a block; it does not do so three times.
    pytest.fail(f"blocks differ: {best}")


def test_a_comparison_names_what_was_packed_wrongly(unet: ReleasedUNet) -> None:
    good = compare(unet, pack_unet(unet))
    assert good.fault is None
    assert good.layers == 83
    assert good.whole < 1e-5
    name = "middle_block.1.blocks.0.mlp.fc1"
    wrong = pack_unet(unet)
    layer = wrong.get_submodule(name)
    assert isinstance(layer, PackedReleasedLayer)
    layer.bits[0, 0, 0] ^= 1
    assert compare(unet, wrong).fault == name
