"""Swin blocks: attention inside 8x8 windows, every second block with windows shifted by half.

Windows lie on a grid counted from the tile's top-left corner. Where tiles start on multiples of
the window, that grid is the picture's, and a pixel's result does not depend on the tiling.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bimaco_gui import ops
from bimaco_gui.model.layers import LayerFactory, convolve, prologue_of
from bimaco_gui.model.packed_layers import PackedBinaryLinear

_APART = -1e30  # of a score between pixels that do not meet: as good as minus infinity


def relative_position_index(window: int, device: torch.device | None = None) -> Tensor:
    """Row of the bias table for each pair of a window's pixels, [window^2, window^2] int64."""
    axis = torch.arange(window, device=device)
    rows, columns = torch.meshgrid(axis, axis, indexing="ij")
    place = torch.stack((rows.flatten(), columns.flatten()))
    offset = place[:, :, None] - place[:, None, :] + window - 1
    return offset[0] * (2 * window - 1) + offset[1]


def to_windows(x: Tensor, window: int) -> Tensor:
    """[N, H, W, C] to [N * H/window * W/window, window^2, C], row by row."""
    n, h, w, c = x.shape
    x = x.view(n, h // window, window, w // window, window, c)
    return x.transpose(2, 3).reshape(-1, window * window, c)


def from_windows(x: Tensor, window: int, shape: torch.Size) -> Tensor:
    """The inverse of `to_windows`; `shape` is [N, H, W, C]."""
    n, h, w, c = shape
    x = x.view(n, h // window, w // window, window, window, c)
    return x.transpose(2, 3).reshape(n, h, w, c)


def shift_regions(height: int, width: int, window: int, shift: int, like: Tensor) -> Tensor:
    """Numbers for what the cyclic shift brought together from opposite borders.

    Returns:
        int64 [windows, window^2] on the device of `like`: pixels of different numbers do not meet.
    """

    def bands(size: int) -> Tensor:
        place = torch.arange(size, device=like.device)
        return (place >= size - window).long() + (place >= size - shift).long()

    group = bands(height)[:, None] * 3 + bands(width)[None, :]
    return to_windows(group[None, :, :, None], window).squeeze(-1)


def shift_mask(height: int, width: int, window: int, shift: int, like: Tensor) -> Tensor:
    """Keep the regions of shifted windows apart.

    Returns:
        Additive mask [windows, 1, window^2, window^2]: -inf between their pixels, else 0.
    """
    regions = shift_regions(height, width, window, shift, like)
    apart = regions[:, None, :, None] != regions[:, None, None, :]
    mask = torch.zeros(apart.shape, dtype=like.dtype, device=like.device)
    return mask.masked_fill_(apart, float("-inf"))


class WindowAttention(nn.Module):
    """Multi-head attention among the pixels of one window, with a relative position bias."""

    position_index: Tensor

    def __init__(
        self, channels: int, window: int, head_channels: int, layers: LayerFactory
    ) -> None:
        super().__init__()
        self.heads = channels // head_channels
        self.head_channels = head_channels
        self.window = window
        self.qkv = layers.linear(channels, 3 * channels)
        self.proj = layers.linear(channels, channels)
        self.position_bias = nn.Parameter(torch.zeros((2 * window - 1) ** 2, self.heads))
        self.register_buffer("position_index", relative_position_index(window), persistent=False)

    def bias(self) -> Tensor:
        """What is added to the scores: [heads, window^2, window^2]."""
        return self.position_bias[self.position_index].permute(2, 0, 1)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """Windows [M, window^2, C] (and mask [M / N, 1, window^2, window^2]) to the same shape."""
        m, tokens, c = x.shape
        qkv = self.qkv(x).view(m, tokens, 3, self.heads, self.head_channels)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        bias = self.bias()[None].to(q.dtype)
        if mask is not None:
            bias = (bias + mask).repeat(m // mask.shape[0], 1, 1, 1)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=bias)
        return self.proj(y.transpose(1, 2).reshape(m, tokens, c))  # type: ignore[no-any-return]


class SwinBlock(nn.Module):
    """x + attention(norm(x)), then x + perceptron(norm(x)); the perceptron is 1x1 convolutions."""

    def __init__(
        self,
        channels: int,
        window: int,
        shift: int,
        head_channels: int,
        mlp_ratio: int,
        layers: LayerFactory,
    ) -> None:
        super().__init__()
        self.window, self.shift = window, shift
        self.norm1 = layers.norm(channels)
        self.attention = WindowAttention(channels, window, head_channels, layers)
        self.norm2 = layers.norm(channels)
        self.fc1 = layers.conv(channels, mlp_ratio * channels, 1)
        self.between = layers.pre_activation(mlp_ratio * channels)
        self.fc2 = layers.conv(mlp_ratio * channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """[N, C, H, W] to the same shape; H and W are multiples of the window."""
        attention = self.attention
        if isinstance(attention.qkv, PackedBinaryLinear):
            x = self._attend_packed(x, attention.qkv)
        else:
            x = x + self._attend(self.norm1(x))
        hidden = convolve(self.norm2, self.fc1, x)
        return convolve(self.between, self.fc2, hidden, residual=x)

    def _attend_packed(self, x: Tensor, qkv: PackedBinaryLinear) -> Tensor:
        """X + attention(norm(x)), in three ops on channels that stay outermost."""
        proj = self.attention.proj
        assert isinstance(proj, PackedBinaryLinear)
        parts = qkv.on_pixels(x, prologue_of(self.norm1))
        regions = None
        if self.shift:
            regions = shift_regions(x.shape[2], x.shape[3], self.window, self.shift, x)
        mixed = ops.window_attention(
            parts, self.attention.bias(), self.window, self.shift, regions, _APART
        )
        return proj.on_pixels(mixed, residual=x)

    def _attend(self, x: Tensor) -> Tensor:
        x = x.permute(0, 2, 3, 1)
        mask = None
        if self.shift:
            mask = shift_mask(x.shape[1], x.shape[2], self.window, self.shift, x)
            x = x.roll((-self.shift, -self.shift), (1, 2))
        y = self.attention(to_windows(x, self.window), mask)
        y = from_windows(y, self.window, x.shape)
        if self.shift:
            y = y.roll((self.shift, self.shift), (1, 2))
        return y.permute(0, 3, 1, 2)


def swin_blocks(
    channels: int,
    depth: int,
    window: int,
    head_channels: int,
    mlp_ratio: int,
    layers: LayerFactory,
) -> list[SwinBlock]:
    """`depth` blocks, the second, fourth, ... with shifted windows."""
    return [
        SwinBlock(channels, window, (i % 2) * (window // 2), head_channels, mlp_ratio, layers)
        for i in range(depth)
    ]
