"""From one form to the next: full precision to trainable binary, trainable binary to packed."""

from __future__ import annotations

import dataclasses

import torch
from torch import nn

from bimaco_gui.model.binary_layers import BinaryConv2d, BinaryLinear
from bimaco_gui.model.config import BlockConfig
from bimaco_gui.model.layers import Form
from bimaco_gui.model.packed_layers import PackedBinaryConv2d, PackedBinaryLinear
from bimaco_gui.model.upscaler import OneStepUpscaler


@torch.no_grad()
def binarize(full: OneStepUpscaler, block: BlockConfig | None = None) -> OneStepUpscaler:
    """A trainable binary model that starts from a full-precision one (BiMaCoSR's initialisation).

    Args:
        block: Another size of the side branches than the configuration of `full` says; nothing
            else in it may differ.
    """
    config = dataclasses.replace(full.config, block=block or full.config.block)
    binary = OneStepUpscaler(config, Form.BINARY)
    sources = dict(full.named_modules())
    for name, layer in binary.named_modules():
        source = sources.get(name)
        if isinstance(layer, BinaryConv2d):
            assert isinstance(source, nn.Conv2d)
            layer.initialise_from(source)
        elif isinstance(layer, BinaryLinear):
            assert isinstance(source, nn.Linear)
            layer.initialise_from(source)
    _copy_plain(full, binary)
    return binary


@torch.no_grad()
def pack(binary: OneStepUpscaler) -> OneStepUpscaler:
    """The packed model, in evaluation mode, that computes what `binary` computes."""
    packed = OneStepUpscaler(binary.config, Form.PACKED)
    sources = dict(binary.named_modules())
    for name, layer in packed.named_modules():
        source = sources.get(name)
        if isinstance(layer, PackedBinaryConv2d):
            assert isinstance(source, BinaryConv2d)
            layer.take(source)
        elif isinstance(layer, PackedBinaryLinear):
            assert isinstance(source, BinaryLinear)
            layer.take(source)
    _copy_plain(binary, packed)
    return packed.eval().requires_grad_(False)


_CONVERTED = (BinaryConv2d, BinaryLinear, PackedBinaryConv2d, PackedBinaryLinear)


def _copy_plain(source: nn.Module, target: nn.Module) -> None:
    """Copy what has the same name outside the converted layers: edge layers, norms, biases."""
    inside = tuple(
        f"{name}." for name, layer in target.named_modules() if isinstance(layer, _CONVERTED)
    )
    state = source.state_dict()
    plain = {name: state[name] for name in target.state_dict() if not name.startswith(inside)}
    missing, unexpected = target.load_state_dict(plain, strict=False)
    assert not unexpected and all(name.startswith(inside) for name in missing)
