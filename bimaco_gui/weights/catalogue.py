"""Which models can be downloaded: from where, at which revision, and how to know them.

``resources/models/catalogue.json`` comes with the app. A ``catalogue.json`` in the user's models
folder adds to it, so that a model can be published without a new version of the app::

    {"version": 1, "models": [{
        "name": "photo-large", "title": "Photo x4 large", "licence": "Apache-2.0",
        "repository": "owner/name", "revision": "<commit, 40 hexadecimal digits>",
        "file": "photo-large.safetensors", "sha256": "<64 hexadecimal digits>", "bytes": 7654321
    }]}

A revision is a commit and no branch, and the hash is checked whatever the Hub says: what is
installed is what was listed.
"""

from __future__ import annotations

import json
import logging
import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from bimaco_gui import paths
from bimaco_gui.errors import ModelError

FILE_NAME: Final = "catalogue.json"
VERSION: Final = 1

_TEXT: Final = re.compile(r"[^\x00-\x1f]{1,200}")
_FORMS: Final = {
    "name": re.compile(r"[a-z0-9][a-z0-9._-]{0,63}"),
    "title": _TEXT,
    "licence": _TEXT,
    "repository": re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*"),
    "revision": re.compile(r"[0-9a-f]{40}"),
    "file": re.compile(r"(?!/)(?!.*\.\.)[\w./-]+\.safetensors"),
    "sha256": re.compile(r"[0-9a-f]{64}"),
}

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CatalogueEntry:
    """A model that can be downloaded.

    Attributes:
        name: What it is called once installed; lower case letters, digits, ``.``, ``_``, ``-``.
        title: For people.
        licence: SPDX identifier of the weights' licence.
        repository: ``owner/name`` on the Hub.
        revision: Commit, 40 hexadecimal digits.
        file: Path in the repository.
        sha256: Of the file, 64 hexadecimal digits.
        bytes: Its size.

    Raises:
        ValueError: A value does not have its form.
    """

    name: str
    title: str
    licence: str
    repository: str
    revision: str
    file: str
    sha256: str
    bytes: int

    def __post_init__(self) -> None:
        for field, form in _FORMS.items():
            value = getattr(self, field)
            if not (isinstance(value, str) and form.fullmatch(value)):
                raise ValueError(f"{field} is {value!r}")
        if type(self.bytes) is not int or self.bytes < 1:
            raise ValueError(f"bytes is {self.bytes!r}")


def catalogue() -> list[CatalogueEntry]:
    """All models that can be downloaded; a name in the app's own list hides one of the user's.

    A list that cannot be read counts as empty and is named in the log, an entry likewise.
    """
    found: dict[str, CatalogueEntry] = {}
    for folder in (paths.bundled_models_folder(), paths.user_models_folder()):
        for entry in _read(folder / FILE_NAME):
            found.setdefault(entry.name, entry)
    return list(found.values())


def find_entry(name: str) -> CatalogueEntry:
    """The entry of that name.

    Raises:
        ModelError: There is none; the message names those that there are.
    """
    entries = catalogue()
    for entry in entries:
        if entry.name == name:
            return entry
    names = ", ".join(entry.name for entry in entries)
    known = f"These can be downloaded: {names}." if names else "None can be downloaded yet."
    raise ModelError("Model not found", f"No model “{name}” can be downloaded. {known}")


def _read(path: Path) -> list[CatalogueEntry]:
    try:
        stored = json.loads(path.read_bytes())
        if not isinstance(stored, dict) or stored.get("version") != VERSION:
            raise ValueError(f"it is not of version {VERSION}")
        listed = stored["models"]
        if not isinstance(listed, list):
            raise ValueError("its models are no list")
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError) as error:
        _log.warning("%s left out: %s", path, error)
        return []
    entries = []
    for values in listed:
        try:
            entries.append(_entry(values))
        except (ValueError, TypeError, KeyError) as error:
            _log.warning("A model of %s left out: %s", path, error)
    return entries


def _entry(values: Any) -> CatalogueEntry:
    return CatalogueEntry(**{field.name: values[field.name] for field in fields(CatalogueEntry)})
