"""Sending the computer to sleep, or switching it off, when the work is done."""

from __future__ import annotations

import subprocess
import sys
from enum import Enum
from typing import Final

_SECONDS: Final = 10.0


class Power(Enum):
    """What becomes of the computer."""

    SUSPEND = "suspend"
    SHUT_DOWN = "shut down"


_LOGIND_METHODS: Final = {Power.SUSPEND: "Suspend", Power.SHUT_DOWN: "PowerOff"}


def switch(power: Power) -> None:
    """Do it, in the system's own way, which lets other programs and users object.

    Raises:
        Exception: Any, where the system does not do it.
    """
    platform: str = sys.platform  # as text, or else a type checker knows better
    if platform.startswith("linux"):
        _ask_logind(power)
    else:
        subprocess.run(command(power, platform), check=True, timeout=_SECONDS)


def command(power: Power, platform: str) -> list[str]:
    """What does it on macOS ("darwin") and Windows ("win32")."""
    if platform == "darwin":
        verb = "sleep" if power is Power.SUSPEND else "shut down"
        return ["/usr/bin/osascript", "-e", f'tell application "System Events" to {verb}']
    if power is Power.SUSPEND:
        return ["rundll32.exe", "powrprof.dll,SetSuspendState", "0,1,0"]
    return ["shutdown", "/s", "/t", "0"]


def _ask_logind(power: Power) -> None:
    from jeepney import DBusAddress, MessageType, new_method_call
    from jeepney.io.blocking import open_dbus_connection

    logind = DBusAddress(
        "/org/freedesktop/login1", "org.freedesktop.login1", "org.freedesktop.login1.Manager"
    )
    may_ask_for_a_password = True
    call = new_method_call(logind, _LOGIND_METHODS[power], "b", (may_ask_for_a_password,))
    with open_dbus_connection("SYSTEM") as connection:
        reply = connection.send_and_get_reply(call, timeout=_SECONDS)
    if reply.header.message_type is MessageType.error:
        raise OSError(str(reply.body[0]) if reply.body else "refused")
