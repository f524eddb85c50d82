"""A real message bus of a test's own, and services that stand in for a desktop's."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from jeepney import HeaderFields, Message, MessageType, new_error, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection

Answer = Callable[[Message], Message | None]
LIMIT = 60
"""Seconds that a message may take to come, on a machine that has other things to do."""

_CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@contextmanager
def running_bus(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bus that is both the session's and the system's while the block runs; its address."""
    program = shutil.which("dbus-daemon")
    if program is None:
        pytest.skip("dbus-daemon is not installed (Debian: dbus)")
    with bus_process(program, folder) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        yield address


@contextmanager
def bus_process(program: str, folder: Path) -> Iterator[str]:
    """A bus that starts no services by itself; its address."""
    configuration = folder / "bus.conf"
    configuration.write_text(_CONFIGURATION.format(socket=folder / "bus.socket"))
    process = subprocess.Popen(
        [program, f"--config-file={configuration}", "--nofork", "--print-address=1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    address = process.stdout.readline().strip().partition(",")[0]
    try:
        yield address
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


class StandIn:
    """Owns a name on the bus, keeps what it is sent, and answers each call.

    Attributes:
        messages: All method calls and signals that came, in order.
        leavers: Unique names of connections that ended meanwhile.
    """

    def __init__(self, name: str | None, answer: Answer | None = None) -> None:
        self.messages: list[Message] = []
        self.leavers: list[str] = []
        self._answer = answer
        self._changed = threading.Condition()
        self._connection: DBusConnection = open_dbus_connection("SESSION", enable_fds=True)
        bus = Proxy(message_bus, self._connection)
        if name is not None:
            bus.RequestName(name)
        bus.AddMatch("type='signal'")
        self._ending = False
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def wait(self, count: int = 1, member: str | None = None) -> list[Message]:
        """The messages, once there are that many (of a member)."""

        def fitting() -> list[Message]:
            return [m for m in self.messages if member in (None, _field(m, HeaderFields.member))]

        with self._changed:
            assert self._changed.wait_for(lambda: len(fitting()) >= count, LIMIT), self.messages
            return fitting()

    def wait_for_leaver(self, name: str) -> None:
        """Until that connection has ended."""
        with self._changed:
            assert self._changed.wait_for(lambda: name in self.leavers, LIMIT), self.leavers

    def close(self) -> None:
        """Leave the bus."""
        self._ending = True
        self._thread.join()
        self._connection.close()

    def _serve(self) -> None:
        while not self._ending:
            try:
                message = self._connection.receive(timeout=0.05)
            except TimeoutError:
                continue
            except (OSError, EOFError):
                return
            self._take(message)

    def _take(self, message: Message) -> None:
        kind = message.header.message_type
        member = _field(message, HeaderFields.member)
        with self._changed:
            if member == "NameOwnerChanged":
                name, _, owner = message.body
                if not owner:
                    self.leavers.append(name)
            elif kind in (MessageType.method_call, MessageType.signal) and member != "NameAcquired":
                self.messages.append(message)
            self._changed.notify_all()
        if kind is MessageType.method_call and self._answer is not None:
            answer = self._answer(message)
            if answer is not None:
                self._connection.send(answer)


def returns(signature: str, *values: Any) -> Answer:
    """Answers every call with these values."""
    return lambda message: new_method_return(message, signature, values)


def refuses(message: Message) -> Message:
    """Answers every call with an error."""
    return new_error(message, "org.freedesktop.DBus.Error.Failed", "s", ("No.",))


def sender(message: Message) -> str:
    """The unique name of who sent it."""
    return str(_field(message, HeaderFields.sender))


def _field(message: Message, field: HeaderFields) -> Any:
    return message.header.fields.get(field)
