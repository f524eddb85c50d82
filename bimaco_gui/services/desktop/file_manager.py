"""A file, selected in the system's file manager."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

_SECONDS: Final = 10.0
"""File managers may have to be started first."""


def can_select() -> bool:
    """Whether this system has a way that is worth trying."""
    platform: str = sys.platform  # as text, or else a type checker knows better
    return platform.startswith("linux") or platform in ("darwin", "win32")


def select(path: Path) -> None:
    """Show a file in its folder, selected. It may take seconds.

    Raises:
        Exception: Any, where there is no file manager that can do that.
    """
    platform: str = sys.platform
    if platform.startswith("linux"):
        _select_over_the_bus(path)
    else:
        # Explorer's exit code says nothing.
        subprocess.run(selecting_command(path, platform), check=platform == "darwin")


def selecting_command(path: Path, platform: str) -> list[str]:
    """What selects a file on macOS ("darwin") and Windows ("win32")."""
    if platform == "darwin":
        return ["/usr/bin/open", "-R", str(path)]
    return ["explorer", "/select,", str(path)]


def _select_over_the_bus(path: Path) -> None:
    from jeepney import DBusAddress, MessageType, new_method_call
    from jeepney.io.blocking import open_dbus_connection

    manager = DBusAddress(
        "/org/freedesktop/FileManager1",
        "org.freedesktop.FileManager1",
        "org.freedesktop.FileManager1",
    )
    no_token = ""
    call = new_method_call(manager, "ShowItems", "ass", ([path.as_uri()], no_token))
    with open_dbus_connection("SESSION") as connection:
        reply = connection.send_and_get_reply(call, timeout=_SECONDS)
    if reply.header.message_type is MessageType.error:
        raise OSError(str(reply.body[0]) if reply.body else "refused")
