"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_LONGEST_NAME_KEPT = 40


FileStamp = tuple[int, int]
"""Size in bytes and time of the last change in nanoseconds, which a new name does not change."""

Journal = Callable[[Path, Path, FileStamp | None], None]
"""Called with the hidden file, the place, and, once the file is complete, its stamp."""


def stamp_of(path: Path) -> FileStamp | None:
    """The stamp of a file, or None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


@contextmanager
def new_file(path: Path, *, overwrite: bool, journal: Journal | None = None) -> Iterator[BinaryIO]:
    """Write a file under a hidden name beside its place, and move it there once it is complete.

    On any failure the hidden file is removed, and the place stays as it was.

    Args:
        path: The place.
        overwrite: Replace what is there; otherwise what is there stays, even if it appeared
            meanwhile.
        journal: Called before the hidden file is made, and again before it gets its name, so
            that whoever comes after a crash knows what became of it.

    Raises:
        FileExistsError: The place is taken and may not be overwritten.
        OSError: As the system says.
    """
    part = path.with_name(f".{path.stem[:_LONGEST_NAME_KEPT]}.{secrets.token_hex(4)}.part")
    if journal is not None:
        journal(part, path, None)
    # Made by hand rather than by tempfile, so that the usual permissions apply.
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(part, flags, 0o666)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if journal is not None:
            journal(part, path, stamp_of(part))
        if overwrite:
            part.replace(path)
        else:
            _move_without_replacing(part, path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
    _sync_folder(path.parent)


def _move_without_replacing(part: Path, path: Path) -> None:
    try:
        path.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError:
        _move_to_reserved_name(part, path)
    else:
        part.unlink()


def _move_to_reserved_name(part: Path, path: Path) -> None:
    """For file systems without hard links: whoever makes the empty file owns the name."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    try:
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            path.unlink()
        raise


def _sync_folder(folder: Path) -> None:
    """Make the new name outlast a power cut, where the system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
