"""File formats by their names: what can be written, and what a picture file is called."""

from __future__ import annotations

from pathlib import Path

from bimaco_gui.errors import UsageError

SUFFIX_OF_FORMAT = {
    "png": ".png",
    "jpg": ".jpg",
    "webp": ".webp",
    "avif": ".avif",
    "tiff": ".tiff",
}
FORMAT_OF_SUFFIX = {
    ".png": "png",
    ".apng": "png",
    ".jpg": "jpg",
    ".jpeg": "jpg",
    ".jpe": "jpg",
    ".jfif": "jpg",
    ".webp": "webp",
    ".avif": "avif",
    ".tif": "tiff",
    ".tiff": "tiff",
}
LOSSY_FORMATS = frozenset({"jpg", "webp", "avif"})
DEEP_FORMATS = frozenset({"png", "tiff"})
"""Those that hold 16 bits a channel."""

READABLE_SUFFIXES = frozenset(FORMAT_OF_SUFFIX) | {".bmp", ".gif", ".heic", ".heif"}
DEFAULT_FORMAT = "png"

_OTHER_SPELLINGS = {"jpeg": "jpg", "tif": "tiff"}


def format_named(name: str) -> str:
    """The format of that name, in any case and either spelling ("JPEG" is "jpg").

    Raises:
        UsageError: If results cannot be written in it.
    """
    lowered = name.lower().removeprefix(".")
    found = _OTHER_SPELLINGS.get(lowered, lowered)
    if found not in SUFFIX_OF_FORMAT:
        raise UsageError(
            "Unknown format",
            f"A result cannot be written as “{name}”: choose {', '.join(SUFFIX_OF_FORMAT)}.",
        )
    return found


def format_of(path: Path) -> str | None:
    """The format that a file name stands for, or None where results cannot be written in it."""
    return FORMAT_OF_SUFFIX.get(path.suffix.lower())
