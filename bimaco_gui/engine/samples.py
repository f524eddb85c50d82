"""From Pillow's many modes to plain arrays: RGB and alpha, 8 or 16 bit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from bimaco_gui.engine.colour import is_colour_profile, is_grey_profile, to_srgb

_Array = npt.NDArray[Any]
_GREY_MODES = ("1", "L", "LA", "La")
_DEEP_MODES = ("I", "I;16", "I;16L", "I;16B", "I;16N")


class UnsupportedSamples(Exception):
    """Values that have no meaning as a photo; the text is the end of a sentence."""


@dataclass(frozen=True, eq=False)
class Samples:
    """Decoded values.

    Attributes:
        pixels: [H, W, 3] RGB, uint8 or uint16.
        alpha: [H, W] of the same kind, or None where all is opaque.
        grey: The three channels are equal.
        icc_profile: The profile that the values are in; None is sRGB.
        notes: Whole sentences on what could not be kept.
    """

    pixels: _Array
    alpha: _Array | None
    grey: bool
    icc_profile: bytes | None
    notes: tuple[str, ...] = ()


def decode(image: Image.Image) -> Samples:
    """Turn a loaded image into RGB and alpha.

    Grey keeps its values and its profile; colours become sRGB where their profile is far from it.

    Raises:
        UnsupportedSamples: The values are floating point, or integers above 16 bit.
    """
    profile: bytes | None = image.info.get("icc_profile") or None
    if image.mode in _DEEP_MODES:
        return _deep_grey(image, profile)
    if image.mode == "F":
        raise UnsupportedSamples("its values are floating-point numbers, not colours")
    opaque, alpha = _without_alpha(image)
    if opaque.mode == "L":
        values = np.asarray(opaque)
        return Samples(_three(values), alpha, True, profile if is_grey_profile(profile) else None)
    rgb, kept = to_srgb(opaque, profile)
    changed = opaque.mode not in ("RGB", "YCbCr") or (
        profile is not None and kept is None and is_colour_profile(profile)
    )
    notes = ("Its colours were converted to sRGB.",) if changed else ()
    return Samples(np.array(rgb), alpha, False, kept, notes)


def decode_deep(
    values: npt.NDArray[np.uint16], profile: bytes | None, transparent: object
) -> Samples:
    """Sort 16 bit channels into colours and alpha.

    Args:
        values: [H, W, 2 to 4], as `deep.deep_colour` gives them.
        profile: Of the file; one that fits the channels is kept.
        transparent: The colour that stands for no opacity, if there is one.
    """
    channels = values.shape[2]
    alpha = np.ascontiguousarray(values[:, :, -1]) if channels in (2, 4) else None
    colours = values[:, :, :3] if channels > 2 else np.repeat(values[:, :, :1], 3, axis=2)
    if isinstance(transparent, tuple) and channels == 3:
        keyed = (values == np.array(transparent, np.uint16)).all(axis=2)
        alpha = np.where(keyed, 0, 65535).astype(np.uint16)
    if alpha is not None and int(alpha.min()) == 65535:
        alpha = None
    fits = is_grey_profile(profile) if channels == 2 else is_colour_profile(profile)
    kept = profile if fits else None
    return Samples(np.ascontiguousarray(colours), alpha, channels == 2, kept)


def upright(samples: Samples, orientation: int) -> Samples:
    """Apply an EXIF orientation, 1 to 8."""

    def turned(array: _Array) -> _Array:
        if orientation >= 5:
            array = array.swapaxes(0, 1)
        # Read on after the swap: 3, 4, 7, 8 start at the bottom; 2, 3, 6, 7 at the right.
        if orientation in (3, 4, 7, 8):
            array = array[::-1]
        if orientation in (2, 3, 6, 7):
            array = array[:, ::-1]
        return np.ascontiguousarray(array)

    alpha = None if samples.alpha is None else turned(samples.alpha)
    return replace(samples, pixels=turned(samples.pixels), alpha=alpha)


def _without_alpha(image: Image.Image) -> tuple[Image.Image, _Array | None]:
    """The image without its alpha or transparent colour, and the alpha where any is below 255."""
    grey = image.mode in _GREY_MODES
    if not image.has_transparency_data:
        return _opaque(image, grey), None
    with_alpha = image.convert("LA" if grey and image.mode != "1" else "RGBA")
    alpha = np.array(with_alpha.getchannel("A"))
    return with_alpha.convert("L" if grey else "RGB"), alpha if alpha.min() < 255 else None


def _opaque(image: Image.Image, grey: bool) -> Image.Image:
    if grey:
        return image.convert("L")
    return image.convert("RGB") if image.mode in ("P", "RGBX", "HSV") else image


def _deep_grey(image: Image.Image, profile: bytes | None) -> Samples:
    values = np.asarray(image)
    if image.mode == "I" and (values.min() < 0 or values.max() > 65535):
        raise UnsupportedSamples("its values need more than 16 bits")
    values = values.astype(np.uint16)
    key = image.info.get("transparency")
    alpha = None
    if isinstance(key, int) and bool((values == key).any()):
        alpha = np.where(values == key, 0, 65535).astype(np.uint16)
    kept = profile if is_grey_profile(profile) else None
    return Samples(_three(values), alpha, True, kept)


def _three(values: _Array) -> _Array:
    return np.repeat(values[:, :, None], 3, axis=2)
