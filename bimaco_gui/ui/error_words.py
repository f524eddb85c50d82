"""Errors in the window's language.

Below Qt, errors are English sentences with names and numbers in them. Here a sentence is recognised
by its template, such as ``“{0}” is empty (0 bytes).``, and said again in the window's language with
the same names and numbers. What is not recognised stays English.
"""

import re
from collections.abc import Sequence
from functools import cache

from PySide6.QtCore import QCoreApplication

from bimaco_gui.ui.translation import read_messages, translation_file

ERRORS = "Errors"
"""The context of the templates, which packaging/collect_texts.py collects."""

_PLACE = re.compile(r"\{(\d+)\}")
_LANGUAGE_WITH_ALL = "de"


def in_words(text: str) -> str:
    """The sentence, or part of one, in the language of the window."""
    exact = QCoreApplication.translate(ERRORS, text)
    if exact != text:
        return exact
    for template, pattern in _patterns():
        found = pattern.fullmatch(text)
        if found is not None:
            translated = QCoreApplication.translate(ERRORS, template)
            if translated == template:
                return text
            # A reason inside a sentence may be known by itself.
            return _filled(translated, [in_words(value) for value in found.groups()])
    return text


def _filled(template: str, values: Sequence[str]) -> str:
    return _PLACE.sub(lambda place: values[int(place[1])], template)


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """All templates with their patterns, those first that say most."""
    templates = {
        message.source
        for message in read_messages(translation_file(_LANGUAGE_WITH_ALL))
        if message.context == ERRORS and _PLACE.search(message.source)
    }
    ordered = sorted(templates, key=lambda source: (-len(_PLACE.sub("", source)), source))
    return [(source, _pattern(source)) for source in ordered]


def _pattern(template: str) -> re.Pattern[str]:
    parts = _PLACE.split(template)
    literal = [re.escape(part) for part in parts[::2]]
    return re.compile("(.*?)".join(literal), re.DOTALL)
