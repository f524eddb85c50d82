"""Training checkpoints: a model of any form in one safetensors file of 16-bit weights.

Weights travel between runs, optimizer states do not. The metadata holds the configuration, the
form and what was done to the weights so far. A teacher's file also holds its shifts by step.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save
from torch import Tensor

from bimaco_gui.atomic import new_file
from bimaco_gui.errors import ModelError
from bimaco_gui.model import Form, OneStepUpscaler, UpscalerConfig
from bimaco_gui.training.teacher import Teacher

MAGIC = "bimaco-training"
_SHIFTS = "shifts."


@dataclass(frozen=True)
class Checkpoint:
    """What a file holds, float32 on the CPU in evaluation mode.

    Attributes:
        network: A one-step model of any form, or a teacher.
        history: One mapping per stage so far (name, steps, minutes, losses, ...), oldest first.
    """

    network: OneStepUpscaler | Teacher
    history: list[dict[str, Any]]


def save_checkpoint(
    network: OneStepUpscaler | Teacher, path: Path, history: list[dict[str, Any]]
) -> None:
    """Write the network; floats as fp16, everything else as it is."""
    model = network.model if isinstance(network, Teacher) else network
    state = model.state_dict()
    if isinstance(network, Teacher):
        state |= {f"{_SHIFTS}{i}": table.detach() for i, table in enumerate(network.shifts)}
    tensors = {
        name: (value.half() if value.is_floating_point() else value).contiguous().cpu()
        for name, value in state.items()
    }
    metadata = {
        "format": MAGIC,
        "form": model.form.value,
        "config": json.dumps(model.config.to_dict()),
        "history": json.dumps(history),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with new_file(path, overwrite=True) as file:
        file.write(save(tensors, metadata=metadata))


def read_network(path: Path) -> Checkpoint:
    """Read a checkpoint of either kind.

    Raises:
        ModelError: the file is missing, damaged or no training checkpoint.
    """
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors: dict[str, Tensor] = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except Exception as error:
        raise ModelError("Checkpoint not readable", f"{path}: {error}.") from error
    if metadata.get("format") != MAGIC:
        raise ModelError("Not a training checkpoint", f"{path} was not written by the training.")
    config = UpscalerConfig.from_dict(json.loads(metadata["config"]))
    state = {k: v.float() if v.dtype == torch.float16 else v for k, v in tensors.items()}
    shifts = [state.pop(name) for name in sorted(state) if name.startswith(_SHIFTS)]
    model = OneStepUpscaler(config, Form(metadata["form"]))
    model.load_state_dict(state)
    history: list[dict[str, Any]] = json.loads(metadata["history"])
    if not shifts:
        return Checkpoint(model.eval(), history)
    teacher = Teacher(model, len(shifts[0]))
    for parameter, values in zip(teacher.shifts, shifts, strict=True):
        parameter.data.copy_(values)
    return Checkpoint(teacher.eval(), history)


def read_checkpoint(path: Path) -> tuple[OneStepUpscaler, list[dict[str, Any]]]:
    """The one-step model of a checkpoint (of a teacher, its last step) and its history.

    Raises:
        ModelError: the file is missing, damaged or no training checkpoint.
    """
    checkpoint = read_network(path)
    network = checkpoint.network
    model = network.one_step() if isinstance(network, Teacher) else network
    return model, checkpoint.history


def load_model(path: Path) -> OneStepUpscaler:
    """The model of a checkpoint, without its history."""
    return read_checkpoint(path)[0]
