"""The packed file of a released model: UNet of one bit a weight, autoencoder of sixteen.

One safetensors file, from which the pipeline can be built without anything else. Signs are uint8,
eight to a byte; low-rank factors, sparse values, slopes, tables and full-precision layers are fp16;
places of sparse weights are uint16. The mean magnitudes of binary weights and all biases are fp32:
together they are 4 % of the file, and rounding a scale moves every activation of its channel, some
of them to the other side of zero. Weights that are exactly 0, which have no sign, are listed. The
metadata holds the configurations in the authors' terms. What their networks carry and never read
is not in the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from bimaco_gui.errors import ModelError
from bimaco_gui.model.layers import Form
from bimaco_gui.model.released.autoencoder import AutoencoderConfig, VqAutoencoder
from bimaco_gui.model.released.config import ReleasedUNetConfig
from bimaco_gui.model.released.diffusion import ReleasedDiffusion
from bimaco_gui.model.released.packed_layers import PackedReleasedLayer
from bimaco_gui.model.released.pipeline import ReleasedPipeline
from bimaco_gui.model.released.strict import fill
from bimaco_gui.model.released.unet import ReleasedUNet
from bimaco_gui.model.released.upscaler import ReleasedUpscaler
from bimaco_gui.weights.model_file import (
    check_kind,
    not_usable,
    read_metadata,
    read_model_file,
    write_model_file,
)

MAGIC = "bimaco-released"
VERSION = 1

LICENCE = "non-commercial"
"""Of the authors' weights and of what starts from them: SinSR's and ResShift's terms reach them."""

_UNET = "unet."
_AUTOENCODER = "autoencoder."
_INDICES = (".sparse_out", ".sparse_in")
_ZEROS = ".zeros"
_FULL_PRECISION = (".alpha", ".bias")


@dataclass(frozen=True)
class ReleasedCard:
    """What a file says of its model, apart from the weights.

    Attributes:
        title: For people.
        licence: Of the weights.
        config: The mappings "unet", "autoencoder" and "diffusion", in the authors' terms.
        parameters: Weights in all: signs, and every other number but places.
        one_bit: How many of them are one bit.
        provenance: The files that were imported, with their SHA-256.
    """

    title: str
    licence: str
    config: Mapping[str, Any]
    parameters: int = 0
    one_bit: int = 0
    provenance: Mapping[str, Any] = field(default_factory=dict)


def stored_unet(unet: ReleasedUNet) -> dict[str, Tensor]:
    """The tensors of a packed UNet as they lie in the file.

    Raises:
        ValueError: it is not in its packed form.
        ModelError: a value is too large for fp16.
    """
    if unet.form is not Form.PACKED:
        raise ValueError("only a packed model can be saved as a packed file")
    return {
        name: _stored(name, value)
        for name, value in unet.state_dict().items()
        if not (name.endswith(_ZEROS) and not value.numel())
    }


def stored_autoencoder(autoencoder: VqAutoencoder) -> dict[str, Tensor]:
    """The autoencoder's tensors as they lie in the file: fp16.

    Raises:
        ModelError: a value is too large for it.
    """
    return {name: _half(name, value) for name, value in autoencoder.state_dict().items()}


def restored_unet(config: ReleasedUNetConfig, stored: Mapping[str, Tensor]) -> ReleasedUNet:
    """The packed UNet that lies in a file as `stored`, on the CPU, in evaluation mode.

    Raises:
        ModelError: names or shapes are not this network's.
    """
    with torch.device("meta"):
        unet = ReleasedUNet(config, Form.PACKED)
    values = {name: _restored(value) for name, value in stored.items()}
    for name, layer in unet.named_modules():
        if isinstance(layer, PackedReleasedLayer):
            zeros = values.setdefault(name + _ZEROS, torch.zeros(2, 0, dtype=torch.int32))
            _check_places(layer, name, zeros, values)
            layer.zeros = zeros
    _fill(unet, values)
    for layer in unet.modules():
        if isinstance(layer, PackedReleasedLayer):
            layer.find_zero_channels()
    return unet.eval().requires_grad_(False)


def save_released(
    path: Path,
    config: Mapping[str, Any],
    unet: Mapping[str, Tensor],
    autoencoder: Mapping[str, Tensor],
    *,
    title: str,
    licence: str,
    provenance: Mapping[str, Any],
    overwrite: bool = False,
) -> None:
    """Write a packed file of what `stored_unet` and `stored_autoencoder` gave.

    Args:
        path: Its place.
        config: As in `ReleasedCard`.
        unet: The packed UNet.
        autoencoder: The autoencoder.
        title: For people.
        licence: Of the weights.
        provenance: What it was made from.
        overwrite: Replace what is there, once the new file is complete.

    Raises:
        OutputError: the file cannot be written, or is there already.
    """
    one_bit = _one_bit(ReleasedUNetConfig.from_mapping(config["unet"]))
    others = sum(
        value.numel()
        for value in (*unet.values(), *autoencoder.values())
        if value.is_floating_point()
    )
    metadata = {
        "title": title,
        "licence": licence,
        "config": json.dumps(config),
        "parameters": str(one_bit + others),
        "one_bit": str(one_bit),
        "provenance": json.dumps(provenance),
    }
    tensors = {_UNET + name: value.contiguous() for name, value in unet.items()}
    tensors |= {_AUTOENCODER + name: value.contiguous() for name, value in autoencoder.items()}
    write_model_file(path, MAGIC, VERSION, metadata, tensors, overwrite=overwrite)


