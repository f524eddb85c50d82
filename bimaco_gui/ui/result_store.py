"""The folder of results that are not saved yet."""

import shutil
import tempfile
from pathlib import Path

from PySide6.QtCore import QLockFile

from bimaco_gui import paths

_PREFIX = "results-"
_LOCK = ".lock"


class ResultStore:
    """A folder of this run's own below the cache; gone when closed.

    A lock file in it tells other runs that it is in use, so that what a crash left behind is
    cleared away by the next start and what a second window shows is not.
    """

    def __init__(self) -> None:
        """Clear away what crashed runs left; the folder itself is made when it is first needed."""
        self._folder: Path | None = None
        self._lock: QLockFile | None = None
        for folder in paths.cache_folder().glob(f"{_PREFIX}*"):
            _remove_if_abandoned(folder)

    def new_file(self, name: str) -> Path:
        """A path in the folder; nothing is there yet.

        Raises:
            OSError: The folder cannot be made.
        """
        if self._folder is None:
            cache = paths.cache_folder()
            cache.mkdir(parents=True, exist_ok=True)
            self._folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=cache))
            self._lock = _lock_in(self._folder)
            self._lock.tryLock(0)
        return self._folder / name

    def close(self) -> None:
        """Remove the folder and everything in it."""
        if self._lock is not None:
            self._lock.unlock()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._folder = self._lock = None


def _lock_in(folder: Path) -> QLockFile:
    lock = QLockFile(str(folder / _LOCK))
    lock.setStaleLockTime(0)  # stale only when its process is gone, however long that lives
    return lock


def _remove_if_abandoned(folder: Path) -> None:
    lock = _lock_in(folder)
    if lock.tryLock(0):
        lock.unlock()
        shutil.rmtree(folder, ignore_errors=True)
