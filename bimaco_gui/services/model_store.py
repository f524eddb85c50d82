"""Models to download, to add and to remove, for the model manager and the command line.

Only `download_model` uses the network, and only when it is called. Everything here may take a
while: the window calls it in a background thread.
"""

from __future__ import annotations

import filecmp
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from bimaco_gui import paths
from bimaco_gui.atomic import new_file
from bimaco_gui.errors import ModelError


class Place(Enum):
    """Where a model is.

    `BUNDLED` comes with the app, `INSTALLED` is in the user's folder, `ON_HUB` can be downloaded.
    """

    BUNDLED = "bundled"
    INSTALLED = "installed"
    ON_HUB = "on hub"


@dataclass(frozen=True)
class StoredModel:
    """A row of the model manager.

    Attributes:
        name: For ``--model``, `download_model` and `remove_model`.
        title: For people.
        licence: Of its weights.
        file_bytes: Size of the file.
        place: Where it is.
        repository: ``owner/name`` on the Hub, for one that can be downloaded.
        received: Bytes that an earlier attempt has left, for one that can be downloaded.
    """

    name: str
    title: str
    licence: str
    file_bytes: int
    place: Place
    repository: str | None = None
    received: int = 0

    @property
    def can_be_removed(self) -> bool:
        """Whether `remove_model` would do something for it."""
        return self.place is Place.INSTALLED or self.received > 0


@dataclass(frozen=True)
class DownloadProgress:
    """How far a download is.

    Attributes:
        name: Of the model.
        received: Bytes here.
        total: Bytes in all.
        seconds_left: As an estimate; None while it is too early.
    """

    name: str
    received: int
    total: int
    seconds_left: float | None

    @property
    def fraction(self) -> float:
        """Share that is here, 0 to 1."""
        return self.received / self.total


def stored_models() -> list[StoredModel]:
    """The installed models, bundled ones first, and then those that can be downloaded."""
    from bimaco_gui.weights.catalogue import catalogue
    from bimaco_gui.weights.download import received_bytes
    from bimaco_gui.weights.registry import installed_models

    bundled = paths.bundled_models_folder()
    rows = [
        StoredModel(
            model.name,
            model.title,
            model.licence,
            model.file_bytes,
            Place.BUNDLED if model.path.parent == bundled else Place.INSTALLED,
        )
        for model in installed_models()
    ]
    names = {row.name for row in rows}
    return rows + [
        StoredModel(
            entry.name,
            entry.title,
            entry.licence,
            entry.bytes,
            Place.ON_HUB,
            entry.repository,
            received_bytes(entry),
        )
        for entry in catalogue()
        if entry.name not in names
    ]


def download_model(
    name: str,
    tell: Callable[[DownloadProgress], None] | None = None,
    cancel: threading.Event | None = None,
) -> Path:
    """Download a model of the catalogue and install it; go on where an earlier attempt ended.

    Args:
        name: Of a model that can be downloaded.
        tell: Called in this thread, about ten times a second.
        cancel: Set by anyone to stop; what has arrived is kept.

    Returns:
        The installed file.

    Raises:
        ModelError: There is no such model, or this version of the app cannot read it.
        DownloadError: It cannot be downloaded; nothing is installed then.
        Cancelled: `cancel` was set.
    """
    from bimaco_gui.weights.catalogue import find_entry
    from bimaco_gui.weights.download import Received, download

    def report(received: Received) -> None:
        if tell is not None:
            left = received.total - received.bytes
            seconds = left / received.speed if received.speed > 0 else None
            tell(DownloadProgress(name, received.bytes, received.total, seconds))

    return download(find_entry(name), report, cancel)


def add_model(file: Path) -> str:
    """Install a model file of one's own, once it has been loaded without complaint.

    Args:
        file: As training, ``models import`` or ``models binarize`` writes it.

    Returns:
        What ``--model`` takes to use it: the file's name without its ending.

    Raises:
        ModelError: It is missing, damaged, foreign or of another version; or another model of that
            name is installed; or it cannot be copied.
    """
    from bimaco_gui.weights.download import user_model_path
    from bimaco_gui.weights.kinds import load_upscaler

    load_upscaler(file)
    name = file.stem
    target = user_model_path(name)
    if (paths.bundled_models_folder() / target.name).is_file():
        raise _name_taken(name)
    try:
        with file.open("rb") as source, new_file(target, overwrite=False) as copy:
            shutil.copyfileobj(source, copy)
    except FileExistsError as error:
        if file.exists() and target.exists() and not filecmp.cmp(file, target, shallow=False):
            raise _name_taken(name) from error
    except OSError as error:
        raise ModelError(
            "Cannot add the model", f"“{file.name}” cannot be copied ({error.strerror or error})."
        ) from error
    return name


def remove_model(name: str) -> None:
    """Remove a model from the user's folder, or what has arrived of one.

    Raises:
        ModelError: It comes with the app, is not there, or cannot be removed.
    """
    from bimaco_gui.weights.catalogue import catalogue
    from bimaco_gui.weights.download import discard_received, received_bytes, user_model_path

    file = user_model_path(name)
    partial = [entry for entry in catalogue() if entry.name == name and received_bytes(entry)]
    try:
        for entry in partial:
            discard_received(entry)
        if file.parent == paths.user_models_folder() and file.is_file():
            file.unlink()
        elif not partial:
            raise _cannot_remove(name)
    except OSError as error:
        raise ModelError(
            "Cannot remove the model",
            f"“{file}” cannot be removed ({error.strerror or error}).",
        ) from error


def _name_taken(name: str) -> ModelError:
    return ModelError(
        "Name taken",
        f"Another model is called “{name}” already: rename the file, or remove that one.",
    )


def _cannot_remove(name: str) -> ModelError:
    if (paths.bundled_models_folder() / f"{name}.safetensors").is_file():
        return ModelError("Part of the app", f"“{name}” comes with the app and stays.")
    return ModelError("Model not found", f"No model “{name}” is installed.")
