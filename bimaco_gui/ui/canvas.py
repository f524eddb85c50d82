"""The picture: zoom, pan, and the comparison of before and after."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from bimaco_gui.ui.background import Background
from bimaco_gui.ui.canvas_marks import paint_checks, paint_drop_frame, paint_label
from bimaco_gui.ui.comparison import Comparison
from bimaco_gui.ui.divider import Divider
from bimaco_gui.ui.photo import SCALE
from bimaco_gui.ui.picture_levels import PictureLevels
from bimaco_gui.ui.theme import GRID, Shades, current_shades
from bimaco_gui.ui.view_mode import ViewMode
from bimaco_gui.ui.viewport import Viewport

_WHEEL_NOTCH = 120
_ZOOM_PER_NOTCH = 1.25
_KEY_ZOOM = 1.25
_KEY_PAN = 64
_MARGIN = 3 * GRID
_STILL_MS = 80
_PANE_GAP = 2


class Canvas(QWidget):
    """Shows one photo, or a photo and its result in the same coordinates.

    The original is stretched smoothly over exactly the result's area, so both sides of the
    divider show the same spot. Only what is visible is drawn. At 100 % a pixel of the result as it
    is saved (or of the photo, while there is no result) is a pixel of the device. Side by side,
    both halves show the same part: there is one viewport, as large as a half.
    """

    zoom_changed = Signal(float)
    moved = Signal()
    resized = Signal()
    mode_changed = Signal(object)
    clicked = Signal(QPointF)

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        """Empty."""
        super().__init__(parent)
        self.comparison = Comparison(background, self)
        self.comparison.changed.connect(self.update)
        self._mode = ViewMode.SLIDER
        self._still = QTimer(self)
        self._still.setSingleShot(True)
        self._still.setInterval(_STILL_MS)
        self._still.timeout.connect(self._refine)
        self._viewport = Viewport(fit_limit=SCALE)
        self._drag_from: QPointF | None = None
        self._pressed_at: QPointF | None = None
        self._shows_original = False
        self._drop_highlight = False
        self._note = ""
        self._foot = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(QSize(160, 120))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Photo"))
        self.divider = Divider(self)
        self.divider.hide()
        self.divider.valueChanged.connect(lambda _: self.update())

    @property
    def viewport(self) -> Viewport:
        """Where the picture lies, in device pixels."""
        return self._viewport

    @property
    def compares(self) -> bool:
        """Whether before and after are both shown."""
        return self.comparison.has_both

    @property
    def mode(self) -> ViewMode:
        """How they are compared."""
        return self._mode

    def set_mode(self, mode: ViewMode) -> None:
        """Compare in another way; what is seen stays in place as far as it can."""
        if mode is not self._mode:
            self._mode = mode
            self._set_viewport(self._sized())
            self.mode_changed.emit(mode)

    def show_photo(self, photo: PictureLevels) -> None:
        """Show a photo without a result, fitted."""
        self.comparison.set_pictures(photo, None)
        self._note = ""
        self._set_viewport(
            self._sized().with_content(photo.size.width(), photo.size.height(), float(SCALE))
        )

    def show_result(self, result: PictureLevels) -> None:
        """Compare the shown photo with its result; what is seen stays in place."""
        if self.comparison.before is None:
            return
        self.comparison.set_pictures(self.comparison.before, result)
        self._set_viewport(
            self._sized().rescaled_content(result.size.width(), result.size.height(), 1.0)
        )

    def set_result_size(self, width: int, height: int) -> None:
        """Count the zoom in pixels of the file that the result becomes; what is seen stays."""
        view, result = self._viewport, self.comparison.after
        if result is not None and (view.content_width, view.content_height) != (width, height):
            # Fitted, it is as large as before too, but never larger than its pixels allow.
            limit = max(1.0, result.size.width() / width)
            self._set_viewport(self._sized().rescaled_content(width, height, limit))

    def clear(self, note: str = "") -> None:
        """Show no picture, and `note` in its place."""
        self.comparison.set_pictures(None, None)
        self._note = note
        self._set_viewport(Viewport(fit_limit=SCALE, margin=self._viewport.margin))

    def set_fidelity(self, fidelity: float) -> None:
        """Show the result with this much of the network's detail, 0 to 1."""
        self.comparison.set_fidelity(fidelity)
        self._still.start()

    def set_foot(self, height: int) -> None:
        """Keep this much free below a fitted picture, logical pixels, for what lies there."""
        if height != self._foot:
            self._foot = height
            self._set_viewport(self._sized())

    def set_drop_highlight(self, on: bool) -> None:
        """Show that a drop would be taken."""
        self._drop_highlight = on
        self.divider.set_faint(on)
        self.update()

    def show_original(self, on: bool) -> None:
        """Hide the result for the moment."""
        if on is not self._shows_original:
            self._shows_original = on
            self.divider.set_faint(on)
            self.update()

    def zoom_in(self) -> None:
        """One step closer, about the middle."""
        self._zoom_about_middle(_KEY_ZOOM)

    def zoom_out(self) -> None:
        """One step back, about the middle."""
        self._zoom_about_middle(1 / _KEY_ZOOM)

    def fit(self) -> None:
        """The whole picture."""
        self._set_viewport(self._viewport.fitted())

    def actual_size(self) -> None:
        """One picture pixel is one device pixel."""
        view = self._viewport
        self._set_viewport(view.at_scale(1.0, view.view_width / 2, view.view_height / 2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the picture fitted, or its middle in the middle."""
        self._set_viewport(self._sized())
        self.resized.emit()

    def event(self, event: QEvent) -> bool:
        """Zoom with two fingers where the system reports that."""
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture
        ):
            self._zoom_at(event.position(), 1 + event.value())
            return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer."""
        notches = event.angleDelta().y() / _WHEEL_NOTCH
        if notches and not self._viewport.is_empty:
            self._zoom_at(event.position(), _ZOOM_PER_NOTCH**notches)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the picture."""
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._drag_from = self._pressed_at = event.position()
            self._update_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the picture with the pointer."""
        if self._drag_from is not None:
            moved = (event.position() - self._drag_from) * self.devicePixelRatioF()
            self._drag_from = event.position()
            self._set_viewport(self._viewport.panned(moved.x(), moved.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go; a press that did not move the picture is a click on it."""
        pressed_at, self._drag_from, self._pressed_at = self._pressed_at, None, None
        self._update_cursor()
        if pressed_at is None or self._viewport.is_empty:
            return
        moved = event.position() - pressed_at
        if moved.manhattanLength() < QApplication.startDragDistance():
            at = self._in_pane(event.position())
            self.clicked.emit(QPointF(*self._viewport.to_content(at.x(), at.y())))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Change between the whole picture and 100 % at the pointer."""
        if self._viewport.is_empty:
            return
        if self._viewport.follows_fit:
            at = self._in_pane(event.position())
            self._set_viewport(self._viewport.at_scale(1.0, at.x(), at.y()))
        else:
            self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows compare, or pan with Shift or without a result; Space shows the original."""
        arrows = {
            Qt.Key.Key_Left: (1, 0),
            Qt.Key.Key_Right: (-1, 0),
            Qt.Key.Key_Up: (0, 1),
            Qt.Key.Key_Down: (0, -1),
        }
        key = Qt.Key(event.key())
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key is Qt.Key.Key_Space and self.compares:
            if not event.isAutoRepeat():
                self.show_original(True)
        elif key in arrows:
            x, y = arrows[key]
            if x and self.divider.isVisibleTo(self) and not shifted:
                self.divider.setValue(self.divider.value() - x * self.divider.singleStep())
            else:
                step = _KEY_PAN * self.devicePixelRatioF()
                self._set_viewport(self._viewport.panned(x * step, y * step))
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space let go brings the result back."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.show_original(False)
        else:
            super().keyReleaseEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the visible part."""
        shades = current_shades()
        painter = QPainter(self)
        painter.fillRect(self.rect(), shades.canvas)
        if self.comparison.before is None:
            painter.setPen(shades.quiet)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._note)
        else:
            self._paint_pictures(painter, shades)
            if self.compares:
                self._paint_labels(painter, shades)
        if self._drop_highlight:
            paint_drop_frame(painter, self.rect(), self.tr("Let go to open"), shades)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Screens of another density have other device pixels."""
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self._set_viewport(self._sized())
        super().changeEvent(event)

    def _paint_pictures(self, painter: QPainter, shades: Shades) -> None:
        pictures, view, ratio = self.comparison, self._viewport, self.devicePixelRatioF()
        left, top, right, bottom = view.visible_rect()
        visible = QRect(left, top, right - left, bottom - top)
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        if pictures.before is not None and pictures.before.has_alpha:
            paint_checks(painter, visible, shades)
            if self._is_split:
                paint_checks(painter, visible.translated(self._second_pane, 0), shades)
        if not self.compares or self._shows_original:
            pictures.draw_before(painter, view, visible)
            if self._is_split:
                painter.translate(self._second_pane, 0)
                pictures.draw_before(painter, view, visible)
        elif self._mode is ViewMode.SLIDER:
            split = min(right, max(left, round(self.divider.column * ratio)))
            pictures.draw_before(painter, view, QRect(left, top, split - left, bottom - top))
            pictures.draw_after(painter, view, QRect(split, top, right - split, bottom - top))
        elif self._mode is ViewMode.SIDE_BY_SIDE:
            pictures.draw_before(painter, view, visible)
            painter.translate(self._second_pane, 0)
            pictures.draw_after(painter, view, visible)
        elif self._mode is ViewMode.RESULT:
            pictures.draw_after(painter, view, visible)
        else:
            pictures.draw_difference(painter, view, visible)
        painter.restore()
        if self._is_split:
            painter.fillRect(QRectF(self.width() / 2 - 1, 0, _PANE_GAP, self.height()), shades.line)

    def _paint_labels(self, painter: QPainter, shades: Shades) -> None:
        visible = self._visible_logical()
        before, after = self.tr("Before"), self.tr("After")
        if self._is_split:
            second = visible.translated(self._second_pane / self.devicePixelRatioF(), 0)
            paint_label(painter, visible, visible, before, False, shades)
            shown = before if self._shows_original else after
            paint_label(painter, second, second, shown, False, shades)
        elif self._shows_original:
            paint_label(painter, visible, visible, before, False, shades)
        elif self._mode is ViewMode.SLIDER:
            column = self.divider.column
            at_left = QRectF(
                visible.left(), visible.top(), column - visible.left(), visible.height()
            )
            at_right = QRectF(column, visible.top(), visible.right() - column, visible.height())
            paint_label(painter, visible, at_left, before, False, shades)
            paint_label(painter, visible, at_right, after, True, shades)
        else:
            text = (
                after
                if self._mode is ViewMode.RESULT
                else self.tr("Difference, made 4 times stronger")
            )
            paint_label(painter, visible, visible, text, False, shades)

    @property
    def _is_split(self) -> bool:
        return self.compares and self._mode is ViewMode.SIDE_BY_SIDE

    @property
    def _second_pane(self) -> int:
        """How far right of the first pane the second one lies, device pixels."""
        return self._viewport.view_width + round(_PANE_GAP * self.devicePixelRatioF())

    def _in_pane(self, position: QPointF) -> QPointF:
        """A place in the widget as device pixels of the pane that it lies in."""
        at = position * self.devicePixelRatioF()
        if self._is_split and at.x() >= self._second_pane:
            at.setX(at.x() - self._second_pane)
        return at

    def _visible_logical(self) -> QRectF:
        ratio = self.devicePixelRatioF()
        left, top, right, bottom = self._viewport.visible_rect()
        return QRectF(left / ratio, top / ratio, (right - left) / ratio, (bottom - top) / ratio)

    def _sized(self) -> Viewport:
        ratio = self.devicePixelRatioF()
        width = self.width() * ratio
        if self._is_split:
            width = (width - _PANE_GAP * ratio) / 2
        margin, foot = round(_MARGIN * ratio), round(self._foot * ratio)
        return replace(self._viewport, margin=margin, foot=foot).resized(
            round(width), round(self.height() * ratio)
        )

    def _zoom_about_middle(self, factor: float) -> None:
        view = self._viewport
        if not view.is_empty:
            self._set_viewport(view.zoomed(factor, view.view_width / 2, view.view_height / 2))

    def _zoom_at(self, position: QPointF, factor: float) -> None:
        at = self._in_pane(position)
        self._set_viewport(self._viewport.zoomed(factor, at.x(), at.y()))

    def _set_viewport(self, viewport: Viewport) -> None:
        zoomed = viewport.scale != self._viewport.scale
        self.comparison.view_moved()
        self._still.start()
        self._viewport = viewport
        self._place_divider()
        self._update_cursor()
        self.update()
        self.moved.emit()
        if zoomed or viewport.is_empty:
            self.zoom_changed.emit(viewport.scale)

    def _refine(self) -> None:
        self.comparison.refine(self._viewport)

    def _place_divider(self) -> None:
        visible = self._visible_logical()
        shown = self.compares and visible.width() > 0 and self._mode is ViewMode.SLIDER
        if shown:
            self.divider.track(
                visible.left(), visible.right(), int(visible.top()), int(visible.bottom())
            )
        elif self.divider.hasFocus():
            self.setFocus()  # and not to whatever control comes next
        self.divider.setVisible(shown)

    def _update_cursor(self) -> None:
        if not self._viewport.can_pan:
            self.unsetCursor()
        elif self._drag_from is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
