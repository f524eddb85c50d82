"""Sixteen bit colour from files, which Pillow by itself reads as eight bit.

Pillow's unpackers for such samples keep one of the two bytes, and each of them exists for either
order of bytes. So the picture is decoded twice, once with the unpacker that fits, which keeps the
high bytes, and once with the other one, which keeps the low bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import TiffImagePlugin
from PIL.ImageFile import ImageFile
from PIL.TiffImagePlugin import TiffImageFile

Deep = npt.NDArray[np.uint16]

_BITS_PER_SAMPLE = 258
_EXTRA_SAMPLES = 338
_PREMULTIPLIED = 1
_OTHER_ORDER = {"L": "B", "B": "L"}
_NATIVE = "L" if sys.byteorder == "little" else "B"
_COLOURS = ("RGB", "RGBA", "RGBX", "RGBa", "R", "G", "B", "A")

# Grey with opacity, which Pillow does not know of 16 bits: two samples take as many bytes as
# four of 8 bits.
for _prefix in (b"II", b"MM"):
    for _extra in (0, 1, 2):
        TiffImagePlugin.OPEN_INFO.setdefault(
            (_prefix, 1, (1,), 1, (16, 16), (_extra,)), ("RGBA", "RGBA")
        )


def is_deep_colour(image: ImageFile) -> bool:
    """Whether a picture that was opened and not loaded holds 16 bit colour, or grey with alpha."""
    return _is_grey_with_alpha(image) or (
        bool(image.tile) and all(_order(image, _raw_mode(tile)) is not None for tile in image.tile)
    )


def deep_colour(open_again: Callable[[], ImageFile]) -> Deep:
    """Decode such a picture.

    Args:
        open_again: Opens the file; the picture is closed here.

    Returns:
        [H, W, 2] grey and alpha, [H, W, 3] RGB or [H, W, 4] RGB and alpha. Colours are not
        multiplied by alpha.
    """
    with open_again() as image:
        premultiplied = _is_premultiplied(image)
        if _is_grey_with_alpha(image):
            values = _grey_with_alpha(image)
        else:
            values = _decoded(image, low=False)
            values <<= 8
            with open_again() as once_more:
                values |= _decoded(once_more, low=True)
    return _divided(values) if premultiplied else values


def _decoded(image: ImageFile, *, low: bool) -> Deep:
    tiles = []
    for tile in image.tile:
        raw = _raw_mode(tile)
        order = _order(image, raw)
        assert order is not None
        base = raw.partition(";")[0].replace("a", "A")
        mode = f"{base};16{_OTHER_ORDER[order] if low else order}"
        tiles.append(_with_raw_mode(tile, mode))
    image.tile = tiles
    image.load()
    return np.asarray(image).astype(np.uint16)


def _grey_with_alpha(image: ImageFile) -> Deep:
    order = "B" if image.format == "PNG" else _file_order(image)
    image.tile = [_with_raw_mode(tile, "RGBA") for tile in image.tile]
    image.load()
    pairs = np.asarray(image)
    stored = np.ascontiguousarray(pairs).view(">u2" if order == "B" else "<u2")
    return stored.astype(np.uint16)


def _is_grey_with_alpha(image: ImageFile) -> bool:
    if isinstance(image, TiffImageFile):
        return image.tag_v2.get(_BITS_PER_SAMPLE) == (16, 16)
    return bool(image.tile) and all(_raw_mode(tile) == "LA;16B" for tile in image.tile)


def _is_premultiplied(image: ImageFile) -> bool:
    if not isinstance(image, TiffImageFile):
        return False
    extra: tuple[int, ...] = image.tag_v2.get(_EXTRA_SAMPLES, ())
    return extra[:1] == (_PREMULTIPLIED,)


def _order(image: ImageFile, raw_mode: str) -> str | None:
    """The order of the bytes of a sample, or None where it has no two bytes of colour."""
    base, _, depth = raw_mode.partition(";")
    if base not in _COLOURS:
        return None
    if depth in ("16L", "16B", "16N"):
        return _NATIVE if depth[-1] == "N" else depth[-1]
    if isinstance(image, TiffImageFile) and base in ("R", "G", "B", "A") and not depth:
        # One plane a channel; Pillow names the channel and forgets how many bits it has.
        return _file_order(image) if set(image.tag_v2.get(_BITS_PER_SAMPLE, ())) == {16} else None
    return None


def _file_order(image: ImageFile) -> str:
    """The order of bytes of a TIFF's samples as they reach the unpacker."""
    if any(tile.codec_name == "libtiff" for tile in image.tile):
        return _NATIVE
    assert isinstance(image, TiffImageFile)
    return "L" if image.tag_v2.prefix == b"II" else "B"


def _raw_mode(tile: Any) -> str:
    args = tile.args if isinstance(tile.args, str) else tile.args[0]
    return str(args)


def _with_raw_mode(tile: Any, mode: str) -> Any:
    args = tile.args
    return tile._replace(args=mode if isinstance(args, str) else (mode, *args[1:]))


def _divided(values: Deep) -> Deep:
    """Colours that were multiplied by alpha, as they were before."""
    alpha = values[..., -1:].astype(np.uint64)
    colours = values[..., :-1].astype(np.uint64) * 65535
    restored = (colours + alpha // 2) // np.maximum(alpha, 1)
    return np.concatenate([np.minimum(restored, 65535).astype(np.uint16), values[..., -1:]], -1)
