"""The whole one-step x4 model: encode, add noise, denoise once, decode."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bimaco_gui.model.codec import Decoder, Encoder
from bimaco_gui.model.config import UpscalerConfig
from bimaco_gui.model.diffusion import network_input, start_latent
from bimaco_gui.model.layers import Form, LayerFactory
from bimaco_gui.model.receptive_field import context
from bimaco_gui.model.unet import UNet


class OneStepUpscaler(nn.Module):
    """LR picture and noise to the x4 picture.

    Attributes:
        scale: Always 4.
        alignment: Heights and widths are multiples of this many LR pixels, and a tile's result
            is the picture's where the tile starts on multiples of it.
        context: No LR pixel farther away than this (in rows or columns) changes a result.
        latent_channels: Channels of the noise that `forward` takes.
    """

    scale = 4

    def __init__(self, config: UpscalerConfig, form: Form) -> None:
        super().__init__()
        self.config, self.form = config, form
        self.alignment = config.alignment
        self.context = context(config)
        self.latent_channels = config.codec.latent_channels
        layers = LayerFactory(form, config.block)
        self.encoder = Encoder(config.codec, layers)
        self.unet = UNet(self.latent_channels + 3, self.latent_channels, config.unet, layers)
        self.decoder = Decoder(config.codec, layers)

    def forward(self, lq: Tensor, noise: Tensor) -> Tensor:
        """Upscale.

        Args:
            lq: [N, 3, h, w] RGB in 0..1, h and w multiples of `alignment`.
            noise: [N, latent_channels, h, w], standard normal.

        Returns:
            [N, 3, 4h, 4w], nominally 0..1, not clamped.
        """
        low, enlarged = centred_and_enlarged(lq)
        latent = self._denoised(low, enlarged, noise)
        return self.decoder(latent, low, enlarged) * 0.5 + 0.5  # type: ignore[no-any-return]

    def predict_latent(self, lq: Tensor, noise: Tensor) -> Tensor:
        """The clean latent z_0 [N, latent_channels, h, w]; arguments as for `forward`."""
        return self._denoised(*centred_and_enlarged(lq), noise)

    def decode(self, latent: Tensor, lq: Tensor) -> Tensor:
        """The picture [N, 3, 4h, 4w] of a latent, given the LR picture; both as for `forward`."""
        return self.decoder(latent, *centred_and_enlarged(lq)) * 0.5 + 0.5  # type: ignore[no-any-return]

    def _denoised(self, low: Tensor, enlarged: Tensor, noise: Tensor) -> Tensor:
        noisy = start_latent(self.encoder(enlarged), noise, self.config.diffusion)
        return self.unet(  # type: ignore[no-any-return]
            torch.cat((network_input(noisy, self.config.diffusion), low), 1)
        )


def centred_and_enlarged(lq: Tensor) -> tuple[Tensor, Tensor]:
    """The LR picture in -1..1, and its bicubic enlargement [N, 3, 4h, 4w]."""
    low = lq * 2 - 1
    return low, F.interpolate(low, scale_factor=4.0, mode="bicubic", align_corners=False)
