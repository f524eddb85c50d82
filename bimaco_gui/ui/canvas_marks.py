"""What lies over the pictures: labels, checks behind transparency, the frame for drops."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from bimaco_gui.ui.theme import GRID, Shades

_CHECK = GRID


def paint_label(
    painter: QPainter, around: QRectF, clip: QRectF, text: str, right: bool, shades: Shades
) -> None:
    """A pill at the top of `around`, uncovered by the divider as far as `clip` reaches."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(clip)
    width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 3 * GRID
    height = 3.5 * GRID
    x = around.right() - 1.5 * GRID - width if right else around.left() + 1.5 * GRID
    pill = QRectF(x, around.top() + 1.5 * GRID, width, height)
    ground = QColor(shades.surface)
    ground.setAlphaF(0.88)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(pill, height / 2, height / 2)
    painter.setPen(shades.text)
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


def paint_checks(painter: QPainter, area: QRect, shades: Shades) -> None:
    """The customary checks behind transparent pictures."""
    painter.save()
    painter.setClipRect(area)
    painter.fillRect(area, shades.canvas)
    for row, y in enumerate(range(area.top(), area.bottom() + 1, _CHECK)):
        for x in range(area.left() + (row % 2) * _CHECK, area.right() + 1, 2 * _CHECK):
            painter.fillRect(x, y, _CHECK, _CHECK, shades.hover)
    painter.restore()


def paint_drop_frame(painter: QPainter, area: QRect, text: str, shades: Shades) -> None:
    """Say over everything that a drop would be taken."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    veil = QColor(shades.canvas)
    veil.setAlphaF(0.75)
    painter.fillRect(area, veil)
    painter.setPen(QPen(shades.mark, 3))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inset = GRID * 1.5
    painter.drawRoundedRect(
        QRectF(area).adjusted(inset, inset, -inset, -inset), GRID * 1.5, GRID * 1.5
    )
    font = painter.font()
    font.setPointSizeF(font.pointSizeF() * 1.5)
    painter.setFont(font)
    painter.setPen(shades.text)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)
