"""What the app's model files have in common: safetensors with a magic, a version and a digest.

Each kind of model has a module that knows its architecture; this one knows none. Loading unpickles
nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from bimaco_gui.atomic import new_file
from bimaco_gui.errors import ModelError, OutputError

SUFFIX = ".safetensors"

_DTYPES = {
    torch.float32: "F32",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.uint8: "U8",
    torch.uint16: "U16",
    torch.int32: "I32",
    torch.int64: "I64",
}
_ALIGNMENT = 8  # of the header's end, in bytes


def write_model_file(
    path: Path,
    magic: str,
    version: int,
    metadata: Mapping[str, str],
    tensors: dict[str, Tensor],
    *,
    overwrite: bool = True,
) -> None:
    """Write a file by a temporary one and a rename; folders that are missing are made.

    Raises:
        OutputError: it cannot be written, or may not be overwritten; what was there stays.
    """
    about = {
        **metadata,
        "format": magic,
        "version": str(version),
        "digest": digest(tensors),
    }
    write_file(path, tensors, about, overwrite=overwrite)


def write_file(
    path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, str], *, overwrite: bool
) -> None:
    """Write a safetensors file of any kind, whole or not at all; see `write_model_file`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with new_file(path, overwrite=overwrite) as file:
            _write_tensors(file, tensors, metadata)
    except OSError as error:
        reason = f"cannot be written: {error}"
        if isinstance(error, FileExistsError) and path.is_file():
            reason = "is there already"
        raise OutputError("Model not saved", f"{path} {reason}.") from error


def _write_tensors(
    file: BinaryIO, tensors: Mapping[str, Tensor], metadata: Mapping[str, str]
) -> None:
    """Write safetensors tensor by tensor; the library would hold the whole file in memory twice."""
    # Widest types first, so that every tensor lies on a multiple of its own.
    names = sorted(tensors, key=lambda name: (-tensors[name].element_size(), name))
    header: dict[str, object] = {"__metadata__": dict(metadata)}
    offset = 0
    for name in names:
        value = tensors[name]
        end = offset + value.numel() * value.element_size()
        header[name] = {
            "dtype": _DTYPES[value.dtype],
            "shape": list(value.shape),
            "data_offsets": [offset, end],
        }
        offset = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _ALIGNMENT)
    file.write(len(text).to_bytes(8, "little"))
    file.write(text)
    for name in names:
        file.write(_bytes_of(tensors[name]))


def read_metadata(path: Path) -> dict[str, str]:
    """What a safetensors file of any kind says of itself; its tensors are not read.

    Raises:
        ModelError: the file is missing, damaged or of another kind.
    """
    return _read(path, with_tensors=False)[0]


def check_kind(path: Path, metadata: Mapping[str, str], magic: str, version: int) -> None:
    """Check what `read_metadata` found.

    Raises:
        ModelError: another program's file, or another version's.
    """
    if metadata.get("format") != magic:
        raise ModelError("Not a model of this app", f"{path.name} holds no packed model.")
    if metadata.get("version") != str(version):
        raise ModelError(
            "Model of another version",
            f"{path.name} has format version {metadata.get('version', 'unknown')}; "
            f"this app reads version {version}.",
        )


def read_model_file(
    path: Path, magic: str, version: int
) -> tuple[dict[str, str], dict[str, Tensor]]:
    """Metadata and tensors, which are those that were written.

    Raises:
        ModelError: the file is missing, cut off, damaged, foreign or of another version.
    """
    check_kind(path, read_metadata(path), magic, version)
    metadata, tensors = _read(path, with_tensors=True)
    if metadata.get("digest") != digest(tensors):
        raise ModelError(
            "Model damaged", f"{path.name} is damaged: its weights are not those it was saved with."
        )
    return metadata, tensors


def not_usable(path: Path, reason: object) -> ModelError:
    """The error for a file of the right kind whose content makes no model."""
    return ModelError("Model not usable", f"{path.name} cannot be used: {reason}.")


def digest(tensors: Mapping[str, Tensor]) -> str:
    """SHA-256 over names, types, shapes and bytes, in the order of the names."""
    total = hashlib.sha256()
    for name in sorted(tensors):
        value = tensors[name]
        total.update(f"{name} {value.dtype} {tuple(value.shape)}\n".encode())
        total.update(_bytes_of(value))
    return total.hexdigest()


def _bytes_of(value: Tensor) -> memoryview:
    return value.contiguous().flatten().view(torch.uint8).numpy().data


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
    return metadata, tensors
