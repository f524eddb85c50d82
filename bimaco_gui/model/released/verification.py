"""Is a packed network the binary one? Asked of every layer and block on what it reads in a pass.

A binary network is discontinuous: a value that rounding moves over zero changes its sign, and the
layers after it change more. Results of whole networks are therefore no measure, unless beside what
the network makes of a change of its own input that is as small as rounding.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from bimaco_gui.model.released.blocks import ReleasedResBlock, ReleasedUpsample
from bimaco_gui.model.released.layers import ReleasedBinaryConv2d, ReleasedBinaryLinear
from bimaco_gui.model.released.swin import ReleasedSwinBlock
from bimaco_gui.model.released.unet import ReleasedUNet

LAYER_TOLERANCE = 1e-5
BLOCK_TOLERANCE = 1e-2
ROUNDING = 3e-7

_INPUTS = 3
_TIMESTEP = torch.tensor([14])
_LAYERS = (ReleasedBinaryConv2d, ReleasedBinaryLinear)
_BLOCKS = (ReleasedResBlock, ReleasedSwinBlock, ReleasedUpsample)


@dataclass(frozen=True)
class Comparison:
    """Relative L2 differences between two forms of a network.

    Attributes:
        layers: How many layers were compared.
        layer: The largest difference of a layer's results, both forms reading the same.
        worst_layer: Which layer's.
        block: The same of the blocks, in which a value may cross zero between two layers.
        worst_block: Which block's.
        whole: Of the networks' results.
        own: Of the binary network's results, before and after a relative change of its input by
            `ROUNDING`: how far `whole` may be through rounding alone.
    """

    layers: int
    layer: float
    worst_layer: str
    block: float
    worst_block: str
    whole: float
    own: float

    @property
    def fault(self) -> str | None:
        """The layer or block that computes something else, or None where none does."""
        if self.layer > LAYER_TOLERANCE:
            return self.worst_layer
        return self.worst_block if self.block > BLOCK_TOLERANCE else None


def compare(binary: ReleasedUNet, packed: ReleasedUNet) -> Comparison:
    """Run both forms on the same random latent and picture, of the least size there is.

    A block in which a value happened to cross zero is given two more inputs.

    Args:
        binary: The trainable form, on the CPU.
        packed: The packed form, on the CPU.
    """
    for seed in range(_INPUTS):
        comparison = _compare_once(binary, packed, seed)
        if comparison.fault != comparison.worst_block:
            break
    return comparison


@torch.inference_mode()
def part_differences(
    binary: ReleasedUNet, packed: ReleasedUNet, noisy: Tensor, lq: Tensor
) -> tuple[dict[str, float], dict[str, float]]:
    """Relative L2 differences of every layer and of every block, both reading what `binary` reads.

    Args:
        binary: The trainable form.
        packed: The packed form, on the same device.
        noisy: Latent [N, C, h, w].
        lq: LR picture [N, 3, h, w].

    Returns:
        By name: of layers, and of blocks.
    """
    layers: dict[str, float] = {}
    blocks: dict[str, float] = {}
    hooks = []
    for name, part in binary.named_modules():
        if isinstance(part, (*_LAYERS, *_BLOCKS)):
            found = layers if isinstance(part, _LAYERS) else blocks
            hook = _watch(name, packed.get_submodule(name), found)
            hooks.append(part.register_forward_hook(hook))
    try:
        binary(noisy, _TIMESTEP, lq)
    finally:
        for handle in hooks:
            handle.remove()
    return layers, blocks


@torch.inference_mode()
def _compare_once(binary: ReleasedUNet, packed: ReleasedUNet, seed: int) -> Comparison:
    generator = torch.Generator().manual_seed(seed)
    side, channels = binary.alignment, binary.config.out_channels
    noisy = torch.randn(1, channels, side, side, generator=generator)
    channels = binary.config.in_channels - channels
    lq = torch.rand(1, channels, side, side, generator=generator) * 2 - 1
    layers, blocks = part_differences(binary, packed, noisy, lq)
    worst_layer = max(layers, key=lambda name: layers[name])
    worst_block = max(blocks, key=lambda name: blocks[name])
    expected = binary(noisy, _TIMESTEP, lq)
    return Comparison(
        len(layers),
        layers[worst_layer],
        worst_layer,
        blocks[worst_block],
        worst_block,
        whole=relative_difference(packed(noisy, _TIMESTEP, lq), expected),
        own=relative_difference(binary(noisy * (1 + ROUNDING), _TIMESTEP, lq), expected),
    )


def relative_difference(found: Tensor, expected: Tensor) -> float:
    """The L2 norm of the difference over that of `expected`; infinite where it is no number."""
    difference = float((found - expected).norm() / expected.norm().clamp_min(1e-12))
    return difference if math.isfinite(difference) else math.inf


def _watch(
    name: str, twin: nn.Module, differences: dict[str, float]
) -> Callable[[nn.Module, tuple[Any, ...], Tensor], None]:
    def hook(_: nn.Module, inputs: tuple[Any, ...], output: Tensor) -> None:
        found = relative_difference(twin(*inputs), output)
        differences[name] = max(differences.get(name, 0.0), found)

    return hook
