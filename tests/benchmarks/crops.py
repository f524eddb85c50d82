"""A contact sheet of small crops, so that eyes can judge what the tables measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont


@dataclass(frozen=True)
class Crop:
    """What is shown of a photo.

    Attributes:
        subject: What can be judged there.
        name: The photo's file.
        left, top: The corner, in pixels of the result.
    """

    subject: str
    name: str
    left: int
    top: int


# They were chosen on the originals, before any result was seen. There is no brick among the photos.
CROPS = (
    Crop("face", "cid_14.png", 130, 180),
    Crop("text", "cid_34.png", 90, 246),
    Crop("foliage", "cid_33.png", 267, 200),
    Crop("buildings and sky", "cid_06.png", 20, 180),
    Crop("fabric", "cid_12.png", 180, 290),
    Crop("night", "cid_29.png", 40, 180),
    Crop("glass", "cid_02.png", 150, 240),
    Crop("food", "cid_36.png", 10, 90),
)
SIDE = 160  # px of the result
ZOOM = 2

_GAP = 8
_HEADING = 30
_CELL = SIDE * ZOOM


def contact_sheet(columns: Sequence[tuple[str, Mapping[str, np.ndarray]]]) -> Image.Image:
    """Draw the crops: a row for each of ``CROPS``, a labelled column for each upscaler.

    Args:
        columns: Heading, and the pictures by the photo's name: uint8 [H, W, 3] RGB. Photos that a
            column does not have get no row.

    Raises:
        ValueError: None of the photos is there.
    """
    shown = [crop for crop in CROPS if all(crop.name in pictures for _, pictures in columns)]
    if not shown:
        raise ValueError(f"the crops need one of {', '.join(crop.name for crop in CROPS)}")
    size = (
        len(columns) * (_CELL + _GAP) + _GAP,
        _HEADING + len(shown) * (_CELL + _HEADING),
    )
    sheet = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(16)
    for column, (heading, pictures) in enumerate(columns):
        x = _GAP + column * (_CELL + _GAP)
        draw.text((x, _HEADING // 2), heading, fill="black", font=font, anchor="lm")
        for row, crop in enumerate(shown):
            y = _HEADING + row * (_CELL + _HEADING)
            box = (crop.left, crop.top, crop.left + SIDE, crop.top + SIDE)
            piece = Image.fromarray(pictures[crop.name]).crop(box)
            sheet.paste(piece.resize((_CELL, _CELL), Image.Resampling.NEAREST), (x, y))
            if not column:
                below = (x, y + _CELL + _HEADING // 2)
                draw.text(below, crop.subject, fill="black", font=font, anchor="lm")
    return sheet
