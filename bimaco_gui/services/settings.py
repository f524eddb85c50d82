"""What the window remembers from one time to the next: one small JSON file."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final

from bimaco_gui import paths
from bimaco_gui.atomic import new_file
from bimaco_gui.errors import UsageError
from bimaco_gui.services.jobs import JobOptions
from bimaco_gui.services.naming import comparable

_LOG = logging.getLogger(__name__)

_VERSION: Final = 2
_MOST_RECENT_FILES: Final = 12


@dataclass(frozen=True)
class Settings:
    """The settings; what is not known yet is None.

    Attributes:
        last_folder: Where the user last opened a photo.
        last_format: The format last saved in.
        window_geometry: What Qt's ``saveGeometry`` gave, as hexadecimal digits.
        window_state: What Qt's ``saveState`` gave, likewise.
        options: What was last chosen for upscaling and saving.
        output_folder: Where results go; None is beside each photo.
        recursive: Folders in folders are searched.
        mirrored: Folders are made again below the output folder.
        recent_files: Photos opened before, the newest first.
        language: A code such as ``de``; None follows the system.
        notify: Tell when a batch is done and the window is not in front.
        look_for_updates: Ask once a day, as the window opens, whether there is a newer version.
    """

    last_folder: str | None = None
    last_format: str | None = None
    window_geometry: str | None = None
    window_state: str | None = None
    options: JobOptions = field(default_factory=JobOptions)
    output_folder: str | None = None
    recursive: bool = True
    mirrored: bool = True
    recent_files: tuple[str, ...] = ()
    language: str | None = None
    notify: bool = True
    look_for_updates: bool = False


def load_settings(path: Path | None = None) -> Settings:
    """The settings in the file, or the defaults where there is none.

    Those of earlier versions are taken over. A damaged file, or one of a newer version, is kept
    beside under the suffix ``.bad``.
    """
    path = paths.settings_file() if path is None else path
    try:
        text = path.read_bytes().decode()
        return _parsed(json.loads(text))
    except FileNotFoundError:
        return Settings()
    except (ValueError, UsageError) as error:
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


def with_recent(settings: Settings, files: Iterable[Path]) -> Settings:
    """The settings after these files were opened, the last one newest; each one stands once."""
    recent = [Path(name) for name in settings.recent_files]
    for file in files:
        key = comparable(file)
        recent = [file.absolute(), *(one for one in recent if comparable(one) != key)]
    names = tuple(str(file) for file in recent[:_MOST_RECENT_FILES])
    return replace(settings, recent_files=names)


# ---- reading ----


def _text(value: Any) -> str | None:
    if not (value is None or isinstance(value, str)):
        raise ValueError("is no text")
    return value


def _digits(value: Any) -> str | None:
    if _text(value) is not None:
        bytes.fromhex(value)
    return _text(value)


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("is neither true nor false")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not (isinstance(value, list) and all(isinstance(one, str) for one in value)):
        raise ValueError("is no list of texts")
    return tuple(value)


def _options(value: Any) -> JobOptions:
    if not isinstance(value, dict):
        raise ValueError("are no options")
    try:
        return JobOptions.from_json(json.dumps(value))
    except TypeError as error:
        raise ValueError(str(error)) from error


_READERS: Final[dict[str, Callable[[Any], Any]]] = {
    "window_geometry": _digits,
    "window_state": _digits,
    "options": _options,
    "recursive": _truth,
    "mirrored": _truth,
    "recent_files": _texts,
    "notify": _truth,
    "look_for_updates": _truth,
}
"""How each setting is read; the others are texts."""


def _parsed(stored: Any) -> Settings:
    if not isinstance(stored, dict):
        raise ValueError("they are no JSON object")
    version = stored.get("version")
    if not (isinstance(version, int) and 1 <= version <= _VERSION):
        raise ValueError(f"they are of version {version!r}, not {_VERSION}")
    # Version 1 had the first three of them, with the same meaning.
    values = {}
    for entry in fields(Settings):
        if entry.name in stored:
            reader: Callable[[Any], Any] = _READERS.get(entry.name, _text)
            try:
                values[entry.name] = reader(stored[entry.name])
            except ValueError as error:
                raise ValueError(f"{entry.name} {error}") from error
    return Settings(**values)


def _set_aside(path: Path) -> None:
    try:
        path.replace(path.with_name(f"{path.name}.bad"))
    except OSError as error:
        _LOG.warning("%s cannot be set aside: %s", path, error)
