"""The photo enlarged bicubically, for as much of it as can be seen."""

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QImage

_REACH = 3


def enlarge_part(image: QImage, whole: QRectF, part: QRect) -> QImage:
    """The pixels inside `part` of `image` stretched over `whole`, interpolated bicubically.

    Meant for a background thread: a screenful takes tens of milliseconds.

    Args:
        image: Opaque, in `QImage.Format.Format_RGB32`.
        whole: Where all of the image would lie.
        part: What is wanted of it, inside `whole` but for rounding.

    Returns:
        An image of the size of `part`.
    """
    from PIL import Image  # costs start-up time, and the first picture comes later

    x_scale, y_scale = image.width() / whole.width(), image.height() / whole.height()
    wanted = QRectF(
        (part.x() - whole.x()) * x_scale,
        (part.y() - whole.y()) * y_scale,
        part.width() * x_scale,
        part.height() * y_scale,
    ).intersected(QRectF(image.rect()))
    around = wanted.toAlignedRect().adjusted(-_REACH, -_REACH, _REACH, _REACH)
    around = around.intersected(image.rect())
    cut = image.copy(around)
    wanted.translate(-around.x(), -around.y())
    # The order of the colours does not matter here: all four bytes are treated alike.
    source = Image.frombuffer(
        "RGBX",
        (cut.width(), cut.height()),
        bytes(cut.constBits()),
        "raw",
        "RGBX",
        cut.bytesPerLine(),
        1,
    )
    enlarged = source.resize(
        (part.width(), part.height()),
        Image.Resampling.BICUBIC,
        (wanted.left(), wanted.top(), wanted.right(), wanted.bottom()),
    )
    made = QImage(
        enlarged.tobytes(),
        part.width(),
        part.height(),
        4 * part.width(),
        QImage.Format.Format_RGB32,
    )
    return made.copy()
