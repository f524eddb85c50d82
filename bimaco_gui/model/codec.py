"""The light f4 codec: encoder and decoder of the same layers as the UNet.

All of its work is done at the latent's resolution or, if the configuration says so, at twice that;
finer resolutions are reached by rearranging channels into pixels, so no feature map of the full
picture exists.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bimaco_gui.model.blocks import Downsample, ResBlock, Upsample
from bimaco_gui.model.config import CodecConfig
from bimaco_gui.model.layers import LayerFactory, convolve_edge

COLOURS = 3


class Encoder(nn.Module):
    """Pictures [N, 3, 4h, 4w] in -1..1 to latents [N, latent_channels, h, w] of unit variance."""

    def __init__(self, config: CodecConfig, layers: LayerFactory) -> None:
        super().__init__()
        coarse = config.encoder_channels or config.coarse_channels
        has_fine = config.fold == 2
        fine = config.fine_channels if has_fine else coarse
        self.fold = config.fold
        self.first = layers.edge_conv(COLOURS * self.fold**2, fine)
        self.fine = nn.Sequential(
            *(ResBlock(fine, layers) for _ in range(config.encoder_fine_blocks))
        )
        self.downsample = Downsample(fine, coarse, layers) if has_fine else nn.Identity()
        self.coarse = nn.Sequential(
            *(ResBlock(coarse, layers) for _ in range(config.encoder_coarse_blocks))
        )
        self.before_last = layers.pre_activation(coarse)
        self.last = layers.edge_conv(coarse, config.latent_channels)
        self.unit = nn.BatchNorm2d(config.latent_channels, affine=False)

    def forward(self, picture: Tensor) -> Tensor:
        """Encode; height and width are multiples of 4."""
        h = self.fine(self.first(F.pixel_unshuffle(picture, self.fold)))
        h = self.coarse(self.downsample(h))
        return self.unit(convolve_edge(self.before_last, self.last, h))  # type: ignore[no-any-return]


class Decoder(nn.Module):
    """Latents [N, latent_channels, h, w] to pictures [N, 3, 4h, 4w], nominally -1..1."""

    def __init__(self, config: CodecConfig, layers: LayerFactory) -> None:
        super().__init__()
        coarse = config.coarse_channels
        has_fine = config.fold == 2
        fine = config.fine_channels if has_fine else coarse
        self.fold, self.guided = config.fold, config.guided
        guide = COLOURS if self.guided else 0
        self.first = layers.edge_conv(config.latent_channels + guide, coarse)
        self.coarse = nn.Sequential(
            *(ResBlock(coarse, layers) for _ in range(config.decoder_coarse_blocks))
        )
        self.upsample = Upsample(coarse, fine, layers) if has_fine else nn.Identity()
        self.fine = nn.Sequential(
            *(ResBlock(fine, layers) for _ in range(config.decoder_fine_blocks))
        )
        self.before_last = layers.pre_activation(fine)
        self.last = layers.edge_conv(fine, COLOURS * self.fold**2)
        if self.guided:
            # An untrained decoder leaves the enlargement as it is, without a grid of its own.
            nn.init.zeros_(self.last.weight)
            assert self.last.bias is not None
            nn.init.zeros_(self.last.bias)

    def forward(self, latent: Tensor, low: Tensor, enlarged: Tensor) -> Tensor:
        """Decode; any height and width.

        Args:
            latent: [N, latent_channels, h, w].
            low: The LR picture [N, 3, h, w] in -1..1; used by a guided decoder alone.
            enlarged: `low` enlarged to [N, 3, 4h, 4w]; likewise.
        """
        inputs = torch.cat((latent, low), 1) if self.guided else latent
        h = self.first(inputs)
        # One by one: a call of them all would keep its input until it returns.
        for block in (*self.coarse, self.upsample, *self.fine):
            h = block(h)
        picture = F.pixel_shuffle(convolve_edge(self.before_last, self.last, h), self.fold)
        return picture + enlarged if self.guided else picture
