"""The denoiser: a UNet of residual blocks with Swin blocks at its lowest level.

Level i has 1 / 2^i of the latent's resolution. Skip connections are added, not concatenated, so
that they stay real-valued without a binary 1x1 convolution in their way.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from bimaco_gui.model.blocks import Downsample, ResBlock, Upsample
from bimaco_gui.model.config import UNetConfig
from bimaco_gui.model.layers import LayerFactory, convolve_edge
from bimaco_gui.model.swin import swin_blocks


class UNet(nn.Module):
    """Maps [N, in_channels, h, w] to [N, out_channels, h, w].

    h and w are multiples of window * 2^(levels - 1). The first and the last convolution are full
    precision, all others take the factory's form.
    """

    def __init__(
        self, in_channels: int, out_channels: int, config: UNetConfig, layers: LayerFactory
    ) -> None:
        super().__init__()
        widths = config.channels
        last = len(widths) - 1
        self.first = layers.edge_conv(in_channels, widths[0])
        self.down = nn.ModuleList(
            nn.Sequential(*(ResBlock(width, layers) for _ in range(count)))
            for width, count in zip(widths, config.down_blocks, strict=True)
        )
        self.downsample = nn.ModuleList(
            Downsample(widths[i], widths[i + 1], layers) for i in range(last)
        )
        self.middle = nn.Sequential(
            *swin_blocks(
                widths[last],
                config.swin_depth,
                config.window,
                config.head_channels,
                config.mlp_ratio,
                layers,
            )
        )
        self.up = nn.ModuleList(
            nn.Sequential(*(ResBlock(width, layers) for _ in range(count)))
            for width, count in zip(widths, config.up_blocks, strict=True)
        )
        self.upsample = nn.ModuleList(
            Upsample(widths[i + 1], widths[i], layers) for i in range(last)
        )
        self.before_last = layers.pre_activation(widths[0])
        self.last = layers.edge_conv(widths[0], out_channels)

    def forward(self, x: Tensor, shifts: Sequence[Tensor] | None = None) -> Tensor:
        """Noisy latent and LR picture, concatenated, to the clean latent.

        Args:
            shifts: What a network of many steps adds to the features where each level begins,
                [N, width, 1, 1], to tell one step from another. None where there is one step: a
                shift that never changes is part of the convolution's bias.
        """
        h: Tensor = self.first(x)
        if shifts is not None:
            h = h + shifts[0]
        skips: list[Tensor] = []
        last = len(self.up) - 1
        # Blocks are called one by one: a call of them all would keep its input until it returns.
        for level, blocks in enumerate(self.down):
            for block in blocks.children():
                h = block(h)
            if level < len(self.downsample):
                skips.append(h)
                h = self.downsample[level](h)
                if shifts is not None:
                    h = h + shifts[level + 1]
        h = self.middle(h)
        for level in reversed(range(len(self.up))):
            if level < last:
                h = self.upsample[level](h, skips.pop())
            for block in self.up[level].children():
                h = block(h)
        return convolve_edge(self.before_last, self.last, h)
