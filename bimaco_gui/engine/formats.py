"""The formats that results are written in, and what each one can hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bimaco_gui.errors import OutputError


@dataclass(frozen=True)
class Format:
    """A file format.

    Attributes:
        name: Pillow's name, which is also the one for people.
        longest_side: In pixels.
        alpha: It holds transparency.
        deep: It holds 16 bits a channel.
        grey: It holds grey as such.
        metadata_limit: Most bytes of EXIF, and of XMP.
        iptc: It holds IPTC.
    """

    name: str
    longest_side: int
    alpha: bool
    deep: bool
    grey: bool
    metadata_limit: int
    iptc: bool


_NO_LIMIT = 2**31 - 1
_PNG = Format(
    "PNG", 2**31 - 1, alpha=True, deep=True, grey=True, metadata_limit=_NO_LIMIT, iptc=False
)
_JPEG = Format("JPEG", 65_500, alpha=False, deep=False, grey=True, metadata_limit=65_500, iptc=True)
_WEBP = Format(
    "WEBP", 16_383, alpha=True, deep=False, grey=False, metadata_limit=_NO_LIMIT, iptc=False
)
_AVIF = Format(
    "AVIF", 65_536, alpha=True, deep=False, grey=False, metadata_limit=_NO_LIMIT, iptc=False
)
_TIFF = Format(
    "TIFF", 2**31 - 1, alpha=True, deep=True, grey=True, metadata_limit=_NO_LIMIT, iptc=True
)

_BY_NAME = {
    "png": _PNG,
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "jpe": _JPEG,
    "jfif": _JPEG,
    "webp": _WEBP,
    "avif": _AVIF,
    "tif": _TIFF,
    "tiff": _TIFF,
}


def output_format(path: Path, name: str | None) -> Format:
    """The format of that name, or of the path's suffix where it is None.

    Raises:
        OutputError: It is none that results are written in.
    """
    wanted = path.suffix[1:] if name is None else name
    try:
        return _BY_NAME[wanted.lower()]
    except KeyError:
        what = f"“{wanted}” is" if wanted else f"“{path.name}” has no suffix, which is"
        raise OutputError(
            "Unknown format",
            f"{what} no format that can be written: choose png, jpg, webp, avif or tiff.",
        ) from None


def require_fitting(fmt: Format, width: int, height: int) -> None:
    """Raise OutputError where the format cannot hold so many pixels."""
    if max(width, height) > fmt.longest_side:
        raise OutputError(
            "Too large for the format",
            f"{fmt.name} holds at most {fmt.longest_side} pixels along a side, but the result has "
            f"{width} × {height}: choose PNG or TIFF, or a smaller scale.",
        )
