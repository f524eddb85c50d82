"""The released pipeline as the app runs models: pictures in 0..1, tiles of the authors' size."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from bimaco_gui.model.released.pipeline import ReleasedPipeline


class ReleasedUpscaler(nn.Module):
    """LR picture and noise to the enlarged picture, one tile at a time.

    Group normalization, and the autoencoder's attention, look at the whole tile, so a tile's result
    depends on where it is cut. The authors cut pictures into tiles of 256 LR pixels that share 32;
    so does the app by default.

    Attributes:
        scale: Output pixels per LR pixel.
        alignment: Heights and widths are multiples of this many LR pixels.
        context: Pixels at a cut of which nothing is kept: as far as cubic interpolation reads.
        latent_channels: Channels of the noise.
        usual_tile, overlap: The authors' tiles, in LR pixels.
    """

    context = 2
    usual_tile = 256
    overlap = 32

    def __init__(self, pipeline: ReleasedPipeline, alignment: int) -> None:
        super().__init__()
        self.pipeline = pipeline
        self.scale = pipeline.diffusion.scale
        self.alignment = alignment
        self.latent_channels = pipeline.autoencoder.config.code_channels
        self._quick_on: torch.device | None = None

    def forward(self, lq: Tensor, noise: Tensor) -> Tensor:
        """Upscale.

        Args:
            lq: [N, 3, h, w] RGB in 0..1, h and w multiples of `alignment`.
            noise: [N, latent_channels, h, w], standard normal.

        Returns:
            [N, 3, scale * h, scale * w] in 0..1.
        """
        if lq.device != self._quick_on:
            self.pipeline.autoencoder.quicken()
            self._quick_on = lq.device
        return self.pipeline(lq * 2 - 1, noise) * 0.5 + 0.5  # type: ignore[no-any-return]
