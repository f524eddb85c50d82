"""From the bytes that the services give to images of Qt."""

from PySide6.QtGui import QImage

from bimaco_gui.services.screen import ScreenImage


def image_of(pixels: ScreenImage) -> QImage:
    """The pixels as an image that owns them."""
    seen = QImage(
        pixels.rgba, pixels.width, pixels.height, 4 * pixels.width, QImage.Format.Format_RGBA8888
    )
    return seen.copy()
