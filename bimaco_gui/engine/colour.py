"""Colour profiles: what is not sRGB becomes sRGB."""

from __future__ import annotations

import io
from functools import cache

import numpy as np
from PIL import Image, ImageCms

_CONVERTED_BY_PROFILE = {"RGB": "RGB", "CMYK": "CMYK", "LAB": "Lab", "YCbCr": "YCbr"}
"""The colour space, in ICC's spelling, that a profile must have to fit a mode."""

_SAME = 1
"""Difference of 8 bit values up to which a profile counts as sRGB: rounding."""

_LEVELS = 6


def to_srgb(image: Image.Image, profile: bytes | None) -> tuple[Image.Image, bytes | None]:
    """Convert colours to sRGB.

    Args:
        image: Mode RGB, CMYK, YCbCr or LAB.
        profile: Its ICC profile; one that is damaged or fits another mode is ignored, and the
            plain conversion is taken.

    Returns:
        The RGB image, and the profile where it is sRGB anyway; None otherwise.
    """
    source = _usable(profile, _CONVERTED_BY_PROFILE.get(image.mode))
    if source is None and image.mode == "LAB":
        source = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    if source is None:
        return image.convert("RGB"), None
    try:
        if image.mode == "RGB" and _changes_nothing(source):
            return image, profile
        return _converted(image, source), None
    except ImageCms.PyCMSError:
        return image.convert("RGB"), None


def is_grey_profile(profile: bytes | None) -> bool:
    """Whether it is a sound profile for grey."""
    return _usable(profile, "GRAY") is not None


def grey_to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Convert mode L with a grey profile to RGB in sRGB, for formats that know no grey."""
    source = _usable(profile, "GRAY")
    return image.convert("RGB") if source is None else _converted(image, source)


def _usable(profile: bytes | None, space: str | None) -> ImageCms.ImageCmsProfile | None:
    if profile is None or space is None:
        return None
    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    except (OSError, ImageCms.PyCMSError):
        return None
    return opened if opened.profile.xcolor_space.strip() == space else None


def _converted(image: Image.Image, source: ImageCms.ImageCmsProfile) -> Image.Image:
    result = ImageCms.profileToProfile(
        image,
        source,
        _srgb(),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="RGB",
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    if result is None:
        raise ImageCms.PyCMSError("the conversion gave nothing")
    return result


def _changes_nothing(source: ImageCms.ImageCmsProfile) -> bool:
    levels = np.linspace(0, 255, _LEVELS).astype(np.uint8)
    cube = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), -1)
    probe = cube.reshape(_LEVELS, _LEVELS**2, 3)
    result = np.asarray(_converted(Image.fromarray(probe), source))
    return int(np.abs(result.astype(int) - probe).max()) <= _SAME


@cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
