"""HEIC and AVIF files of more than 8 bits a channel: read whole, or at least told of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pi_heif
from PIL.ImageFile import ImageFile

_DEEP_MODES = ("RGB;16", "RGBA;16")
_AV1_CONFIGURATION = b"av1C"
_HEADER_BYTES = 65_536
_HIGH_DEPTH, _TWELVE_BITS = 0x40, 0x20


def heif_bits(image: ImageFile) -> int:
    """Bits a channel of a HEIC file that was opened; 8 for other kinds."""
    return int(image.info.get("bit_depth", 8)) if image.format == "HEIF" else 8


def heif_values(path: Path, bits: int) -> npt.NDArray[np.uint16] | None:
    """All bits of such a file, over the whole range of 16.

    Args:
        path: The file; its main picture is decoded, upright.
        bits: What `heif_bits` gave, 9 to 16.

    Returns:
        [H, W, 3] RGB or [H, W, 4] RGB and alpha; None where the values are of another kind.
    """
    picture = pi_heif.open_heif(path, convert_hdr_to_8bit=False)
    if picture.mode not in _DEEP_MODES:
        return None
    # The decoder puts its bits at the upper end, so that white is a little less than 65535.
    values = np.asarray(picture).astype(np.uint32) >> (16 - bits)
    most = (1 << bits) - 1
    return ((values * 65535 + most // 2) // most).astype(np.uint16)


def avif_bits(path: Path) -> int:
    """Bits a channel of an AVIF file, as its header says; 8 where it does not."""
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    place = header.find(_AV1_CONFIGURATION)
    flags = header[place + 6 : place + 7] if place >= 0 else b""
    if not flags or not flags[0] & _HIGH_DEPTH:
        return 8
    return 12 if flags[0] & _TWELVE_BITS else 10
