"""Icons from SVG files, drawn in the colour of the text beside them."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from bimaco_gui import paths

_PIXEL_RATIOS = (1, 2, 3)


def icon(name: str, colour: QColor, side: int = 20) -> QIcon:
    """The icon `name` in `colour`, sharp at the usual screen densities.

    Args:
        name: File name without its ending, in resources/icons.
        colour: Replaces the file's `currentColor`.
        side: Logical pixels.
    """
    made = QIcon()
    for ratio in _PIXEL_RATIOS:
        made.addPixmap(pixmap(name, colour, side, ratio))
    return made


def pixmap(name: str, colour: QColor, side: int, ratio: float) -> QPixmap:
    """The icon `name` as a square pixmap of `side` logical pixels at a device pixel ratio."""
    drawn = QPixmap(QSize(round(side * ratio), round(side * ratio)))
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    _renderer(name, colour.name()).render(painter, QRectF(0, 0, side, side))
    painter.end()
    return drawn


def app_icon() -> QIcon:
    """The application's own icon, in its own colours."""
    return QIcon(str(paths.resources_folder() / "icons" / "app.svg"))


@lru_cache(maxsize=128)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    source = (paths.resources_folder() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(source.replace("currentColor", colour).encode()))
