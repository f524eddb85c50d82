"""The blocks of the released UNet, in the form that trains: ResShift's.

Their layers are full precision as built; `unet.replace_layers` swaps them.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bimaco_gui.model.kept import Kept
from bimaco_gui.model.released.swin import GroupNorm32

_LONGEST_PERIOD = 10_000
_FREQUENCIES = Kept()


def timestep_embedding(timesteps: Tensor, channels: int) -> Tensor:
    """Cosines, then sines, of `timesteps` [N] at falling frequencies: [N, channels] float32."""
    half, device = channels // 2, timesteps.device

    def falling() -> Tensor:
        rank = torch.arange(half, dtype=torch.float32, device=device)
        return torch.exp(rank * (-math.log(_LONGEST_PERIOD) / half))

    angle = timesteps[:, None].float() * _FREQUENCIES.of(None, device, half, falling)
    return torch.cat((angle.cos(), angle.sin()), 1)


class ReleasedResBlock(nn.Module):
    """Two 3x3 convolutions with a shortcut; the time scales and shifts between them."""

    def __init__(self, in_channels: int, out_channels: int, embedding: int, dropout: float) -> None:
        super().__init__()
        self.in_layers = nn.Sequential(
            GroupNorm32(in_channels), nn.SiLU(), nn.Conv2d(in_channels, out_channels, 3, padding=1)
        )
        self.emb_layers = nn.Sequential(nn.SiLU(), nn.Linear(embedding, 2 * out_channels))
        self.out_layers = nn.Sequential(
            GroupNorm32(out_channels),
            nn.SiLU(),
            nn.Dropout(dropout),
            nn.Conv2d(out_channels, out_channels, 3, padding=1),
        )
        self.skip_connection: nn.Module = nn.Identity()
        if in_channels != out_channels:
            self.skip_connection = nn.Conv2d(in_channels, out_channels, 1)

    def forward(self, x: Tensor, embedding: Tensor) -> Tensor:
        """[N, I, H, W] and the time's embedding [N, E] to [N, O, H, W]."""
        norm, *rest = self.out_layers
        scale, shift = self.emb_layers(embedding)[:, :, None, None].chunk(2, dim=1)
        h = norm(self.in_layers(x)) * (1 + scale) + shift
        for layer in rest:
            h = layer(h)
        return self.skip_connection(x) + h  # type: ignore[no-any-return]


class ReleasedDownsample(nn.Module):
    """3x3 convolution of stride 2, [N, C, 2H, 2W] to [N, C, H, W]."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.op = nn.Conv2d(channels, channels, 3, stride=2, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """Halve the resolution; even sides only."""
        return self.op(x)  # type: ignore[no-any-return]


class ReleasedUpsample(nn.Module):
    """Nearest-neighbour doubling, then a 3x3 convolution, [N, C, H, W] to [N, C, 2H, 2W]."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """Double the resolution."""
        return self.conv(F.interpolate(x, scale_factor=2.0, mode="nearest"))  # type: ignore[no-any-return]
