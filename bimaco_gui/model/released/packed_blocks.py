"""The released blocks around packed layers: only the residual stream passes through memory.

Each block holds the children of the trainable block that it replaces, under the same names, and
computes the same. Normalizations become a scale and a shift that the next layer applies itself,
with the activation; sums are the layers' own.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from bimaco_gui import ops
from bimaco_gui.model.kept import Kept
from bimaco_gui.model.packed_layers import PackedEdgeConv2d
from bimaco_gui.model.released.blocks import ReleasedResBlock, ReleasedUpsample
from bimaco_gui.model.released.packed_layers import (
    NOTHING_BEFORE,
    Before,
    PackedReleasedLayer,
    packed_like_edge,
)
from bimaco_gui.model.released.packed_times import PackedTimes
from bimaco_gui.model.released.swin import (
    APART,
    GroupNorm32,
    ReleasedAttention,
    ReleasedSwinBlock,
    released_shift_regions,
)

_REGIONS = Kept()


def affine(
    norm: nn.Module,
    x: Tensor,
    time_scale: Tensor | None = None,
    time_shift: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Scale and shift, [N, C] each, by which a group normalization normalizes [N, C, H, W].

    With the time's, float32 [N or 1, C], they make group_norm(x) * (1 + time_scale) + time_shift.
    """
    assert isinstance(norm, GroupNorm32)
    parameters = (norm.num_groups, norm.weight, norm.bias, norm.eps)
    scale, shift = ops.group_norm_affine(x, *parameters, time_scale, time_shift)
    return scale, shift


def run(
    layer: nn.Module,
    x: Tensor,
    before: Before = NOTHING_BEFORE,
    residual: Tensor | None = None,
) -> Tensor:
    """A layer on [N, C, H, W], with what stands before it, and `residual` added.

    Linear layers act on the channels of each pixel. What the configuration keeps in full
    precision is computed by torch.
    """
    if isinstance(layer, PackedReleasedLayer):
        return layer(x, before, residual)  # type: ignore[no-any-return]
    if isinstance(layer, PackedEdgeConv2d):
        assert not before.doubled
        y: Tensor = layer.after(
            x, pre_scale=before.scale, pre_shift=before.shift, pre_activation=before.activation
        )
    elif isinstance(layer, nn.Linear):
        y = layer(before(x).movedim(1, -1)).movedim(-1, 1)
    else:
        y = layer(before(x))
    return y if residual is None else y + residual


class PackedResBlock(nn.Module):
    """`ReleasedResBlock` for inference."""

    def __init__(self, block: ReleasedResBlock) -> None:
        super().__init__()
        self.in_layers, self.emb_layers = block.in_layers, block.emb_layers
        self.out_layers, self.skip_connection = block.out_layers, block.skip_connection

    def forward(self, x: Tensor, embedding: Tensor, time: Tensor | None = None) -> Tensor:
        """[N, I, H, W] and the time's embedding [N, E] to [N, O, H, W].

        `time` is what `PackedTimes` gives for this block, where it was asked.
        """
        if time is None:
            (time,) = PackedTimes([self.emb_layers[1]])(embedding)
        time_scale, time_shift = time.chunk(2, dim=1)
        h = run(self.in_layers[2], x, Before(*affine(self.in_layers[0], x), "silu"))
        scale, shift = affine(self.out_layers[0], h, time_scale, time_shift)
        identity = isinstance(self.skip_connection, nn.Identity)
        shortcut = x if identity else run(self.skip_connection, x)
        return run(self.out_layers[3], h, Before(scale, shift, "silu"), shortcut)


class PackedUpsample(nn.Module):
    """`ReleasedUpsample` for inference."""

    def __init__(self, block: ReleasedUpsample) -> None:
        super().__init__()
        self.conv = block.conv

    def forward(self, x: Tensor) -> Tensor:
        """[N, C, H, W] to [N, C, 2H, 2W]."""
        return run(self.conv, x, Before(doubled=True))


class PackedSwinBlock(nn.Module):
    """`ReleasedSwinBlock` for inference: channels stay outermost, and only attention moves them."""

    def __init__(self, block: ReleasedSwinBlock) -> None:
        super().__init__()
        self.window, self.shift = block.window, block.shift
        self.norm1, self.attn = block.norm1, block.attn
        self.norm2, self.mlp = block.norm2, block.mlp
        self._bias = Kept()

    def _position_bias(self) -> Tensor:
        attention = self.attn
        assert isinstance(attention, ReleasedAttention)
        table = attention.relative_position_bias_table

        def bias() -> Tensor:
            return attention.position_bias()[0].contiguous()

        return self._bias.of(table, table.device, None, bias)

    def _shift_regions(self, x: Tensor) -> Tensor | None:
        if not self.shift:
            return None
        height, width = x.shape[2:]
        shape = (height, width, self.window, self.shift)

        def regions() -> Tensor:
            return released_shift_regions(*shape, x).to(torch.int32)

        return _REGIONS.of(None, x.device, shape, regions)

    def forward(self, x: Tensor) -> Tensor:
        """[N, C, H, W] to the same shape; H and W are multiples of the window."""
        qkv = run(self.attn.qkv, x, Before(*affine(self.norm1, x)))
        bias, regions = self._position_bias(), self._shift_regions(x)
        mixed = ops.window_attention(qkv, bias, self.window, self.shift, regions, APART)
        x = run(self.attn.proj, mixed, residual=x)
        hidden = run(self.mlp.fc1, x, Before(*affine(self.norm2, x)))
        return run(self.mlp.fc2, hidden, Before(activation="gelu"), x)


class PackedHead(nn.Sequential):
    """Normalization, activation and the last convolution, for inference."""

    def forward(self, x: Tensor) -> Tensor:
        """[N, C, H, W] to [N, O, H, W]."""
        norm, _, conv = self
        return run(conv, x, Before(*affine(norm, x), "silu"))


def pack_blocks(unet: nn.Module) -> None:
    """Swap, in place, the blocks of a network whose layers are packed for those of this module.

    Its first and last convolution too, where they stay full precision.
    """
    for name, block in list(unet.named_modules()):
        if isinstance(block, ReleasedResBlock):
            unet.set_submodule(name, PackedResBlock(block))
        elif isinstance(block, ReleasedUpsample):
            unet.set_submodule(name, PackedUpsample(block))
        elif isinstance(block, ReleasedSwinBlock):
            unet.set_submodule(name, PackedSwinBlock(block))
    for name in ("input_blocks.0.0", "out.2"):
        edge = unet.get_submodule(name)
        if isinstance(edge, nn.Conv2d):
            unet.set_submodule(name, packed_like_edge(edge))
    unet.set_submodule("out", PackedHead(*unet.get_submodule("out").children()))
