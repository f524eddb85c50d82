"""What a Flatpak sandbox around the app keeps from it, so that nothing is lost unsaid."""

from __future__ import annotations

import configparser
import os
import re
from pathlib import Path

INFO = Path("/.flatpak-info")
"""What Flatpak tells each app that it runs; a program outside of it does not have this file."""

MOUNTS = Path("/proc/self/mountinfo")

_ITS_OWN = frozenset(map(Path, ("/", "/tmp", "/var/tmp")))
"""Places that every sandbox makes for itself; what it may see of the system is mounted there."""

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

    Folders above what it may see, such as a home folder, are its own and not the system's. And a
    document's folder takes that document alone: what is written beside it becomes a hidden file
    that the portal clears away.
    """
    if not is_sandboxed():
        return False
    folder = target.absolute().parent
    try:
        while not folder.exists():
            folder = folder.parent
        if _DOCUMENT.fullmatch(str(folder)):
            return any(file.name != target.name for file in folder.iterdir())
        return _mounted_at(folder.resolve()) in _ITS_OWN
    except (OSError, ValueError):
        return False


def _mounted_at(folder: Path) -> Path:
    """Where that is mounted which the folder is part of."""
    places = {Path(_unescaped(line.split()[4])) for line in MOUNTS.read_text().splitlines()}
    return next((place for place in (folder, *folder.parents) if place in places), Path("/"))


def _unescaped(name: str) -> str:
    """A name as the system lists it, which writes a space as a backslash and 040."""
    return os.fsdecode(re.sub(rb"\\([0-7]{3})", _as_byte, os.fsencode(name)))


def _as_byte(octal: re.Match[bytes]) -> bytes:
    return bytes([int(octal[1], 8)])
