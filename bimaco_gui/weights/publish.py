"""The folder of a Hub repository for a model, ready to be looked at and sent."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from bimaco_gui import paths
from bimaco_gui.errors import OutputError, UsageError
from bimaco_gui.weights.catalogue import CatalogueEntry
from bimaco_gui.weights.model_card import model_card
from bimaco_gui.weights.registry import ModelInfo

CREDITS_NAME: Final = "training_photos.csv"
ENTRY_NAME: Final = "catalogue-entry.json"
_NO_REVISION: Final = "0" * 40


def write_repository(
    model: ModelInfo, folder: Path, *, repository: str, credits: Path
) -> list[Path]:
    """Write model file, model card, credits, licence, hashes and the catalogue entry to be.

    Args:
        model: What to publish.
        folder: Where to; it must not exist, or be empty.
        repository: ``owner/name``.
        credits: CSV with the columns ``file`` and ``licence``, a line for each training photo.

    Returns:
        The files, in the order of their names.

    Raises:
        UsageError: The folder holds something, the name or repository does not fit the Hub, or
            the credits are no such list.
        OutputError: Something cannot be written; nothing is left then.
    """
    photos = _photos(credits)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise UsageError(
                "Folder not empty", f"“{folder}” holds something already: name another folder."
            )
        sha256 = hashlib.sha256(model.path.read_bytes()).hexdigest()
        entry = _entry(model, repository, sha256)
        card = model_card(
            model,
            repository=repository,
            sha256=sha256,
            photos=photos,
            credits_name=CREDITS_NAME,
        )
        try:
            shutil.copyfile(model.path, folder / model.path.name)
            shutil.copyfile(credits, folder / CREDITS_NAME)
            shutil.copyfile(paths.licence_file(), folder / "LICENSE")
            (folder / "README.md").write_text(card, encoding="utf-8")
            (folder / "SHA256SUMS").write_text(f"{sha256}  {model.path.name}\n", encoding="utf-8")
            (folder / ENTRY_NAME).write_text(json.dumps(entry, indent=2) + "\n", encoding="utf-8")
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    except OSError as error:
        raise OutputError(
            "Cannot prepare the repository",
            f"“{folder}” cannot be written ({error.strerror or error}).",
        ) from error
    return sorted(folder.iterdir())


def _photos(credits: Path) -> Sequence[Mapping[str, str]]:
    try:
        with credits.open(encoding="utf-8", newline="") as file:
            photos = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(
            "No credits",
            f"The list of training photos, “{credits}”, cannot be read: name it with --credits.",
        ) from error
    if not photos or not all(photo.get("file") and photo.get("licence") for photo in photos):
        raise UsageError(
            "No credits", f"“{credits}” does not name a file and a licence in every line."
        )
    return photos


def _entry(model: ModelInfo, repository: str, sha256: str) -> dict[str, object]:
    try:
        entry = CatalogueEntry(
            name=model.name,
            title=model.title,
            licence=model.licence,
            repository=repository,
            revision=_NO_REVISION,
            file=model.path.name,
            sha256=sha256,
            bytes=model.file_bytes,
        )
    except ValueError as error:
        raise UsageError(
            "Not fit for the Hub", f"The model cannot be published like this: {error}."
        ) from error
    return {**vars(entry), "revision": ""}
