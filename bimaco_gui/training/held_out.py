"""Figures on photos that are never trained on, always degraded in the same way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from bimaco_gui.training.data import load_photo
from bimaco_gui.training.evaluation_degradation import degrade
from bimaco_gui.training.feature_distance import FeatureDistance
from bimaco_gui.training.losses import structure_loss
from bimaco_gui.training.metrics import BORDER, LUMA
from bimaco_gui.training.stages import Batch

SEED = 7


def luma_psnr(pictures: Tensor, photos: Tensor) -> Tensor:
    """PSNR [N] in dB of the luma of RGB pictures in 0..1, without a 4 px border."""
    weights = torch.tensor(LUMA, device=pictures.device)[:, None, None] / 255
    difference = ((pictures.clamp(0, 1) - photos) * weights).sum(1)
    inner = difference[:, BORDER:-BORDER, BORDER:-BORDER]
    return -10 * inner.square().mean((1, 2)).log10()


class HeldOut:
    """The held-out photos' centres, their LR pictures and noise, drawn once.

    LR pictures are made twice: as in the evaluation's seeded degradation, and by clean bicubic
    reduction.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        crop: int,
        latent_channels: int,
        feature: FeatureDistance,
        device: torch.device,
    ) -> None:
        centres = [_centre(load_photo(path), crop) for path in paths]
        self._feature = feature
        self._sharp = torch.stack(centres).to(device).float() / 255
        degraded = [
            degrade(centre.permute(1, 2, 0).numpy(), path.name, SEED)
            for centre, path in zip(centres, paths, strict=True)
        ]
        degraded_pictures = torch.from_numpy(np.stack(degraded)).permute(0, 3, 1, 2) / 255
        side = crop // 4
        clean = F.interpolate(self._sharp, size=(side, side), mode="bicubic", antialias=True)
        self._low = {
            "": degraded_pictures.contiguous().to(device),
            "clean_": (clean.clamp(0, 1) * 255).round() / 255,
        }
        generator = torch.Generator().manual_seed(SEED)
        shape = (len(centres), latent_channels, side, side)
        self._noise = torch.randn(shape, generator=generator).to(device)

    @torch.no_grad()
    def evaluate(self, render: Callable[[Batch], Tensor]) -> dict[str, float]:
        """Y-PSNR, SSIM of the luma and feature distance of what `render` makes, and of bicubic.

        Names begin with ``clean_`` for the clean reduction and end with ``_bicubic`` for bicubic
        enlargement.
        """
        figures: dict[str, float] = {}
        for name, low in self._low.items():
            pictures = render(Batch(self._sharp, low, self._noise))
            bicubic = F.interpolate(low, scale_factor=4.0, mode="bicubic", antialias=True)
            figures |= self._figures(pictures, name, "")
            figures |= self._figures(bicubic, name, "_bicubic")
        return figures

    def _figures(self, pictures: Tensor, prefix: str, suffix: str) -> dict[str, float]:
        pictures = pictures.float().clamp(0, 1)
        values = {
            "psnr": luma_psnr(pictures, self._sharp).mean(),
            "ssim": 1 - structure_loss(pictures, self._sharp),
            "feature": self._feature(pictures, self._sharp).mean(),
        }
        return {f"{prefix}{k}{suffix}": round(float(v), 4) for k, v in values.items()}


def _centre(photo: Tensor, side: int) -> Tensor:
    top, left = (photo.shape[1] - side) // 2, (photo.shape[2] - side) // 2
    return photo[:, top : top + side, left : left + side]
