"""The faithful end of a result for the part that is seen, from and to images of Qt."""

from typing import Any

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

from bimaco_gui.services.fidelity import faithful_part


def faithful_image(before: QImage, after: QImage, part: QRect) -> QImage:
    """What `after` is without any of the network's detail, inside `part` of it.

    Meant for a background thread; a screenful takes a tenth of a second.

    Args:
        before: The photo, four bytes a pixel.
        after: Its result, or a smaller copy of that, no smaller than the photo.
        part: Inside `after`.
    """
    import numpy as np

    made = faithful_part(
        _pixels(before), _pixels(after), part.top(), part.left(), part.height(), part.width()
    )
    four = np.full((part.height(), part.width(), 4), 255, np.uint8)
    four[:, :, :3] = made
    image = QImage(
        four.tobytes(),
        part.width(),
        part.height(),
        4 * part.width(),
        QImage.Format.Format_RGB32,
    )
    return image.copy()


def _pixels(image: QImage) -> Any:
    """Blue, green, red and a byte more, as the image holds them; nothing is copied."""
    import numpy as np

    flat = np.frombuffer(memoryview(image.constBits()), np.uint8)
    return flat.reshape(image.height(), image.bytesPerLine() // 4, 4)[:, : image.width()]
