"""Whether a Flatpak sandbox is around the app, so that errors can name the real reason."""

from __future__ import annotations

import configparser
from pathlib import Path

INFO = Path("/.flatpak-info")
"""What Flatpak tells each app that it runs; a program outside of it does not have this file."""


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
