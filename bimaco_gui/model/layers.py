"""The forms a network is built in, and the layer kinds of each.

Every block asks its `LayerFactory` for convolutions and linears, so one description of a network
serves the full-precision student, the trainable binary model and the packed one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from torch import Tensor, nn
from torch.nn import functional as F

from bimaco_gui.model.binary_layers import BinaryConv2d, BinaryLinear
from bimaco_gui.model.config import BlockConfig
from bimaco_gui.model.packed_layers import (
    PackedBinaryConv2d,
    PackedBinaryLinear,
    PackedEdgeConv2d,
    PackedPrologue,
)


class Form(Enum):
    """How the inner layers hold their weights."""

    FULL = "full"
    BINARY = "binary"
    PACKED = "packed"


@dataclass(frozen=True)
class LayerFactory:
    """Makes the layers of one form for one block configuration."""

    form: Form
    config: BlockConfig

    def conv(
        self, in_channels: int, out_channels: int, kernel_size: int, stride: int = 1
    ) -> nn.Module:
        """An inner convolution, padded by half its kernel."""
        if self.form is Form.FULL:
            return nn.Conv2d(
                in_channels, out_channels, kernel_size, stride, padding=kernel_size // 2
            )
        kind = BinaryConv2d if self.form is Form.BINARY else PackedBinaryConv2d
        return kind(
            in_channels,
            out_channels,
            kernel_size,
            stride,
            rank=self.config.rank,
            sparse_per_channel=self.config.sparse_per_channel,
        )

    def linear(self, in_features: int, out_features: int) -> nn.Module:
        """An inner linear layer over the last axis."""
        if self.form is Form.FULL:
            return nn.Linear(in_features, out_features)
        kind = BinaryLinear if self.form is Form.BINARY else PackedBinaryLinear
        return kind(
            in_features,
            out_features,
            rank=self.config.rank,
            sparse_per_channel=self.config.sparse_per_channel,
        )

    def edge_conv(self, in_channels: int, out_channels: int) -> nn.Conv2d:
        """The first or last 3x3 convolution of a network: full precision in every form."""
        if self.form is Form.PACKED:
            return PackedEdgeConv2d(in_channels, out_channels)
        return nn.Conv2d(in_channels, out_channels, 3, padding=1)

    def norm(self, channels: int) -> nn.Module:
        """The normalization of `channels` feature maps."""
        if self.config.norm != "batch":
            raise ValueError(f"unknown normalization {self.config.norm!r}")
        return nn.BatchNorm2d(channels)

    def pre_activation(self, channels: int) -> nn.Module:
        """Normalization and leaky rectifier, as they stand before an inner convolution."""
        return PreActivation(self.norm(channels), self.config.negative_slope)


def _affine(norm: nn.Module) -> tuple[Tensor, Tensor]:
    """Scale and shift [C] of a normalization by running statistics."""
    assert isinstance(norm, nn.BatchNorm2d)
    assert norm.running_mean is not None and norm.running_var is not None
    scale = norm.weight * (norm.running_var + norm.eps).rsqrt()
    return scale, norm.bias - norm.running_mean * scale


class PreActivation(nn.Module):
    """Normalize, then leaky rectifier. The rectifier keeps the sign the binary branch reads."""

    def __init__(self, norm: nn.Module, negative_slope: float) -> None:
        super().__init__()
        self.norm = norm
        self.negative_slope = negative_slope

    def forward(self, x: Tensor) -> Tensor:
        """[N, C, H, W] to the same shape."""
        return F.leaky_relu(self.norm(x), self.negative_slope, inplace=not self.training)


def prologue_of(before: nn.Module) -> PackedPrologue | None:
    """What a packed layer does itself of a normalization, a `PreActivation` or the identity."""
    if isinstance(before, nn.Identity):
        return None
    if isinstance(before, PreActivation):
        return PackedPrologue(*_affine(before.norm), before.negative_slope)
    return PackedPrologue(*_affine(before))


def convolve_edge(before: nn.Module, conv: nn.Module, x: Tensor) -> Tensor:
    """conv(before(x)) for an edge convolution of any form; in one op where it is packed."""
    if isinstance(conv, PackedEdgeConv2d):
        return conv(x, prologue_of(before))  # type: ignore[no-any-return]
    return conv(before(x))  # type: ignore[no-any-return]


def convolve(
    before: nn.Module,
    conv: nn.Module,
    x: Tensor,
    *,
    residual: Tensor | None = None,
    doubled: bool = False,
) -> Tensor:
    """conv(before(x)) + residual, of any form; in one op where `conv` is packed.

    Args:
        before: A normalization, a `PreActivation`, or the identity.
        conv: An inner convolution, as `LayerFactory.conv` makes it.
        x: [N, C, H, W].
        residual: Of the result's shape.
        doubled: Enlarge twice by nearest neighbour between the two.
    """
    if isinstance(conv, PackedBinaryConv2d):
        return conv(x, prologue_of(before), residual=residual, doubled=doubled)  # type: ignore[no-any-return]
    a = before(x)
    if doubled:
        a = F.interpolate(a, scale_factor=2.0, mode="nearest")
    y: Tensor = conv(a)
    return y if residual is None else y + residual
