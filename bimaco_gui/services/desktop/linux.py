"""Linux desktops, over D-Bus: notifications, Unity's launcher API, and inhibitors of sleep.

A machine is kept awake by logind, which hands out a file descriptor: closing it, or ending in any
way, lets it sleep again. Where there is no logind, the session's power manager is asked; it watches
the connection, so that is closed instead.
"""

from __future__ import annotations

import logging
from typing import Any, Final

from jeepney import DBusAddress, Message, MessageType, new_method_call, new_signal
from jeepney.fds import FileDescriptor
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from bimaco_gui.services.desktop import APP_ID, APP_NAME

_LOG = logging.getLogger(__name__)

_SECONDS: Final = 2.0
_LOGIND: Final = DBusAddress(
    "/org/freedesktop/login1", "org.freedesktop.login1", "org.freedesktop.login1.Manager"
)
_SESSION_INHIBITORS: Final = (
    DBusAddress(
        "/org/freedesktop/PowerManagement/Inhibit",
        "org.freedesktop.PowerManagement",
        "org.freedesktop.PowerManagement.Inhibit",
    ),
    DBusAddress(
        "/org/freedesktop/ScreenSaver",
        "org.freedesktop.ScreenSaver",
        "org.freedesktop.ScreenSaver",
    ),
)
_NOTIFICATIONS: Final = DBusAddress(
    "/org/freedesktop/Notifications",
    "org.freedesktop.Notifications",
    "org.freedesktop.Notifications",
)
_LAUNCHER: Final = DBusAddress(
    "/com/canonical/unity/launcherentry/1", interface="com.canonical.Unity.LauncherEntry"
)
_SYSTEM_DECIDES: Final = -1


class NotOffered(Exception):
    """The desktop does not offer what it was asked for."""


class LinuxDesktop:
    """Speaks to the session bus, and to logind on the system bus, as far as they are there."""

    def __init__(self) -> None:
        self._session: DBusConnection | None = None
        self._inhibitor: FileDescriptor | DBusConnection | None = None
        self._shows_progress = False

    def keep_awake(self, reason: str) -> None:
        """Ask logind, or else the session's power manager.

        Raises:
            NotOffered: Nobody is there to ask.
        """
        if self._inhibitor is not None:
            return
        for ask in (_ask_logind, _ask_session):
            try:
                self._inhibitor = ask(reason)
                return
            except (NotOffered, OSError, KeyError, RuntimeError) as error:
                _LOG.info("%s: %s", ask.__name__, error)
        raise NotOffered("nobody keeps this machine awake")

    def allow_sleep(self) -> None:
        """Let go of the inhibitor."""
        inhibitor, self._inhibitor = self._inhibitor, None
        if inhibitor is not None:
            inhibitor.close()

    def show_progress(self, fraction: float | None) -> None:
        """Tell launchers and docks that listen."""
        properties: dict[str, tuple[str, Any]] = {
            "progress": ("d", 0.0 if fraction is None else fraction),
            "progress-visible": ("b", fraction is not None),
        }
        body = (f"application://{APP_ID}.desktop", properties)
        self._send(new_signal(_LAUNCHER, "Update", "sa{sv}", body))
        self._shows_progress = fraction is not None

    def notify(self, title: str, body: str) -> None:
        """Show a notification.

        Raises:
            NotOffered: No notification service.
        """
        hints: dict[str, tuple[str, Any]] = {"desktop-entry": ("s", APP_ID)}
        actions: list[str] = []
        arguments = (APP_NAME, 0, APP_ID, title, _escaped(body), actions, hints, _SYSTEM_DECIDES)
        call = new_method_call(_NOTIFICATIONS, "Notify", "susssasa{sv}i", arguments)
        self._send(call)

    def close(self) -> None:
        """Take the bar away, let the machine sleep, and hang up."""
        self.allow_sleep()
        if self._shows_progress:
            self.show_progress(None)
        if self._session is not None:
            self._session.close()

    def _send(self, message: Message) -> None:
        if self._session is None:
            self._session = open_dbus_connection("SESSION")
        try:
            if message.header.message_type is MessageType.method_call:
                _answer(self._session, message)
            else:
                self._session.send(message)
        except (OSError, EOFError):
            # The bus went away; the next wish looks for it again.
            self._session.close()
            self._session = None
            raise


def _ask_logind(reason: str) -> FileDescriptor:
    connection = open_dbus_connection("SYSTEM", enable_fds=True)
    try:
        arguments = ("sleep:idle", APP_NAME, reason, "block")
        call = new_method_call(_LOGIND, "Inhibit", "ssss", arguments)
        (handle,) = _answer(connection, call)
    finally:
        connection.close()
    if not isinstance(handle, FileDescriptor):
        raise NotOffered("logind gave no inhibitor")
    return handle


def _ask_session(reason: str) -> DBusConnection:
    connection = open_dbus_connection("SESSION")
    for service in _SESSION_INHIBITORS:
        try:
            _answer(connection, new_method_call(service, "Inhibit", "ss", (APP_NAME, reason)))
            return connection
        except NotOffered:
            continue
    connection.close()
    raise NotOffered("no power manager on the session bus")


def _answer(connection: DBusConnection, call: Message) -> tuple[Any, ...]:
    try:
        reply = connection.send_and_get_reply(call, timeout=_SECONDS)
    except TimeoutError as error:
        raise NotOffered("no answer") from error
    if reply.header.message_type is MessageType.error:
        raise NotOffered(str(reply.body[0]) if reply.body else "refused")
    body: tuple[Any, ...] = reply.body
    return body


def _escaped(body: str) -> str:
    """Notification bodies may be read as markup."""
    return body.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
