"""Preparing a model's repository for the Hub. Nothing is sent."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bimaco_gui import paths

_CREDITS: Final = "docs/training_photos.csv"


@dataclass(frozen=True)
class PreparedRepository:
    """What was written: the folder, and the files in it."""

    folder: Path
    files: list[Path]


def prepare_repository(
    name: str | None, folder: Path | None, *, repository: str, credits: Path | None
) -> PreparedRepository:
    """Write the folder of a Hub repository.

    Args:
        name: Of an installed model, or a model file; None is the bundled one.
        folder: Where to; None is ``hub-NAME`` in the current folder.
        repository: ``owner/name``.
        credits: List of the training photos; None is the one of the checkout.

    Raises:
        ModelError: There is no such model.
        UsageError: What was asked for does not fit; see `weights.publish`.
        OutputError: The folder cannot be written.
    """
    from bimaco_gui.weights.publish import write_repository
    from bimaco_gui.weights.registry import find_model

    model = find_model(name)
    folder = Path(f"hub-{model.name}") if folder is None else folder
    credits = paths.resources_folder().parent / _CREDITS if credits is None else credits
    files = write_repository(model, folder, repository=repository, credits=credits)
    return PreparedRepository(folder, files)
