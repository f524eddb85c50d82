"""The picture: zoom, pan, and the comparison of before and after."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from bimaco_gui.ui.background import Background
from bimaco_gui.ui.bicubic import enlarge_part
from bimaco_gui.ui.divider import Divider
from bimaco_gui.ui.photo import SCALE
from bimaco_gui.ui.picture_levels import PictureLevels
from bimaco_gui.ui.theme import GRID, Shades, current_shades
from bimaco_gui.ui.viewport import Viewport

_WHEEL_NOTCH = 120
_ZOOM_PER_NOTCH = 1.25
_KEY_ZOOM = 1.25
_KEY_PAN = 64
_MARGIN = 3 * GRID
_PIXELS_SHOW_FROM = 3.0
_CHECK = GRID
_STILL_MS = 80


class Canvas(QWidget):
    """Shows one photo, or a photo and its result in the same coordinates.

    The original is stretched smoothly over exactly the result's area, so both sides of the
    divider show the same spot. Only what is visible is drawn. At 100 % a pixel of the result (or
    of the photo, while there is no result) is a pixel of the device.
    """

    zoom_changed = Signal(float)
    resized = Signal()

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        """Empty."""
        super().__init__(parent)
        self._background = background
        self._refined: tuple[Viewport, PictureLevels, QImage] | None = None
        self._still = QTimer(self)
        self._still.setSingleShot(True)
        self._still.setInterval(_STILL_MS)
        self._still.timeout.connect(self._refine)
        self._before: PictureLevels | None = None
        self._after: PictureLevels | None = None
        self._viewport = Viewport(fit_limit=SCALE)
        self._drag_from: QPointF | None = None
        self._shows_original = False
        self._drop_highlight = False
        self._note = ""
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
        return self._before is not None and self._after is not None

    @property
    def shows_original(self) -> bool:
        """Whether the result is hidden for the moment."""
        return self._shows_original

    def show_photo(self, photo: PictureLevels) -> None:
        """Show a photo without a result, fitted."""
        self._before, self._after, self._note = photo, None, ""
        self._set_viewport(
            self._sized().with_content(photo.size.width(), photo.size.height(), float(SCALE))
        )

    def show_result(self, result: PictureLevels) -> None:
        """Compare the shown photo with its result; what is seen stays in place."""
        if self._before is None:
            return
        self._after = result
        self._set_viewport(
            self._sized().rescaled_content(result.size.width(), result.size.height(), 1.0)
        )

    def clear(self, note: str = "") -> None:
        """Show no picture, and `note` in its place."""
        self._before = self._after = None
        self._note = note
        self._set_viewport(Viewport(fit_limit=SCALE, margin=self._viewport.margin))

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
            self._drag_from = event.position()
            self._update_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the picture with the pointer."""
        if self._drag_from is not None:
            moved = (event.position() - self._drag_from) * self.devicePixelRatioF()
            self._drag_from = event.position()
            self._set_viewport(self._viewport.panned(moved.x(), moved.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._drag_from = None
        self._update_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Change between the whole picture and 100 % at the pointer."""
        if self._viewport.is_empty:
            return
        if self._viewport.follows_fit:
            at = event.position() * self.devicePixelRatioF()
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
            if x and self.compares and not shifted:
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
        if self._before is None:
            painter.setPen(shades.quiet)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._note)
        else:
            self._paint_pictures(painter, self._before, shades)
            if self.compares:
                self._paint_labels(painter, shades)
        if self._drop_highlight:
            self._paint_drop_highlight(painter, shades)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Screens of another density have other device pixels."""
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self._set_viewport(self._sized())
        super().changeEvent(event)

    def _paint_pictures(self, painter: QPainter, before: PictureLevels, shades: Shades) -> None:
        ratio = self.devicePixelRatioF()
        whole = QRectF(*self._viewport.drawn_rect())
        left, top, right, bottom = self._viewport.visible_rect()
        visible = QRect(left, top, right - left, bottom - top)
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        if before.has_alpha:
            _paint_checks(painter, visible, shades)
        if self._after is None or self._shows_original:
            smooth = self._after is not None or self._viewport.scale < _PIXELS_SHOW_FROM
            before.draw(painter, whole, visible, smooth)
        else:
            split = min(right, max(left, round(self.divider.column * ratio)))
            before_part = QRect(left, top, split - left, bottom - top)
            after_part = QRect(split, top, right - split, bottom - top)
            self._draw_before(painter, whole, before_part, before)
            smooth = self._viewport.scale < _PIXELS_SHOW_FROM
            self._after.draw(painter, whole, after_part, smooth)
        painter.restore()

    def _draw_before(
        self, painter: QPainter, whole: QRectF, part: QRect, before: PictureLevels
    ) -> None:
        if self._refined is not None and self._refined[:2] == (self._viewport, before):
            left, top, _right, _bottom = self._viewport.visible_rect()
            painter.drawImage(part, self._refined[2], part.translated(-left, -top))
        else:
            before.draw(painter, whole, part, smooth=True)

    def _refine(self) -> None:
        """Bilinear while things move, bicubic when they stand still."""
        before, viewport = self._before, self._viewport
        left, top, right, bottom = viewport.visible_rect()
        if before is None or not self.compares or before.has_alpha or right <= left:
            return
        whole = QRectF(*viewport.drawn_rect())
        if whole.width() <= before.size.width() or bottom <= top:
            return
        part = QRect(left, top, right - left, bottom - top)
        self._background.run(
            partial(enlarge_part, before.levels[0], whole, part),
            partial(self._is_refined, viewport, before),
            lambda _error: None,
        )

    def _is_refined(self, viewport: Viewport, before: PictureLevels, image: QImage) -> None:
        if viewport == self._viewport and before is self._before:
            self._refined = (viewport, before, image)
            self.update()

    def _paint_labels(self, painter: QPainter, shades: Shades) -> None:
        visible = self._visible_logical()
        if self._shows_original:
            _paint_label(painter, visible, visible, self.tr("Before"), False, shades)
            return
        column = self.divider.column
        before = QRectF(visible.left(), visible.top(), column - visible.left(), visible.height())
        after = QRectF(column, visible.top(), visible.right() - column, visible.height())
        _paint_label(painter, visible, before, self.tr("Before"), False, shades)
        _paint_label(painter, visible, after, self.tr("After"), True, shades)

    def _paint_drop_highlight(self, painter: QPainter, shades: Shades) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(shades.canvas)
        veil.setAlphaF(0.75)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(shades.mark, 3))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = GRID * 1.5
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), GRID * 1.5, GRID * 1.5
        )
        font = painter.font()
        font.setPointSizeF(font.pointSizeF() * 1.5)
        painter.setFont(font)
        painter.setPen(shades.text)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("Drop to open"))

    def _visible_logical(self) -> QRectF:
        ratio = self.devicePixelRatioF()
        left, top, right, bottom = self._viewport.visible_rect()
        return QRectF(left / ratio, top / ratio, (right - left) / ratio, (bottom - top) / ratio)

    def _sized(self) -> Viewport:
        ratio = self.devicePixelRatioF()
        return replace(self._viewport, margin=round(_MARGIN * ratio)).resized(
            round(self.width() * ratio), round(self.height() * ratio)
        )

    def _zoom_about_middle(self, factor: float) -> None:
        view = self._viewport
        if not view.is_empty:
            self._set_viewport(view.zoomed(factor, view.view_width / 2, view.view_height / 2))

    def _zoom_at(self, position: QPointF, factor: float) -> None:
        at = position * self.devicePixelRatioF()
        self._set_viewport(self._viewport.zoomed(factor, at.x(), at.y()))

    def _set_viewport(self, viewport: Viewport) -> None:
        zoomed = viewport.scale != self._viewport.scale
        self._refined = None
        self._still.start()
        self._viewport = viewport
        self._place_divider()
        self._update_cursor()
        self.update()
        if zoomed or viewport.is_empty:
            self.zoom_changed.emit(viewport.scale)

    def _place_divider(self) -> None:
        visible = self._visible_logical()
        shown = self.compares and visible.width() > 0
        if shown:
            self.divider.track(
                visible.left(), visible.right(), int(visible.top()), int(visible.bottom())
            )
        self.divider.setVisible(shown)

    def _update_cursor(self) -> None:
        if not self._viewport.can_pan:
            self.unsetCursor()
        elif self._drag_from is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            self.setCursor(Qt.CursorShape.OpenHandCursor)


def _paint_label(
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


def _paint_checks(painter: QPainter, area: QRect, shades: Shades) -> None:
    """The customary checks behind transparent pictures."""
    painter.save()
    painter.setClipRect(area)
    painter.fillRect(area, shades.canvas)
    for row, y in enumerate(range(area.top(), area.bottom() + 1, _CHECK)):
        for x in range(area.left() + (row % 2) * _CHECK, area.right() + 1, 2 * _CHECK):
            painter.fillRect(x, y, _CHECK, _CHECK, shades.hover)
    painter.restore()
