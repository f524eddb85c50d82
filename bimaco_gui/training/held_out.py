"""Figures on photos that are never trained on, always degraded in the same way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from bimaco_gui.model import OneStepUpscaler
from bimaco_gui.training.data import load_photo
from bimaco_gui.training.degradation import Degradation
from bimaco_gui.training.feature_distance import FeatureDistance
from bimaco_gui.training.metrics import BORDER, LUMA
from bimaco_gui.training.run_config import RunConfig

SEED = 7


def luma_psnr(pictures: Tensor, photos: Tensor) -> Tensor:
    """PSNR [N] in dB of the luma of RGB pictures in 0..1, without a 4 px border."""
    weights = torch.tensor(LUMA, device=pictures.device)[:, None, None] / 255
    difference = ((pictures.clamp(0, 1) - photos) * weights).sum(1)
    inner = difference[:, BORDER:-BORDER, BORDER:-BORDER]
    return -10 * inner.square().mean((1, 2)).log10()


class HeldOut:
    """The held-out photos' centres, their LR pictures and noise, drawn once."""

    def __init__(
        self,
        paths: Sequence[Path],
        config: RunConfig,
        feature: FeatureDistance,
        device: torch.device,
    ) -> None:
        generator = torch.Generator().manual_seed(SEED)
        centres = [_centre(load_photo(path), config.crop) for path in paths]
        self._feature = feature
        self._sharp = torch.stack(centres).to(device).float() / 255
        with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
            torch.manual_seed(SEED)
            self._low = Degradation(config.degradation, generator)(self._sharp)
        side = config.crop // 4
        self._noise_shape = (len(centres), config.model.codec.latent_channels, side, side)

    @torch.no_grad()
    def evaluate(self, model: OneStepUpscaler, codec: bool) -> dict[str, float]:
        """PSNR and feature distance of the model (or its codec alone) and of bicubic.

        Args:
            codec: encode and decode the sharp photos instead of upscaling.
        """
        generator = torch.Generator().manual_seed(SEED)
        noise = torch.randn(self._noise_shape, generator=generator).to(self._sharp.device)
        if codec:
            pictures = model.decoder(model.encoder(self._sharp * 2 - 1)) * 0.5 + 0.5
        else:
            pictures = model(self._low, noise)
        bicubic = F.interpolate(self._low, scale_factor=4.0, mode="bicubic").clamp(0, 1)
        return {
            "psnr": self._mean(luma_psnr(pictures, self._sharp)),
            "feature": self._mean(self._feature(pictures.clamp(0, 1), self._sharp)),
            "psnr_bicubic": self._mean(luma_psnr(bicubic, self._sharp)),
            "feature_bicubic": self._mean(self._feature(bicubic, self._sharp)),
        }

    @staticmethod
    def _mean(values: Tensor) -> float:
        return round(float(values.mean()), 4)


def _centre(photo: Tensor, side: int) -> Tensor:
    top, left = (photo.shape[1] - side) // 2, (photo.shape[2] - side) // 2
    return photo[:, top : top + side, left : left + side]
