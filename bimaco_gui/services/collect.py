"""From what the user named, files and folders, to the picture files to upscale."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bimaco_gui.services.formats import READABLE_SUFFIXES
from bimaco_gui.services.name_template import DEFAULT_TEMPLATE, NameTemplate
from bimaco_gui.services.naming import comparable


@dataclass(frozen=True)
class FoundPicture:
    """A picture file.

    Attributes:
        path: The file.
        folder: The folder it lies in, relative to the one that was named; ``.`` for a file that
            was named itself.
        result_of: Name of the picture beside it that it is the upscaled result of, by its name.
    """

    path: Path
    folder: Path
    result_of: str | None = None


def find_pictures(
    inputs: Iterable[Path],
    *,
    recursive: bool = False,
    leave_out: Path | None = None,
    templates: Iterable[str] = (DEFAULT_TEMPLATE,),
) -> list[FoundPicture]:
    """Find the pictures, in the order named, those of a folder by name, each file once.

    A file that is named is always taken, whatever it is called: reading it will tell. In a folder,
    only files named like pictures are taken; hidden files are not. A folder that cannot be listed
    counts as empty.

    Args:
        inputs: Files and folders.
        recursive: Search the folders in folders as well.
        leave_out: A folder that is not searched: where the results go.
        templates: Of names by which results are told from photos.
    """
    seen: set[str] = set()
    found = []
    unsearched = None if leave_out is None else comparable(leave_out)
    known = [NameTemplate(text) for text in templates]
    for given in inputs:
        named = (
            _in_folder(given, Path(), recursive, unsearched, known)
            if given.is_dir()
            else [FoundPicture(given, Path())]
        )
        for picture in named:
            key = comparable(picture.path)
            if key not in seen:
                seen.add(key)
                found.append(picture)
    return found


def _in_folder(
    folder: Path,
    below: Path,
    recursive: bool,
    unsearched: str | None,
    templates: list[NameTemplate],
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
    by_stem = {Path(name).stem: name for name in pictures}
    for name in pictures:
        yield FoundPicture(folder / name, below, _source_of(name, by_stem, templates))
    if recursive:
        for entry in visible:
            # Links to folders are not followed: they may lead round in a circle.
            if entry.is_dir(follow_symlinks=False):
                inner = folder / entry.name
                if comparable(inner) != unsearched:
                    yield from _in_folder(
                        inner, below / entry.name, recursive, unsearched, templates
                    )


def _source_of(name: str, by_stem: dict[str, str], templates: list[NameTemplate]) -> str | None:
    for template in templates:
        source = template.source_name(Path(name).stem)
        if source in by_stem:
            return by_stem[source]
    return None