def read_released_card(path: Path) -> ReleasedCard:
    """What the file says of its model; reads the header alone.

    Raises:
        ModelError: the file is missing, damaged, foreign or of another version.
    """
    metadata = read_metadata(path)
    check_kind(path, metadata, MAGIC, VERSION)
    return _card(path, metadata)


def load_released(path: Path) -> ReleasedUpscaler:
    """The model, on the CPU, in evaluation mode: packed UNet, full-precision autoencoder.

    Raises:
        ModelError: the file is missing, cut off, damaged, foreign or of another version.
    """
    metadata, tensors = read_model_file(path, MAGIC, VERSION)
    card = _card(path, metadata)
    try:
        unet_config = ReleasedUNetConfig.from_mapping(card.config["unet"])
        autoencoder_config = AutoencoderConfig.from_mapping(card.config["autoencoder"])
        diffusion = ReleasedDiffusion.from_mapping(card.config["diffusion"])
        unet = restored_unet(unet_config, _below(_UNET, tensors))
        with torch.device("meta"):
            autoencoder = VqAutoencoder(autoencoder_config)
        restored = _below(_AUTOENCODER, tensors).items()
        _fill(autoencoder, {name: _restored(value) for name, value in restored})
        pipeline = ReleasedPipeline(unet, autoencoder, diffusion)
    except ModelError as error:
        raise not_usable(path, error.message.rstrip(".")) from error
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise not_usable(path, f"its description is damaged ({error!r})") from error
    upscaler = ReleasedUpscaler(pipeline, unet_config.alignment)
    return upscaler.eval().requires_grad_(False)


def _below(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {
        name.removeprefix(prefix): value
        for name, value in tensors.items()
        if name.startswith(prefix)
    }


def _stored(name: str, value: Tensor) -> Tensor:
    if name.endswith(_INDICES):
        return value.to(torch.uint16)
    if not value.is_floating_point() or name.endswith(_FULL_PRECISION):
        return value
    return _half(name, value)


def _half(name: str, value: Tensor) -> Tensor:
    half = value.to(torch.float16)
    if not half.isfinite().all():
        raise ModelError(
            "The weights do not fit", f"{name} has values that 16-bit numbers cannot hold."
        )
    return half


def _restored(value: Tensor) -> Tensor:
    if value.dtype == torch.uint16:
        return value.to(torch.int32)
    return value.float() if value.is_floating_point() else value


def _fill(model: nn.Module, values: Mapping[str, Tensor]) -> None:
    try:
        fill(model, values)
    except RuntimeError as error:
        raise ModelError("Model not usable", f"its tensors do not fit it ({error})") from error


def _check_places(
    layer: PackedReleasedLayer, name: str, zeros: Tensor, values: Mapping[str, Tensor]
) -> None:
    """Places of sparse and zero weights lie inside the layer: kernels rely on it."""
    inner = layer.in_channels * layer.kernel_size**2
    bounds: Iterable[tuple[Tensor | None, int]] = (
        (values.get(f"{name}.sparse_out"), layer.out_channels),
        (values.get(f"{name}.sparse_in"), layer.in_channels),
        (zeros[0], layer.out_channels),
        (zeros[1], inner),
    )
    for places, bound in bounds:
        if places is not None and ((places < 0) | (places >= bound)).any():
            raise ModelError("Model not usable", f"{name} has a place outside its layer")


def _one_bit(config: ReleasedUNetConfig) -> int:
    with torch.device("meta"):
        unet = ReleasedUNet(config, Form.PACKED)
    return sum(
        layer.out_channels * layer.kernel_size**2 * layer.in_channels
        for layer in unet.modules()
        if isinstance(layer, PackedReleasedLayer)
    )


def _card(path: Path, metadata: Mapping[str, str]) -> ReleasedCard:
    try:
        return ReleasedCard(
            title=metadata["title"],
            licence=metadata["licence"],
            config=dict(json.loads(metadata["config"])),
            parameters=int(metadata["parameters"]),
            one_bit=int(metadata["one_bit"]),
            provenance=json.loads(metadata["provenance"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise not_usable(path, f"its description is damaged ({error!r})") from error
