"""The one step of residual-shifting diffusion that is taken at inference (ResShift, SinSR).

The forward process shifts the clean latent towards that of the LR picture and adds noise:
z_t = z_0 + eta_t (z_y - z_0) + kappa sqrt(eta_t) e. At the last step eta is all but one, so the
start is z_y + kappa sqrt(eta) e, and the network predicts z_0 from it at once.
"""

from __future__ import annotations

from torch import Tensor

from bimaco_gui.model.config import DiffusionConfig


def start_latent(encoded: Tensor, noise: Tensor, config: DiffusionConfig) -> Tensor:
    """z_T from the encoded LR picture and standard normal noise, both [N, C, h, w]."""
    return encoded + (config.kappa * config.sqrt_eta) * noise


def network_input(noisy: Tensor, config: DiffusionConfig) -> Tensor:
    """z_T scaled to unit variance, given that latents have unit variance."""
    variance = (config.kappa * config.sqrt_eta) ** 2 + 1
    return noisy * float(variance**-0.5)
