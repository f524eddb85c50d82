"""BinaryConv2d and BinaryLinear in their trainable form: three branches, straight-through signs.

A layer computes the sum of BiMaCoSR's branches BMB, LRMB and SMB (`x` is its real-valued input)::

    y = RPReLU(alpha[o] * s[p] * <sign(W), sign(x)> + bias[o]) + (S + B A) x

with s[p] the mean of |x| over the channels at the centre pixel, applied after the sum, so that
the inner product stays an integer. Linear layers have no RPReLU, as in the released network.
Where the layer halves the resolution, the side branches read the 2x2 mean of `x`. docs/model.md
lists where this departs from the paper and its released code.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bimaco_gui.model.side_branches import (
    LowRank,
    Sparse,
    copy_split,
    sparse_count,
    split_weight,
)
from bimaco_gui.model.signs import activation_sign, weight_sign


class RPReLU(nn.Module):
    """PReLU between two learned shifts (ReActNet): prelu(v + before) + after, per channel.

    It starts as the identity, so that binarizing a layer changes nothing but its weights.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.before = nn.Parameter(torch.zeros(channels))
        self.slope = nn.Parameter(torch.ones(channels))
        self.after = nn.Parameter(torch.zeros(channels))

    def forward(self, v: Tensor) -> Tensor:
        """[N, C, H, W] to the same shape."""
        before, after = self.before[:, None, None], self.after[:, None, None]
        return F.prelu(v + before, self.slope.to(v.dtype)) + after


class BinaryConv2d(nn.Module):
    """A binary convolution, odd kernel, zero padding of half the kernel, stride 1 or 2.

    Attributes:
        weight: Latent weights [O, I, k, k]; only their signs are used.
        alpha: Scale per output channel [O].
        bias: [O].
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        stride: int = 1,
        *,
        rank: int = 8,
        sparse_per_channel: int = 2,
    ) -> None:
        super().__init__()
        self.in_channels, self.out_channels = in_channels, out_channels
        self.kernel_size, self.stride = kernel_size, stride
        shape = (out_channels, in_channels, kernel_size, kernel_size)
        fan_in = in_channels * kernel_size**2
        self.weight = nn.Parameter(torch.randn(shape) * fan_in**-0.5)
        self.alpha = nn.Parameter(torch.full((out_channels,), fan_in**-0.5))
        self.bias = nn.Parameter(torch.zeros(out_channels))
        self.activation = RPReLU(out_channels)
        self.low_rank = LowRank(in_channels, out_channels, rank)
        count = sparse_count(in_channels, out_channels, sparse_per_channel)
        self.sparse = Sparse(in_channels, out_channels, count)

    def forward(self, x: Tensor) -> Tensor:
        """[N, I, H, W] to [N, O, H / stride, W / stride]; even sides only where the stride is 2."""
        scale = x.detach().abs().mean(1, keepdim=True)[:, :, :: self.stride, :: self.stride]
        dot = F.conv2d(
            activation_sign(x),
            weight_sign(self.weight),
            stride=self.stride,
            padding=self.kernel_size // 2,
        )
        y = self.activation(dot * self.alpha[:, None, None] * scale + self.bias[:, None, None])
        source = x if self.stride == 1 else F.avg_pool2d(x, self.stride)
        side = self.low_rank.matrix() + self.sparse.matrix()
        return y + F.conv2d(source, side[:, :, None, None])  # type: ignore[no-any-return]

    @torch.no_grad()
    def initialise_from(self, full: nn.Conv2d) -> None:
        """Take over a full-precision convolution of the same shape (BiMaCoSR's initialisation).

        The side branches are split off the centre tap where the layer keeps the resolution, and
        off the sum of the taps where it halves it (they see the mean of the taps there).
        """
        weight = full.weight.detach().float().clone()
        middle = self.kernel_size // 2
        seen = weight[:, :, middle, middle] if self.stride == 1 else weight.sum((2, 3))
        sparse, low_rank, rest = split_weight(seen, self.low_rank.rank, self.sparse.values.numel())
        taps = 1 if self.stride == 1 else self.kernel_size**2
        if taps == 1:
            weight[:, :, middle, middle] = rest
        else:
            weight -= ((seen - rest) / taps)[:, :, None, None]
        copy_split(self.sparse, self.low_rank, sparse, low_rank)
        self.weight.copy_(weight)
        self.alpha.copy_(weight.abs().mean((1, 2, 3)))
        self.bias.copy_(torch.zeros_like(self.bias) if full.bias is None else full.bias)


class BinaryLinear(nn.Module):
    """A binary linear layer over the last axis.

    Attributes:
        weight: Latent weights [O, I]; only their signs are used.
        alpha: Scale per output feature [O].
        bias: [O].
    """

    def __init__(
        self, in_features: int, out_features: int, *, rank: int = 8, sparse_per_channel: int = 2
    ) -> None:
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        self.weight = nn.Parameter(torch.randn(out_features, in_features) * in_features**-0.5)
        self.alpha = nn.Parameter(torch.full((out_features,), in_features**-0.5))
        self.bias = nn.Parameter(torch.zeros(out_features))
        self.low_rank = LowRank(in_features, out_features, rank)
        count = sparse_count(in_features, out_features, sparse_per_channel)
        self.sparse = Sparse(in_features, out_features, count)

    def forward(self, x: Tensor) -> Tensor:
        """[..., I] to [..., O]."""
        scale = x.detach().abs().mean(-1, keepdim=True)
        dot = F.linear(activation_sign(x), weight_sign(self.weight))
        y = dot * self.alpha * scale + self.bias
        return y + F.linear(x, self.low_rank.matrix() + self.sparse.matrix())

    @torch.no_grad()
    def initialise_from(self, full: nn.Linear) -> None:
        """Take over a full-precision linear layer of the same shape (BiMaCoSR's initialisation)."""
        sparse, low_rank, rest = split_weight(
            full.weight, self.low_rank.rank, self.sparse.values.numel()
        )
        copy_split(self.sparse, self.low_rank, sparse, low_rank)
        self.weight.copy_(rest)
        self.alpha.copy_(rest.abs().mean(1))
        self.bias.copy_(torch.zeros_like(self.bias) if full.bias is None else full.bias)
