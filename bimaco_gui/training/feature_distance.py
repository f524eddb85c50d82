"""Feature distance of two pictures: a perceptual measure and training loss from SqueezeNet 1.1.

The measure has the form of LPIPS (Zhang et al. 2018, eq. 1) with all channel weights equal, on
ImageNet SqueezeNet 1.1. It lacks the weights that LPIPS fits to people's judgements, so its
figures are not comparable with LPIPS and it is called feature distance everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

SMALLEST_SIDE = 32  # below this the last maps vanish

_BGR_MEAN = (104.0, 117.0, 123.0)
_FIRE_CHANNELS = {  # name: (input, squeeze, each expand)
    "fire2": (64, 16, 64),
    "fire3": (128, 16, 64),
    "fire4": (128, 32, 128),
    "fire5": (256, 32, 128),
    "fire6": (256, 48, 192),
    "fire7": (384, 48, 192),
    "fire8": (384, 64, 256),
    "fire9": (512, 64, 256),
}
_POOL_BEFORE = ("fire2", "fire4", "fire6")
_TAPS = ("fire3", "fire5", "fire6", "fire7", "fire8", "fire9")  # and the first convolution


class FeatureDistance(nn.Module):
    """Distance between pictures in the feature space of a frozen SqueezeNet 1.1.

    Seven maps are compared: after the first convolution and after the fire modules 3, 5, 6, 7, 8
    and 9, each rectified. Every map is scaled to unit length along its channels; the squared
    difference is summed over channels, averaged over space, and summed over the maps. The
    distance lies in [0, 14]: 0 for equal pictures.

    Gradients flow to both pictures, never to the weights. The convolutions follow an enclosing
    autocast; normalization and distance are computed in float32.
    """

    mean: Tensor

    def __init__(self, weights: Path) -> None:
        """Read the weights.

        Args:
            weights: ``.npz`` with ``conv1.w``, ``conv1.b``, ``fire2_squeeze1x1.w``... as in the
                original Caffe release (input BGR 0..255 minus its mean), any float type.

        Raises:
            FileNotFoundError: There is no such file.
            KeyError: A layer is missing in it.
            ValueError: A layer has the wrong shape.
        """
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, stride=2)
        self.fires = nn.ModuleDict({name: _Fire(*c) for name, c in _FIRE_CHANNELS.items()})
        with np.load(weights) as stored:
            self._read({key: stored[key] for key in stored.files})
        mean = torch.tensor(_BGR_MEAN).flip(0) / 255.0
        self.register_buffer("mean", mean.view(1, 3, 1, 1), persistent=False)
        self.requires_grad_(False)

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        """Compare pictures pairwise.

        Args:
            first: float [N, 3, H, W], RGB, nominal 0..1 (not clamped), sides of 32 px or more.
            second: The same shape.

        Returns:
            float32 [N], one distance a pair.

        Raises:
            ValueError: The shapes differ, are not of colour pictures, or a side is too short.
        """
        if first.shape != second.shape:
            raise ValueError(f"shapes differ: {tuple(first.shape)} and {tuple(second.shape)}")
        distance = torch.zeros(first.shape[0], dtype=torch.float32, device=first.device)
        for a, b in zip(self.features(first), self.features(second), strict=True):
            distance = distance + _map_distance(a, b)
        return distance

    def features(self, picture: Tensor) -> list[Tensor]:
        """Return the seven rectified maps of pictures [N, 3, H, W], finest first.

        Their channels are 64, 128, 256, 384, 384, 512, 512 and their strides 2, 4, 8, then 16.

        Raises:
            ValueError: The shape is not that of colour pictures, or a side is too short.
        """
        if picture.ndim != 4 or picture.shape[1] != 3 or min(picture.shape[2:]) < SMALLEST_SIDE:
            raise ValueError(
                f"expected [N, 3, H, W] with sides of {SMALLEST_SIDE} or more, "
                f"got {tuple(picture.shape)}"
            )
        x = F.relu(self.conv1(picture - self.mean))
        maps = [x]
        for name, fire in self.fires.items():
            if name in _POOL_BEFORE:
                x = F.max_pool2d(x, 3, stride=2, ceil_mode=True)
            x = fire(x)
            if name in _TAPS:
                maps.append(x)
        return maps

    def _read(self, stored: Mapping[str, np.ndarray]) -> None:
        """Fill the layers; the first also takes over the BGR order and the range 0..255."""
        _fill(self.conv1, stored, "conv1")
        with torch.no_grad():
            self.conv1.weight.copy_(self.conv1.weight.flip(1) * 255.0)
        for name, fire in self.fires.items():
            assert isinstance(fire, _Fire)
            _fill(fire.squeeze, stored, f"{name}_squeeze1x1")
            _fill(fire.expand1, stored, f"{name}_expand1x1")
            _fill(fire.expand3, stored, f"{name}_expand3x3")


class _Fire(nn.Module):
    """Squeeze to few channels, expand by 1x1 and 3x3 side by side (Iandola et al. 2016)."""

    def __init__(self, channels: int, squeezed: int, expanded: int) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(channels, squeezed, 1)
        self.expand1 = nn.Conv2d(squeezed, expanded, 1)
        self.expand3 = nn.Conv2d(squeezed, expanded, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.squeeze(x))
        return F.relu(torch.cat([self.expand1(x), self.expand3(x)], dim=1))


def _fill(layer: nn.Conv2d, stored: Mapping[str, np.ndarray], name: str) -> None:
    assert layer.bias is not None
    for parameter, key in ((layer.weight, f"{name}.w"), (layer.bias, f"{name}.b")):
        value = torch.from_numpy(stored[key].astype(np.float32))
        if value.shape != parameter.shape:
            raise ValueError(f"{key} is {tuple(value.shape)}, expected {tuple(parameter.shape)}")
        with torch.no_grad():
            parameter.copy_(value)


def _map_distance(a: Tensor, b: Tensor) -> Tensor:
    """Squared difference of unit-length channel vectors, averaged over space: [N]."""
    with torch.autocast(a.device.type, enabled=False):
        difference = _unit_length(a.float()) - _unit_length(b.float())
        return difference.square().sum(dim=1).mean(dim=(1, 2))


def _unit_length(x: Tensor) -> Tensor:
    # The small term inside the root keeps value and gradient finite where all channels are zero.
    return x * torch.rsqrt(x.square().sum(dim=1, keepdim=True) + 1e-10)
