"""The released networks with random weights: their cost does not depend on what they learned."""

from __future__ import annotations

from typing import Final, TypeVar

import torch
from torch import Tensor, nn

from bimaco_gui.model import Form
from bimaco_gui.model.released import defaults
from bimaco_gui.model.released.autoencoder import AutoencoderConfig, VqAutoencoder
from bimaco_gui.model.released.config import ReleasedUNetConfig
from bimaco_gui.model.released.diffusion import ReleasedDiffusion
from bimaco_gui.model.released.pipeline import ReleasedPipeline
from bimaco_gui.model.released.strict import fill
from bimaco_gui.model.released.unet import ReleasedUNet

Network = TypeVar("Network", bound=nn.Module)

LATENT: Final = 64
"""LR pixels a side of the tile that its authors trained on; 256 of the result."""


def random_unet(form: Form) -> ReleasedUNet:
    """The released UNet at its full size, in evaluation mode."""
    mapping = defaults.UNET if form is Form.FULL else {**defaults.UNET, **defaults.BINARIZATION}
    with torch.device("meta"):
        unet = ReleasedUNet(ReleasedUNetConfig.from_mapping(mapping), form)
    return _filled(unet)


def random_autoencoder() -> VqAutoencoder:
    """The released autoencoder, in evaluation mode."""
    with torch.device("meta"):
        autoencoder = VqAutoencoder(AutoencoderConfig.from_mapping(defaults.AUTOENCODER))
    return _filled(autoencoder)


def random_pipeline() -> ReleasedPipeline:
    """The full-precision pipeline: SinSR's UNet and the VQ-f4 autoencoder."""
    diffusion = ReleasedDiffusion.from_mapping(defaults.DIFFUSION)
    return ReleasedPipeline(random_unet(Form.FULL), random_autoencoder(), diffusion).eval()


def _filled(network: Network) -> Network:
    generator = torch.Generator().manual_seed(0)
    state = network.state_dict()
    # Places of sparse values must exist in the narrowest layer: the first channels do.
    fill(network, {name: _random(name, value, generator) for name, value in state.items()})
    return network.eval().requires_grad_(False)


def _random(name: str, like: Tensor, generator: torch.Generator) -> Tensor:
    """Numbers of a size that keeps feature maps near unit variance."""
    if like.dtype == torch.uint8:
        return torch.randint(256, like.shape, dtype=torch.uint8, generator=generator)
    if not like.is_floating_point():
        return torch.randint(32, like.shape, dtype=like.dtype, generator=generator)
    if name.endswith("indices_float"):
        return torch.randint(32, like.shape, generator=generator).float()
    values = torch.randn(like.shape, generator=generator)
    if like.ndim < 2:
        return values * 0.1 + float(name.endswith("weight"))
    fan_in = like[0].numel()
    return values * float(fan_in**-0.5)
