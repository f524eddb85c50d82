"""Writing results: completely or not at all, and never over another file unasked."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import numpy.typing as npt
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from bimaco_gui.atomic import Journal, new_file
from bimaco_gui.engine.colour import grey_to_srgb
from bimaco_gui.engine.depth import with_bits
from bimaco_gui.engine.formats import Format, output_format, require_fitting
from bimaco_gui.engine.iptc import jpeg_segment
from bimaco_gui.engine.metadata import exif_for_size
from bimaco_gui.engine.pictures import Picture
from bimaco_gui.engine.png_file import (
    exif_chunk,
    profile_chunk,
    resolution_chunk,
    write_png16,
    xmp_chunk,
)
from bimaco_gui.engine.tiff_file import TiffMetadata, write_tiff
from bimaco_gui.engine.xmp import with_size
from bimaco_gui.errors import OutputError, PlaceError

_PNG_LEVEL: Final = 3
"""zlib's level: level 6 takes over three times as long and saves a twelfth."""

_WEBP_METHOD: Final = 2
"""Method 4 takes twice as long and saves a fortieth."""

_FULL_CHROMA_FROM: Final = 90
"""JPEG quality from which colours keep the full resolution."""

_TIFF_LEVEL: Final = 3
"""As for PNG."""

_AVIF_SPEED: Final = 8
"""Speed 6, the usual one, takes three times as long and saves a tenth."""

_FLATTEN_ROWS: Final = 512

_REASONS: Final = {
    errno.ENOSPC: "the disk is full",
    getattr(errno, "EDQUOT", -1): "your share of the disk is used up",
    errno.EACCES: "the folder may not be written to",
    errno.EPERM: "the folder may not be written to",
    errno.EROFS: "the disk can only be read",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ENOENT: "the folder is not there",
    errno.ENOTDIR: "a part of the path is a file, not a folder",
    errno.EISDIR: "there is a folder of this name",
    errno.EFBIG: "the file would be too large for this disk",
    errno.EIO: "the disk reports an error",
}

_PLACE_FAILED: Final = frozenset(
    getattr(errno, name)
    for name in ("ENOSPC", "EDQUOT", "EACCES", "EPERM", "EROFS", "EIO", "ENODEV", "ENXIO", "ESTALE")
    if hasattr(errno, name)
)
"""Other results would fail there as well."""


def write_picture(
    picture: Picture,
    path: Path,
    *,
    format: str | None = None,
    quality: int = 95,
    overwrite: bool = False,
    journal: Journal | None = None,
) -> Path:
    """Write a picture, with its profile, metadata and resolution; missing folders are made.

    JPEG knows no transparency: the picture is laid on white. 16 bits are kept in PNG and TIFF, and
    reduced to 8 elsewhere; IPTC is kept in JPEG and TIFF. `losses` says what a format leaves out.

    Args:
        picture: What to write.
        path: Where to.
        format: "png", "jpg", "webp", "avif" or "tiff"; None goes by the path's suffix.
        quality: 1 to 100, for JPEG, WebP and AVIF.
        overwrite: Replace a file that is there.
        journal: As for `new_file`.

    Returns:
        The path.

    Raises:
        OutputError: It could not be written; nothing is left of it then.
    """
    if not 1 <= quality <= 100:
        raise OutputError("Unusable quality", f"The quality is {quality}, not from 1 to 100.")
    fmt = output_format(path, format)
    require_fitting(fmt, picture.width, picture.height)
    try:
        _require_free_name(path, overwrite)
        _make_folder(path.parent)
        with new_file(path, overwrite=overwrite, journal=journal) as file:
            _save(picture, fmt, quality, file)
    except FileExistsError as error:
        raise _taken(path) from error
    except (OSError, ValueError) as error:
        raise _failed(path, error) from error
    except MemoryError as error:
        raise OutputError(
            "Not enough memory", f"“{path.name}” could not be saved: too little memory is free."
        ) from error
    return path


def losses(picture: Picture, path: Path, format: str | None = None) -> tuple[str, ...]:
    """What the format cannot hold of a picture, in whole sentences; arguments as above."""
    fmt = output_format(path, format)
    found = []
    if picture.alpha is not None and not fmt.alpha:
        found.append(f"{fmt.name} knows no transparency: the picture was laid on white.")
    if picture.pixels.dtype == np.uint16 and not fmt.deep:
        found.append(f"{fmt.name} holds 8 bits a channel: the 16 were rounded.")
    exif, xmp, _ = _fitting_metadata(picture, fmt)
    if (picture.exif is not None and exif is None) or (picture.xmp is not None and xmp is None):
        found.append(f"{fmt.name} has no room for all of the metadata: a part was left out.")
    return tuple(found)


def check_writable(path: Path, width: int, height: int, format: str | None = None) -> None:
    """Find out before the work whether its result can be written.

    Args:
        path: Where to; its folder need not be there yet.
        width: Of the result, in pixels.
        height: Likewise.
        format: As for `write_picture`.

    Raises:
        OutputError: The format cannot hold the result, or the folder cannot be written to.
    """
    require_fitting(output_format(path, format), width, height)
    try:
        if path.is_dir():
            raise _system_error(errno.EISDIR)
        folder = path.absolute().parent
        while not os.path.lexists(folder):
            folder = folder.parent
        if not folder.is_dir():
            raise _system_error(errno.ENOTDIR)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise _system_error(errno.EACCES)
    except OSError as error:
        raise _failed(path, error) from error


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise _system_error(errno.ENOTDIR) from error


