"""The folder of results that are not saved yet, and of what a crash must not lose."""

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bimaco_gui import paths
from bimaco_gui.ui.process_lock import ProcessLock

_PREFIX = "results-"
_LOCK = ".lock"
_OPEN = "open.json"


class ResultStore:
    """A folder of this run's own below the cache; gone when closed.

    A lock file in it tells other runs that it is in use, so that what a crash left behind is
    cleared away by the next start and what a second window shows is not.

    Attributes:
        left_open: The photos that were open when an earlier run died.
    """

    def __init__(self) -> None:
        """Clear away what crashed runs left; the folder itself is made when it is first needed."""
        self._folder: Path | None = None
        self._lock: ProcessLock | None = None
        left: list[Path] = []
        for folder in sorted(paths.cache_folder().glob(f"{_PREFIX}*")):
            left += self._clear_if_abandoned(folder)
        self.left_open = tuple(left)

    def new_file(self, name: str) -> Path:
        """A path in the folder; nothing is there yet.

        Raises:
            OSError: The folder cannot be made.
        """
        return self._made_folder() / name

    def note_open(self, photos: Sequence[Path]) -> None:
        """These photos are open now; should this run die, the next one finds them in `left_open`.

        Where nothing can be written, nothing can be found.
        """
        with contextlib.suppress(OSError):
            note = self._made_folder() / _OPEN
            part = note.with_suffix(".part")
            part.write_text(json.dumps([os.fsencode(path).hex() for path in photos]))
            part.replace(note)

    def close(self) -> None:
        """Remove the folder and everything in it."""
        if self._lock is not None:
            self._lock.unlock()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._folder = self._lock = None

    def _made_folder(self) -> Path:
        if self._folder is None:
            cache = paths.cache_folder()
            cache.mkdir(parents=True, exist_ok=True)
            self._folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=cache))
            self._lock = ProcessLock(self._folder / _LOCK)
            self._lock.try_lock()
        return self._folder

    def _clear_if_abandoned(self, folder: Path) -> list[Path]:
        """Remove the folder of a run that died; gives the photos that were open in it."""
        lock = ProcessLock(folder / _LOCK)
        if not lock.try_lock():
            return []
        found = []
        for noted in _noted_in(folder):
            with contextlib.suppress(OSError):
                was_pasted = noted.parent == folder  # and lies nowhere else
                photo = noted.replace(self.new_file(noted.name)) if was_pasted else noted
                if photo.is_file():
                    found.append(photo)
        lock.unlock()
        shutil.rmtree(folder, ignore_errors=True)
        return found


def _noted_in(folder: Path) -> list[Path]:
    try:
        noted = json.loads((folder / _OPEN).read_text())
        return [Path(os.fsdecode(bytes.fromhex(path))) for path in noted]
    except (OSError, ValueError, TypeError):
        return []
