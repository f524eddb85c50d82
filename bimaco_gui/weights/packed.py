"""The packed model file: one safetensors file that a model can be rebuilt from, and nothing else.

Signs are uint8, eight to a byte; scales, factors, sparse values and full-precision layers are
fp16; biases, which are sums of two parameters, and statistics of normalization are fp32; sparse
indices are uint16. The metadata holds magic, version, configuration, licence, provenance and a
digest of the tensors. Loading unpickles nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from bimaco_gui.atomic import new_file
from bimaco_gui.errors import ModelError, OutputError
from bimaco_gui.model import Form, OneStepUpscaler, UpscalerConfig
from bimaco_gui.model.packed_layers import PackedBinaryConv2d, PackedBinaryLinear

MAGIC = "bimaco-packed"
VERSION = 1
SUFFIX = ".safetensors"

_COUNTER = "num_batches_tracked"  # of batch normalization: of no use at inference
_FULL_PRECISION = ("running_mean", "running_var", "bias")
_INDICES = ("sparse_out", "sparse_in")


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

    Raises:
        ValueError: the model is not in its packed form.
        OutputError: the file cannot be written.
    """
    if model.form is not Form.PACKED:
        raise ValueError("only a packed model can be saved as a packed file")
    tensors = {
        name: _stored(name, value).contiguous().cpu()
        for name, value in model.state_dict().items()
        if not name.endswith(_COUNTER)
    }
    parameters, one_bit = count_weights(model)
    metadata = {
        "format": MAGIC,
        "version": str(VERSION),
        "title": title,
        "licence": licence,
        "config": json.dumps(model.config.to_dict()),
        "parameters": str(parameters),
        "one_bit": str(one_bit),
        "provenance": json.dumps(provenance),
        "digest": _digest(tensors),
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with new_file(path, overwrite=True) as file:
            file.write(save(tensors, metadata=metadata))
    except (OSError, SafetensorError) as error:
        raise OutputError("Model not saved", f"{path} cannot be written: {error}.") from error


def read_card(path: Path) -> ModelCard:
    """What the file says of its model; reads the header alone.

    Raises:
        ModelError: the file is missing, damaged, foreign or of another version.
    """
    return _card(path, _read(path, with_tensors=False)[0])


def load_model(path: Path) -> OneStepUpscaler:
    """The packed model, float32 where it is not bits, on the CPU, in evaluation mode.

    Raises:
        ModelError: the file is missing, cut off, damaged, foreign or of another version.
    """
    metadata, tensors = _read(path, with_tensors=True)
    card = _card(path, metadata)
    if metadata.get("digest") != _digest(tensors):
        raise ModelError(
            "Model damaged", f"{path.name} is damaged: its weights are not those it was saved with."
        )
    try:
        model = OneStepUpscaler(card.config, Form.PACKED)
    except (ValueError, RuntimeError) as error:
        raise _not_usable(path, error) from error
    wanted = {name for name in model.state_dict() if not name.endswith(_COUNTER)}
    if wanted != set(tensors):
        odd = ", ".join(sorted(wanted ^ set(tensors))[:3])
        raise _not_usable(path, f"its tensors are not those of its architecture ({odd})")
    try:
        state = {name: _restored(value) for name, value in tensors.items()}
        model.load_state_dict(state, strict=False)
    except RuntimeError as error:
        raise _not_usable(path, error) from error
    return model.eval().requires_grad_(False)


def _stored(name: str, value: Tensor) -> Tensor:
    if name.endswith(_INDICES):
        return value.to(torch.uint16)
    if value.dtype == torch.float32 and not name.endswith(_FULL_PRECISION):
        return value.to(torch.float16)
    return value


def _restored(value: Tensor) -> Tensor:
    if value.dtype == torch.uint16:
        return value.to(torch.int32)
    return value.float() if value.is_floating_point() else value


def _digest(tensors: Mapping[str, Tensor]) -> str:
    """SHA-256 over names, types, shapes and bytes, in the order of the names."""
    total = hashlib.sha256()
    for name in sorted(tensors):
        value = tensors[name]
        total.update(f"{name} {value.dtype} {tuple(value.shape)}\n".encode())
        total.update(value.contiguous().view(torch.uint8).numpy().tobytes())
    return total.hexdigest()


def _read(path: Path, *, with_tensors: bool) -> tuple[dict[str, str], dict[str, Tensor]]:
    if not path.is_file():
        raise ModelError("Model not found", f"There is no model file {path}.")
    try:
        with safe_open(path, framework="pt") as file:
            metadata: dict[str, str] = file.metadata() or {}
            names = list(file.keys()) if with_tensors else []
            tensors = {name: file.get_tensor(name) for name in names}
    except (OSError, SafetensorError) as error:
        raise ModelError(
            "Model not readable",
            f"{path.name} is no whole safetensors file; it may be cut off ({error}).",
        ) from error
    if metadata.get("format") != MAGIC:
        raise ModelError("Not a model of this app", f"{path.name} holds no packed model.")
    if metadata.get("version") != str(VERSION):
        raise ModelError(
            "Model of another version",
            f"{path.name} has format version {metadata.get('version', 'unknown')}; "
            f"this app reads version {VERSION}.",
        )
    return metadata, tensors


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
        raise _not_usable(path, f"its description is damaged ({error!r})") from error


def _not_usable(path: Path, reason: object) -> ModelError:
    return ModelError("Model not usable", f"{path.name} cannot be used: {reason}.")
