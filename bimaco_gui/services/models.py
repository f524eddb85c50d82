"""The models that are installed, in plain values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ModelSummary:
    """A model as people choose it.

    Attributes:
        name: For ``--model`` and the settings.
        title: For people.
        path: Its file.
        licence: Of its weights.
        file_bytes: Size of the file.
        parameters: How many weights it has.
        one_bit_share: Share of them that are one bit, 0 to 1.
    """

    name: str
    title: str
    path: Path
    licence: str
    file_bytes: int
    parameters: int
    one_bit_share: float


def list_models() -> list[ModelSummary]:
    """The installed models, the bundled ones first."""
    from bimaco_gui.weights import installed_models

    return [
        ModelSummary(
            name=model.name,
            title=model.title,
            path=model.path,
            licence=model.licence,
            file_bytes=model.file_bytes,
            parameters=model.parameters,
            one_bit_share=model.one_bit_share,
        )
        for model in installed_models()
    ]
