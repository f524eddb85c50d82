"""Where things are: what comes with the app, and what belongs to the user.

Folders of the user follow the system's habits (platformdirs). The environment variable
``BIMACO_HOME`` puts all of them under one folder instead, which suits tests and memory sticks.
It is read at every call.
"""

import contextlib
import os
import sys
from pathlib import Path

import platformdirs

_APP = "bimaco-gui"
_PACKAGE = Path(__file__).resolve().parent


def resources_folder() -> Path:
    """Return the folder with the bundled model, icons and sample photos.

    It is ``resources`` in a frozen program and in a checkout, and ``bimaco_gui/_resources`` in an
    installed wheel.
    """
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen) / "resources"
    installed = _PACKAGE / "_resources"
    return installed if installed.is_dir() else _PACKAGE.parent / "resources"


def bundled_models_folder() -> Path:
    """Return the folder with the models that come with the app."""
    return resources_folder() / "models"


def samples_folder() -> Path:
    """Return the folder with the sample photos that come with the app."""
    return resources_folder() / "samples"


def licence_file() -> Path:
    """Return the text of the app's licence.

    It is beside the resources in a checkout, and among them elsewhere.
    """
    inside = resources_folder() / "LICENSE"
    return inside if inside.is_file() else resources_folder().parent / "LICENSE"


def user_models_folder() -> Path:
    """Return the folder with the models that the user added."""
    return _folder("models", platformdirs.user_data_path(_APP, appauthor=False) / "models")


def cache_folder() -> Path:
    """Return the folder for results that are not saved yet; it may be emptied at any time."""
    return _folder("cache", platformdirs.user_cache_path(_APP, appauthor=False))


def settings_file() -> Path:
    """Return the file with the settings."""
    return _folder("", platformdirs.user_config_path(_APP, appauthor=False)) / "settings.json"


def queue_file() -> Path:
    """Return the file with the queue of jobs, which outlives a crash."""
    return _folder("", platformdirs.user_state_path(_APP, appauthor=False)) / "queue.sqlite3"


def experience_file() -> Path:
    """Return the file with what was measured on this machine: times and sizes of results."""
    return _folder("", platformdirs.user_state_path(_APP, appauthor=False)) / "experience.json"


def updates_file() -> Path:
    """Return the file with the day on which the app last looked for updates by itself."""
    return _folder("", platformdirs.user_state_path(_APP, appauthor=False)) / "updates.json"


def log_file() -> Path:
    """Return the file that the log goes to."""
    return _folder("logs", platformdirs.user_log_path(_APP, appauthor=False)) / "bimaco-gui.log"


def _folder(below_home: str, default: Path) -> Path:
    """Return the user's folder, made if it is missing and can be made."""
    home = os.environ.get("BIMACO_HOME")
    folder = Path(home).expanduser().absolute() / below_home if home else default
    # Reading works without the folder; a write that needs it reports its own reason.
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    return folder
