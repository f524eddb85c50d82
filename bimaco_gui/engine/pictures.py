"""Reading pictures: whatever a file holds becomes 8 or 16 bit RGB, upright, in sRGB.

Kept: colours (converted to sRGB where the file has another profile, CMYK among them), alpha,
16 bit grey, resolution and EXIF. Limits: Pillow reads 16 bit colour as 8 bit, so only grey
keeps 16; of several frames or pages the first is read.
"""

from __future__ import annotations

import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from bimaco_gui.engine.metadata import kept_exif, orientation_of, resolution_of
from bimaco_gui.engine.samples import Samples, UnsupportedSamples, decode, upright
from bimaco_gui.engine.signatures import guess_content
from bimaco_gui.errors import PictureError

READABLE_KINDS = ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF")
MOST_PIXELS = 400_000_000

_SIGNATURE_BYTES = 512
_ROTATED_WHEN_OPENED = "TIFF"  # Pillow itself applies this kind's orientation


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture in memory.

    Attributes:
        pixels: [H, W, 3] RGB, uint8 or uint16, H and W at least 1.
        alpha: [H, W] of the same kind, 0 is transparent; None where all is opaque. Colours are
            not multiplied by it.
        icc_profile: The profile that the values are in: None is sRGB. Other than sRGB only where
            `grey` is set.
        exif: EXIF block without thumbnail, orientation 1.
        dpi: Horizontal and vertical resolution.
        grey: The three channels are equal, and stay so.
    """

    pixels: npt.NDArray[Any]
    alpha: npt.NDArray[Any] | None = None
    icc_profile: bytes | None = None
    exif: bytes | None = None
    dpi: tuple[float, float] | None = None
    grey: bool = False

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
        path: A PNG, JPEG, WebP, TIFF, BMP or GIF file.

    Raises:
        PictureError: The file is missing, unreadable, empty, cut off, damaged, too large or of
            another kind. The message names it and says which.
    """
    with _opened(path) as image:
        try:
            image.load()
            samples = decode(image)
        except UnsupportedSamples as error:
            raise PictureError(
                "Unsupported picture", f"“{path.name}” cannot be used: {error}."
            ) from error
        # After load, because Pillow has turned a TIFF by then.
        samples = upright(samples, orientation_of(image))
        return _picture(samples, image)


def picture_size(path: Path) -> tuple[int, int]:
    """Width and height of the upright picture, from the header alone.

    Raises:
        PictureError: As in `read_picture`, for what the header shows.
    """
    with _opened(path) as image:
        width, height = image.size
        sideways = orientation_of(image) >= 5 and image.format != _ROTATED_WHEN_OPENED
    return (height, width) if sideways else (width, height)


def _picture(samples: Samples, image: Image.Image) -> Picture:
    return Picture(
        pixels=samples.pixels,
        alpha=samples.alpha,
        icc_profile=samples.icc_profile,
        exif=kept_exif(image),
        dpi=resolution_of(image),
        grey=samples.grey,
    )


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """Open a picture; every failure inside becomes a PictureError."""
    _require_file(path)
    Image.init()  # a list of kinds alone does not load them
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
        return (
            f"“{path.name}” is of an unknown kind: "
            "PNG, JPEG, WebP, TIFF, BMP and GIF pictures can be opened."
        )
    if content.readable:
        return f"“{path.name}” is a damaged {content.name} picture: its header makes no sense."
    return (
        f"“{path.name}” is {content.name}: PNG, JPEG, WebP, TIFF, BMP and GIF pictures can be "
        "opened."
    )


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
