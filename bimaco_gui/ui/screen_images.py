"""From the bytes that the services give to images of Qt."""

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QColorSpace, QImage

from bimaco_gui.services.screen import ScreenImage


def image_of(pixels: ScreenImage) -> QImage:
    """The pixels as an image that owns them, in sRGB for the screen."""
    seen = QImage(
        pixels.rgba, pixels.width, pixels.height, 4 * pixels.width, QImage.Format.Format_RGBA8888
    )
    image = seen.copy()
    if pixels.icc_profile is not None:
        space = QColorSpace.fromIccProfile(QByteArray(pixels.icc_profile))
        if space.isValid():
            image.setColorSpace(space)
            image.convertToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    return image
