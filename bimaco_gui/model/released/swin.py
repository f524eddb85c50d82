"""The released Swin layers: attention in windows, between two 1x1 convolutions, no residual around.

Every second block shifts its windows by half, but only at levels larger than a window on the
training latent. Its mask is the released one, with its defect: see `released_shift_mask`.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bimaco_gui.model.released.config import ReleasedUNetConfig
from bimaco_gui.model.swin import from_windows, relative_position_index, to_windows

APART = -100.0


class GroupNorm32(nn.GroupNorm):
    """Group normalization in 32 groups, computed in float32 whatever the input's type."""

    def __init__(self, channels: int) -> None:
        super().__init__(32, channels)

    def forward(self, x: Tensor) -> Tensor:
        """[N, C, H, W] to the same shape and type."""
        weight, bias = self.weight.float(), self.bias.float()
        return F.group_norm(x.float(), self.num_groups, weight, bias, self.eps).to(x.dtype)


def released_shift_regions(
    height: int, width: int, window: int, shift: int, like: Tensor
) -> Tensor:
    """What the released blocks keep apart in the attention of shifted windows.

    The cyclic shift brings pixels of opposite borders together in the last row and the last column
    of windows. The released code keeps only the last row's apart, and there left from right
    instead of top from bottom. Its weights are trained with that, so it stays.

    Returns:
        int64 [windows, window^2] on the device of `like`: `APART` is added to the scores between
        pixels of different numbers.
    """
    column = torch.arange(window * window, device=like.device) % window
    rows, columns = height // window, width // window
    regions = column.new_zeros(rows, columns, window * window)
    regions[-1] = (column >= window - shift).long()
    return regions.flatten(0, 1)


def released_shift_mask(height: int, width: int, window: int, shift: int, like: Tensor) -> Tensor:
    """The additive mask of `released_shift_regions`.

    Returns:
        [windows, 1, window^2, window^2] in the type of `like`: -100 or 0.
    """
    regions = released_shift_regions(height, width, window, shift, like)
    apart = regions[:, None, :, None] != regions[:, None, None, :]
    return apart.to(like.dtype) * APART


class ReleasedAttention(nn.Module):
    """Multi-head attention among the pixels of one window, with a relative position bias."""

    unused_keys = ("relative_position_index",)

    def __init__(self, channels: int, window: int, head_channels: int) -> None:
        super().__init__()
        self.window, self.head_channels = window, head_channels
        self.heads = channels // head_channels
        table = torch.zeros((2 * window - 1) ** 2, self.heads)
        self.relative_position_bias_table = nn.Parameter(nn.init.trunc_normal_(table, std=0.02))
        self.qkv = nn.Linear(channels, 3 * channels)
        self.proj = nn.Linear(channels, channels)

    def position_bias(self) -> Tensor:
        """The bias of each pair of pixels, [1, heads, window^2, window^2]."""
        table = self.relative_position_bias_table
        index = relative_position_index(self.window, table.device)
        return table[index].permute(2, 0, 1)[None]

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """Windows [M, window^2, C] (and mask [M / N, 1, window^2, window^2]) to the same shape."""
        m, tokens, c = x.shape
        qkv = self.qkv(x).view(m, tokens, 3, self.heads, self.head_channels)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        bias = self.position_bias().to(q.dtype)
        if mask is not None:
            bias = (bias + mask).repeat(m // mask.shape[0], 1, 1, 1)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=bias)
        return self.proj(y.transpose(1, 2).reshape(m, tokens, c))  # type: ignore[no-any-return]


class _Perceptron(nn.Module):
    """Two 1x1 convolutions with a GELU between, [N, C, H, W] to the same shape."""

    def __init__(self, channels: int, hidden: int) -> None:
        super().__init__()
        self.fc1 = nn.Conv2d(channels, hidden, 1)
        self.fc2 = nn.Conv2d(hidden, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(F.gelu(self.fc1(x)))  # type: ignore[no-any-return]


class ReleasedSwinBlock(nn.Module):
    """x + attention(norm(x)), then x + perceptron(norm(x)).

    Args:
        config: The network's.
        shift: Pixels by which its windows are shifted; 0 for none.
    """

    def __init__(self, config: ReleasedUNetConfig, shift: int) -> None:
        super().__init__()
        channels = config.swin_embed_dim
        self.window, self.shift = config.window_size, shift
        self.norm1 = GroupNorm32(channels)
        self.attn = ReleasedAttention(channels, config.window_size, config.num_head_channels)
        self.norm2 = GroupNorm32(channels)
        self.mlp = _Perceptron(channels, config.mlp_ratio * channels)

    @property
    def unused_keys(self) -> tuple[str, ...]:
        """The mask of a released shifted block is stored for one size, and never read."""
        return ("attn_mask",) if self.shift else ()

    def forward(self, x: Tensor) -> Tensor:
        """[N, C, H, W] to the same shape; H and W are multiples of the window."""
        x = x + self._attend(self.norm1(x))
        return x + self.mlp(self.norm2(x))  # type: ignore[no-any-return]

    def _attend(self, x: Tensor) -> Tensor:
        x = x.permute(0, 2, 3, 1)
        mask = None
        if self.shift:
            mask = released_shift_mask(x.shape[1], x.shape[2], self.window, self.shift, x)
            x = x.roll((-self.shift, -self.shift), (1, 2))
        y = self.attn(to_windows(x, self.window), mask)
        y = from_windows(y, self.window, x.shape)
        if self.shift:
            y = y.roll((self.shift, self.shift), (1, 2))
        return y.permute(0, 3, 1, 2)


class _Projection(nn.Module):
    """A 1x1 convolution under the authors' name."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.proj = nn.Conv2d(in_channels, out_channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.proj(x)  # type: ignore[no-any-return]


class ReleasedSwinLayer(nn.Module):
    """To the embedding's width, `swin_depth` blocks, and back: [N, C, H, W] to the same shape.

    Args:
        channels: C.
        image_size: Side of this level on the training latent. Where it is no larger than a
            window, no block is shifted, whatever size is given later.
        config: The network's.
    """

    def __init__(self, channels: int, image_size: int, config: ReleasedUNetConfig) -> None:
        super().__init__()
        shift = config.window_size // 2 if image_size > config.window_size else 0
        self.patch_embed = _Projection(channels, config.swin_embed_dim)
        self.blocks = nn.Sequential(
            *(ReleasedSwinBlock(config, (i % 2) * shift) for i in range(config.swin_depth))
        )
        self.patch_unembed = _Projection(config.swin_embed_dim, channels)

    def forward(self, x: Tensor) -> Tensor:
        """H and W are multiples of the window."""
        return self.patch_unembed(self.blocks(self.patch_embed(x)))  # type: ignore[no-any-return]
