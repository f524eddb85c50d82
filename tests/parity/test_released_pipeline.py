"""The released model's schedule and its one step from LR picture to enlarged picture."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

from bimaco_gui.errors import ModelError
from bimaco_gui.model.layers import Form
from bimaco_gui.model.released.autoencoder import (
    AutoencoderConfig,
    VqAutoencoder,
    load_autoencoder_state,
)
from bimaco_gui.model.released.config import ReleasedUNetConfig
from bimaco_gui.model.released.diffusion import ReleasedDiffusion
from bimaco_gui.model.released.pipeline import ReleasedPipeline
from bimaco_gui.model.released.state import load_unet_state
from bimaco_gui.model.released.unet import ReleasedUNet

GOLDEN = Path(__file__).resolve().parents[1] / "data" / "golden"


def read_json(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((GOLDEN / name).read_text())
    return read


@pytest.fixture
def mapping() -> dict[str, Any]:
    return read_json("diffusion_config.json")


@pytest.fixture(scope="module")
def autoencoder() -> VqAutoencoder:
    config = AutoencoderConfig.from_mapping(read_json("vq_tiny_config.json"))
    model = VqAutoencoder(config).eval()
    load_autoencoder_state(model, load_file(GOLDEN / "vq_tiny_state.safetensors"))
    return model


@pytest.fixture(scope="module")
def recorded() -> dict[str, torch.Tensor]:
    return load_file(GOLDEN / "pipeline_tiny_io.safetensors")


class RecordingUNet(nn.Module):
    """Answers with a given latent and keeps what it was asked."""

    def __init__(self, answer: torch.Tensor) -> None:
        super().__init__()
        self.answer = answer
        self.calls: list[tuple[torch.Tensor, torch.Tensor, torch.Tensor]] = []

    def forward(self, x: torch.Tensor, timesteps: torch.Tensor, lq: torch.Tensor) -> torch.Tensor:
        self.calls.append((x, timesteps, lq))
        return self.answer


def test_picture_is_the_recorded_one(
    mapping: dict[str, Any], autoencoder: VqAutoencoder, recorded: dict[str, torch.Tensor]
) -> None:
    config = ReleasedUNetConfig.from_mapping(read_json("unet_tiny_config.json"))
    unet = ReleasedUNet(config, Form.BINARY).eval()
    load_unet_state(unet, load_file(GOLDEN / "unet_tiny_state.safetensors"))
    pipeline = ReleasedPipeline(unet, autoencoder, ReleasedDiffusion.from_mapping(mapping))
    with torch.inference_mode():
        picture = pipeline(recorded["lq"], recorded["noise"])
    assert float((picture - recorded["out"]).norm() / recorded["out"].norm()) < 1e-5


def test_schedule_is_the_recorded_one(mapping: dict[str, Any]) -> None:
    diffusion = ReleasedDiffusion.from_mapping(mapping)
    golden = load_file(GOLDEN / "diffusion_sqrt_etas.safetensors")["sqrt_etas"]
    torch.testing.assert_close(torch.tensor(diffusion.sqrt_etas), golden, rtol=0, atol=1e-6)
    assert diffusion.last_timestep == 14


def test_defaults_are_the_released_mapping(mapping: dict[str, Any]) -> None:
    assert ReleasedDiffusion.from_mapping(mapping) == ReleasedDiffusion()


def test_names_missing_settings(mapping: dict[str, Any]) -> None:
    del mapping["kappa"], mapping["steps"]
    mapping["learn_sigma"] = False
    with pytest.raises(ModelError, match=r"lacks kappa, steps"):
        ReleasedDiffusion.from_mapping(mapping)


def test_names_missing_settings_of_the_schedule(mapping: dict[str, Any]) -> None:
    mapping["schedule_kwargs"] = {}
    with pytest.raises(ModelError, match=r"schedule_kwargs, lacks power"):
        ReleasedDiffusion.from_mapping(mapping)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("schedule_name", "linear"),
        ("predict_type", "residual"),
        ("timestep_respacing", 4),
        ("latent_flag", False),
        ("normalize_input", False),
        ("kappa", float("nan")),
        ("kappa", 0),
        ("steps", 1),
        ("sf", 4.0),
    ],
)
def test_names_a_setting_that_it_cannot_follow(
    mapping: dict[str, Any], name: str, value: object
) -> None:
    mapping[name] = value
    with pytest.raises(ModelError, match=rf"\b{name} = "):
        ReleasedDiffusion.from_mapping(mapping)


def test_unet_is_asked_for_the_last_step(
    autoencoder: VqAutoencoder, recorded: dict[str, torch.Tensor]
) -> None:
    lq, noise = recorded["lq"], recorded["noise"]
    unet = RecordingUNet(torch.zeros_like(noise))
    with torch.inference_mode():
        ReleasedPipeline(unet, autoencoder, ReleasedDiffusion())(lq, noise)
        enlarged = F.interpolate(lq, size=(64, 64), mode="bicubic", align_corners=False)
        expected = (autoencoder.encode(enlarged) + 1.98 * noise) / 2.2181975
    ((x, timesteps, condition),) = unet.calls
    torch.testing.assert_close(x, expected, rtol=1e-5, atol=1e-5)
    assert timesteps.tolist() == [14] and timesteps.dtype == torch.int64
    assert torch.equal(condition, lq)


def test_latents_are_scaled_on_both_ways(autoencoder: VqAutoencoder) -> None:
    torch.manual_seed(3)
    lq, z0 = torch.rand(2, 3, 8, 12) * 2 - 1, torch.randn(2, 3, 8, 12) * 0.2
    noise = torch.zeros_like(z0)
    plain, scaled = RecordingUNet(z0), RecordingUNet(z0 * 2)
    with torch.inference_mode():
        expected = ReleasedPipeline(plain, autoencoder, ReleasedDiffusion())(lq, noise)
        found = ReleasedPipeline(scaled, autoencoder, ReleasedDiffusion(latent_factor=2))(lq, noise)
    assert torch.equal(found, expected)
    torch.testing.assert_close(scaled.calls[0][0], plain.calls[0][0] * 2)
    assert scaled.calls[0][1].shape == (2,)


def test_picture_is_clamped(autoencoder: VqAutoencoder, recorded: dict[str, torch.Tensor]) -> None:
    z0 = load_file(GOLDEN / "vq_tiny_io.safetensors")["z"]
    with torch.inference_mode():
        picture = ReleasedPipeline(RecordingUNet(z0), autoencoder, ReleasedDiffusion())(
            recorded["lq"], recorded["noise"]
        )
        unclamped = autoencoder.decode(z0)
    assert unclamped.abs().max() > 1.5
    assert torch.equal(picture, unclamped.clamp(-1, 1))


def test_refuses_noise_of_another_size(autoencoder: VqAutoencoder) -> None:
    pipeline = ReleasedPipeline(nn.Identity(), autoencoder, ReleasedDiffusion())
    with torch.inference_mode(), pytest.raises(ValueError, match=r"noise is \(1, 3, 8, 4\)"):
        pipeline(torch.zeros(1, 3, 8, 8), torch.zeros(1, 3, 8, 4))


def test_refuses_an_autoencoder_of_another_reduction() -> None:
    halving = VqAutoencoder(AutoencoderConfig(channels=32, multipliers=(1, 1), res_blocks=1))
    with pytest.raises(ModelError, match="enlarges 4 times, but the autoencoder reduces 2 times"):
        ReleasedPipeline(nn.Identity(), halving, ReleasedDiffusion())
