"""What one training run is: a frozen description read from a TOML file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bimaco_gui.model import BlockConfig, CodecConfig, DiffusionConfig, UNetConfig, UpscalerConfig
from bimaco_gui.training.degradation import DegradationConfig

STAGES = ("codec", "teacher", "student", "binary")


@dataclass(frozen=True)
class LossConfig:
    """Weights of the losses; those a stage does not have are ignored.

    Attributes:
        pixel: Mean absolute difference to the photo (range 0..1).
        structure: 1 - SSIM of the luma.
        grid: Colour casts and patterns of the period of an LR pixel.
        feature: SqueezeNet feature distance to the photo.
        latent: Mean absolute difference of latents to those that are aimed at.
        distillation: Likewise, to the latents that the teacher reaches in all its steps.
        adversarial: Size of the adversary's gradient at the pixels, relative to that of the
            pixel and feature losses together.
        adversarial_from: Share of the run after which the adversary has a say.
    """

    pixel: float = 1.0
    structure: float = 0.0
    grid: float = 0.0
    feature: float = 0.1
    latent: float = 0.1
    distillation: float = 0.0
    adversarial: float = 0.0
    adversarial_from: float = 0.3


@dataclass(frozen=True)
class RunConfig:
    """One stage of training.

    Attributes:
        stage: One of `STAGES`.
        minutes: Wall clock of the training loop; the schedules follow the clock. 0 only measures
            the statistics of normalization.
        steps: The most steps, for rehearsals; 0 for no limit.
        batch, crop: Photos a step on each device, and their side in pixels (a multiple of
            4 x alignment).
        distilled: How many of a batch the teacher is asked about.
        pool: Pairs of photos and degraded pictures that batches are drawn from, on each device.
        renewed: Pairs that are made anew each step.
        learning_rate: Peak; warmed up linearly over `warmup` steps, then cosine to zero.
        average: Decay of the moving average of the weights that is kept as the result.
        calibration: Batches from which the statistics of normalization are measured at the end.
        compile: Use torch.compile, block by block.
        rank, sparse_per_channel: Size of the side branches, where the binary stage is to have
            another one than the model it starts from.
    """

    stage: str
    minutes: float = 1.0
    steps: int = 0
    batch: int = 64
    crop: int = 256
    distilled: int = 0
    pool: int = 2048
    renewed: int = 16
    learning_rate: float = 1e-3
    warmup: int = 50
    average: float = 0.995
    calibration: int = 100
    compile: bool = False
    rank: int | None = None
    sparse_per_channel: int | None = None
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
