"""The released model from LR picture to enlarged picture, in one step."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bimaco_gui.errors import ModelError
from bimaco_gui.model.released.autoencoder import VqAutoencoder
from bimaco_gui.model.released.diffusion import ReleasedDiffusion
from bimaco_gui.model.released.mapping import TITLE


class ReleasedPipeline(nn.Module):
    """Encode the enlarged picture, add noise, denoise once, decode.

    Args:
        unet: Called as unet(x, timesteps, lq) with the scaled noisy latent [N, C, h, w], the
            timesteps [N] as int64 and the LR picture; returns the clean latent.
        autoencoder: To and from latents.
        diffusion: The schedule.

    Raises:
        ModelError: latents of the autoencoder would not be of the LR picture's size.
    """

    def __init__(
        self, unet: nn.Module, autoencoder: VqAutoencoder, diffusion: ReleasedDiffusion
    ) -> None:
        super().__init__()
        reduction = autoencoder.config.reduction
        if reduction != diffusion.scale:
            raise ModelError(
                TITLE,
                f"The diffusion enlarges {diffusion.scale} times, but the autoencoder reduces "
                f"{reduction} times.",
            )
        self.unet, self.autoencoder, self.diffusion = unet, autoencoder, diffusion

    def forward(self, lq: Tensor, noise: Tensor) -> Tensor:
        """Upscale.

        Args:
            lq: [N, 3, h, w] RGB in -1..1, of a size that the UNet takes.
            noise: [N, code_channels, h, w], standard normal.

        Returns:
            [N, 3, 4h, 4w] in -1..1, clamped.
        """
        latent = self.predict_latent(lq, noise) / self.diffusion.latent_factor
        return self.autoencoder.decode(latent).clamp(-1, 1)

    def predict_latent(self, lq: Tensor, noise: Tensor) -> Tensor:
        """The clean latent [N, code_channels, h, w], before quantization; arguments as above."""
        diffusion = self.diffusion
        enlarged = F.interpolate(
            lq, scale_factor=float(diffusion.scale), mode="bicubic", align_corners=False
        )
        encoded = self.autoencoder.encode(enlarged) * diffusion.latent_factor
        if noise.shape != encoded.shape:
            raise ValueError(f"noise is {tuple(noise.shape)}, latents {tuple(encoded.shape)}")
        noisy = diffusion.start_latent(encoded, noise)
        timesteps = torch.full((lq.shape[0],), diffusion.last_timestep, device=lq.device)
        latent: Tensor = self.unet(diffusion.network_input(noisy), timesteps, lq)
        return latent
