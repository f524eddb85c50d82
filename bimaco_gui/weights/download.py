"""Downloading a model: resumed at the byte, verified, and installed whole or not at all.

What has arrived lies in ``.downloads`` in the user's models folder, named by the hash of what it is
to become, so that it can be gone on with after a cut, a cancel or a crash. Only a file of the right
size and hash that this app can read is moved to its place.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from filelock import FileLock, Timeout

from bimaco_gui import paths
from bimaco_gui.errors import Cancelled, DownloadError, ModelError
from bimaco_gui.weights import hub
from bimaco_gui.weights.catalogue import CatalogueEntry

ATTEMPTS: Final = 5
"""How often in a row a connection may bring nothing new."""

FIRST_PAUSE: Final = 1.0
"""Seconds before the second attempt; each further pause is twice as long."""

_REPORT_EVERY: Final = 0.1
_SPARE_BYTES: Final = 10_000_000
_DISK_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True)
class Received:
    """How far a download is: bytes received, of all, and bytes a second since it began."""

    bytes: int
    total: int
    speed: float


Report = Callable[[Received], None]


def user_model_path(name: str) -> Path:
    """Where a model of that name lies once it is downloaded."""
    return paths.user_models_folder() / f"{name}.safetensors"


def received_bytes(entry: CatalogueEntry) -> int:
    """How much of it has arrived in earlier attempts."""
    part = _part(entry)
    return part.stat().st_size if part.is_file() else 0


def discard_received(entry: CatalogueEntry) -> None:
    """Remove what has arrived of it."""
    with suppress(FileNotFoundError):
        _part(entry).unlink()


def download(
    entry: CatalogueEntry,
    report: Report | None = None,
    cancel: threading.Event | None = None,
) -> Path:
    """Download a model and install it. A model of that name that is there already is replaced.

    Args:
        entry: Which.
        report: Called in this thread, about ten times a second, and at the end.
        cancel: Set by anyone to stop; what has arrived is kept.

    Returns:
        The installed file; at once if it is there already and is the right one.

    Raises:
        DownloadError: It cannot be reached, is not what was listed, or does not fit on the disk.
        ModelError: It is right, but this version of the app cannot read it.
        Cancelled: `cancel` was set.
    """
    cancel = cancel or threading.Event()
    target, part = user_model_path(entry.name), _part(entry)
    try:
        if target.is_file() and _sha256(target, cancel) == entry.sha256:
            return target
        part.parent.mkdir(parents=True, exist_ok=True)
        with _only_one(entry):
            _Transfer(entry, part, report, cancel).run()
            _verify(entry, part, cancel)
            _install(entry, part, target)
    except OSError as error:
        raise _not_written(entry, error) from error
    return target


class _Transfer:
    """Brings a file's bytes into `part`, over as many connections as it takes."""

    def __init__(
        self, entry: CatalogueEntry, part: Path, report: Report | None, cancel: threading.Event
    ) -> None:
        self._entry, self._part, self._cancel = entry, part, cancel
        self._report = report
        self._began = self._reported = time.monotonic()
        self._fresh = 0

    def run(self) -> None:
        with self._part.open("ab") as file:
            if file.tell() > self._entry.bytes:
                file.truncate(0)
            failures = 0
            while (have := file.seek(0, os.SEEK_END)) < self._entry.bytes:
                self._stop_if_cancelled()
                reason = self._attempt(file, have)
                failures = 0 if file.tell() > have else failures + 1
                if failures >= ATTEMPTS:
                    raise DownloadError(
                        "No connection",
                        f"“{self._entry.title}” cannot be downloaded now ({reason}). What has "
                        "arrived is kept, and the next attempt goes on from there.",
                    )
                if failures:
                    self._cancel.wait(FIRST_PAUSE * 2 ** (failures - 1))
            file.flush()
            os.fsync(file.fileno())
        self._tell(self._entry.bytes)

    def _attempt(self, file: BinaryIO, have: int) -> str:
        """Read as far as one connection leads; why it ended."""
        try:
            remote = hub.locate(self._entry.repository, self._entry.revision, self._entry.file)
            _require_listed(self._entry, remote)
            _require_space(self._entry, self._part.parent, self._entry.bytes - have)
            with hub.opened(remote, have) as (start, pieces):
                if start != have:
                    file.truncate(start)
                    file.seek(0, os.SEEK_END)
                for piece in pieces:
                    self._stop_if_cancelled()
                    file.write(piece)
                    self._fresh += len(piece)
                    if time.monotonic() - self._reported >= _REPORT_EVERY:
                        self._tell(file.tell())
                    if file.tell() > self._entry.bytes:
                        raise _not_as_listed(self._entry, "it is longer")
        except hub.Interrupted as interruption:
            return str(interruption)
        return "the connection ended early"

    def _tell(self, received: int) -> None:
        self._reported = time.monotonic()
        if self._report is not None:
            seconds = max(self._reported - self._began, 1e-3)
            self._report(Received(received, self._entry.bytes, self._fresh / seconds))

    def _stop_if_cancelled(self) -> None:
        if self._cancel.is_set():
            raise Cancelled


