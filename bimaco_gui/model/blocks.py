"""Residual block, downsampling and upsampling: the convolutional parts of UNet and codec."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

from bimaco_gui.model.layers import LayerFactory


class ResBlock(nn.Module):
    """Two pre-activated 3x3 convolutions with identity shortcuts.

    With `shortcut_per_conv` each convolution has its own shortcut, so real-valued features pass
    every binary convolution unharmed (Bi-Real Net); else one shortcut spans both.
    """

    def __init__(self, channels: int, layers: LayerFactory) -> None:
        super().__init__()
        self.shortcut_per_conv = layers.config.shortcut_per_conv
        self.before1 = layers.pre_activation(channels)
        self.conv1 = layers.conv(channels, channels, 3)
        self.before2 = layers.pre_activation(channels)
        self.conv2 = layers.conv(channels, channels, 3)

    def forward(self, x: Tensor) -> Tensor:
        """[N, C, H, W] to the same shape."""
        h: Tensor = self.conv1(self.before1(x))
        if self.shortcut_per_conv:
            h = h + x
            return h + self.conv2(self.before2(h))  # type: ignore[no-any-return]
        return x + self.conv2(self.before2(h))  # type: ignore[no-any-return]


def _before_resample(channels: int, layers: LayerFactory) -> nn.Module:
    return layers.pre_activation(channels) if layers.config.norm_before_resample else nn.Identity()


class Downsample(nn.Module):
    """3x3 convolution of stride 2: [N, I, 2H, 2W] to [N, O, H, W]."""

    def __init__(self, in_channels: int, out_channels: int, layers: LayerFactory) -> None:
        super().__init__()
        self.before = _before_resample(in_channels, layers)
        self.conv = layers.conv(in_channels, out_channels, 3, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        """Halve the resolution; even sides only."""
        return self.conv(self.before(x))  # type: ignore[no-any-return]


class Upsample(nn.Module):
    """Nearest-neighbour doubling, then a 3x3 convolution: [N, I, H, W] to [N, O, 2H, 2W]."""

    def __init__(self, in_channels: int, out_channels: int, layers: LayerFactory) -> None:
        super().__init__()
        self.before = _before_resample(in_channels, layers)
        self.conv = layers.conv(in_channels, out_channels, 3)

    def forward(self, x: Tensor) -> Tensor:
        """Double the resolution."""
        doubled = F.interpolate(self.before(x), scale_factor=2.0, mode="nearest")
        return self.conv(doubled)  # type: ignore[no-any-return]
