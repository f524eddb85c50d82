"""Checkpoints of the released BiMaCoSR to one packed model file, and full-precision ones to binary.

Nothing in a checkpoint is run. Its tensors stay on disk until they are read, the networks share
them, and one layer after the other is packed, so memory stays near the size of the checkpoints.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from bimaco_gui.errors import ModelError
from bimaco_gui.model.layers import Form
from bimaco_gui.model.released.config import BINARY_KEYS, ReleasedUNetConfig
from bimaco_gui.model.released.layers import ReleasedBinaryConv2d, ReleasedBinaryLinear
from bimaco_gui.model.released.unet import ReleasedUNet, binarize_unet, pack_unet
from bimaco_gui.model.released.verification import Comparison, compare
from bimaco_gui.weights.containers import read_state
from bimaco_gui.weights.model_file import write_file
from bimaco_gui.weights.released import build_autoencoder, build_pipeline, build_unet
from bimaco_gui.weights.released_config import ReleasedConfig
from bimaco_gui.weights.released_file import (
    LICENCE,
    restored_unet,
    save_released,
    stored_autoencoder,
    stored_unet,
)

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Part:
    """A line of the table of sizes.

    Attributes:
        name: What it is.
        numbers: How many weights or other numbers.
        file_bytes: Their size in the file.
        full_bytes: Where there is a full-precision counterpart, its size at 32 bits a weight.
    """

    name: str
    numbers: int
    file_bytes: int
    full_bytes: int | None = None


@dataclass(frozen=True)
class Imported:
    """What an import did.

    Attributes:
        path: The file written.
        unet: The UNet's parts.
        unet_total: Their sum, with the UNet's share of the file's header; its full size is that of
            the full-precision UNet of this shape.
        autoencoder: The autoencoder.
        file_bytes: The whole file.
        zeros: Weights that are exactly 0 and have no sign.
        comparison: Of the packed UNet, as it lies in the file, with the unpacked one, whose side
            branches are rounded to the same 16 bits.
    """

    path: Path
    unet: tuple[Part, ...]
    unet_total: Part
    autoencoder: Part
    file_bytes: int
    zeros: int
    comparison: Comparison


def import_released(
    unet_path: Path,
    autoencoder_path: Path,
    config: ReleasedConfig,
    output: Path,
    *,
    title: str,
    overwrite: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Imported:
    """Pack a binary UNet and its autoencoder into one file.

    Args:
        unet_path: Checkpoint of the UNet in the released layout: ``.pth`` or ``.safetensors``.
        autoencoder_path: Checkpoint of the VQ autoencoder.
        config: Their configurations.
        output: The file to be written.
        title: For people.
        overwrite: Replace a file that is there.
        say: Told what is being done.

    Raises:
        ModelError: a file is missing, damaged or foreign, a configuration is of another network,
            tensors do not fit it (all are named), or packing would change what it computes.
        OutputError: the file cannot be written.
    """
    say("Reading the UNet")
    unet = _read_unet(unet_path, config)
    say("Reading the autoencoder")
    autoencoder_state = read_state(autoencoder_path)
    _require_numbers(autoencoder_path, autoencoder_state)
    autoencoder = build_autoencoder(config.autoencoder, autoencoder_state)
    build_pipeline(unet, autoencoder, config.diffusion)  # which checks that they go together
    _round_as_stored(unet)
    say("Packing")
    packed = pack_unet(unet)
    stored = stored_unet(packed)
    zeros = sum(value.shape[1] for name, value in stored.items() if name.endswith(".zeros"))
    say("Comparing the packed UNet with the unpacked one")
    comparison = compare(unet, restored_unet(packed.config, stored))
    if comparison.fault is not None:
        raise ModelError(
            "Packing failed",
            f"Packed, {comparison.fault} would compute something else, so nothing was written.",
        )
    del unet, packed
    say("Writing")
    stored_ae = stored_autoencoder(autoencoder)
    save_released(
        output,
        _plain(config),
        stored,
        stored_ae,
        title=title,
        licence=LICENCE,
        provenance={
            "imported from": {path.name: _sha256(path) for path in (unet_path, autoencoder_path)}
        },
        overwrite=overwrite,
    )
    parts = _parts(stored)
    size = output.stat().st_size
    header = size - sum(_bytes(v) for v in (*stored.values(), *stored_ae.values()))
    share = round(header * len(stored) / (len(stored) + len(stored_ae)))
    parts = (*parts, Part("names and shapes in the header", 0, share))
    return Imported(
        path=output,
        unet=parts,
        unet_total=Part(
            "UNet",
            sum(part.numbers for part in parts),
            sum(part.file_bytes for part in parts),
            4 * _full_parameters(config),
        ),
        autoencoder=Part(
            "autoencoder",
            sum(value.numel() for value in stored_ae.values()),
            sum(_bytes(value) for value in stored_ae.values()),
            4 * sum(value.numel() for value in stored_ae.values()),
        ),
        file_bytes=size,
        zeros=zeros,
        comparison=comparison,
    )


@dataclass(frozen=True)
class Binarized:
    """What a binarization did.

    Attributes:
        path: The file written.
        layers: Layers that are binary now.
        one_bit: Their weights.
        kept: Weights of the layers that stay full precision.
        file_bytes: Size of the file.
    """

    path: Path
    layers: int
    one_bit: int
    kept: int
    file_bytes: int


def binarize_checkpoint(
    full_path: Path,
    config: ReleasedConfig,
    output: Path,
    *,
    overwrite: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Binarized:
    """Make the three-branch network that the authors' training starts from.

    Args:
        full_path: Checkpoint of a full-precision UNet in SinSR's layout.
        config: Describes the binary network.
        output: The file to be written: safetensors in the released layout, which can be trained,
            or imported as it is.
        overwrite: Replace a file that is there.
        say: Told what is being done.

    Raises:
        ModelError: the file is missing, damaged or foreign, or does not fit the configuration.
        OutputError: the file cannot be written.
    """
    described = ReleasedUNetConfig.from_mapping(config.unet)
    if described.binary is None:
        raise ModelError("Not a binary network", "The configuration describes no binary network.")
    say("Reading the full-precision UNet")
    state = read_state(full_path)
    _require_numbers(full_path, state)
    unet = build_unet(_full_precision(config.unet), state)
    unet.config = described
    say("Finding the branches of each layer")
    binarize_unet(unet)
    say("Writing")
    tensors = {name: value.detach() for name, value in unet.state_dict().items()}
    about = {"format": "pt", "made_from": full_path.name, "licence": LICENCE}
    write_file(output, tensors, about, overwrite=overwrite)
    binary = [layer for layer in unet.modules() if isinstance(layer, _BINARY_LAYERS)]
    one_bit = sum(layer.weight.numel() for layer in binary)
    return Binarized(
        output,
        len(binary),
        one_bit,
        sum(p.numel() for p in unet.parameters()) - one_bit,
        output.stat().st_size,
    )


_BINARY_LAYERS = (ReleasedBinaryConv2d, ReleasedBinaryLinear)


def _read_unet(path: Path, config: ReleasedConfig) -> ReleasedUNet:
    if ReleasedUNetConfig.from_mapping(config.unet).binary is None:
        raise ModelError(
            "Not a binary network",
            "The configuration describes a full-precision UNet: make it binary first, "
            "with “models binarize”.",
        )
    state = read_state(path)
    _require_numbers(path, state)
    return build_unet(config.unet, state)


def _require_numbers(path: Path, state: Mapping[str, Tensor]) -> None:
    """Refuse values that are infinite or not numbers, layer by layer."""
    bad = [
        name
        for name, value in state.items()
        if value.is_floating_point() and not value.isfinite().all()
    ]
    if bad:
        more = f" and {len(bad) - 3} more" if len(bad) > 3 else ""
        raise ModelError(
            "Checkpoint damaged",
            f"{path.name} has values that are not numbers in {', '.join(bad[:3])}{more}.",
        )


def _round_as_stored(unet: ReleasedUNet) -> None:
    """Round what the file holds at 16 bits, so that a comparison shows faults and no rounding."""
    latent = {
        f"{name}.weight"
        for name, layer in unet.named_modules()
        if isinstance(layer, _BINARY_LAYERS)
    }
    for name, value in unet.named_parameters():
        if name not in latent and (not name.endswith(".bias") or "pr_bias1" in name):
            value.data = value.data.half().float()


def _full_precision(mapping: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in mapping.items() if key not in BINARY_KEYS}


def _full_parameters(config: ReleasedConfig) -> int:
    with torch.device("meta"):
        described = ReleasedUNetConfig.from_mapping(_full_precision(config.unet))
        return sum(p.numel() for p in ReleasedUNet(described, Form.FULL).parameters())


def _plain(config: ReleasedConfig) -> dict[str, Mapping[str, object]]:
    return {
        "unet": config.unet,
        "autoencoder": config.autoencoder,
        "diffusion": config.diffusion,
    }


_KINDS = (
    ("signs, one bit a weight", (".bits",)),
    ("scales of binary layers, fp32", (".alpha",)),
    ("low-rank branches, fp16", (".low_rank_down", ".low_rank_up")),
    ("sparse branches: values, fp16", (".sparse_values",)),
    ("sparse branches: places, uint16", (".sparse_out", ".sparse_in")),
    ("weights that are exactly 0: places", (".zeros",)),
    ("biases, fp32", (".bias",)),
    ("RPReLU, fp16", (".slope", ".after")),
    ("normalization, edge layers, tables, fp16", ("",)),
)


def _parts(stored: Mapping[str, Tensor]) -> tuple[Part, ...]:
    """The UNet's tensors by kind, in the order of `_KINDS`."""
    parts = []
    left = dict(stored)
    for kind, endings in _KINDS:
        names = [name for name in left if name.endswith(endings)]
        values = [left.pop(name) for name in names]
        numbers = sum(value.numel() * (8 if ".bits" in endings else 1) for value in values)
        parts.append(Part(kind, numbers, sum(_bytes(value) for value in values)))
    return tuple(parts)


def _bytes(value: Tensor) -> int:
    return value.numel() * value.element_size()


def _sha256(path: Path) -> str:
    total = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            total.update(chunk)
    return total.hexdigest()
