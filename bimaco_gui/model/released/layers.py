"""The released binary convolution and linear layer, trainable form.

A convolution computes the sum of BiMaCoSR's branches (`x` is its real-valued input)::

    y = RPReLU(conv(s * sign(x), alpha * sign(W)) + bias) + (S + B A) x

with s the mean of |x| over the channels at each pixel and alpha the mean of |W| over each output
channel. Unlike the bundled model's layer, s scales the pixels before the sum over taps, alpha is
derived from the latent weights, and sign(0) is 0. Where a convolution halves the resolution, the
2x2 mean of `x` takes the place of both side branches. Linear layers have no RPReLU.

Parameters bear the authors' names, so that their state dicts load. What their layers carry but
never read (`unused_keys`) is no parameter here.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bimaco_gui.model.side_branches import largest_places, leading_factors, sparse_count
from bimaco_gui.model.signs import ActivationSign, WeightSign

_SPARSE_PER_CHANNEL = 2
_RANK = 8


class _ActivationSign(ActivationSign):
    """Forward: -1, 0 or 1, where the bundled model has no 0. Backward: the same."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return x.sign()


class _WeightSign(WeightSign):
    """Forward: -1, 0 or 1, where the bundled model has no 0. Backward: the same."""

    @staticmethod
    def forward(ctx: Any, w: Tensor) -> Tensor:
        ctx.save_for_backward(w)
        return w.sign()


def binary_activation(x: Tensor, channel_axis: int) -> Tensor:
    """Scaled signs s * sign(x), s the mean of |x| over `channel_axis`, a constant to autograd."""
    sign: Tensor = _ActivationSign.apply(x)  # type: ignore[no-untyped-call]
    return x.detach().abs().mean(channel_axis, keepdim=True) * sign


def weight_scale(weight: Tensor) -> Tensor:
    """alpha: the mean of |W| over all axes but the first, [O]."""
    return weight.detach().abs().flatten(1).mean(1)


def binary_weight(weight: Tensor) -> Tensor:
    """Scaled signs alpha * sign(W), of W's shape; alpha is a constant to autograd."""
    sign: Tensor = _WeightSign.apply(weight)  # type: ignore[no-untyped-call]
    return weight_scale(weight).view(-1, *[1] * (weight.ndim - 1)) * sign


class _Shift(nn.Module):
    """A learned number per channel, ``bias`` [1, C], added to [N, C, H, W]."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(1, channels))

    def forward(self, v: Tensor) -> Tensor:
        return v + self.bias[:, :, None, None]


class ReleasedRPReLU(nn.Module):
    """PReLU between two learned shifts (ReActNet), per channel; slopes start at 0.25."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.pr_bias0 = _Shift(channels)
        self.pr_prelu = nn.PReLU(channels)
        self.pr_bias1 = _Shift(channels)

    def forward(self, v: Tensor) -> Tensor:
        """[N, C, H, W] to the same shape."""
        return self.pr_bias1(self.pr_prelu(self.pr_bias0(v)))  # type: ignore[no-any-return]


