"""Pictures for the screen and the clipboard, in plain bytes: 8 bits a channel, in sRGB."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bimaco_gui.services.jobs import JobOptions

if TYPE_CHECKING:
    from bimaco_gui.engine.pictures import Picture


@dataclass(frozen=True)
class ScreenImage:
    """Pixels to show.

    Attributes:
        width, height: In pixels.
        rgba: Four bytes a pixel, row after row; colours are not multiplied by opacity.
        icc_profile: That the colours are in; None is sRGB.
    """

    width: int
    height: int
    rgba: bytes
    icc_profile: bytes | None = None


def screen_image(picture: Picture) -> ScreenImage:
    """The pixels of a picture."""
    import numpy as np

    from bimaco_gui.engine.depth import eight_bit

    rgba = np.full((picture.height, picture.width, 4), 255, np.uint8)
    rgba[:, :, :3] = eight_bit(picture.pixels)
    if picture.alpha is not None:
        rgba[:, :, 3] = eight_bit(picture.alpha)
    profile = None if picture.grey else picture.icc_profile
    return ScreenImage(picture.width, picture.height, rgba.tobytes(), profile)


def read_for_screen(path: Path) -> ScreenImage:
    """Read a picture in any format that the engine reads.

    Raises:
        PictureError: It cannot be read.
    """
    from bimaco_gui.engine.pictures import read_picture

    return screen_image(read_picture(path))


def finished_for_screen(original: Path, cached: Path, options: JobOptions) -> ScreenImage:
    """What `services.save.save_finished` would write.

    Raises:
        AppError: As there.
    """
    from bimaco_gui.services.save import finished

    return screen_image(finished(original, cached, options))
