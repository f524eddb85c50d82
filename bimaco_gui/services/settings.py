"""What the window remembers from one time to the next: one small JSON file."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from bimaco_gui import paths
from bimaco_gui.atomic import new_file

_LOG = logging.getLogger(__name__)

_VERSION = 1


@dataclass(frozen=True)
class Settings:
    """The settings; what is not known yet is None.

    Attributes:
        last_folder: Where the user last opened a photo.
        last_format: The format last saved in.
        window_geometry: What Qt's ``saveGeometry`` gave, as hexadecimal digits.
    """

    last_folder: str | None = None
    last_format: str | None = None
    window_geometry: str | None = None


def load_settings(path: Path | None = None) -> Settings:
    """The settings in the file, or the defaults where there is none.

    A damaged file, or one of another version, is kept beside under the suffix ``.bad``.
    """
    path = paths.settings_file() if path is None else path
    try:
        text = path.read_bytes().decode()
        return _parsed(json.loads(text))
    except FileNotFoundError:
        return Settings()
    except ValueError as error:
        _LOG.warning("The settings in %s are set aside: %s", path, error)
        _set_aside(path)
        return Settings()
    except OSError as error:
        _LOG.warning("The settings in %s cannot be read: %s", path, error)
        return Settings()


def save_settings(settings: Settings, path: Path | None = None) -> bool:
    """Write the settings, completely or not at all; False, and a line in the log, if it fails."""
    path = paths.settings_file() if path is None else path
    text = json.dumps({"version": _VERSION, **asdict(settings)}, indent=2)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with new_file(path, overwrite=True) as file:
            file.write(text.encode())
    except OSError as error:
        _LOG.warning("The settings cannot be written to %s: %s", path, error)
        return False
    return True


def _parsed(stored: Any) -> Settings:
    if not isinstance(stored, dict):
        raise ValueError("they are no JSON object")
    if stored.get("version") != _VERSION:
        raise ValueError(f"they are of version {stored.get('version')!r}, not {_VERSION}")
    values = {entry.name: stored.get(entry.name) for entry in fields(Settings)}
    for name, value in values.items():
        if not (value is None or isinstance(value, str)):
            raise ValueError(f"{name} is no text")
    if values["window_geometry"] is not None:
        bytes.fromhex(values["window_geometry"])
    return Settings(**values)


def _set_aside(path: Path) -> None:
    try:
        path.replace(path.with_name(f"{path.name}.bad"))
    except OSError as error:
        _LOG.warning("%s cannot be set aside: %s", path, error)
