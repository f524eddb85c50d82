"""The packed form of the released binary layers: one bit a weight, a whole layer in one op.

The layers compute what their trainable twins in `layers` compute, through `bimaco_gui.ops`. What
stands before a layer in the network (normalization as a scale and a shift, then an activation) and
what is added behind it are arguments of the call, so that no pass over the feature map is left to
torch. They hold buffers only and do not train.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bimaco_gui import ops
from bimaco_gui.model.packed_layers import PackedEdgeConv2d
from bimaco_gui.model.released.layers import (
    ReleasedBinaryConv2d,
    ReleasedBinaryLinear,
    binary_activation,
    weight_scale,
)
from bimaco_gui.model.side_branches import sparse_count
from bimaco_gui.ops.reference import unpack_signs

_SPARSE_PER_CHANNEL = 2
_ACTIVATIONS = {"none": lambda v: v, "silu": F.silu, "gelu": F.gelu}


@dataclass(frozen=True)
class Before:
    """What happens to a layer's input before the layer reads it.

    Attributes:
        scale, shift: float32 [N, C] or None: a normalization of each picture, as x * scale + shift.
        activation: "none", "silu" or "gelu", after that.
        doubled: Both sides are doubled at last, every pixel repeated.
    """

    scale: Tensor | None = None
    shift: Tensor | None = None
    activation: str = "none"
    doubled: bool = False

    def __call__(self, x: Tensor) -> Tensor:
        """Apply it to [N, C, H, W] with torch, for layers that are no packed ones."""
        if self.scale is not None and self.shift is not None:
            x = x * self.scale[:, :, None, None] + self.shift[:, :, None, None]
        x = _ACTIVATIONS[self.activation](x)
        return F.interpolate(x, scale_factor=2.0, mode="nearest") if self.doubled else x


NOTHING_BEFORE = Before()


class PackedReleasedLayer(nn.Module):
    """What convolution and linear layer share: a map over pixels [N, C, H, W].

    Attributes:
        bits: Signs, uint8 [O, taps, ceil(I / 8)].
        alpha: Mean magnitude of each output channel's weights, [O].
        bias: [O]; RPReLU's first shift is part of it.
        slope, after: The rest of RPReLU, [O]; None in linear layers.
        low_rank_down, low_rank_up: [r, I] and [O, r]; None in layers of stride 2.
        sparse_values, sparse_out, sparse_in: Likewise, [k] each.
        zeros: int32 [2, z]: output channel, and tap * I + input channel, of the weights that are
            exactly 0, of which `bits` says +1.
        zero_channels, zero_weight, zero_side: What `find_zero_channels` found.
    """

    bits: Tensor
    alpha: Tensor
    bias: Tensor
    slope: Tensor | None
    after: Tensor | None
    low_rank_down: Tensor | None
    low_rank_up: Tensor | None
    sparse_values: Tensor | None
    sparse_out: Tensor | None
    sparse_in: Tensor | None
    zeros: Tensor
    zero_channels: Tensor | None
    zero_weight: Tensor | None
    zero_side: Tensor | None

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: int, stride: int, rank: int
    ) -> None:
        super().__init__()
        self.in_channels, self.out_channels = in_channels, out_channels
        self.kernel_size, self.stride = kernel_size, stride
        shape = (out_channels, kernel_size**2, (in_channels + 7) // 8)
        self.register_buffer("bits", torch.zeros(shape, dtype=torch.uint8))
        self.register_buffer("alpha", torch.zeros(out_channels))
        self.register_buffer("bias", torch.zeros(out_channels))
        branches = stride == 1
        rank = min(rank, in_channels, out_channels)
        count = sparse_count(in_channels, out_channels, _SPARSE_PER_CHANNEL)
        places = torch.zeros(count, dtype=torch.int32)
        self.register_buffer("low_rank_down", torch.zeros(rank, in_channels) if branches else None)
        self.register_buffer("low_rank_up", torch.zeros(out_channels, rank) if branches else None)
        self.register_buffer("sparse_values", torch.zeros(count) if branches else None)
        self.register_buffer("sparse_out", places if branches else None)
        self.register_buffer("sparse_in", places.clone() if branches else None)
        self.register_buffer("zeros", torch.zeros(2, 0, dtype=torch.int32))
        for name in ("zero_channels", "zero_weight", "zero_side"):
            self.register_buffer(name, None, persistent=False)
        self.slope = self.after = None

    def pixels(
        self, x: Tensor, before: Before = NOTHING_BEFORE, residual: Tensor | None = None
    ) -> Tensor:
        """The layer on feature maps, with what stands before it and what is added behind it.

        Args:
            x: float32 [N, I, H, W].
            before: What happens to `x` first.
            residual: float32 of the result's shape.

        Returns:
            float32 [N, O, H', W'].
        """
        y: Tensor = ops.binary_conv2d(
            x,
            self.bits,
            self.alpha,
            self.bias,
            self.kernel_size,
            self.stride,
            per_tap=self.kernel_size > 1,
            zero_is_zero=True,
            pre_scale=before.scale,
            pre_shift=before.shift,
            pre_activation=before.activation,
            doubled=before.doubled,
            slope=self.slope,
            after=self.after,
            low_rank_down=self.low_rank_down,
            low_rank_up=self.low_rank_up,
            sparse_values=self.sparse_values,
            sparse_out=self.sparse_out,
            sparse_in=self.sparse_in,
            mean_shortcut=self.stride > 1,
            residual=residual,
        )
        if self.zero_channels is not None:
            self._correct(y, before(x), residual)
        return y

    @torch.no_grad()
    def find_zero_channels(self) -> None:
        """Make ready the output channels that have weights of exactly 0; `zeros` has their places.

        Called once all other buffers are what they are to be.
        """
        if not self.zeros.shape[1]:
            return
        channels, of = self.zeros[0].long().unique(return_inverse=True)
        signs = unpack_signs(self.bits[channels], self.in_channels).flatten(1)
        signs[of, self.zeros[1].long()] = 0
        signs = signs.view(len(channels), -1, self.in_channels).transpose(1, 2)
        weight = (signs * self.alpha[channels, None, None]).unflatten(2, [self.kernel_size] * 2)
        self.zero_channels, self.zero_weight = channels, weight.contiguous()
        if self.low_rank_up is not None and self.low_rank_down is not None:
            assert self.sparse_out is not None and self.sparse_in is not None
            assert self.sparse_values is not None
            side = self.low_rank_up @ self.low_rank_down
            places = (self.sparse_out.long(), self.sparse_in.long())
            side.index_put_(places, self.sparse_values, accumulate=True)
            self.zero_side = side[channels, :, None, None].contiguous()

    def _correct(self, y: Tensor, a: Tensor, residual: Tensor | None) -> None:
        """Compute the few output channels anew that have weights of exactly 0."""
        channels = self.zero_channels
        assert channels is not None and self.zero_weight is not None
        bias, padding = self.bias[channels], self.kernel_size // 2
        part = F.conv2d(binary_activation(a, 1), self.zero_weight, bias, self.stride, padding)
        if self.slope is not None and self.after is not None:
            part = F.prelu(part, self.slope[channels]) + self.after[channels, None, None]
        if self.zero_side is None:
            part = part + F.avg_pool2d(a[:, channels], 2)
        else:
            part = part + F.conv2d(a, self.zero_side)
        if residual is not None:
            part = part + residual[:, channels]
        y[:, channels] = part.to(y.dtype)

    @torch.no_grad()
    def _take(self, layer: ReleasedBinaryConv2d | ReleasedBinaryLinear) -> None:
        weight = layer.weight.detach().float()
        self.bits.copy_(ops.pack_signs(weight))
        self.alpha.copy_(weight_scale(weight))
        self.bias.copy_(layer.bias)
        places = weight.flatten(2).transpose(1, 2).flatten(1) if weight.ndim == 4 else weight
        self.zeros = (places == 0).nonzero().T.to(torch.int32).contiguous()
        if self.stride == 1:
            own = (self.low_rank_down, self.low_rank_up, self.sparse_values)
            theirs = (layer.lora.down, layer.lora.up, layer.skip_connection.values)
            indices = layer.skip_connection.indices
            for buffer, value in zip(
                (*own, self.sparse_out, self.sparse_in), (*theirs, *indices), strict=True
            ):
                assert buffer is not None
                buffer.copy_(value)
        self.find_zero_channels()


class PackedReleasedConv2d(PackedReleasedLayer):
    """`ReleasedBinaryConv2d` for inference."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        stride: int = 1,
        *,
        rank: int = 8,
    ) -> None:
        super().__init__(in_channels, out_channels, kernel_size, stride, rank)
        del self.slope, self.after
        self.register_buffer("slope", torch.ones(out_channels))
        self.register_buffer("after", torch.zeros(out_channels))

    @torch.no_grad()
    def take(self, layer: ReleasedBinaryConv2d) -> None:
        """Pack a trainable layer of the same shape."""
        assert self.slope is not None and self.after is not None
        self._take(layer)
        self.bias.add_(layer.relu.pr_bias0.bias[0])
        self.slope.copy_(layer.relu.pr_prelu.weight)
        self.after.copy_(layer.relu.pr_bias1.bias[0])

    def forward(
        self, x: Tensor, before: Before = NOTHING_BEFORE, residual: Tensor | None = None
    ) -> Tensor:
        """[N, I, H, W] to [N, O, H / stride, W / stride]; see `pixels`."""
        return self.pixels(x, before, residual)


