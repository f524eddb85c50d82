"""Which models are installed: the bundled ones and the user's."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bimaco_gui import paths
from bimaco_gui.errors import ModelError
from bimaco_gui.weights.kinds import read_any_card
from bimaco_gui.weights.model_file import SUFFIX

DEFAULT_MODEL = "photo"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ModelInfo:
    """An installed model.

    Attributes:
        name: The file's name without its suffix; what ``--model`` takes.
        path: The file.
        title, licence, provenance: As in `ModelCard`.
        file_bytes: Size of the file.
        parameters: Weights in all.
        one_bit_share: Share of them that are one bit, 0 to 1.
    """

    name: str
    path: Path
    title: str
    licence: str
    file_bytes: int
    parameters: int
    one_bit_share: float
    provenance: Mapping[str, Any]


def installed_models() -> list[ModelInfo]:
    """All usable models, bundled ones first; a bundled name hides a user's model of that name.

    A file that cannot be read is left out and named in the log.
    """
    found: dict[str, ModelInfo] = {}
    for folder in (paths.bundled_models_folder(), paths.user_models_folder()):
        for path in sorted(folder.glob(f"*{SUFFIX}")):
            try:
                found.setdefault(path.stem, _describe(path))
            except ModelError as error:
                _log.warning("model left out: %s", error.message)
    return list(found.values())


def find_model(name: str | None) -> ModelInfo:
    """The model of that name, the default for None; a model file works too, here or installed.

    Raises:
        ModelError: there is none; the message names those that are installed. Or the file is
            missing, damaged, foreign or of another version.
    """
    wanted = name or DEFAULT_MODEL
    if wanted.endswith(SUFFIX):
        path = Path(wanted)
        if path.name == wanted and not path.exists():
            path = paths.user_models_folder() / wanted
        return _describe(path)
    for folder in (paths.bundled_models_folder(), paths.user_models_folder()):
        path = folder / f"{wanted}{SUFFIX}"
        if path.parent == folder and path.is_file():
            return _describe(path)
    names = ", ".join(model.name for model in installed_models()) or "none"
    raise ModelError("Model not found", f"There is no model {wanted!r}. Installed: {names}.")


def _describe(path: Path) -> ModelInfo:
    card = read_any_card(path)
    return ModelInfo(
        name=path.stem,
        path=path,
        title=card.title,
        licence=card.licence,
        file_bytes=path.stat().st_size,
        parameters=card.parameters,
        one_bit_share=card.one_bit / card.parameters,
        provenance=card.provenance,
    )
