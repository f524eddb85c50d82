"""The released BiMaCoSR as an API: networks from the authors' configurations and state dicts.

>>> unet = build_unet(unet_config, read_state(Path("BiMaCoSR.pth")))
>>> autoencoder = build_autoencoder(autoencoder_config, read_state(Path("autoencoder_vq_f4.pth")))
>>> pipeline = build_pipeline(unet, autoencoder, diffusion_config)
>>> image = pipeline(lq, noise)

Configurations are mappings under the authors' names (``params`` of their YAML files); states are
flat state dicts in the released key layout, of any floating type, on the CPU. Everything is
computed in float32. The released weights are licensed for non-commercial use and are not part of
this project.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from bimaco_gui.model.layers import Form
from bimaco_gui.model.released.autoencoder import (
    AutoencoderConfig,
    VqAutoencoder,
    load_autoencoder_state,
)
from bimaco_gui.model.released.config import ReleasedUNetConfig
from bimaco_gui.model.released.diffusion import ReleasedDiffusion
from bimaco_gui.model.released.layers import binarize_conv, binarize_linear
from bimaco_gui.model.released.pipeline import ReleasedPipeline
from bimaco_gui.model.released.state import load_unet_state
from bimaco_gui.model.released.unet import ReleasedUNet
from bimaco_gui.weights.containers import read_state

__all__ = [
    "binarize_conv",
    "binarize_linear",
    "build_autoencoder",
    "build_pipeline",
    "build_unet",
    "read_state",
]


def build_unet(config: Mapping[str, Any], state: Mapping[str, Tensor]) -> ReleasedUNet:
    """The UNet, in evaluation mode; call it as ``unet(x, timesteps, lq)``.

    Args:
        config: With the binary keys (``binary_linear``, ``which_fp_conv``, ...) it describes the
            binarized UNet, without any of them the full-precision one (the layout of SinSR).
        state: Every key that the network reads must be there, and no other but those that the
            authors' network carries unread.

    Raises:
        ModelError: the configuration is not of this kind, or the state does not fit; all faults
            are named.
    """
    described = ReleasedUNetConfig.from_mapping(config)
    form = Form.FULL if described.binary is None else Form.BINARY
    with torch.device("meta"):
        unet = ReleasedUNet(described, form)
    load_unet_state(unet, state)
    return unet.eval().requires_grad_(False)


def build_autoencoder(config: Mapping[str, Any], state: Mapping[str, Tensor]) -> VqAutoencoder:
    """The VQ autoencoder, in evaluation mode, with ``encode(image)`` and ``decode(z)``.

    Raises:
        ModelError: as for `build_unet`.
    """
    described = AutoencoderConfig.from_mapping(config)
    with torch.device("meta"):
        autoencoder = VqAutoencoder(described)
    load_autoencoder_state(autoencoder, state)
    return autoencoder.eval().requires_grad_(False)


def build_pipeline(
    unet: ReleasedUNet, autoencoder: VqAutoencoder, diffusion_config: Mapping[str, Any]
) -> ReleasedPipeline:
    """LR picture [N, 3, h, w] in -1..1 and noise to the picture [N, 3, 4h, 4w] in -1..1.

    Raises:
        ModelError: the diffusion's configuration is not of this kind, or does not fit the
            autoencoder.
    """
    diffusion = ReleasedDiffusion.from_mapping(diffusion_config)
    return ReleasedPipeline(unet, autoencoder, diffusion).eval()
