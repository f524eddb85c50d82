"""Reading pictures: whatever a file holds becomes 8 or 16 bit RGB, upright.

Kept: colours (in their own profile where the network can work in it, in sRGB else), alpha, the
bits per channel, resolution, EXIF, XMP and IPTC. Of several frames or pages the first is read.
"""

from __future__ import annotations

import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pi_heif
from PIL import Image, UnidentifiedImageError
from PIL.ImageFile import ImageFile

from bimaco_gui.engine.colour import is_workable
from bimaco_gui.engine.deep import deep_colour, is_deep_colour
from bimaco_gui.engine.heif import avif_bits, heif_bits, heif_values
from bimaco_gui.engine.iptc import kept_iptc
from bimaco_gui.engine.metadata import kept_exif, orientation_of, resolution_of, xmp_of
from bimaco_gui.engine.png_file import has_damaged_pixels
from bimaco_gui.engine.samples import Samples, UnsupportedSamples, decode, decode_deep, upright
from bimaco_gui.engine.signatures import guess_content
from bimaco_gui.errors import PictureError

READABLE_KINDS = ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF", "AVIF", "HEIF")
MOST_PIXELS = 400_000_000

_SIGNATURE_BYTES = 512
_ROTATED_WHEN_OPENED = "TIFF"  # Pillow itself applies this kind's orientation
_KINDS_OF_FRAMES = ("GIF", "WEBP", "PNG", "AVIF", "TIFF")
_KINDS_NAMED = "PNG, JPEG, WebP, TIFF, BMP, GIF, AVIF and HEIC pictures can be opened."


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture in memory.

    Attributes:
        pixels: [H, W, 3] RGB, uint8 or uint16, H and W at least 1.
        alpha: [H, W] of the same kind, 0 is transparent; None where all is opaque. Colours are
            not multiplied by it.
        icc_profile: The profile that the values are in: None is sRGB. It is one for grey where
            `grey` is set.
        exif: EXIF block without thumbnail, orientation 1.
        dpi: Horizontal and vertical resolution.
        grey: The three channels are equal, and stay so.
        xmp: XMP packet, orientation 1.
        iptc: IPTC block.
        notes: Whole sentences on what of the file could not be kept.
    """

    pixels: npt.NDArray[Any]
    alpha: npt.NDArray[Any] | None = None
    icc_profile: bytes | None = None
    exif: bytes | None = None
    dpi: tuple[float, float] | None = None
    grey: bool = False
    xmp: bytes | None = None
    iptc: bytes | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.pixels.ndim != 3 or self.pixels.shape[2] != 3 or 0 in self.pixels.shape:
            raise ValueError(f"pixels must be [H, W, 3], not {self.pixels.shape}")
        if self.pixels.dtype not in (np.uint8, np.uint16):
            raise ValueError(f"pixels must be uint8 or uint16, not {self.pixels.dtype}")
        if self.alpha is not None and (
            self.alpha.shape != self.pixels.shape[:2] or self.alpha.dtype != self.pixels.dtype
        ):
            raise ValueError("alpha must have the size and kind of the pixels")

    @property
    def width(self) -> int:
        """Pixels in a row."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Rows."""
        return int(self.pixels.shape[0])


def read_picture(path: Path) -> Picture:
    """Read a picture completely, or not at all.

    Args:
        path: A PNG, JPEG, WebP, TIFF, BMP, GIF, AVIF or HEIC file.

    Raises:
        PictureError: The file is missing, unreadable, empty, cut off, damaged, too large or of
            another kind. The message names it and says which.
    """
    with _opened(path) as image:
        if image.format == "PNG":
            _require_sound_png(path)
        notes = _frames_note(image)
        profile = image.info.get("icc_profile") or None
        try:
            values = _deep_values(path, image, profile)
            if values is not None:
                samples = decode_deep(values, profile, image.info.get("transparency"))
            else:
                notes += _depth_note(path, image)
                image.load()
                samples = decode(image)
        except UnsupportedSamples as error:
            raise PictureError(
                "Unsupported picture", f"“{path.name}” cannot be used: {error}."
            ) from error
        if image.format != _ROTATED_WHEN_OPENED:
            samples = upright(samples, orientation_of(image))
        return _picture(samples, image, notes)


def picture_size(path: Path) -> tuple[int, int]:
    """Width and height of the upright picture, from the header alone.

    Raises:
        PictureError: As in `read_picture`, for what the header shows.
    """
    with _opened(path) as image:
        width, height = image.size
        sideways = orientation_of(image) >= 5 and image.format != _ROTATED_WHEN_OPENED
    return (height, width) if sideways else (width, height)


def _picture(samples: Samples, image: Image.Image, notes: tuple[str, ...]) -> Picture:
    return Picture(
        pixels=samples.pixels,
        alpha=samples.alpha,
        icc_profile=samples.icc_profile,
        exif=kept_exif(image),
        dpi=resolution_of(image),
        grey=samples.grey,
        xmp=xmp_of(image),
        iptc=kept_iptc(image),
        notes=notes + samples.notes,
    )


