"""Asks the system for favours, in a thread of its own: one that hangs holds up nobody."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

_LOG = logging.getLogger(__name__)


class System(Protocol):
    """What a system offers; each may do nothing or raise anything."""

    def keep_awake(self, reason: str) -> None:
        """Do not go to sleep until `allow_sleep`."""

    def allow_sleep(self) -> None:
        """Sleep when you like."""

    def show_progress(self, fraction: float | None) -> None:
        """Show a bar, 0 to 1, in the task bar or dock; None takes it away."""

    def notify(self, title: str, body: str) -> None:
        """Show a notification."""

    def close(self) -> None:
        """Let go of everything."""


class Desktop:
    """Passes wishes on to the system. All methods return at once, but for `close`.

    The thread begins with the first wish. Wishes about sleep and progress that were overtaken by
    newer ones are left out.

    Args:
        make_system: Makes the system's helper, in the thread; this system's if None.
    """

    def __init__(self, make_system: Callable[[], System] | None = None) -> None:
        self._make_system = this_system if make_system is None else make_system
        self._wishes: dict[str, Callable[[System], None]] = {}
        self._notes = 0
        self._changed = threading.Condition()
        self._closing = False
        self._thread: threading.Thread | None = None

    def keep_awake(self, reason: str) -> None:
        """Keep the machine from sleeping."""
        self._wish("sleep", lambda system: system.keep_awake(reason))

    def allow_sleep(self) -> None:
        """Let it sleep again."""
        self._wish("sleep", lambda system: system.allow_sleep())

    def show_progress(self, fraction: float | None) -> None:
        """Show a bar in the task bar, 0 to 1; None takes it away."""
        self._wish("progress", lambda system: system.show_progress(fraction))

    def notify(self, title: str, body: str) -> None:
        """Show a notification."""
        self._notes += 1
        self._wish(f"note {self._notes}", lambda system: system.notify(title, body))

    def close(self, timeout_seconds: float = 2.0) -> None:
        """Do what was wished for, let go of everything, and end the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(timeout_seconds)

    def _wish(self, about: str, wish: Callable[[System], None]) -> None:
        with self._changed:
            if self._closing:
                return
            self._wishes.pop(about, None)
            self._wishes[about] = wish
            self._changed.notify()
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="desktop", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        system: System = _Nothing()
        try:
            system = self._make_system()
        except Exception as error:
            _LOG.info("The desktop offers nothing: %s", error)
        while (wish := self._next()) is not None:
            _try(wish, system)
        _try(lambda system: system.close(), system)

    def _next(self) -> Callable[[System], None] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._wishes or self._closing)
            if not self._wishes:
                return None
            return self._wishes.pop(next(iter(self._wishes)))


@contextmanager
def awake(reason: str) -> Iterator[None]:
    """Keep the machine from sleeping while the block runs, where the system can."""
    desktop = Desktop()
    desktop.keep_awake(reason)
    try:
        yield
    finally:
        desktop.close()


def this_system() -> System:
    """The helper for the system that the app runs on.

    Raises:
        Exception: Any, where the system cannot be reached.
    """
    platform: str = sys.platform  # as text, or else a type checker knows better
    if platform.startswith("linux"):
        from bimaco_gui.services.desktop.linux import LinuxDesktop

        return LinuxDesktop()
    if platform == "darwin":
        from bimaco_gui.services.desktop.mac import MacDesktop

        return MacDesktop()
    if platform == "win32":
        from bimaco_gui.services.desktop.windows import WindowsDesktop

        return WindowsDesktop()
    return _Nothing()


class _Nothing:
    def keep_awake(self, reason: str) -> None:
        """There is nothing to ask."""

    def allow_sleep(self) -> None:
        """There is nothing to ask."""

    def show_progress(self, fraction: float | None) -> None:
        """There is nothing to ask."""

    def notify(self, title: str, body: str) -> None:
        """There is nothing to ask."""

    def close(self) -> None:
        """There is nothing to let go of."""


def _try(wish: Callable[[System], None], system: System) -> None:
    try:
        wish(system)
    except Exception as error:
        _LOG.info("The desktop did not do what it was asked for: %s", error)
