"""From what the user named, files and folders, to the picture files to upscale."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bimaco_gui.services.formats import READABLE_SUFFIXES
from bimaco_gui.services.naming import comparable, is_result_name


@dataclass(frozen=True)
class FoundPicture:
    """A picture file.

    Attributes:
        path: The file.
        folder: The folder it lies in, relative to the one that was named; ``.`` for a file that
            was named itself.
    """

    path: Path
    folder: Path


def find_pictures(
    inputs: Iterable[Path], *, recursive: bool = False, leave_out: Path | None = None
) -> list[FoundPicture]:
    """Find the pictures, in the order named, those of a folder by name, each file once.

    A file that is named is always taken, whatever it is called: reading it will tell. In a folder,
    only files named like pictures are taken; hidden files are not, nor results that lie beside
    the picture they were made from. A folder that cannot be listed counts as empty.

    Args:
        inputs: Files and folders.
        recursive: Search the folders in folders as well.
        leave_out: A folder that is not searched: where the results go.
    """
    seen: set[str] = set()
    found = []
    unsearched = None if leave_out is None else comparable(leave_out)
    for given in inputs:
        named = (
            _in_folder(given, Path(), recursive, unsearched)
            if given.is_dir()
            else [FoundPicture(given, Path())]
        )
        for picture in named:
            key = comparable(picture.path)
            if key not in seen:
                seen.add(key)
                found.append(picture)
    return found


def collect_pictures(inputs: Iterable[Path], recursive: bool = False) -> list[Path]:
    """The files of `find_pictures` alone."""
    return [picture.path for picture in find_pictures(inputs, recursive=recursive)]


def _in_folder(
    folder: Path, below: Path, recursive: bool, unsearched: str | None
) -> Iterator[FoundPicture]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    visible = [entry for entry in entries if not entry.name.startswith(".")]
    pictures = [
        entry.name
        for entry in visible
        if Path(entry.name).suffix.lower() in READABLE_SUFFIXES and entry.is_file()
    ]
    stems = {Path(name).stem for name in pictures}
    for name in pictures:
        if not _is_result_of_one(name, stems):
            yield FoundPicture(folder / name, below)
    if recursive:
        for entry in visible:
            # Links to folders are not followed: they may lead round in a circle.
            if entry.is_dir(follow_symlinks=False):
                inner = folder / entry.name
                if comparable(inner) != unsearched:
                    yield from _in_folder(inner, below / entry.name, recursive, unsearched)


def _is_result_of_one(name: str, stems: set[str]) -> bool:
    stem_end = name.rfind("_x")
    return stem_end > 0 and name[:stem_end] in stems and is_result_name(name, name[:stem_end])
