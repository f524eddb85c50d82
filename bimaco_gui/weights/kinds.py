"""The kinds of model files that the app runs, told apart by their headers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from bimaco_gui.model import OneStepUpscaler
from bimaco_gui.model.released.upscaler import ReleasedUpscaler
from bimaco_gui.weights import packed, released_file
from bimaco_gui.weights.model_file import read_metadata


class Card(Protocol):
    """What files of every kind say of their model: see `packed.ModelCard`."""

    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def licence(self) -> str: ...  # noqa: D102
    @property
    def parameters(self) -> int: ...  # noqa: D102
    @property
    def one_bit(self) -> int: ...  # noqa: D102
    @property
    def provenance(self) -> Mapping[str, Any]: ...  # noqa: D102


def read_any_card(path: Path) -> Card:
    """What a model file of any kind says of its model; reads the header alone.

    Raises:
        ModelError: the file is missing, damaged, foreign or of another version.
    """
    return released_file.read_released_card(path) if _is_released(path) else packed.read_card(path)


def load_upscaler(path: Path) -> OneStepUpscaler | ReleasedUpscaler:
    """The model in a file of any kind, on the CPU, in evaluation mode.

    Raises:
        ModelError: the file is missing, cut off, damaged, foreign or of another version.
    """
    return released_file.load_released(path) if _is_released(path) else packed.load_model(path)


def _is_released(path: Path) -> bool:
    return read_metadata(path).get("format") == released_file.MAGIC
