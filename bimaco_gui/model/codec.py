"""The light f4 codec: encoder and decoder of the same layers as the UNet.

Most of its work is done at the latent's resolution and at twice that; the finest resolution is
reached by rearranging channels into pixels, so no feature map of the full picture exists.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

from bimaco_gui.model.blocks import Downsample, ResBlock, Upsample
from bimaco_gui.model.config import CodecConfig
from bimaco_gui.model.layers import LayerFactory

FOLD = 2


class Encoder(nn.Module):
    """Pictures [N, 3, 4h, 4w] in -1..1 to latents [N, latent_channels, h, w] of unit variance."""

    def __init__(self, config: CodecConfig, layers: LayerFactory) -> None:
        super().__init__()
        fine, coarse = config.fine_channels, config.coarse_channels
        self.first = layers.edge_conv(3 * FOLD**2, fine)
        self.fine = nn.Sequential(
            *(ResBlock(fine, layers) for _ in range(config.encoder_fine_blocks))
        )
        self.downsample = Downsample(fine, coarse, layers)
        self.coarse = nn.Sequential(
            *(ResBlock(coarse, layers) for _ in range(config.encoder_coarse_blocks))
        )
        self.before_last = layers.pre_activation(coarse)
        self.last = layers.edge_conv(coarse, config.latent_channels)
        self.unit = nn.BatchNorm2d(config.latent_channels, affine=False)

    def forward(self, picture: Tensor) -> Tensor:
        """Encode; height and width are multiples of 4."""
        h = self.fine(self.first(F.pixel_unshuffle(picture, FOLD)))
        h = self.coarse(self.downsample(h))
        return self.unit(self.last(self.before_last(h)))  # type: ignore[no-any-return]


class Decoder(nn.Module):
    """Latents [N, latent_channels, h, w] to pictures [N, 3, 4h, 4w], nominally -1..1."""

    def __init__(self, config: CodecConfig, layers: LayerFactory) -> None:
        super().__init__()
        fine, coarse = config.fine_channels, config.coarse_channels
        self.first = layers.edge_conv(config.latent_channels, coarse)
        self.coarse = nn.Sequential(
            *(ResBlock(coarse, layers) for _ in range(config.decoder_coarse_blocks))
        )
        self.upsample = Upsample(coarse, fine, layers)
        self.fine = nn.Sequential(
            *(ResBlock(fine, layers) for _ in range(config.decoder_fine_blocks))
        )
        self.before_last = layers.pre_activation(fine)
        self.last = layers.edge_conv(fine, 3 * FOLD**2)

    def forward(self, latent: Tensor) -> Tensor:
        """Decode; any height and width."""
        h = self.upsample(self.coarse(self.first(latent)))
        return F.pixel_shuffle(self.last(self.before_last(self.fine(h))), FOLD)
