"""Checkpoints in the released layouts and containers, with weights that nobody trained."""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor

GOLDEN = Path(__file__).resolve().parent / "data" / "golden"
BINARY_KEYS = {
    "binary_linear",
    "conv_quant_modules",
    "conv_quant_config",
    "linear_quant_modules",
    "linear_quant_config",
    "which_fp_conv",
    "which_fp_linear",
}


def mapping(name: str) -> dict[str, Any]:
    """One of the recorded configurations: unet_tiny, vq_tiny or diffusion."""
    loaded: dict[str, Any] = json.loads((GOLDEN / f"{name}_config.json").read_text())
    return loaded


def tiny_state(name: str) -> dict[str, Tensor]:
    """The weights with which vectors were recorded, as float32."""
    state = load_file(GOLDEN / f"{name}_state.safetensors")
    return {k: v.float() if v.is_floating_point() else v for k, v in state.items()}


def write_config(path: Path) -> Path:
    """The tiny networks' configuration as one file of the authors' kind (JSON is YAML)."""
    parts = {"model": "unet_tiny", "autoencoder": "vq_tiny", "diffusion": "diffusion"}
    content = {
        section: {"target": "models.Something", "params": mapping(name)}
        for section, name in parts.items()
    }
    path.write_text(json.dumps({"trainer": {"seed": 1}, **content}))
    return path


def write_checkpoints(folder: Path) -> tuple[Path, Path]:
    """The tiny networks as a training checkpoint and as a flat averaged one."""
    unet, autoencoder = folder / "unet.pth", folder / "autoencoder.pth"
    content = {"iters_start": 3, "log_step": {}, "state_dict": tiny_state("unet_tiny")}
    torch.save(content, unet)
    torch.save({f"module.{k}": v for k, v in tiny_state("vq_tiny").items()}, autoencoder)
    return unet, autoencoder


def full_size_state(listing: str) -> dict[str, Tensor]:
    """Random weights for every key of a list in the folder of recorded vectors."""
    torch.manual_seed(0)
    rows = [row.split("\t") for row in (GOLDEN / listing).read_text().splitlines()]
    shapes = {row[0]: _shape(row[1]) for row in rows}
    kinds = {row[0]: row[2] if len(row) > 2 else "torch.float32" for row in rows}
    return {key: _random(key, shapes, kinds[key]) for key in shapes}


def _shape(text: str) -> tuple[int, ...]:
    return tuple(int(side) for side in text.strip("()").split(",") if side.strip())


def _random(key: str, shapes: dict[str, tuple[int, ...]], kind: str) -> Tensor:
    shape = shapes[key]
    if kind == "torch.int64":
        return torch.zeros(shape, dtype=torch.int64)
    if key.endswith("indices_float"):
        rows, columns = shapes[key.replace("skip_connection.indices_float", "weight")][:2]
        return torch.stack(
            (torch.randint(rows, shape[1:]), torch.randint(columns, shape[1:]))
        ).float()
    if len(shape) == 1:
        centre = 1.0 if key.endswith(".weight") else 0.0
        return centre + 0.1 * torch.randn(shape)
    fan_in = torch.tensor(shape[1:]).prod().item()
    return torch.randn(shape) * fan_in**-0.5
