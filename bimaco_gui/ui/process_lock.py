"""A file that one process holds at a time, however that process ends.

The system's own lock on an open file decides, and nothing else. `QLockFile` also asks whether a
process of the number that it wrote is alive; in a sandbox every first process has the same number,
so what a crash left would seem to be in use for ever.
"""

import os
import sys
from pathlib import Path


class ProcessLock:
    """Not held at first."""

    def __init__(self, path: Path) -> None:
        """Lock this file, which is made if it is missing and stays."""
        self._path = path
        self._descriptor: int | None = None

    @property
    def is_held(self) -> bool:
        """Whether this object holds it."""
        return self._descriptor is not None

    def try_lock(self) -> bool:
        """Take it, if nobody has it; whether this object holds it now."""
        if self._descriptor is None:
            try:
                descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            except OSError:
                return False
            try:
                _lock(descriptor)
            except OSError:
                os.close(descriptor)
            else:
                self._descriptor = descriptor
        return self.is_held

    def unlock(self) -> None:
        """Let go of it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
