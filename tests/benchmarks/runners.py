"""The upscalers that both benchmark commands run, and where their files lie in the repository."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bimaco_gui.training.peers import RealEsrganGeneral, Runner

if TYPE_CHECKING:
    from bimaco_gui.model import OneStepUpscaler

DATA = Path(__file__).resolve().parents[1] / "data"
PHOTOS = DATA / "public_test"
SQUEEZENET = DATA / "metrics" / "squeezenet_v1.1.npz"
NIQE_MODEL = DATA / "metrics" / "niqe_pris_params.npz"
REAL_ESRGAN = "Real-ESRGAN General x4 (ncnn)"


def real_esrgan(threads: int) -> Runner:
    """Real-ESRGAN General x4 v3 from the repository's copy."""
    stem = DATA / "baselines" / "RealESRGAN_General_x4_v3"
    return RealEsrganGeneral(stem.with_suffix(".param"), stem.with_suffix(".bin"), threads)


def through_engine(model: OneStepUpscaler) -> Runner:
    """The app's own path: tiles, noise, anchor and all, on the CPU."""
    from bimaco_gui.engine import Picture, Upscaler, UpscaleOptions

    upscaler = Upscaler(model, "cpu")

    def run(pixels: np.ndarray) -> np.ndarray:
        picture = Picture(
            pixels=pixels, alpha=None, icc_profile=None, exif=None, source_format="PNG", grey=False
        )
        return upscaler.upscale(picture, UpscaleOptions()).pixels

    return run


def model_file(name_or_path: str | None) -> Path:
    """The packed model's file: a path as it is, a name or None through the installed models."""
    from bimaco_gui.weights import find_model

    if name_or_path is not None and Path(name_or_path).is_file():
        return Path(name_or_path)
    return find_model(name_or_path).path
