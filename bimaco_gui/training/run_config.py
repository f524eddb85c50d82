"""What one training run is: a frozen description read from a TOML file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bimaco_gui.model import BlockConfig, CodecConfig, DiffusionConfig, UNetConfig, UpscalerConfig
from bimaco_gui.training.degradation import DegradationConfig

STAGES = ("codec", "student", "binary")


@dataclass(frozen=True)
class LossConfig:
    """Weights of the losses; those a stage does not have are ignored.

    Attributes:
        pixel: Mean absolute difference to the photo (range 0..1).
        feature: SqueezeNet feature distance to the photo.
        latent: Mean absolute difference of latents to those that are aimed at.
        adversarial: Size of the adversary's gradient at the pixels, relative to that of the
            pixel and feature losses together.
        adversarial_from: Share of the run after which the adversary has a say.
    """

    pixel: float = 1.0
    feature: float = 0.1
    latent: float = 0.1
    adversarial: float = 0.0
    adversarial_from: float = 0.3


@dataclass(frozen=True)
class RunConfig:
    """One stage of training.

    Attributes:
        stage: ``codec``, ``student`` or ``binary``.
        minutes: Wall clock of the training loop; the schedules follow the clock. 0 only measures
            the statistics of normalization.
        steps: The most steps, for rehearsals; 0 for no limit.
        batch, crop: Photos a step and their side in pixels (a multiple of 4 x alignment).
        learning_rate: Peak; warmed up linearly over `warmup` steps, then cosine to zero.
        average: Decay of the moving average of the weights that is kept as the result.
        calibration: Batches from which the statistics of normalization are measured at the end.
        compile: Use torch.compile.
    """

    stage: str
    minutes: float = 1.0
    steps: int = 0
    batch: int = 64
    crop: int = 256
    learning_rate: float = 1e-3
    warmup: int = 50
    average: float = 0.995
    calibration: int = 100
    compile: bool = False
    seed: int = 20261124
    loss: LossConfig = field(default_factory=LossConfig)
    degradation: DegradationConfig = field(default_factory=DegradationConfig)
    model: UpscalerConfig = field(default_factory=UpscalerConfig)


def load_run_config(path: Path, overrides: dict[str, Any]) -> RunConfig:
    """Read a TOML file; `overrides` replace top-level keys.

    Raises:
        ValueError: an unknown stage or key.
    """
    mapping = {**tomllib.loads(path.read_text(encoding="utf-8")), **overrides}
    if mapping.get("stage") not in STAGES:
        raise ValueError(f"{path}: stage must be one of {', '.join(STAGES)}")
    try:
        return RunConfig(
            **{
                **mapping,
                "loss": LossConfig(**mapping.get("loss", {})),
                "degradation": DegradationConfig(**_tuples(mapping.get("degradation", {}))),
                "model": _model(mapping.get("model", {})),
            }
        )
    except TypeError as error:
        raise ValueError(f"{path}: {error}") from error


def _model(mapping: dict[str, Any]) -> UpscalerConfig:
    return UpscalerConfig(
        block=BlockConfig(**mapping.get("block", {})),
        codec=CodecConfig(**mapping.get("codec", {})),
        unet=UNetConfig(**_tuples(mapping.get("unet", {}))),
        diffusion=DiffusionConfig(**mapping.get("diffusion", {})),
    )


def _tuples(mapping: dict[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in mapping.items()}
