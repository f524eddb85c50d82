"""The authors' configuration files: YAML with the constructor arguments of three networks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bimaco_gui.errors import ModelError
from bimaco_gui.model.released import defaults

_LARGEST = 1 << 20  # bytes; theirs have a few thousand
_SECTIONS = ("model", "autoencoder", "diffusion")


@dataclass(frozen=True)
class ReleasedConfig:
    """Constructor arguments under the authors' names.

    Attributes:
        unet: With the binary keys it describes a binary network.
        autoencoder: Of the VQ autoencoder.
        diffusion: Of the schedule.
    """

    unet: Mapping[str, Any]
    autoencoder: Mapping[str, Any]
    diffusion: Mapping[str, Any]


PUBLISHED = ReleasedConfig(
    {**defaults.UNET, **defaults.BINARIZATION}, defaults.AUTOENCODER, defaults.DIFFUSION
)
"""Of the published checkpoints."""


def read_config(path: Path | None) -> ReleasedConfig:
    """Read ``params`` of the sections ``model``, ``autoencoder`` and ``diffusion``.

    Args:
        path: The file; what it does not mention is as published. None: everything is.

    Raises:
        ModelError: it is missing, or no such file.
    """
    if path is None:
        return PUBLISHED
    content = _parsed(path)
    if not isinstance(content, Mapping) or not content.keys() & set(_SECTIONS):
        raise ModelError(
            "Not a configuration",
            f"{path.name} has none of the sections {', '.join(_SECTIONS)}.",
        )
    return ReleasedConfig(
        *(
            _params(path, content, section, published)
            for section, published in zip(
                _SECTIONS,
                (PUBLISHED.unet, PUBLISHED.autoencoder, PUBLISHED.diffusion),
                strict=True,
            )
        )
    )


def _params(
    path: Path, content: Mapping[str, Any], section: str, published: Mapping[str, Any]
) -> Mapping[str, Any]:
    if section not in content:
        return published
    part = content[section]
    params = part.get("params") if isinstance(part, Mapping) else None
    if not isinstance(params, Mapping):
        raise ModelError("Not a configuration", f"{path.name} has no params in {section}.")
    return params


def _parsed(path: Path) -> Any:
    try:
        if path.stat().st_size > _LARGEST:
            raise ModelError("Not a configuration", f"{path.name} is larger than 1 MB.")
        text = path.read_text(encoding="utf-8")
        # Aliases can make a file of a few lines fill the memory, and theirs have none.
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text)):
            raise ModelError("Not a configuration", f"{path.name} refers to parts of itself.")
        return yaml.safe_load(text)
    except FileNotFoundError as error:
        raise ModelError("File not found", f"There is no file {path}.") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise ModelError(
            "Configuration not readable", f"{path.name} is no YAML file that can be read."
        ) from error
