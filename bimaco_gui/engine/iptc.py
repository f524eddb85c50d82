"""IPTC: captions and keywords in the form of old, as JPEG and TIFF hold them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from PIL import Image
from PIL.IptcImagePlugin import getiptcinfo
from PIL.JpegImagePlugin import JpegImageFile
from PIL.TiffImagePlugin import TiffImageFile

TIFF_TAG: Final = 33723

_RESOURCE: Final = 0x0404
_MARKER: Final = b"\x1c"
_PLACES: Final = {(2, 90), (2, 92), (2, 95), (2, 100), (2, 101), (2, 26), (2, 27)}
"""City, part of it, state, country's code and name, and the content's location twice."""

_LONGEST_SEGMENT: Final = 65_533


def kept_iptc(image: Image.Image) -> bytes | None:
    """The block of a JPEG or TIFF picture; None where there is none, or a damaged one."""
    if not isinstance(image, JpegImageFile | TiffImageFile):
        return None
    try:
        entries = getiptcinfo(image)
    except Exception:  # a damaged block raises almost anything, and costs the picture nothing
        return None
    block = b""
    for name, values in (entries or {}).items():
        for value in values if isinstance(values, list) else [values]:
            block += _MARKER + struct.pack(">BBH", *name, len(value)) + value
    return block or None


def without_places(block: bytes) -> bytes:
    """The block without names of places."""
    return b"".join(data for name, data in _entries(block) if name not in _PLACES)


def jpeg_segment(block: bytes) -> bytes:
    """The segment that holds the block in a JPEG file; empty where it is too large."""
    resource = b"8BIM" + struct.pack(">HHI", _RESOURCE, 0, len(block)) + block
    body = b"Photoshop 3.0\0" + resource + bytes(len(block) % 2)
    if len(body) > _LONGEST_SEGMENT:
        return b""
    return b"\xff\xed" + struct.pack(">H", len(body) + 2) + body


def _entries(block: bytes) -> Iterator[tuple[tuple[int, int], bytes]]:
    """Each entry's name, and its bytes with the name; ends where the block is damaged."""
    place = 0
    while block[place : place + 1] == _MARKER and place + 5 <= len(block):
        record, number, size = struct.unpack(">BBH", block[place + 1 : place + 5])
        end = place + 5 + size
        if size & 0x8000 or end > len(block):  # lengths of lengths, for more than 32 kB
            return
        yield (record, number), block[place:end]
        place = end
