"""How a row of a list of photos is drawn: thumbnail, name, state with its icon."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from bimaco_gui.ui.icons import pixmap
from bimaco_gui.ui.theme import GRID, Shades, current_shades

ROW_HEIGHT = 64
_THUMBNAIL = 48
_NO_THUMBNAIL = 22
_STATE_ICON = 16
_BAR_HEIGHT = 3


@dataclass(frozen=True)
class Row:
    """What a row says.

    Attributes:
        name: Of the photo.
        thumbnail: A small picture, or None.
        icon: Of the state; its meaning is in `state` too.
        colour: Of the icon, a name of `Shades`.
        state: In words.
        fraction: Of the work, while it runs.
    """

    name: str
    thumbnail: QImage | None
    icon: str
    colour: str
    state: str
    fraction: float | None = None


def paint_row(painter: QPainter, option: QStyleOptionViewItem, row: Row) -> None:
    """Draw a row of a list."""
    shades = current_shades()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    area = option.rect.adjusted(GRID, 2, -GRID, -2)
    _paint_ground(painter, option.state, area, shades)
    frame = QRect(0, 0, _THUMBNAIL, _THUMBNAIL)
    frame.moveTo(area.left() + 6, area.center().y() - _THUMBNAIL // 2 + 1)
    ratio = option.widget.devicePixelRatioF()
    _paint_thumbnail(painter, frame, row.thumbnail, shades, ratio)
    text = area.adjusted(_THUMBNAIL + 6 + GRID * 3 // 2, 0, -GRID // 4, 0)
    metrics = option.fontMetrics
    line = metrics.height()
    top = text.center().y() - line - 1
    painter.setPen(shades.text)
    name = metrics.elidedText(row.name, Qt.TextElideMode.ElideMiddle, text.width())
    painter.drawText(QRect(text.left(), top, text.width(), line), 0, name)
    below = QRect(text.left(), top + line + 4, text.width(), line)
    colour: QColor = getattr(shades, row.colour)
    sign = pixmap(row.icon, colour, _STATE_ICON, ratio)
    painter.drawPixmap(below.left(), below.center().y() - _STATE_ICON // 2 + 1, sign)
    painter.setPen(shades.quiet)
    below.adjust(_STATE_ICON + 6, 0, 0, 0)
    state = metrics.elidedText(row.state, Qt.TextElideMode.ElideRight, below.width())
    painter.drawText(below, 0, state)
    if row.fraction is not None:
        _paint_bar(painter, text, row.fraction, shades)
    painter.restore()


def _paint_ground(painter: QPainter, state: QStyle.StateFlag, area: QRect, shades: Shades) -> None:
    selected = bool(state & QStyle.StateFlag.State_Selected)
    if selected or state & QStyle.StateFlag.State_MouseOver:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shades.selected if selected else shades.hover)
        painter.drawRoundedRect(area, GRID, GRID)
    if state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(shades.mark)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area, GRID, GRID)


def _paint_thumbnail(
    painter: QPainter, frame: QRect, thumbnail: QImage | None, shades: Shades, ratio: float
) -> None:
    rounded = QPainterPath()
    rounded.addRoundedRect(frame, 6, 6)
    painter.fillPath(rounded, shades.hover)
    if thumbnail is None:
        sign = QRect(0, 0, _NO_THUMBNAIL, _NO_THUMBNAIL)
        sign.moveCenter(frame.center())
        painter.drawPixmap(sign, pixmap("photo", shades.quiet, _NO_THUMBNAIL, ratio))
        return
    source = thumbnail.rect()
    side = min(source.width(), source.height())
    square = QRect(0, 0, side, side)
    square.moveCenter(source.center())
    painter.save()
    painter.setClipPath(rounded)
    painter.drawImage(frame, thumbnail, square)
    painter.restore()


def _paint_bar(painter: QPainter, text: QRect, fraction: float, shades: Shades) -> None:
    whole = QRect(text.left(), text.bottom() - _BAR_HEIGHT - 2, text.width(), _BAR_HEIGHT)
    painter.fillRect(whole, shades.pressed)
    whole.setWidth(round(whole.width() * fraction))
    painter.fillRect(whole, shades.mark)