def _save(picture: Picture, fmt: Format, quality: int, file: BinaryIO) -> None:
    if not fmt.deep:
        picture = with_bits(picture, 8)
    exif, xmp, iptc = _fitting_metadata(picture, fmt)
    if fmt.name == "TIFF":
        metadata = TiffMetadata(picture.icc_profile, exif, xmp, iptc, picture.dpi)
        write_tiff(file, _samples(picture), metadata, _TIFF_LEVEL)
    elif picture.pixels.dtype == np.uint16:
        chunks = [
            chunk(value)
            for chunk, value in (
                (profile_chunk, picture.icc_profile),
                (exif_chunk, exif),
                (xmp_chunk, xmp),
            )
            if value is not None
        ]
        if picture.dpi is not None:
            chunks.append(resolution_chunk(picture.dpi))
        write_png16(file, _samples(picture), chunks, _PNG_LEVEL)
    else:
        _save_with_pillow(picture, fmt, quality, file, exif, xmp, iptc)


def _save_with_pillow(
    picture: Picture,
    fmt: Format,
    quality: int,
    file: BinaryIO,
    exif: bytes | None,
    xmp: bytes | None,
    iptc: bytes | None,
) -> None:
    profile = picture.icc_profile
    image = _image(picture, fmt)
    if picture.grey and profile is not None and not fmt.grey:
        alpha = image.getchannel("A") if image.mode == "LA" else None
        image, profile = grey_to_srgb(image.convert("L"), profile), None
        if alpha is not None:
            image.putalpha(alpha)
    options: dict[str, Any] = _codec_options(fmt, quality)
    for name, value in (("icc_profile", profile), ("dpi", picture.dpi), ("exif", exif)):
        if value is not None:
            options[name] = value
    if xmp is not None and fmt.name == "PNG":
        text = PngInfo()
        text.add_itxt("XML:com.adobe.xmp", xmp.decode())
        options["pnginfo"] = text
    elif xmp is not None:
        options["xmp"] = xmp
    if iptc is not None:
        options["extra"] = jpeg_segment(iptc)
    image.save(file, fmt.name, **options)


def _fitting_metadata(
    picture: Picture, fmt: Format
) -> tuple[bytes | None, bytes | None, bytes | None]:
    """EXIF, XMP and IPTC with the picture's size, as far as the format holds them."""
    exif, xmp = picture.exif, picture.xmp
    if exif is not None:
        exif = exif_for_size(exif, picture.width, picture.height)
    if xmp is not None:
        xmp = with_size(xmp, picture.width, picture.height)
    exif, xmp = (
        None if block is None or len(block) > fmt.metadata_limit else block for block in (exif, xmp)
    )
    return exif, xmp, picture.iptc if fmt.iptc else None


def _codec_options(fmt: Format, quality: int) -> dict[str, Any]:
    match fmt.name:
        case "PNG":
            return {"compress_level": _PNG_LEVEL}
        case "JPEG":
            return {"quality": quality, "subsampling": 0 if quality >= _FULL_CHROMA_FROM else 2}
        case "WEBP":
            return {"quality": quality, "method": _WEBP_METHOD}
        case _:
            chroma = "4:4:4" if quality >= _FULL_CHROMA_FROM else "4:2:0"
            return {"quality": quality, "subsampling": chroma, "speed": _AVIF_SPEED}


def _samples(picture: Picture) -> npt.NDArray[Any]:
    """The channels that are stored: [H, W, 1 to 4]."""
    pixels = picture.pixels[:, :, :1] if picture.grey else picture.pixels
    if picture.alpha is None:
        return pixels
    return np.concatenate([pixels, picture.alpha[:, :, None]], axis=2)


def _image(picture: Picture, fmt: Format) -> Image.Image:
    """The picture of 8 bits in the mode that the format holds it in."""
    pixels, alpha = picture.pixels, picture.alpha
    if picture.grey:
        pixels = pixels[:, :, 0]
    if alpha is None:
        return Image.fromarray(np.ascontiguousarray(pixels))
    if not fmt.alpha:
        return _on_white(pixels, alpha)
    image = Image.fromarray(np.ascontiguousarray(pixels))
    image.putalpha(Image.fromarray(alpha))
    return image


def _on_white(pixels: npt.NDArray[Any], alpha: npt.NDArray[Any]) -> Image.Image:
    """Lay colours on white, in bands because floats need four times the memory."""
    height, width = alpha.shape
    image = Image.new("L" if pixels.ndim == 2 else "RGB", (width, height))
    for top in range(0, height, _FLATTEN_ROWS):
        rows = slice(top, top + _FLATTEN_ROWS)
        colours = pixels[rows].astype(np.float32)
        opacity = alpha[rows].astype(np.float32) / 255
        if colours.ndim == 3:
            opacity = opacity[:, :, None]
        flat = np.rint(255 + (colours - 255) * opacity).astype(np.uint8)
        image.paste(Image.fromarray(flat), (0, top))
    return image


def _require_free_name(path: Path, overwrite: bool) -> None:
    """Say it before the picture is encoded; the move itself makes sure that nothing is lost."""
    if path.is_dir():
        raise _system_error(errno.EISDIR)
    if not overwrite and os.path.lexists(path):
        raise FileExistsError


def _system_error(number: int) -> OSError:
    return OSError(number, os.strerror(number))


def _taken(path: Path) -> OutputError:
    return OutputError("File exists", f"“{path}” is there already, and was not to be overwritten.")


def _failed(path: Path, error: Exception) -> OutputError:
    number = error.errno if isinstance(error, OSError) else None
    reason = _REASONS.get(number or 0)
    if reason is None:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    kind = PlaceError if number in _PLACE_FAILED else OutputError
    return kind("Cannot save", f"“{path}” could not be saved: {reason}.")
