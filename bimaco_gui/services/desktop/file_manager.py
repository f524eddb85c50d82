"""A file, selected in the system's file manager."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from jeepney import Message
    from jeepney.io.blocking import DBusConnection

_LOG = logging.getLogger(__name__)

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
    try:
        _ask_file_manager(path)
    except OSError as error:
        # In a sandbox file managers are out of reach, and the portal asks them.
        _LOG.info("No file manager answers: %s", error)
        _ask_portal(path)


def _ask_file_manager(path: Path) -> None:
    from jeepney import DBusAddress, new_method_call
    from jeepney.io.blocking import open_dbus_connection

    manager = DBusAddress(
        "/org/freedesktop/FileManager1",
        "org.freedesktop.FileManager1",
        "org.freedesktop.FileManager1",
    )
    no_token = ""
    call = new_method_call(manager, "ShowItems", "ass", ([path.as_uri()], no_token))
    with open_dbus_connection("SESSION") as connection:
        _answered(connection, call)


def _ask_portal(path: Path) -> None:
    from jeepney import DBusAddress, MatchRule, new_method_call
    from jeepney.io.blocking import open_dbus_connection

    portal = DBusAddress(
        "/org/freedesktop/portal/desktop",
        "org.freedesktop.portal.Desktop",
        "org.freedesktop.portal.OpenURI",
    )
    done = MatchRule(type="signal", interface="org.freedesktop.portal.Request", member="Response")
    options: dict[str, tuple[str, Any]] = {}
    file = os.open(path, os.O_RDONLY)
    try:
        call = new_method_call(portal, "OpenDirectory", "sha{sv}", ("", file, options))
        # Whoever hangs up before the portal is done takes the wish back.
        with (
            open_dbus_connection("SESSION", enable_fds=True) as connection,
            connection.filter(done) as responses,
        ):
            _answered(connection, call)
            code, _ = connection.recv_until_filtered(responses, timeout=_SECONDS).body
    finally:
        os.close(file)
    if code:
        raise OSError(f"the portal answered {code}")


def _answered(connection: DBusConnection, call: Message) -> None:
    from jeepney import MessageType

    reply = connection.send_and_get_reply(call, timeout=_SECONDS)
    if reply.header.message_type is MessageType.error:
        raise OSError(str(reply.body[0]) if reply.body else "refused")
