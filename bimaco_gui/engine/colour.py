"""Colour profiles: what the network can work in is kept, and everything else becomes sRGB.

A profile whose greys are spread about as in sRGB, such as Display P3 or Adobe RGB, is left on the
picture: the network takes its values as they are, and the result gets the profile again. Through
sRGB and back, colours that sRGB lacks would be lost.
"""

from __future__ import annotations

import io
from functools import cache

import numpy as np
from PIL import Image, ImageCms

_CONVERTED_BY_PROFILE = {"RGB": "RGB", "CMYK": "CMYK", "LAB": "Lab", "YCbCr": "YCbr"}
"""The colour space, in ICC's spelling, that a profile must have to fit a mode."""

_LIKE_DISPLAYS = 48
"""How far in 8 bit values greys may lie from those of sRGB for the network to see them well:
Display P3 0, Adobe RGB 3, ProPhoto RGB 19; linear light is 73 away."""

_LEVELS = 6


def to_srgb(image: Image.Image, profile: bytes | None) -> tuple[Image.Image, bytes | None]:
    """Convert colours to sRGB, or leave them in a profile that is much like it.

    Args:
        image: Mode RGB, CMYK, YCbCr or LAB.
        profile: Its ICC profile; one that is damaged or fits another mode is ignored, and the
            plain conversion is taken.

    Returns:
        The RGB image, and the profile that its values are in; None is sRGB.
    """
    source = _usable(profile, _CONVERTED_BY_PROFILE.get(image.mode))
    if source is None and image.mode == "LAB":
        source = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    if source is None:
        return image.convert("RGB"), None
    try:
        if image.mode == "RGB" and _is_like_displays(source):
            return image, profile
        return _converted(image, source), None
    except ImageCms.PyCMSError:
        return image.convert("RGB"), None


def is_workable(profile: bytes) -> bool:
    """Whether RGB values in this profile may stay as they are; a damaged one counts as sRGB."""
    source = _usable(profile, "RGB")
    try:
        return source is None or _is_like_displays(source)
    except ImageCms.PyCMSError:
        return True


def is_colour_profile(profile: bytes | None) -> bool:
    """Whether it is a sound profile for RGB."""
    return _usable(profile, "RGB") is not None


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


def _is_like_displays(source: ImageCms.ImageCmsProfile) -> bool:
    ramp = np.linspace(0, 255, _LEVELS).astype(np.uint8)
    probe = np.repeat(ramp[None, :, None], 3, axis=2)
    result = np.asarray(_converted(Image.fromarray(probe), source))
    return int(np.abs(result.astype(int) - probe).max()) <= _LIKE_DISPLAYS


@cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
