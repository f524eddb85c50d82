"""The stable API over the released model, met with the authors' own vectors."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from bimaco_gui.errors import ModelError
from bimaco_gui.weights.released import (
    binarize_conv,
    binarize_linear,
    build_autoencoder,
    build_pipeline,
    build_unet,
    read_state,
)


@pytest.fixture(scope="module")
def golden(repo: Path) -> Path:
    return repo / "tests" / "data" / "golden"


def mapping(golden: Path, name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((golden / f"{name}_config.json").read_text())
    return loaded


def relative(a: Tensor, b: Tensor) -> float:
    return float((a - b).norm() / b.norm())


def test_the_whole_pipeline_gives_what_the_authors_code_gives(golden: Path) -> None:
    unet = build_unet(
        mapping(golden, "unet_tiny"), load_file(golden / "unet_tiny_state.safetensors")
    )
    autoencoder = build_autoencoder(
        mapping(golden, "vq_tiny"), load_file(golden / "vq_tiny_state.safetensors")
    )
    pipeline = build_pipeline(unet, autoencoder, mapping(golden, "diffusion"))
    recorded = load_file(golden / "pipeline_tiny_io.safetensors")
    with torch.inference_mode():
        image = pipeline(recorded["lq"].float(), recorded["noise"].float())
    assert relative(image, recorded["out"].float()) < 1e-3
    assert not unet.training and not autoencoder.training


def test_unet_and_autoencoder_stand_alone(golden: Path) -> None:
    unet = build_unet(
        mapping(golden, "unet_tiny"), load_file(golden / "unet_tiny_state.safetensors")
    )
    recorded = load_file(golden / "unet_tiny_io.safetensors")
    with torch.inference_mode():
        out = unet(recorded["x"].float(), recorded["timesteps"], recorded["lq"].float())
    assert relative(out, recorded["out"].float()) < 1e-3
    autoencoder = build_autoencoder(
        mapping(golden, "vq_tiny"), load_file(golden / "vq_tiny_state.safetensors")
    )
    recorded = load_file(golden / "vq_tiny_io.safetensors")
    with torch.inference_mode():
        assert relative(autoencoder.encode(recorded["image"].float()), recorded["z"].float()) < 1e-3
        decoded = autoencoder.decode(recorded["z"].float())
    assert relative(decoded, recorded["decoded"].float()) < 1e-3


def test_a_checkpoint_as_training_saves_it_is_read(golden: Path, tmp_path: Path) -> None:
    state = load_file(golden / "unet_tiny_state.safetensors")
    whole = {"state_dict": {f"module.{name}": v for name, v in state.items()}, "iters_start": 9}
    torch.save(whole, tmp_path / "model_9.pth")
    unet = build_unet(mapping(golden, "unet_tiny"), read_state(tmp_path / "model_9.pth"))
    recorded = load_file(golden / "unet_tiny_io.safetensors")
    with torch.inference_mode():
        out = unet(recorded["x"].float(), recorded["timesteps"], recorded["lq"].float())
    assert relative(out, recorded["out"].float()) < 1e-3


def test_a_state_is_accounted_for_key_by_key(golden: Path) -> None:
    state = load_file(golden / "unet_tiny_state.safetensors")
    state["stranger.weight"] = torch.zeros(1)
    del state["out.2.bias"]
    with pytest.raises(ModelError) as caught:
        build_unet(mapping(golden, "unet_tiny"), state)
    assert "out.2.bias is missing" in caught.value.message
    assert "stranger.weight is unexpected" in caught.value.message


def test_layers_can_be_binarized_one_by_one() -> None:
    torch.manual_seed(0)
    conv, linear = nn.Conv2d(16, 24, 3, padding=1), nn.Linear(16, 24)
    binary_conv, binary_linear = binarize_conv(conv, rank=4), binarize_linear(linear, rank=4)
    with torch.inference_mode():
        assert binary_conv(torch.randn(1, 16, 6, 5)).shape == (1, 24, 6, 5)
        assert binary_linear(torch.randn(3, 16)).shape == (3, 24)
    assert conv.bias is not None
    assert torch.equal(binary_conv.bias, conv.bias)
