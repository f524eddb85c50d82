"""TIFF files of 8 or 16 bits a channel, compressed without loss, with all metadata.

Pillow writes no 16 bit colour, and spoils EXIF blocks where it compresses.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

import numpy.typing as npt
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational, ImageFileDirectory_v2

from bimaco_gui.engine import iptc

_BYTE, _LONG, _UNDEFINED, _LONG8 = 1, 4, 7, 16
_DEFLATE, _HORIZONTAL_DIFFERENCES, _INCH, _OPACITY = 8, 2, 2, 2
_GREY, _RGB = 1, 2
_XMP, _PROFILE = 700, 34675
_STRIP_BYTES: Final = 1 << 20
_BIG_FROM: Final = 3_500_000_000
"""Bytes above which offsets need 64 bits."""

_Tag = ExifTags.Base


@dataclass(frozen=True)
class TiffMetadata:
    """What goes with the pixels; each as bytes of its own form, None is nothing."""

    profile: bytes | None = None
    exif: bytes | None = None
    xmp: bytes | None = None
    iptc: bytes | None = None
    dpi: tuple[float, float] | None = None


def write_tiff(
    file: BinaryIO, samples: npt.NDArray[Any], metadata: TiffMetadata, level: int
) -> None:
    """Write a picture, strip by strip.

    Args:
        file: Where to; it must be empty and seekable.
        samples: [H, W, C], uint8 or uint16, of grey, grey and alpha, RGB, or RGB and alpha.
        metadata: Beside it.
        level: zlib's, 0 to 9.
    """
    height, width, channels = samples.shape
    big = samples.nbytes > _BIG_FROM
    file.write(bytes(16 if big else 8))
    rows = max(1, _STRIP_BYTES // (width * channels * samples.itemsize))
    offsets, sizes = [], []
    for top in range(0, height, rows):
        packed = zlib.compress(_differences(samples[top : top + rows]), level)
        offsets.append(file.tell())
        sizes.append(len(packed))
        file.write(packed)
    file.write(bytes(file.tell() % 2))
    table = offsets[0] if len(offsets) == 1 else file.tell()
    if len(offsets) > 1:
        file.write(struct.pack(f"<{len(offsets)}{'Q' if big else 'I'}", *offsets))
    place = file.tell()
    header = _header(place, big)
    directory = ImageFileDirectory_v2(ifh=header)
    if metadata.exif is not None:
        _add_exif(directory, metadata.exif)
    directory[_Tag.ImageWidth] = width
    directory[_Tag.ImageLength] = height
    directory[_Tag.BitsPerSample] = (8 * samples.itemsize,) * channels
    directory[_Tag.Compression] = _DEFLATE
    directory[_Tag.PhotometricInterpretation] = _RGB if channels > 2 else _GREY
    directory[_Tag.SamplesPerPixel] = channels
    directory[_Tag.RowsPerStrip] = rows
    directory[_Tag.PlanarConfiguration] = 1
    directory[_Tag.Predictor] = _HORIZONTAL_DIFFERENCES
    if channels in (2, 4):
        directory[_Tag.ExtraSamples] = _OPACITY
    directory[_Tag.StripOffsets] = 0
    directory.tagtype[_Tag.StripByteCounts] = _LONG8 if big else _LONG
    directory[_Tag.StripByteCounts] = tuple(sizes)
    if metadata.dpi is not None:
        for tag, value in zip((_Tag.XResolution, _Tag.YResolution), metadata.dpi, strict=True):
            directory[tag] = IFDRational(value)
        directory[_Tag.ResolutionUnit] = _INCH
    for number, kind, block in (
        (_XMP, _BYTE, metadata.xmp),
        (iptc.TIFF_TAG, _UNDEFINED, metadata.iptc),
        (_PROFILE, _UNDEFINED, metadata.profile),
    ):
        if block is not None:
            directory.tagtype[number] = kind
            directory[number] = block
    file.write(_with_offsets(directory.tobytes(place), table, len(offsets), big))
    file.seek(0)
    file.write(header)


def _header(place: int, big: bool) -> bytes:
    if big:
        return b"II" + struct.pack("<HHHQ", 43, 8, 0, place)
    return b"II" + struct.pack("<HI", 42, place)


def _with_offsets(directory: bytes, table: int, count: int, big: bool) -> bytes:
    """The directory with its entry of the strips' places, which Pillow moves by itself."""
    first, size, kind = (8, 20, _LONG8) if big else (2, 12, _LONG)
    entry = struct.pack("<HHQQ" if big else "<HHII", _Tag.StripOffsets, kind, count, table)
    number = struct.unpack_from("<Q" if big else "<H", directory)[0]
    for start in range(first, first + number * size, size):
        if struct.unpack_from("<H", directory, start)[0] == _Tag.StripOffsets:
            return directory[:start] + entry + directory[start + size :]
    raise AssertionError("the directory has the entry")


def _add_exif(directory: ImageFileDirectory_v2, block: bytes) -> None:
    exif = Image.Exif()
    exif.load(block)
    for tag, value in exif.items():
        directory[tag] = value
    for place in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo):
        values = exif.get_ifd(place)
        if values:
            directory[place] = values


def _differences(strip: npt.NDArray[Any]) -> bytes:
    """Each sample as its difference from the one to the left."""
    little = strip.astype(strip.dtype.newbyteorder("<"))
    little[:, 1:] -= strip[:, :-1]
    return little.tobytes()
