"""Paths of results: beside the input or in a folder, never an input, never an existing file."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections.abc import Collection, Iterator
from itertools import count
from pathlib import Path

from bimaco_gui.services.formats import DEFAULT_FORMAT, SUFFIX_OF_FORMAT, format_of
from bimaco_gui.services.name_template import DEFAULT_TEMPLATE, NameFacts, NameTemplate

_NUMBERED = re.compile(r"(?P<stem>.*) \((?P<number>\d+)\)", re.DOTALL)
_NAMES_IGNORE_CASE = sys.platform in {"win32", "darwin"}


def output_path(
    source: Path,
    output: Path | None,
    format: str | None,
    scale: float,
    overwrite: bool,
    taken: Collection[str] = (),
) -> Path:
    """Where the result of upscaling `source` goes, under the usual name.

    Args:
        source: The input's file.
        output: The result's file, or an existing folder for it, or None: beside the input.
        format: Format of the result; None follows the name of `output`, or else the input's
            format, or PNG where results are not written in that one.
        scale: Names the result: ``photo_x4.png``.
        overwrite: An existing file may be replaced. Otherwise the name gets the next free number:
            ``photo_x4 (2).png``.
        taken: Files that must not be replaced in any case, such as the results and the inputs of
            the same batch, each as `comparable` gives it.

    Returns:
        A path that is neither `source` nor one of `taken`.
    """
    if output is not None and not output.is_dir():
        wanted = output
    else:
        folder = source.parent if output is None else output
        name = result_name(
            source, format, NameTemplate(DEFAULT_TEMPLATE), NameFacts(source.stem, scale)
        )
        wanted = folder / name
    chosen = chosen_output(source, wanted, "overwrite" if overwrite else "number", taken)
    assert chosen is not None
    return chosen


def chosen_output(
    source: Path, wanted: Path, existing: str, taken: Collection[str] = ()
) -> Path | None:
    """The path that a result gets.

    Args:
        source: The input's file, which is never the output.
        wanted: Where it would go if nothing were there.
        existing: Of `JobOptions`.
        taken: As for `output_path`.

    Returns:
        `wanted`, or with a number that is free; None where the picture is to be skipped, because
        its result exists.
    """
    for candidate in _numbered(wanted):
        if comparable(candidate) in taken or _same_file(candidate, source):
            continue
        if existing == "overwrite" or not os.path.lexists(candidate):
            return candidate
        if existing == "skip":
            return None
    raise AssertionError("the numbers never end")


def free_path(wanted: Path) -> Path:
    """The path itself, or with the next free number if a file of this name exists."""
    return next(path for path in _numbered(wanted) if not os.path.lexists(path))


def result_name(source: Path, format: str | None, template: NameTemplate, facts: NameFacts) -> str:
    """The name of the result before any number, with the suffix of its format.

    Args:
        source: The input's file.
        format: Of the result; None is the input's, or PNG where that one is not written.
        template: Of the name.
        facts: For the template.

    Raises:
        UsageError: The name would be too long whatever the picture is called.
    """
    return template.render(facts, result_suffix(source, format))


def result_suffix(source: Path, format: str | None) -> str:
    """The suffix of the result; arguments as for `result_name`."""
    return SUFFIX_OF_FORMAT[format or format_of(source) or DEFAULT_FORMAT]


def comparable(path: Path) -> str:
    """A text that is equal for two paths of one file, existing or not, as far as names tell."""
    text = os.path.realpath(path)
    if _NAMES_IGNORE_CASE:
        text = unicodedata.normalize("NFC", text).casefold()
    return text


def _numbered(path: Path) -> Iterator[Path]:
    yield path
    match = _NUMBERED.fullmatch(path.stem)
    stem, first = (match["stem"], int(match["number"]) + 1) if match else (path.stem, 2)
    for number in count(first):
        yield path.with_name(f"{stem} ({number}){path.suffix}")


def _same_file(one: Path, other: Path) -> bool:
    if comparable(one) == comparable(other):
        return True
    try:
        return one.samefile(other)
    except OSError:
        return False
