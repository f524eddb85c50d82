"""A contact sheet of small crops, so that eyes can judge what the tables measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

# The corners (left, top) were chosen on the originals, before any result was seen.
CORNERS = {
    "cid_02.png": (150, 240),
    "cid_06.png": (100, 200),
    "cid_14.png": (130, 180),
    "cid_33.png": (267, 200),
    "cid_34.png": (90, 246),
    "cid_36.png": (10, 90),
}
SIDE = 160  # px of the result
ZOOM = 2

_GAP = 8
_HEADING = 30
_CELL = SIDE * ZOOM


def contact_sheet(columns: Sequence[tuple[str, Mapping[str, np.ndarray]]]) -> Image.Image:
    """Draw the crops: a row for each photo of ``CORNERS``, a labelled column for each upscaler.

    Args:
        columns: Heading, and the pictures by the photo's name: uint8 [H, W, 3] RGB. Photos that a
            column does not have get no row.

    Raises:
        ValueError: None of the photos is there.
    """
    names = [name for name in CORNERS if all(name in pictures for _, pictures in columns)]
    if not names:
        raise ValueError(f"the crops need one of {', '.join(CORNERS)}")
    size = (
        len(columns) * (_CELL + _GAP) + _GAP,
        _HEADING + len(names) * (_CELL + _GAP),
    )
    sheet = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(16)
    for column, (heading, pictures) in enumerate(columns):
        x = _GAP + column * (_CELL + _GAP)
        draw.text((x, _HEADING // 2), heading, fill="black", font=font, anchor="lm")
        for row, name in enumerate(names):
            left, top = CORNERS[name]
            crop = Image.fromarray(pictures[name][top : top + SIDE, left : left + SIDE])
            enlarged = crop.resize((_CELL, _CELL), Image.Resampling.NEAREST)
            sheet.paste(enlarged, (x, _HEADING + row * (_CELL + _GAP)))
    return sheet
