"""What Pillow does not do with PNG: writing 16 bits a channel, and checking what it reads."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from typing import Any, BinaryIO, Final

import numpy as np
import numpy.typing as npt

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_COLOUR_TYPE: Final = {1: 0, 2: 4, 3: 2, 4: 6}
_BAND_ROWS: Final = 64
_SUB, _UP = 1, 2
_DOTS_PER_METRE: Final = 1 / 0.0254

Chunk = tuple[bytes, bytes]
"""Name and content."""


def write_png16(
    file: BinaryIO, samples: npt.NDArray[np.uint16], chunks: Iterable[Chunk], level: int
) -> None:
    """Write a picture of 16 bits a channel, band by band.

    Args:
        file: Where to, at its place.
        samples: [H, W, C], of grey, grey and alpha, RGB, or RGB and alpha.
        chunks: What goes before the pixels.
        level: zlib's, 0 to 9.
    """
    height, width, channels = samples.shape
    file.write(_SIGNATURE)
    header = struct.pack(">IIBBBBB", width, height, 16, _COLOUR_TYPE[channels], 0, 0, 0)
    for name, content in [(b"IHDR", header), *chunks]:
        _write(file, name, content)
    packer = zlib.compressobj(level)
    above = np.zeros((1, width * channels * 2), np.uint8)
    for top in range(0, height, _BAND_ROWS):
        band = samples[top : top + _BAND_ROWS].astype(">u2")
        rows = band.view(np.uint8).reshape(len(band), -1)
        packed = packer.compress(_filtered(rows, above, 2 * channels).tobytes())
        above = rows[-1:]
        if packed:
            _write(file, b"IDAT", packed)
    _write(file, b"IDAT", packer.flush())
    _write(file, b"IEND", b"")


def has_damaged_pixels(file: BinaryIO) -> bool:
    """Whether a PNG's pixels are not what was written: their checksums do not fit.

    The decoder does not look at them, and would give wrong colours in silence. A file that is cut
    off is not told here.
    """
    file.seek(len(_SIGNATURE))
    while len(start := file.read(8)) == 8:
        size, name = struct.unpack(">I4s", start)
        if name != b"IDAT":
            file.seek(size + 4, 1)
            continue
        content, check = file.read(size), file.read(4)
        if len(check) == 4 and zlib.crc32(content, zlib.crc32(name)) != int.from_bytes(check):
            return True
    return False


def profile_chunk(profile: bytes) -> Chunk:
    """An ICC profile."""
    return b"iCCP", b"ICC Profile\0\0" + zlib.compress(profile)


def exif_chunk(exif: bytes) -> Chunk:
    """An EXIF block, with or without the mark that it has in JPEG."""
    return b"eXIf", exif.removeprefix(b"Exif\0\0")


def xmp_chunk(packet: bytes) -> Chunk:
    """An XMP packet."""
    return b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet


def resolution_chunk(dpi: tuple[float, float]) -> Chunk:
    """Horizontal and vertical dots per inch."""
    across, down = (round(value * _DOTS_PER_METRE) for value in dpi)
    return b"pHYs", struct.pack(">IIB", across, down, 1)


def _filtered(
    rows: npt.NDArray[np.uint8], above: npt.NDArray[np.uint8], pixel_bytes: int
) -> npt.NDArray[np.uint8]:
    """Each row as its difference from the left or from above, whichever is smaller."""
    left = rows.copy()
    left[:, pixel_bytes:] -= rows[:, :-pixel_bytes]
    up = rows - np.concatenate([above, rows[:-1]])
    choose_up = _magnitude(up) < _magnitude(left)
    kinds = np.where(choose_up, _UP, _SUB).astype(np.uint8)
    return np.concatenate([kinds[:, None], np.where(choose_up[:, None], up, left)], axis=1)


def _magnitude(differences: npt.NDArray[np.uint8]) -> npt.NDArray[Any]:
    signed = differences.view(np.int8).astype(np.int16)
    total: npt.NDArray[Any] = np.abs(signed).sum(axis=1)
    return total


def _write(file: BinaryIO, name: bytes, content: bytes) -> None:
    file.write(struct.pack(">I", len(content)) + name + content)
    file.write(struct.pack(">I", zlib.crc32(content, zlib.crc32(name))))
