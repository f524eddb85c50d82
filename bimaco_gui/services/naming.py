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
from bimaco_gui.services.name_template import NameFacts, NameTemplate

_NUMBERED = re.compile(r"(?P<stem>.*) \((?P<number>\d+)\)", re.DOTALL)
_NAMES_IGNORE_CASE = sys.platform in {"win32", "darwin"}


def chosen_output(
    source: Path, wanted: Path, existing: str, taken: Collection[str] = ()
) -> Path | None:
    """The path that a result gets.

    Args:
        source: The input's file, which is never the output.
        wanted: Where it would go if nothing were there.
        existing: Of `JobOptions`.
        taken: Files that must not be replaced in any case, such as the results and the inputs of
            the same batch, each as `comparable` gives it.

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
