"""The handle between before and after."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSlider, QWidget

from bimaco_gui.ui.theme import current_shades

STEPS = 1000
_WIDTH = 40
_KNOB_RADIUS = 17
_KEY_STEP = 20
_PAGE_STEP = 100


class Divider(QSlider):
    """A vertical line with a knob, laid over the picture.

    It is a slider for keyboards and screen readers (0 shows the result only, `STEPS` the original
    only) whose widget moves itself: `track` says between which columns of the parent.
    """

    def __init__(self, parent: QWidget) -> None:
        """Start in the middle."""
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, STEPS)
        self.setSingleStep(_KEY_STEP)
        self.setPageStep(_PAGE_STEP)
        self.setValue(STEPS // 2)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setAccessibleName(self.tr("Before and after"))
        self.setAccessibleDescription(
            self.tr("How much of the original photo is shown, from the left. Arrow keys move it.")
        )
        self.setToolTip(self.tr("Drag to compare, or use the arrow keys"))
        self._left = 0.0
        self._right = 1.0
        self._top = 0
        self._bottom = 1
        self._grip = 0.0
        self._is_faint = False
        self.valueChanged.connect(self._place)

    @property
    def column(self) -> float:
        """The line's column in the parent, logical pixels."""
        return self._left + (self._right - self._left) * self.value() / STEPS

    def track(self, left: float, right: float, top: int, bottom: int) -> None:
        """Move between columns `left` and `right`, from row `top` to `bottom` of the parent."""
        self._left, self._right, self._top, self._bottom = left, max(left, right), top, bottom
        self._place()

    def set_faint(self, on: bool) -> None:
        """Draw nothing for the moment, but stay there and keep the focus."""
        self._is_faint = on
        self.update()

    def sizeHint(self) -> QSize:
        """A narrow strip."""
        return QSize(_WIDTH, _WIDTH)

    def minimumSizeHint(self) -> QSize:
        """Small pictures have small handles."""
        return QSize(1, 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold; the line does not jump to the pointer."""
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._grip = event.position().x() + self.x() - self.column
        self.setSliderDown(True)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        if self.isSliderDown():
            column = event.position().x() + self.x() - self._grip
            share = (column - self._left) / max(1.0, self._right - self._left)
            self.setValue(round(share * STEPS))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self.setSliderDown(False)
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the picture below, which zooms."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right move the line; Up and Down, which would too, are left to others."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line and its knob."""
        if self._is_faint:
            return
        shades = current_shades()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = self.column - self.x()
        halo = QColor(shades.dim)
        halo.setAlphaF(0.45)
        painter.setPen(QPen(halo, 4))
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        painter.setPen(QPen(shades.bright, 2))
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        middle = QPointF(x, self.height() / 2)
        marked = self.hasFocus() or self.isSliderDown()
        painter.setPen(QPen(shades.mark if marked else shades.line, 2.5 if marked else 1))
        painter.setBrush(shades.surface)
        painter.drawEllipse(middle, _KNOB_RADIUS, _KNOB_RADIUS)
        painter.setPen(QPen(shades.text, 2, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
        for side in (-1, 1):
            tip = middle + QPointF(9 * side, 0)
            back = QPointF(-4.5 * side, 0)
            painter.drawPolyline([tip + back + QPointF(0, -5), tip, tip + back + QPointF(0, 5)])

    def _place(self) -> None:
        strip = QRectF(self.column - _WIDTH / 2, self._top, _WIDTH, self._bottom - self._top)
        self.setGeometry(strip.toAlignedRect())
        self.update()
