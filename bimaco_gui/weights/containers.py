"""Reading state dicts from files that others wrote, without running anything in them.

PyTorch's files are pickles. They are read by its restricted unpickler, which knows tensors and
plain containers and calls nothing else; what asks for more is refused before it happens.
"""

from __future__ import annotations

import pickle
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from bimaco_gui.errors import ModelError

_WRAPPER = "state_dict"
_ASKED_FOR = re.compile(r"GLOBAL (\S+)")  # in the restricted unpickler's error
_PREFIX = "module."  # of networks that were trained on several devices


def read_state(path: Path) -> dict[str, Tensor]:
    """The flat state dict in a ``.pth`` or ``.safetensors`` file, on the CPU.

    A ``state_dict`` inside a larger mapping is unwrapped, and the prefix ``module.`` is taken off.
    Tensors of a ``.pth`` file stay on disk until they are read, where its form allows it.

    Raises:
        ModelError: the file is missing, damaged, holds something else, or would run code.
    """
    if not path.is_file():
        raise ModelError("File not found", f"There is no file {path}.")
    if not path.stat().st_size:
        raise ModelError("Not a checkpoint", f"{path.name} is empty (0 bytes).")
    content = _safetensors(path) if path.suffix == ".safetensors" else _unpickled(path)
    if isinstance(content, Mapping) and isinstance(content.get(_WRAPPER), Mapping):
        content = content[_WRAPPER]
    if not isinstance(content, Mapping) or not content:
        raise ModelError("Not a checkpoint", f"{path.name} holds no weights by name.")
    strangers = [
        repr(name)
        for name, value in content.items()
        if not (isinstance(name, str) and isinstance(value, Tensor))
    ]
    if strangers:
        named = ", ".join(strangers[:3])
        raise ModelError(
            "Not a checkpoint", f"{path.name} holds more than weights by name, such as {named}."
        )
    return {name.removeprefix(_PREFIX): value for name, value in content.items()}


def _safetensors(path: Path) -> dict[str, Tensor]:
    try:
        return load_file(path)
    except (OSError, SafetensorError) as error:
        raise _damaged(path) from error


def _unpickled(path: Path) -> Any:
    try:
        return torch.load(
            path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path)
        )
    except pickle.UnpicklingError as error:
        asked = _ASKED_FOR.search(str(error))
        if asked is None:
            # The text is torch's advice to read the file without its safeguards.
            raise _damaged(path) from None
        raise ModelError(
            "Not only weights",
            f"{path.name} asks for “{asked[1]}” to be run, which weights never need. "
            "Nothing was run.",
        ) from None
    except Exception as error:  # a hostile or damaged file may fail in any way
        raise _damaged(path) from error


def _damaged(path: Path) -> ModelError:
    return ModelError(
        "Checkpoint not readable",
        f"{path.name} is no whole checkpoint file: it is cut off, damaged or of another kind.",
    )