class ReleasedSparse(nn.Module):
    """The sparse branch (SMB): ``values`` [k] at rows and columns ``indices_float`` [2, k].

    The places are a float buffer because the authors' averaged checkpoints hold them so; loading
    rounds them. Entries at the same place add up.
    """

    indices_float: Tensor

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.shape = (out_channels, in_channels)
        count = sparse_count(in_channels, out_channels, _SPARSE_PER_CHANNEL)
        place = torch.arange(count) * (in_channels * out_channels // count)
        self.values = nn.Parameter(torch.zeros(count))
        indices = torch.stack((place // in_channels, place % in_channels))
        self.register_buffer("indices_float", indices.float())

    @property
    def indices(self) -> tuple[Tensor, Tensor]:
        """Output and input channel of each value, int64 [k] each."""
        out_index, in_index = self.indices_float.round().long()
        return out_index, in_index

    def matrix(self) -> Tensor:
        """The branch as a dense matrix, [O, I], differentiable in ``values``."""
        dense = self.values.new_zeros(self.shape)
        return dense.index_put(self.indices, self.values, accumulate=True)


class ReleasedLowRankConv(nn.Module):
    """The low-rank branch (LRMB) of a convolution: ``A`` to `rank` channels, ``B`` back."""

    def __init__(self, in_channels: int, out_channels: int, rank: int) -> None:
        super().__init__()
        self.rank = min(rank, in_channels, out_channels)
        self.A = nn.Conv2d(in_channels, self.rank, 1, bias=False)
        self.B = nn.Conv2d(self.rank, out_channels, 1, bias=False)

    @property
    def down(self) -> Tensor:
        """[rank, I]."""
        return self.A.weight[:, :, 0, 0]

    @property
    def up(self) -> Tensor:
        """[O, rank]."""
        return self.B.weight[:, :, 0, 0]


class ReleasedLowRankLinear(nn.Module):
    """The low-rank branch of a linear layer; ``A`` and ``B`` trade places, as released."""

    def __init__(self, in_features: int, out_features: int, rank: int) -> None:
        super().__init__()
        self.rank = min(rank, in_features, out_features)
        self.B = nn.Linear(in_features, self.rank, bias=False)
        self.A = nn.Linear(self.rank, out_features, bias=False)

    @property
    def down(self) -> Tensor:
        """[rank, I]."""
        return self.B.weight

    @property
    def up(self) -> Tensor:
        """[O, rank]."""
        return self.A.weight


def side_matrix(
    sparse: ReleasedSparse, lora: ReleasedLowRankConv | ReleasedLowRankLinear
) -> Tensor:
    """S + B A, [O, I]: what the two side branches do together at one pixel."""
    return sparse.matrix() + lora.up @ lora.down


def _largest_entries(matrix: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """The `count` entries of largest magnitude: values [k] and (row, column) int64 [2, k]."""
    place = largest_places(matrix, count)
    columns = matrix.shape[1]
    return matrix.flatten()[place], torch.stack((place // columns, place % columns))


class ReleasedBinaryConv2d(nn.Module):
    """A binary convolution: odd kernel, zero padding of half of it, stride 1 or 2.

    Attributes:
        weight: Latent weights [O, I, k, k]; their signs and mean magnitudes are used.
        bias: [O].

    Raises:
        ValueError: a halving convolution whose widths differ; its shortcut would not fit.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        stride: int = 1,
        *,
        rank: int = _RANK,
    ) -> None:
        super().__init__()
        if stride != 1 and (stride != 2 or in_channels != out_channels):
            raise ValueError("a halving binary convolution keeps its width")
        self.in_channels, self.out_channels = in_channels, out_channels
        self.kernel_size, self.stride, self.rank = kernel_size, stride, rank
        shape = (out_channels, in_channels, kernel_size, kernel_size)
        self.weight = nn.Parameter(torch.randn(shape) * (in_channels * kernel_size**2) ** -0.5)
        self.bias = nn.Parameter(torch.zeros(out_channels))
        self.relu = ReleasedRPReLU(out_channels)
        if stride == 1:
            self.skip_connection = ReleasedSparse(in_channels, out_channels)
            self.lora = ReleasedLowRankConv(in_channels, out_channels, rank)

    @property
    def unused_keys(self) -> tuple[str, ...]:
        """Keys of the released layer that its forward pass never reads."""
        dead = ("move0.bias",)
        if self.stride == 1:
            return dead
        branches = ("skip_connection.values", "skip_connection.indices_float")
        return (*dead, *branches, "lora.A.weight", "lora.B.weight")

    def forward(self, x: Tensor) -> Tensor:
        """[N, I, H, W] to [N, O, H / stride, W / stride]."""
        y = F.conv2d(
            binary_activation(x, 1),
            binary_weight(self.weight),
            self.bias,
            self.stride,
            self.kernel_size // 2,
        )
        if self.stride == 1:
            side = side_matrix(self.skip_connection, self.lora)
            shortcut = F.conv2d(x, side[:, :, None, None])
        else:
            shortcut = F.avg_pool2d(x, 2)
        return self.relu(y) + shortcut  # type: ignore[no-any-return]

    @torch.no_grad()
    def initialise_from(self, full: nn.Conv2d) -> None:
        """Take over a full-precision convolution of the same shape (BiMaCoSR's initialisation).

        As released: the branches are found in the mean over the taps and taken off the centre tap
        alone, the sparse one first; halving layers lose those parts too, though they have no
        branches to hold them.
        """
        weight = full.weight.detach().float().clone()
        middle = self.kernel_size // 2
        centre = weight[:, :, middle, middle]
        count = sparse_count(self.in_channels, self.out_channels, _SPARSE_PER_CHANNEL)
        values, indices = _largest_entries(weight.mean((2, 3)), count)
        centre[indices[0], indices[1]] -= values
        up, down = leading_factors(weight.mean((2, 3)), self.rank)
        centre -= up @ down
        if self.stride == 1:
            self.skip_connection.values.copy_(values)
            self.skip_connection.indices_float.copy_(indices)
            self.lora.up.copy_(up)
            self.lora.down.copy_(down)
        self.weight.copy_(weight)
        self.bias.copy_(torch.zeros_like(self.bias) if full.bias is None else full.bias)


class ReleasedBinaryLinear(nn.Module):
    """A binary linear layer over the last axis.

    Attributes:
        weight: Latent weights [O, I]; their signs and mean magnitudes are used.
        bias: [O].
    """

    unused_keys: tuple[str, ...] = ("channel_threshold",)

    def __init__(self, in_features: int, out_features: int, *, rank: int = _RANK) -> None:
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        self.weight = nn.Parameter(torch.randn(out_features, in_features) * in_features**-0.5)
        self.bias = nn.Parameter(torch.zeros(out_features))
        self.skip_connection = ReleasedSparse(in_features, out_features)
        self.lora = ReleasedLowRankLinear(in_features, out_features, rank)

    def forward(self, x: Tensor) -> Tensor:
        """[..., I] to [..., O]."""
        y = F.linear(binary_activation(x, -1), binary_weight(self.weight), self.bias)
        return y + F.linear(x, side_matrix(self.skip_connection, self.lora))

    @torch.no_grad()
    def initialise_from(self, full: nn.Linear) -> None:
        """Take over a full-precision linear layer of the same shape (BiMaCoSR's initialisation)."""
        weight = full.weight.detach().float().clone()
        values, indices = _largest_entries(weight, self.skip_connection.values.numel())
        weight[indices[0], indices[1]] -= values
        up, down = leading_factors(weight, self.lora.rank)
        self.skip_connection.values.copy_(values)
        self.skip_connection.indices_float.copy_(indices)
        self.lora.up.copy_(up)
        self.lora.down.copy_(down)
        self.weight.copy_(weight - up @ down)
        self.bias.copy_(torch.zeros_like(self.bias) if full.bias is None else full.bias)


def like_conv(conv: nn.Conv2d, rank: int = _RANK) -> ReleasedBinaryConv2d:
    """An untrained binary convolution of the shape of `conv`, on its device."""
    with conv.weight.device:
        return ReleasedBinaryConv2d(
            conv.in_channels, conv.out_channels, conv.kernel_size[0], conv.stride[0], rank=rank
        )


def like_linear(linear: nn.Linear, rank: int = _RANK) -> ReleasedBinaryLinear:
    """An untrained binary linear layer of the shape of `linear`, on its device."""
    with linear.weight.device:
        return ReleasedBinaryLinear(linear.in_features, linear.out_features, rank=rank)


def binarize_conv(conv: nn.Conv2d, rank: int = _RANK) -> ReleasedBinaryConv2d:
    """The binary convolution that starts from `conv`, which is left as it was."""
    layer = like_conv(conv, rank)
    layer.initialise_from(conv)
    return layer


def binarize_linear(linear: nn.Linear, rank: int = _RANK) -> ReleasedBinaryLinear:
    """The binary linear layer that starts from `linear`, which is left as it was."""
    layer = like_linear(linear, rank)
    layer.initialise_from(linear)
    return layer
