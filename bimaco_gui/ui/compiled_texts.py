"""Texts in the form that Qt looks up by itself, the content of a ``.qm`` file.

A translator written in Python is called by Qt in any thread and under any of Qt's own locks, and
then waits for Python's lock; a thread that holds that one may wait for Qt's. Qt's own translator
never comes back to Python.

The form: sections of a tag, a length and bytes, all numbers big-endian. One section holds the
records of all messages, one the hash of each source text and where its record begins, sorted, one
the rules of the plural. Within a hash, records are tried in their order.
"""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_MAGIC = bytes.fromhex("3cb86418caef9c95cd211cbf60a1bddd")
_HASHES, _MESSAGES, _PLURAL_RULES = 0x42, 0x69, 0x88
_END, _TRANSLATION, _SOURCE, _CONTEXT, _COMMENT = 1, 3, 6, 7, 8
_IS_ONE = bytes((1, 1))
"""The rule of two forms, the first of which is for one: an opcode for "equals", and the number."""


@dataclass(frozen=True)
class Message:
    """A text and its translation.

    Attributes:
        context: Where it belongs, mostly a class.
        source: The English text.
        comment: Tells texts apart that read the same.
        forms: The translation; several for a text with a number, in the order of Qt's rules.
    """

    context: str
    source: str
    comment: str
    forms: tuple[str, ...]


def compiled_texts(messages: Sequence[Message], has_plural: bool) -> bytes:
    """What `QTranslator.load` takes.

    Args:
        messages: A class that inherits a text asks for it under its own name, so the first
            translation of a source text also serves contexts that are not here.
        has_plural: Whether the language has two forms, one of them for the number 1 alone.
    """
    records, places = bytearray(), []
    for message, names_context in [*((m, True) for m in messages), *_for_any_context(messages)]:
        places.append((_hash(message.source + message.comment), len(records)))
        records += _record(message, names_context)
    places.sort()
    hashes = b"".join(struct.pack(">II", *place) for place in places)
    sections = [(_HASHES, hashes), (_MESSAGES, bytes(records))]
    if has_plural:
        sections.append((_PLURAL_RULES, _IS_ONE))
    return _MAGIC + b"".join(struct.pack(">BI", tag, len(data)) + data for tag, data in sections)


def _for_any_context(messages: Iterable[Message]) -> list[tuple[Message, bool]]:
    first: dict[str, Message] = {}
    for message in messages:
        if not message.comment:
            first.setdefault(message.source, message)
    return [(message, False) for message in first.values()]


def _record(message: Message, names_context: bool) -> bytes:
    parts = [(_TRANSLATION, form.encode("utf-16-be")) for form in message.forms]
    if message.comment:
        parts.append((_COMMENT, message.comment.encode()))
    parts.append((_SOURCE, message.source.encode()))
    if names_context:
        parts.append((_CONTEXT, message.context.encode()))
    body = b"".join(struct.pack(">BI", tag, len(data)) + data for tag, data in parts)
    return body + bytes((_END,))


def _hash(text: str) -> int:
    """The hash of ELF's symbol tables, which Qt uses; 0 stands for nothing."""
    value = 0
    for byte in text.encode():
        value = (value << 4) + byte
        high = value & 0xF000_0000
        value = (value ^ (high >> 24)) & ~high & 0xFFFF_FFFF
    return value or 1
