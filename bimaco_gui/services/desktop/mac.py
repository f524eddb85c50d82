"""macOS: ``caffeinate`` keeps it awake; Qt's tray icon shows notifications."""

from __future__ import annotations

import os
import subprocess

_CAFFEINATE = "/usr/bin/caffeinate"


class MacDesktop:
    """Runs the system's own tools."""

    def __init__(self) -> None:
        self._caffeinate: subprocess.Popen[bytes] | None = None

    def keep_awake(self, reason: str) -> None:
        """No idle sleep; it ends with this process in any case."""
        if self._caffeinate is None:
            command = [_CAFFEINATE, "-i", "-w", str(os.getpid())]
            self._caffeinate = subprocess.Popen(command)

    def allow_sleep(self) -> None:
        """End the tool."""
        tool, self._caffeinate = self._caffeinate, None
        if tool is not None:
            tool.terminate()
            tool.wait()

    def show_progress(self, fraction: float | None) -> None:
        """The dock shows none."""

    def notify(self, title: str, body: str) -> None:
        """Qt does this here."""

    def close(self) -> None:
        """Let the machine sleep."""
        self.allow_sleep()