def _deep_values(
    path: Path, image: ImageFile, profile: bytes | None
) -> npt.NDArray[np.uint16] | None:
    """More than 8 bits a channel, where the file has them and its colours can be worked in."""
    if profile is not None and not is_workable(profile):
        return None
    if is_deep_colour(image):
        return deep_colour(lambda: Image.open(path, formats=READABLE_KINDS))
    bits = heif_bits(image)
    return heif_values(path, bits) if bits > 8 else None


def _depth_note(path: Path, image: ImageFile) -> tuple[str, ...]:
    """What Pillow decodes to 8 bits although there are more."""
    bits = avif_bits(path) if image.format == "AVIF" else heif_bits(image)
    return (f"Its {bits} bits a channel were read as 8.",) if bits > 8 else ()


def _require_sound_png(path: Path) -> None:
    with path.open("rb") as file:
        if has_damaged_pixels(file):
            raise PictureError(
                "Damaged picture", f"“{path.name}” is damaged: its checksum is wrong."
            )


def _frames_note(image: ImageFile) -> tuple[str, ...]:
    if image.format not in _KINDS_OF_FRAMES:
        return ()
    try:
        frames = int(getattr(image, "n_frames", 1))
    except Exception:  # what is damaged behind the first frame costs nothing
        return ()
    if frames <= 1:
        return ()
    if image.format == "TIFF":
        return (f"Only the first of its {frames} pages was used.",)
    return (f"Only the first of its {frames} frames was used.",)


@contextmanager
def _opened(path: Path) -> Iterator[ImageFile]:
    """Open a picture; every failure inside becomes a PictureError."""
    _require_file(path)
    _know_all_kinds()
    try:
        with warnings.catch_warnings():
            # Our own limit speaks instead of Pillow's.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            warnings.filterwarnings("ignore", module="PIL")
            with Image.open(path, formats=READABLE_KINDS) as image:
                _require_usable_size(path, image)
                yield image
    except PictureError:
        raise
    except Image.DecompressionBombError as error:
        raise _too_large(path) from error
    except UnidentifiedImageError as error:
        raise PictureError("Not a picture", _what_it_is(path)) from error
    except MemoryError as error:
        raise PictureError(
            "Picture too large", f"“{path.name}” does not fit into the memory that is free."
        ) from error
    except Exception as error:
        # Decoders raise almost anything on damaged data.
        raise PictureError(
            "Damaged picture", f"“{path.name}” is cut off or damaged ({_reason(error)})."
        ) from error


@cache
def _know_all_kinds() -> None:
    Image.init()  # a list of kinds alone does not load them
    pi_heif.register_heif_opener()


def _require_file(path: Path) -> None:
    name = path.name or str(path)
    try:
        status = path.stat()
    except FileNotFoundError as error:
        raise PictureError("Picture not found", f"There is no file “{path}”.") from error
    except PermissionError as error:
        raise _forbidden(path) from error
    except (OSError, ValueError) as error:
        raise PictureError(
            "Cannot read the picture", f"“{name}” cannot be read ({_reason(error)})."
        ) from error
    if stat.S_ISDIR(status.st_mode):
        raise PictureError("Not a picture", f"“{name}” is a folder, not a picture.")
    if not stat.S_ISREG(status.st_mode):
        raise PictureError("Not a picture", f"“{name}” is a device or a pipe, not a picture.")
    if status.st_size == 0:
        raise PictureError("Empty file", f"“{name}” is empty (0 bytes).")
    try:
        with path.open("rb") as file:
            file.read(1)
    except PermissionError as error:
        raise _forbidden(path) from error
    except OSError as error:
        raise PictureError(
            "Cannot read the picture", f"“{name}” cannot be read ({_reason(error)})."
        ) from error


def _require_usable_size(path: Path, image: Image.Image) -> None:
    width, height = image.size
    if width < 1 or height < 1:
        raise PictureError(
            "Damaged picture", f"“{path.name}” says that it is {width} × {height} pixels large."
        )
    if width * height > MOST_PIXELS:
        raise _too_large(path)


def _what_it_is(path: Path) -> str:
    with path.open("rb") as file:
        content = guess_content(file.read(_SIGNATURE_BYTES))
    if content is None:
        return f"“{path.name}” is of an unknown kind: {_KINDS_NAMED}"
    if content.readable:
        return f"“{path.name}” is a damaged {content.name} picture: its header makes no sense."
    return f"“{path.name}” is {content.name}: {_KINDS_NAMED}"


def _forbidden(path: Path) -> PictureError:
    return PictureError("No permission", f"“{path.name}” may not be read by this user.")


def _too_large(path: Path) -> PictureError:
    return PictureError(
        "Picture too large",
        f"“{path.name}” has more than {MOST_PIXELS // 1_000_000} million pixels, which is more "
        "than can be handled.",
    )


def _reason(error: Exception) -> str:
    text = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return text or type(error).__name__


# Pillow refuses at twice this value; every picture of the process comes through here.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2
