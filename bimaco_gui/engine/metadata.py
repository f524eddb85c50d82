"""What a photo says of itself: EXIF, XMP and resolution, and what of it a result says."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PIL import ExifTags, Image

from bimaco_gui.engine import iptc, xmp
from bimaco_gui.engine.xmp import kept_xmp

if TYPE_CHECKING:
    from bimaco_gui.engine.pictures import Picture

_ORIENTATION: Final = ExifTags.Base.Orientation

_KEPT_TAGS: Final = (
    ExifTags.Base.ImageDescription,
    ExifTags.Base.DocumentName,
    ExifTags.Base.Make,
    ExifTags.Base.Model,
    ExifTags.Base.Software,
    ExifTags.Base.DateTime,
    ExifTags.Base.Artist,
    ExifTags.Base.HostComputer,
    ExifTags.Base.Rating,
    ExifTags.Base.RatingPercent,
    ExifTags.Base.Copyright,
    ExifTags.Base.XPTitle,
    ExifTags.Base.XPComment,
    ExifTags.Base.XPAuthor,
    ExifTags.Base.XPKeywords,
    ExifTags.Base.XPSubject,
)
"""Tags about the photo; the others say how this file stores it, or how large it is."""

_KEPT_BLOCKS: Final = (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo)


def orientation_of(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 where there is none or an impossible one."""
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # a damaged block raises almost anything, and costs the picture nothing
        return 1
    return value if value in range(1, 9) else 1


def kept_exif(image: Image.Image) -> bytes | None:
    """The EXIF block without thumbnail and layout, with orientation 1; None where none is left.

    A damaged block is dropped.
    """
    try:
        source = image.getexif()
        kept = Image.Exif()
        for tag in _KEPT_TAGS:
            if tag in source:
                kept[tag] = source[tag]
        blocks = {block: source.get_ifd(block) for block in _KEPT_BLOCKS}
        if not kept and not any(blocks.values()):
            return None
        for block, values in blocks.items():
            if values:
                kept[block] = values
        kept[_ORIENTATION] = 1
        return kept.tobytes()
    except Exception:  # as above
        return None


def exif_for_size(exif: bytes, width: int, height: int) -> bytes:
    """The same block, where it names the picture's size, with this size."""
    block = Image.Exif()
    block.load(exif)
    details = block.get_ifd(ExifTags.IFD.Exif)
    for tag, size in (
        (ExifTags.Base.ExifImageWidth, width),
        (ExifTags.Base.ExifImageHeight, height),
    ):
        if tag in details:
            details[tag] = size
    return block.tobytes()


def xmp_of(image: Image.Image) -> bytes | None:
    """The XMP packet, upright; None where there is none, or a damaged one."""
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp")
    if isinstance(packet, str):
        packet = packet.encode()
    return kept_xmp(packet) if isinstance(packet, bytes) else None


def without_gps(picture: Picture) -> Picture:
    """The picture without anything that says where it was taken."""
    exif = picture.exif
    if exif is not None:
        block = Image.Exif()
        block.load(exif)
        if ExifTags.IFD.GPSInfo in block:
            del block[ExifTags.IFD.GPSInfo]
        exif = block.tobytes()
    return replace(
        picture,
        exif=exif,
        xmp=None if picture.xmp is None else xmp.without_places(picture.xmp),
        iptc=None if picture.iptc is None else iptc.without_places(picture.iptc),
    )


def with_provenance(picture: Picture, maker: str, what: str) -> Picture:
    """The picture with a note in its XMP that `maker` made it by `what`."""
    return replace(picture, xmp=xmp.with_provenance(picture.xmp, maker, what))


def resolution_of(image: Image.Image) -> tuple[float, float] | None:
    """Horizontal and vertical dots per inch, where the file gives usable ones."""
    try:
        across, down = (float(value) for value in image.info.get("dpi", ()))
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    usable = all(math.isfinite(v) and v >= 1 for v in (across, down))
    return (across, down) if usable else None
