"""The packed model file: one safetensors file that a model can be rebuilt from, and nothing else.

Its tensors are the streams of `stored_form`. The metadata holds magic, version, configuration,
licence, provenance, and digests of the tensors and of what lies where in them. Loading unpickles
nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from bimaco_gui.model import Form, OneStepUpscaler, UpscalerConfig
from bimaco_gui.model.packed_layers import PackedBinaryConv2d, PackedBinaryLinear
from bimaco_gui.weights.model_file import (
    check_kind,
    not_usable,
    read_metadata,
    read_model_file,
    write_model_file,
)
from bimaco_gui.weights.stored_form import from_streams, layout, to_streams

MAGIC = "bimaco-packed"
VERSION = 2


@dataclass(frozen=True)
class ModelCard:
    """What a file says of its model, apart from the weights.

    Attributes:
        title: For people.
        licence: SPDX identifier of the weights' licence.
        config: Architecture.
        parameters: Weights in all: signs, and every other number but the sparse indices.
        one_bit: How many of them are one bit.
        provenance: Data, stages and figures of the training.
    """

    title: str
    licence: str
    config: UpscalerConfig
    parameters: int = 0
    one_bit: int = 0
    provenance: Mapping[str, Any] = field(default_factory=dict)


def count_weights(model: OneStepUpscaler) -> tuple[int, int]:
    """All weights of a packed model, and those of them that are one bit."""
    one_bit = sum(
        layer.bits.shape[0] * layer.bits.shape[1] * layer.in_channels
        for layer in model.modules()
        if isinstance(layer, PackedBinaryConv2d | PackedBinaryLinear)
    )
    others = sum(
        value.numel() for value in model.state_dict().values() if value.is_floating_point()
    )
    return one_bit + others, one_bit


def save_model(
    model: OneStepUpscaler,
    path: Path,
    *,
    title: str,
    licence: str,
    provenance: Mapping[str, Any],
) -> None:
    """Write a packed model, by a temporary file and a rename.

    What is read back computes the same but for the few bits of a number that are stored.

    Raises:
        ValueError: the model is not in its packed form, or a weight is not finite.
        OutputError: the file cannot be written.
    """
    if model.form is not Form.PACKED:
        raise ValueError("only a packed model can be saved as a packed file")
    tensors = to_streams(model)
    parameters, one_bit = count_weights(model)
    metadata = {
        "title": title,
        "licence": licence,
        "config": json.dumps(model.config.to_dict()),
        "parameters": str(parameters),
        "one_bit": str(one_bit),
        "provenance": json.dumps(provenance, separators=(",", ":")),
        "layout": layout(model),
    }
    write_model_file(path, MAGIC, VERSION, metadata, tensors)


def read_card(path: Path) -> ModelCard:
    """What the file says of its model; reads the header alone.

    Raises:
        ModelError: the file is missing, damaged, foreign or of another version.
    """
    metadata = read_metadata(path)
    check_kind(path, metadata, MAGIC, VERSION)
    return _card(path, metadata)


def load_model(path: Path) -> OneStepUpscaler:
    """The packed model, float32 where it is not bits, on the CPU, in evaluation mode.

    Raises:
        ModelError: the file is missing, cut off, damaged, foreign or of another version.
    """
    metadata, tensors = read_model_file(path, MAGIC, VERSION)
    card = _card(path, metadata)
    try:
        model = OneStepUpscaler(card.config, Form.PACKED)
    except (ValueError, RuntimeError) as error:
        raise not_usable(path, error) from error
    if metadata.get("layout") != layout(model):
        raise not_usable(path, "it was written for another build of its architecture")
    try:
        with torch.no_grad():
            from_streams(model, tensors)
    except ValueError as error:
        raise not_usable(path, error) from error
    return model.eval().requires_grad_(False)


def _card(path: Path, metadata: Mapping[str, str]) -> ModelCard:
    try:
        return ModelCard(
            title=metadata["title"],
            licence=metadata["licence"],
            config=UpscalerConfig.from_dict(json.loads(metadata["config"])),
            parameters=int(metadata["parameters"]),
            one_bit=int(metadata["one_bit"]),
            provenance=json.loads(metadata["provenance"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise not_usable(path, f"its description is damaged ({error!r})") from error
