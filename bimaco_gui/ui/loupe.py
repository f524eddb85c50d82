"""The loupe: a piece of the final picture before the whole of it is computed."""

import math

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget

from bimaco_gui.ui.bicubic import enlarge_part
from bimaco_gui.ui.canvas import Canvas
from bimaco_gui.ui.canvas_marks import paint_label
from bimaco_gui.ui.theme import GRID, current_shades

_SIDE = (320, 240)
"""Result pixels that fit into it."""

_SHARE = 0.7
"""Of each side of the canvas, at most."""
_HALO = 1
_FRAME = 3
_STILL_MS = 120
_KEY_STEP = 8
_LARGE_STEP = 64


class Loupe(QWidget):
    """Lies over the photo at the part that it shows, whole device pixels for a pixel of the result.

    Dragging, the arrow keys or a click on the photo move it. `part_wanted` says what to compute
    once it stands still; `show_part` brings it.
    """

    part_wanted = Signal(QRect)

    def __init__(self, canvas: Canvas) -> None:
        """Hidden until there is a photo."""
        super().__init__(canvas)
        self._canvas = canvas
        self._photo: QImage | None = None
        self._scale = 4.0
        self._part = QRect()
        self._shown: tuple[QRect, QImage] | None = None
        self._note = ""
        self._grip: QPointF | None = None
        self._shows_original = False
        self._still = QTimer(self)
        self._still.setSingleShot(True)
        self._still.setInterval(_STILL_MS)
        self._still.timeout.connect(self._ask)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SizeAllCursor)
        self.setAccessibleName(self.tr("Loupe"))
        self.setToolTip(
            self.tr("The final pixels of this part. Drag it, or click on the photo to move it.")
        )
        canvas.moved.connect(self._place)
        canvas.clicked.connect(self.move_to)
        self._describe(self.tr("Nothing to show yet."))
        self.hide()

    @property
    def part(self) -> QRect:
        """What it shows, pixels of the photo."""
        return QRect(self._part)

    @property
    def image(self) -> QImage | None:
        """The final pixels of `part`, as soon as they are there."""
        shown = self._shown
        return shown[1] if shown is not None and shown[0] == self._part else None

    def set_photo(self, photo: QImage | None, scale: float) -> None:
        """Look at the middle of a photo whose result is `scale` times as large."""
        self._photo, self._scale, self._shown = photo, scale, None
        if photo is not None:
            self._part = self._part_around(QPointF(photo.width() / 2, photo.height() / 2))
            self._still.start()
        self._place()

    def set_scale(self, scale: float) -> None:
        """The result becomes `scale` times as large as the photo."""
        if self._photo is not None and scale != self._scale:
            self._scale, self._shown = scale, None
            self._part = self._part_around(QRectF(self._part).center())
            self._still.start()
            self._place()

    def ask_again(self) -> None:
        """What was computed is out of date."""
        if self._photo is not None:
            self._still.start()

    def move_to(self, place: QPointF) -> None:
        """Look at this place, pixels of the photo."""
        if self._photo is not None and self.isVisible():
            self._move_part(self._part_around(place))

    def show_part(self, part: QRect, image: QImage) -> None:
        """The final pixels of a part."""
        if part == self._part:
            self._shown, self._note = (part, image), ""
            self._describe(self.tr("Shows the final pixels. Space shows the photo."))
            self.update()

    def show_note(self, text: str) -> None:
        """Say why there is nothing, or nothing yet."""
        self._note = text
        self._describe(text)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._grip = event.globalPosition()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        if self._grip is not None:
            moved = (event.globalPosition() - self._grip) * self._canvas.devicePixelRatioF()
            moved /= self._canvas_scale
            if abs(moved.x()) >= 1 or abs(moved.y()) >= 1:
                self._grip = event.globalPosition()
                self._move_part(self._part.translated(round(moved.x()), round(moved.y())))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._grip = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move it, with Shift further; Space shows the photo while it is held."""
        step = _LARGE_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _KEY_STEP
        moves = {
            Qt.Key.Key_Left: (-step, 0),
            Qt.Key.Key_Right: (step, 0),
            Qt.Key.Key_Up: (0, -step),
            Qt.Key.Key_Down: (0, step),
        }
        key = Qt.Key(event.key())
        if key in moves:
            self._move_part(self._part.translated(*moves[key]))
        elif key is Qt.Key.Key_Space:
            self._shows_original = True
            self.update()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space let go brings the preview back."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._shows_original = False
            self.update()
        else:
            super().keyReleaseEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The part, its frame, and what it is."""
        if self._photo is None:
            return
        shades = current_shades()
        painter = QPainter(self)
        inside = QRectF(self.rect()).adjusted(_FRAME, _FRAME, -_FRAME, -_FRAME)
        image = self.image
        if image is not None and not self._shows_original:
            painter.drawImage(inside, image)
            text = self.tr("Preview")
        else:
            self._paint_photo(painter, inside, self._photo)
            text = self.tr("Before") if self._shows_original else self._note
        if text:
            paint_label(painter, inside.adjusted(-GRID, -GRID, 0, 0), inside, text, False, shades)
        halo = QColor(shades.dim)
        halo.setAlphaF(0.6)
        self._fill_ring(painter, 0, _HALO, halo)
        self._fill_ring(painter, _HALO, _FRAME, shades.mark if self.hasFocus() else shades.bright)
        painter.end()

    @property
    def _pixel(self) -> float:
        """Logical pixels that a pixel of the result takes: as many whole ones of the device."""
        ratio = self._canvas.devicePixelRatioF()
        return max(1, round(ratio)) / ratio

    @property
    def _canvas_scale(self) -> float:
        """Device pixels of the canvas per pixel of the photo."""
        return max(1e-6, self._canvas.viewport.scale)

    def _fill_ring(self, painter: QPainter, start: int, end: int, colour: QColor) -> None:
        """What lies `start` to `end` logical pixels inside the edge, alike on all sides."""
        outer = QRegion(self.rect().adjusted(start, start, -start, -start))
        painter.setClipRegion(outer - QRegion(self.rect().adjusted(end, end, -end, -end)))
        painter.fillRect(self.rect(), colour)

    def _paint_photo(self, painter: QPainter, inside: QRectF, photo: QImage) -> None:
        """The photo enlarged: bicubically where it is compared, as on the canvas."""
        if self._shows_original and not photo.hasAlphaChannel():
            whole = QRectF(0, 0, photo.width() * self._scale, photo.height() * self._scale)
            size = (round(side * self._scale) for side in self._part.size().toTuple())
            part = QRect((QPointF(self._part.topLeft()) * self._scale).toPoint(), QSize(*size))
            painter.drawImage(inside, enlarge_part(photo, whole, part))
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(inside, photo, QRectF(self._part))

    def _part_size(self) -> QSize:
        """Pixels of the photo that fit into it; of a small canvas it leaves some to be seen."""
        assert self._photo is not None
        room = (
            self._canvas.width() * _SHARE - 2 * _FRAME,
            self._canvas.height() * _SHARE - 2 * _FRAME,
        )
        width, height = (
            max(1, min(round(side / self._scale), math.floor(free / self._pixel / self._scale)))
            for side, free in zip(_SIDE, room, strict=True)
        )
        return QSize(width, height).boundedTo(self._photo.size())

    def _part_around(self, place: QPointF) -> QRect:
        part = QRect(QPoint(0, 0), self._part_size())
        part.moveLeft(round(place.x() - part.width() / 2))
        part.moveTop(round(place.y() - part.height() / 2))
        return self._inside_photo(part)

    def _inside_photo(self, part: QRect) -> QRect:
        assert self._photo is not None
        left = max(0, min(part.left(), self._photo.width() - part.width()))
        top = max(0, min(part.top(), self._photo.height() - part.height()))
        return QRect(left, top, part.width(), part.height())

    def _move_part(self, part: QRect) -> None:
        part = self._inside_photo(part)
        if part != self._part:
            self._part = part
            self._note = ""
            self._still.start()
            self._place()
            self.update()

    def _ask(self) -> None:
        if self.isVisible() and self._photo is not None:
            self.part_wanted.emit(self.part)

    def _place(self) -> None:
        """Lie centred over the part, as far as the canvas reaches."""
        if self._photo is None:
            return
        if self._part.size() != self._part_size():
            self._part = self._part_around(QRectF(self._part).center())
            self._still.start()
        view, ratio = self._canvas.viewport, self._canvas.devicePixelRatioF()
        width = self._part.width() * self._scale * self._pixel + 2 * _FRAME
        height = self._part.height() * self._scale * self._pixel + 2 * _FRAME
        left, top, *_ = view.drawn_rect()
        centre = QRectF(self._part).center() * view.scale + QPointF(left, top)
        place = QRectF(0, 0, width, height)
        place.moveCenter(centre / ratio)
        room = QRectF(self._canvas.rect())
        place.moveLeft(max(room.left(), min(place.left(), room.right() - width)))
        place.moveTop(max(room.top(), min(place.top(), room.bottom() - height)))
        self.setGeometry(place.toRect())

    def _describe(self, text: str) -> None:
        self.setAccessibleDescription(text + " " + self.tr("Arrow keys move it."))
