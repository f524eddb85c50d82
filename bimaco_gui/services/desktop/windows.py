"""Windows: a thread's execution state keeps it awake; Qt's tray icon shows notifications."""

from __future__ import annotations

import ctypes
from typing import Any

_CONTINUOUS = 0x80000000
_SYSTEM_REQUIRED = 0x00000001


class WindowsDesktop:
    """Calls the system from one thread only, since the state is that thread's."""

    def __init__(self) -> None:
        libraries: Any = ctypes
        self._set_state = libraries.windll.kernel32.SetThreadExecutionState

    def keep_awake(self, reason: str) -> None:
        """No idle sleep until told otherwise, or until the thread ends."""
        self._set_state(_CONTINUOUS | _SYSTEM_REQUIRED)

    def allow_sleep(self) -> None:
        """As before."""
        self._set_state(_CONTINUOUS)

    def show_progress(self, fraction: float | None) -> None:
        """Not yet: it needs the window's handle and COM."""

    def notify(self, title: str, body: str) -> None:
        """Qt does this here."""

    def close(self) -> None:
        """Let the machine sleep."""
        self.allow_sleep()
