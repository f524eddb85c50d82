"""What a Flatpak sandbox around the app keeps from it, so that nothing is lost unsaid."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

INFO = Path("/.flatpak-info")
"""What Flatpak tells each app that it runs; a program outside of it does not have this file."""

ROOT = Path("/")

_DOCUMENT = re.compile(r"/run/(user/\d+|flatpak)/doc/[0-9a-f]+")
"""The folder that the portal makes for a single file that was chosen in a dialog."""


def is_sandboxed() -> bool:
    """Whether files and services are missing here that others on this computer see."""
    return INFO.is_file()


def is_kept_offline() -> bool:
    """Whether the sandbox lacks the permission for the network."""
    if not is_sandboxed():
        return False
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(INFO.read_text(encoding="utf-8"))
    except (OSError, ValueError, configparser.Error):
        return False
    return "network" not in parser.get("Context", "shared", fallback="").split(";")


def loses(target: Path) -> bool:
    """Whether a file written there would be gone with the sandbox, though nothing fails.

    The sandbox's own folders are in memory: those above what it may see, such as a home folder that
    it may not see. And a document's folder takes that document alone: what is written beside it
    becomes a hidden file that the portal clears away.
    """
    if not is_sandboxed():
        return False
    folder = target.absolute().parent
    while not folder.exists():
        folder = folder.parent
    try:
        if _DOCUMENT.fullmatch(str(folder)):
            return any(file.name != target.name for file in folder.iterdir())
        return folder.stat().st_dev == ROOT.stat().st_dev
    except OSError:
        return False
