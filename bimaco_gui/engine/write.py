"""Writing results: completely or not at all, and never over another file unasked."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from bimaco_gui.atomic import Journal, new_file
from bimaco_gui.engine.colour import grey_to_srgb
from bimaco_gui.engine.formats import Format, output_format, require_fitting
from bimaco_gui.engine.metadata import exif_for_size
from bimaco_gui.engine.pictures import Picture
from bimaco_gui.errors import OutputError

_PNG_LEVEL: Final = 3
"""zlib's level: level 6 takes over three times as long and saves a twelfth."""

_WEBP_METHOD: Final = 2
"""Method 4 takes twice as long and saves a fortieth."""

_FULL_CHROMA_FROM: Final = 90
"""JPEG quality from which colours keep the full resolution."""

_BIG_TIFF_FROM: Final = 3_500_000_000
"""Bytes above which TIFF needs 64 bit offsets."""

_FLATTEN_ROWS: Final = 512

_REASONS: Final = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your share of the disk is used up",
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


def write_picture(
    picture: Picture,
    path: Path,
    *,
    format: str | None = None,
    quality: int = 95,
    overwrite: bool = False,
    journal: Journal | None = None,
) -> Path:
    """Write a picture, with its profile, EXIF and resolution; missing folders are made.

    JPEG knows no transparency: the picture is laid on white. 16 bit is kept for opaque grey in
    PNG and TIFF, and reduced to 8 elsewhere. Colours are sRGB. EXIF that JPEG has no room for is
    left out, and TIFF with EXIF is not compressed.

    Args:
        picture: What to write.
        path: Where to.
        format: "png", "jpg", "webp" or "tiff"; None goes by the path's suffix.
        quality: 1 to 100, for JPEG and WebP.
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
    profile = picture.icc_profile
    image = _image(picture, fmt)
    if picture.grey and profile is not None and not fmt.grey:
        alpha = image.getchannel("A") if image.mode == "LA" else None
        image, profile = grey_to_srgb(image.convert("L"), profile), None
        if alpha is not None:
            image.putalpha(alpha)
    options: dict[str, Any] = {}
    if profile is not None:
        options["icc_profile"] = profile
    if picture.dpi is not None:
        options["dpi"] = picture.dpi
    if picture.exif is not None:
        exif = exif_for_size(picture.exif, picture.width, picture.height)
        if len(exif) <= fmt.exif_limit:
            options["exif"] = exif
    options |= _codec_options(fmt, quality, image, with_exif="exif" in options)
    image.save(file, fmt.name, **options)


def _codec_options(
    fmt: Format, quality: int, image: Image.Image, *, with_exif: bool
) -> dict[str, Any]:
    match fmt.name:
        case "PNG":
            return {"compress_level": _PNG_LEVEL}
        case "JPEG":
            return {"quality": quality, "subsampling": 0 if quality >= _FULL_CHROMA_FROM else 2}
        case "WEBP":
            return {"quality": quality, "method": _WEBP_METHOD}
        case _:
            raw = image.width * image.height * len(image.getbands())
            # Pillow loses or spoils blocks of EXIF where libtiff compresses.
            compression = "raw" if with_exif else "tiff_adobe_deflate"
            return {"compression": compression, "big_tiff": raw > _BIG_TIFF_FROM}


def _image(picture: Picture, fmt: Format) -> Image.Image:
    """The picture in the mode that the format holds it in."""
    pixels, alpha = picture.pixels, picture.alpha
    if picture.grey:
        pixels = pixels[:, :, 0]
    if alpha is None:
        keep_deep = picture.grey and fmt.deep_grey
        return Image.fromarray(np.ascontiguousarray(pixels if keep_deep else eight_bit(pixels)))
    if not fmt.alpha:
        return _on_white(pixels, alpha)
    image = Image.fromarray(np.ascontiguousarray(eight_bit(pixels)))
    image.putalpha(Image.fromarray(eight_bit(alpha)))
    return image


def _on_white(pixels: npt.NDArray[Any], alpha: npt.NDArray[Any]) -> Image.Image:
    """Lay colours on white, in bands because floats need four times the memory."""
    height, width = alpha.shape
    image = Image.new("L" if pixels.ndim == 2 else "RGB", (width, height))
    for top in range(0, height, _FLATTEN_ROWS):
        rows = slice(top, top + _FLATTEN_ROWS)
        colours = eight_bit(pixels[rows]).astype(np.float32)
        opacity = eight_bit(alpha[rows]).astype(np.float32) / 255
        if colours.ndim == 3:
            opacity = opacity[:, :, None]
        flat = np.rint(255 + (colours - 255) * opacity).astype(np.uint8)
        image.paste(Image.fromarray(flat), (0, top))
    return image


def eight_bit(array: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Values of either kind, rounded to 8 bits."""
    if array.dtype == np.uint8:
        return array
    return ((array.astype(np.uint32) * 255 + 32767) // 65535).astype(np.uint8)


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
    return OutputError("Cannot save", f"“{path}” could not be saved: {reason}.")
