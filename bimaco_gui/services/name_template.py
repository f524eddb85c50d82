"""Templates for the names of results, such as ``{name}_x{scale}``.

Fields are ``{name}`` (the input's, without its suffix), ``{scale}``, ``{model}``, ``{width}`` and
``{height}`` (of the result), ``{date}`` (of today) and ``{counter}`` (in the batch, from 1;
``{counter:4}`` fills up with zeros to four digits). The suffix follows the format by itself.
"""

from __future__ import annotations

import datetime
import os
import re
import string
from dataclasses import dataclass, field, replace
from functools import lru_cache

from bimaco_gui.errors import UsageError

DEFAULT_TEMPLATE = "{name}_x{scale}"
FIELDS = ("name", "scale", "model", "width", "height", "date", "counter")

# File systems take 255 bytes; a number and the temporary name while writing need some.
LONGEST_NAME_BYTES = 220

_NUMBERS = {"scale": r"\d+(?:\.\d+)?", "width": r"\d+", "height": r"\d+", "counter": r"\d+"}
_PATTERNS = {**_NUMBERS, "model": r".+?", "date": r"\d{4}-\d\d-\d\d"}
_FORBIDDEN = frozenset('/\\\0<>:"|?*') | {chr(code) for code in range(32)}
_MOST_DIGITS = 9


@dataclass(frozen=True)
class NameFacts:
    """What a template's fields stand for.

    Attributes:
        name: The input's name without suffix.
        scale: Output width over input width.
        model: The model's name.
        width, height: Of the result in pixels.
        counter: The picture's place in its batch, from 1.
        date: The day of the work.
    """

    name: str
    scale: float = 4.0
    model: str = "photo"
    width: int = 0
    height: int = 0
    counter: int = 1
    date: datetime.date = field(default_factory=datetime.date.today)


class NameTemplate:
    """A template that is known to be usable.

    Args:
        text: As in the module's description.

    Raises:
        UsageError: It holds an unknown field, an open brace, or a sign that no file name may hold
            on every system; the sentence says which.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._parts = _parsed(text)

    def render(self, facts: NameFacts, suffix: str) -> str:
        """The file name, with its suffix once, and `name` cut where it would be too long.

        Args:
            facts: What the fields stand for.
            suffix: Of the format, such as ``.png``.

        Raises:
            UsageError: It is too long even without any name.
        """
        rendered = self._with_suffix(facts, suffix)
        surplus = len(os.fsencode(rendered)) - LONGEST_NAME_BYTES
        if surplus > 0:
            stored = os.fsencode(facts.name)
            room = max(0, len(stored) - surplus)
            short = stored[:room].decode(errors="ignore").rstrip()
            rendered = self._with_suffix(replace(facts, name=short), suffix)
        if len(os.fsencode(rendered)) > LONGEST_NAME_BYTES:
            raise UsageError("Unusable name", f"The name “{self.text}” gives is too long.")
        return rendered

    def source_name(self, file_stem: str) -> str | None:
        """The `name` of the input that a file with this stem would be the result of.

        None where it is none, or where the template adds nothing to tell results by.
        """
        pattern = _recognizer(self.text)
        match = None if pattern is None else pattern.fullmatch(file_stem)
        return None if match is None else match["name"]

    def _with_suffix(self, facts: NameFacts, suffix: str) -> str:
        stem = "".join(
            literal + ("" if name is None else _value(facts, name, width))
            for literal, name, width in self._parts
        )
        if stem.lower().endswith(suffix.lower()):
            stem = stem[: -len(suffix)]
        # Windows drops dots and spaces at the end; a dot in front would hide the file.
        stem = stem.strip(" ").rstrip(". ")
        return f"{stem or 'picture'}{suffix}"


_Part = tuple[str, str | None, int]


def _parsed(text: str) -> list[_Part]:
    if not text.strip(" ."):
        raise UsageError("No name", "The template of the name is empty.")
    try:
        parsed = list(string.Formatter().parse(text))
    except ValueError:
        raise UsageError(
            "Unusable name",
            f"A brace in “{text}” has no partner: fields are written like {{name}}.",
        ) from None
    parts: list[_Part] = []
    for literal, name, format_spec, conversion in parsed:
        wrong = sorted(set(literal) & _FORBIDDEN)
        if wrong:
            shown = wrong[0] if wrong[0].isprintable() else repr(wrong[0])
            raise UsageError("Unusable name", f"A file name may not hold “{shown}”.")
        if name is not None and (name not in FIELDS or conversion):
            fields = ", ".join(f"{{{known}}}" for known in FIELDS)
            raise UsageError("Unknown field", f"“{{{name}}}” is not known: use {fields}.")
        parts.append((literal, name, _digits(name, format_spec or "")))
    if parts[0][0].startswith("."):
        raise UsageError("Unusable name", "A name that begins with a dot would hide the result.")
    return parts


def _digits(name: str | None, format_spec: str) -> int:
    if not format_spec:
        return 0
    if name == "counter" and format_spec.isdecimal() and int(format_spec) <= _MOST_DIGITS:
        return int(format_spec)
    raise UsageError(
        "Unusable name",
        f"“{{{name}:{format_spec}}}” is not known: only {{counter}} takes a number of digits, "
        "as in {counter:4}.",
    )


def _value(facts: NameFacts, name: str, digits: int) -> str:
    match name:
        case "name":
            return facts.name
        case "scale":
            return f"{round(facts.scale, 2):g}"
        case "model":
            return "".join("-" if sign in _FORBIDDEN else sign for sign in facts.model)
        case "date":
            return facts.date.isoformat()
        case "counter":
            return f"{facts.counter:0{digits or 1}}"
        case _:
            return str(getattr(facts, name))


@lru_cache(maxsize=16)
def _recognizer(text: str) -> re.Pattern[str] | None:
    parts = _parsed(text)
    names = [name for _, name, _ in parts]
    if "name" not in names or not any(literal for literal, _, _ in parts):
        return None
    pattern, seen = "", False
    for literal, name, _ in parts:
        pattern += re.escape(literal)
        if name == "name":
            pattern += "(?P=name)" if seen else "(?P<name>.+?)"
            seen = True
        elif name is not None:
            pattern += _PATTERNS[name]
    return re.compile(pattern + r"(?: \(\d+\))?", re.DOTALL)