def _require_listed(entry: CatalogueEntry, remote: hub.RemoteFile) -> None:
    """Refuse early what is plainly another file."""
    if remote.commit not in (None, entry.revision):
        raise _not_as_listed(entry, "it belongs to another revision")
    if remote.size not in (None, entry.bytes):
        raise _not_as_listed(entry, f"it has {remote.size} bytes instead of {entry.bytes}")
    is_hash = remote.etag is not None and len(remote.etag) == len(entry.sha256)
    if is_hash and remote.etag != entry.sha256:
        raise _not_as_listed(entry, "its hash is another one")


def _require_space(entry: CatalogueEntry, folder: Path, missing: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < missing + min(_SPARE_BYTES, entry.bytes):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _verify(entry: CatalogueEntry, part: Path, cancel: threading.Event) -> None:
    if _sha256(part, cancel) != entry.sha256:
        # Going on from wrong bytes would never end well.
        part.unlink()
        raise _not_as_listed(entry, "its hash is another one")


def _install(entry: CatalogueEntry, part: Path, target: Path) -> None:
    from bimaco_gui.weights.registry import find_model  # with torch, which takes a while

    complete = part.with_name(target.name)
    part.replace(complete)
    try:
        find_model(str(complete))  # can it be read?
    except ModelError:
        complete.unlink()
        raise
    complete.replace(target)
    with suppress(OSError):
        part.parent.rmdir()


def _sha256(path: Path, cancel: threading.Event) -> str:
    total = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            if cancel.is_set():
                raise Cancelled
            total.update(piece)
    return total.hexdigest()


@contextmanager
def _only_one(entry: CatalogueEntry) -> Iterator[None]:
    """Keep a second window, or a command, from writing to the same file."""
    lock = FileLock(paths.cache_folder() / f"{entry.sha256[:16]}.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise DownloadError(
            "Already under way", f"“{entry.title}” is being downloaded by another window."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _part(entry: CatalogueEntry) -> Path:
    return paths.user_models_folder() / ".downloads" / f"{entry.sha256}.part"


def _not_as_listed(entry: CatalogueEntry, how: str) -> DownloadError:
    return DownloadError(
        "Not the file that was listed",
        f"What the server sends for “{entry.title}” is not the file that was published: {how}. "
        "Nothing was installed.",
    )


def _not_written(entry: CatalogueEntry, error: OSError) -> DownloadError:
    if error.errno in _DISK_FULL:
        return DownloadError(
            "Disk full",
            f"“{entry.title}” needs {entry.bytes / 1e6:.1f} MB in {paths.user_models_folder()}, "
            "and the disk is full. What has arrived is kept.",
        )
    return DownloadError(
        "Cannot save the model",
        f"“{entry.title}” cannot be saved in {paths.user_models_folder()} "
        f"({error.strerror or error}).",
    )
