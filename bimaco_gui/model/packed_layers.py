"""The packed form of the binary layers: one bit a binary weight, in memory as in the file.

The layers compute what their trainable twins in `binary_layers` compute, through `bimaco_gui.ops`,
so that the native kernels run where they are built. They hold buffers only and do not train.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from bimaco_gui import ops
from bimaco_gui.model.binary_layers import BinaryConv2d, BinaryLinear
from bimaco_gui.model.side_branches import sparse_count


@dataclass(frozen=True)
class PackedPrologue:
    """Normalization and rectifier before a layer: max(v, slope * v) of v = x * scale + shift.

    Attributes:
        scale, shift: float32 [I].
        negative_slope: Of the leaky rectifier; 1 for none.
    """

    scale: Tensor
    shift: Tensor
    negative_slope: float = 1.0


def _options(prologue: PackedPrologue | None) -> dict[str, Any]:
    """The prologue's arguments of the ops."""
    if prologue is None:
        return {}
    has_rectifier = prologue.negative_slope != 1
    return {
        "pre_scale": prologue.scale,
        "pre_shift": prologue.shift,
        "pre_activation": "leaky" if has_rectifier else "none",
        "negative_slope": prologue.negative_slope if has_rectifier else 0.0,
    }


class _PackedLayer(nn.Module):
    """The buffers that convolution and linear share."""

    bits: Tensor
    alpha: Tensor
    bias: Tensor
    low_rank_down: Tensor
    low_rank_up: Tensor
    sparse_values: Tensor
    sparse_out: Tensor
    sparse_in: Tensor

    def __init__(
        self, in_channels: int, out_channels: int, taps: int, rank: int, sparse_per_channel: int
    ) -> None:
        super().__init__()
        self.in_channels, self.out_channels = in_channels, out_channels
        rank = min(rank, in_channels, out_channels)
        count = sparse_count(in_channels, out_channels, sparse_per_channel)
        bytes_per_tap = (in_channels + 7) // 8
        bits = torch.zeros(out_channels, taps, bytes_per_tap, dtype=torch.uint8)
        self.register_buffer("bits", bits)
        self.register_buffer("alpha", torch.zeros(out_channels))
        self.register_buffer("bias", torch.zeros(out_channels))
        self.register_buffer("low_rank_down", torch.zeros(rank, in_channels))
        self.register_buffer("low_rank_up", torch.zeros(out_channels, rank))
        self.register_buffer("sparse_values", torch.zeros(count))
        self.register_buffer("sparse_out", torch.zeros(count, dtype=torch.int32))
        self.register_buffer("sparse_in", torch.zeros(count, dtype=torch.int32))

    def _branches(self) -> dict[str, Tensor]:
        """The arguments of the ops for those side branches that there are."""
        branches: dict[str, Tensor] = {}
        if self.low_rank_down.numel():
            branches |= {"low_rank_down": self.low_rank_down, "low_rank_up": self.low_rank_up}
        if self.sparse_values.numel():
            branches |= {
                "sparse_values": self.sparse_values,
                "sparse_out": self.sparse_out,
                "sparse_in": self.sparse_in,
            }
        return branches

    @torch.no_grad()
    def _take(self, layer: BinaryConv2d | BinaryLinear) -> None:
        self.bits.copy_(ops.pack_signs(layer.weight.detach().float()))
        self.alpha.copy_(layer.alpha)
        self.bias.copy_(layer.bias)
        self.low_rank_down.copy_(layer.low_rank.down)
        self.low_rank_up.copy_(layer.low_rank.up)
        self.sparse_values.copy_(layer.sparse.values)
        self.sparse_out.copy_(layer.sparse.out_index)
        self.sparse_in.copy_(layer.sparse.in_index)


class PackedBinaryConv2d(_PackedLayer):
    """`BinaryConv2d` for inference.

    RPReLU's first shift is folded into `bias`; `slope` and `after` [O] are the rest of it.
    """

    slope: Tensor
    after: Tensor

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
        super().__init__(in_channels, out_channels, kernel_size**2, rank, sparse_per_channel)
        self.kernel_size, self.stride = kernel_size, stride
        self.register_buffer("slope", torch.ones(out_channels))
        self.register_buffer("after", torch.zeros(out_channels))

    @torch.no_grad()
    def take(self, layer: BinaryConv2d) -> None:
        """Pack a trainable layer of the same shape."""
        self._take(layer)
        self.bias.add_(layer.activation.before)
        self.slope.copy_(layer.activation.slope)
        self.after.copy_(layer.activation.after)

    def forward(
        self,
        x: Tensor,
        prologue: PackedPrologue | None = None,
        *,
        residual: Tensor | None = None,
        doubled: bool = False,
    ) -> Tensor:
        """[N, I, H, W] float32 to [N, O, ceil(H / stride), ceil(W / stride)], all in one op.

        Args:
            x: The layer's input, or what `prologue` makes it of.
            prologue: What is done to `x` first.
            residual: What is added to the result, of its shape.
            doubled: After the prologue, `x` is enlarged twice by nearest neighbour.
        """
        return ops.binary_conv2d(  # type: ignore[no-any-return]
            x,
            self.bits,
            self.alpha,
            self.bias,
            self.kernel_size,
            self.stride,
            slope=self.slope,
            after=self.after,
            residual=residual,
            doubled=doubled,
            **_options(prologue),
            **self._branches(),
        )


class PackedEdgeConv2d(nn.Conv2d):
    """The first or last 3x3 convolution of a packed network: full precision, in one op."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__(in_channels, out_channels, 3, padding=1)

    def forward(self, x: Tensor, prologue: PackedPrologue | None = None) -> Tensor:
        """[N, I, H, W] to [N, O, H, W]; `prologue` is done to `x` first."""
        return self.after(x, **_options(prologue))

    def after(self, x: Tensor, **options: Any) -> Tensor:
        """The same after what the options of `ops.full_conv2d` say.

        Under autocast `x` is rounded to its type, as torch's own convolution does.
        """
        if torch.is_autocast_enabled(x.device.type):
            x = x.to(torch.get_autocast_dtype(x.device.type))
        return ops.full_conv2d(  # type: ignore[no-any-return]
            x, self.weight, self.bias, **options
        )


class PackedBinaryLinear(_PackedLayer):
    """`BinaryLinear` for inference."""

    def __init__(
        self, in_features: int, out_features: int, *, rank: int = 8, sparse_per_channel: int = 2
    ) -> None:
        super().__init__(in_features, out_features, 1, rank, sparse_per_channel)

    def take(self, layer: BinaryLinear) -> None:
        """Pack a trainable layer of the same shape."""
        self._take(layer)

    def on_pixels(
        self, x: Tensor, prologue: PackedPrologue | None = None, *, residual: Tensor | None = None
    ) -> Tensor:
        """The layer on the channels of each pixel: [N, I, H, W] float32 to [N, O, H, W]."""
        return ops.binary_conv2d(  # type: ignore[no-any-return]
            x,
            self.bits,
            self.alpha,
            self.bias,
            1,
            1,
            residual=residual,
            **_options(prologue),
            **self._branches(),
        )

    def forward(self, x: Tensor) -> Tensor:
        """[..., I] float32 to [..., O]."""
        return ops.binary_linear(  # type: ignore[no-any-return]
            x, self.bits, self.alpha, self.bias, **self._branches()
        )
