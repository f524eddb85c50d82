"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_LONGEST_NAME_KEPT = 40


@contextmanager
def new_file(path: Path, *, overwrite: bool) -> Iterator[BinaryIO]:
    """Write a file under a hidden name beside its place, and move it there once it is complete.

    On any failure the hidden file is removed, and the place stays as it was.

    Args:
        path: The place.
        overwrite: Replace what is there; otherwise what is there stays, even if it appeared
            meanwhile.

    Raises:
        FileExistsError: The place is taken and may not be overwritten.
        OSError: As the system says.
    """
    part = path.with_name(f".{path.stem[:_LONGEST_NAME_KEPT]}.{secrets.token_hex(4)}.part")
    # Made by hand rather than by tempfile, so that the usual permissions apply.
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(part, flags, 0o666)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
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