class PackedReleasedLinear(PackedReleasedLayer):
    """`ReleasedBinaryLinear` for inference."""

    def __init__(self, in_features: int, out_features: int, *, rank: int = 8) -> None:
        super().__init__(in_features, out_features, 1, 1, rank)

    def take(self, layer: ReleasedBinaryLinear) -> None:
        """Pack a trainable layer of the same shape."""
        self._take(layer)

    def forward(
        self, x: Tensor, before: Before | None = None, residual: Tensor | None = None
    ) -> Tensor:
        """[..., I] float32 to [..., O]; given `before`, a map over pixels instead: see `pixels`."""
        if before is not None:
            return self.pixels(x, before, residual)
        rows = x.reshape(1, -1, 1, self.in_channels).movedim(-1, 1)
        y = self.pixels(rows).movedim(1, -1)
        return y.reshape(*x.shape[:-1], self.out_channels)


def packed_like_edge(conv: nn.Conv2d) -> PackedEdgeConv2d:
    """An empty convolution of the shape of `conv`, 3x3 of stride 1, on its device."""
    with conv.weight.device:
        return PackedEdgeConv2d(conv.in_channels, conv.out_channels)


def packed_like_conv(conv: nn.Conv2d, rank: int) -> PackedReleasedConv2d:
    """An empty packed convolution of the shape of `conv`, on its device."""
    with conv.weight.device:
        return PackedReleasedConv2d(
            conv.in_channels, conv.out_channels, conv.kernel_size[0], conv.stride[0], rank=rank
        )


def packed_like_linear(linear: nn.Linear, rank: int) -> PackedReleasedLinear:
    """An empty packed linear layer of the shape of `linear`, on its device."""
    with linear.weight.device:
        return PackedReleasedLinear(linear.in_features, linear.out_features, rank=rank)
