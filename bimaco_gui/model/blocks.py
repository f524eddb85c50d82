"""Residual block, downsampling and upsampling: the convolutional parts of UNet and codec."""

from __future__ import annotations

from torch import Tensor, nn

from bimaco_gui.model.layers import LayerFactory, convolve


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
        inner = x if self.shortcut_per_conv else None
        h = convolve(self.before1, self.conv1, x, residual=inner)
        outer = h if self.shortcut_per_conv else x
        return convolve(self.before2, self.conv2, h, residual=outer)


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
        return convolve(self.before, self.conv, x)


class Upsample(nn.Module):
    """Nearest-neighbour doubling, then a 3x3 convolution: [N, I, H, W] to [N, O, 2H, 2W]."""

    def __init__(self, in_channels: int, out_channels: int, layers: LayerFactory) -> None:
        super().__init__()
        self.before = _before_resample(in_channels, layers)
        self.conv = layers.conv(in_channels, out_channels, 3)

    def forward(self, x: Tensor, residual: Tensor | None = None) -> Tensor:
        """Double the resolution; `residual` is added."""
        return convolve(self.before, self.conv, x, residual=residual, doubled=True)
