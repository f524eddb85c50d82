"""Training checkpoints: a model of any form in one safetensors file of 16-bit weights.

Weights travel between runs, optimizer states do not. The metadata holds the configuration, the
form and what was done to the weights so far.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save
from torch import Tensor

from bimaco_gui.atomic import new_file
from bimaco_gui.errors import ModelError
from bimaco_gui.model import Form, OneStepUpscaler, UpscalerConfig

MAGIC = "bimaco-training"


def save_checkpoint(model: OneStepUpscaler, path: Path, history: list[dict[str, Any]]) -> None:
    """Write the model; floats as fp16, everything else as it is.

    Args:
        history: one mapping per stage so far (name, steps, minutes, losses, ...), oldest first.
    """
    tensors = {
        name: (value.half() if value.is_floating_point() else value).contiguous().cpu()
        for name, value in model.state_dict().items()
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


def read_checkpoint(path: Path) -> tuple[OneStepUpscaler, list[dict[str, Any]]]:
    """The model, float32 on the CPU in evaluation mode, and its history.

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
    model = OneStepUpscaler(config, Form(metadata["form"]))
    model.load_state_dict(
        {k: v.float() if v.dtype == torch.float16 else v for k, v in tensors.items()}
    )
    return model.eval(), json.loads(metadata["history"])


def load_model(path: Path) -> OneStepUpscaler:
    """The model of a checkpoint, without its history."""
    return read_checkpoint(path)[0]
