"""A photo and its result in the same coordinates, and how to draw either of them."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QRect, QRectF, Signal
from PySide6.QtGui import QImage, QPainter

from bimaco_gui.ui.background import Background
from bimaco_gui.ui.bicubic import enlarge_part
from bimaco_gui.ui.photo import SCALE
from bimaco_gui.ui.picture_levels import PictureLevels
from bimaco_gui.ui.viewport import Viewport

FaithfulPart = Callable[[QImage, QImage, QRect], QImage]
"""From the photo, its result and a part of that result, the part without any added detail."""

_PIXELS_SHOW_FROM = 3.0
_GAIN_DOUBLINGS = 2
_SPARE_SHARE = 4


class Comparison(QObject):
    """The pictures on the canvas.

    While things move the photo is stretched bilinearly and the result is shown as it is; `refine`
    computes in the background what is missing for the visible part: the photo enlarged
    bicubically, and the result's faithful end, of which `fidelity` says how much to mix in.
    """

    changed = Signal()

    def __init__(self, background: Background, parent: QObject) -> None:
        """No pictures."""
        super().__init__(parent)
        self._background = background
        self.before: PictureLevels | None = None
        self.after: PictureLevels | None = None
        self.fidelity = 1.0
        self.faithful_part: FaithfulPart | None = None
        self._enlarged: tuple[Viewport, PictureLevels, QImage] | None = None
        self._faithful: tuple[QImage, QRect, QImage] | None = None
        self._asked: tuple[QImage, QRect] | None = None

    @property
    def has_both(self) -> bool:
        """Whether before and after are both there."""
        return self.before is not None and self.after is not None

    def set_pictures(self, before: PictureLevels | None, after: PictureLevels | None) -> None:
        """Show other pictures."""
        self.before, self.after = before, after
        self._enlarged = self._faithful = self._asked = None

    def set_fidelity(self, fidelity: float) -> None:
        """How much of the network's detail is shown, 0 to 1."""
        self.fidelity = fidelity
        self.changed.emit()

    def view_moved(self) -> None:
        """What was computed for a viewport is of no use in another one."""
        self._enlarged = None

    def draw_before(self, painter: QPainter, viewport: Viewport, part: QRect) -> None:
        """Draw the photo inside `part`; all in device pixels."""
        if self.before is None:
            return
        if self._enlarged is not None and self._enlarged[:2] == (viewport, self.before):
            left, top, _right, _bottom = viewport.visible_rect()
            painter.drawImage(part, self._enlarged[2], part.translated(-left, -top))
        else:
            whole = QRectF(*viewport.drawn_rect())
            self.before.draw(painter, whole, part, self._is_smooth(viewport))

    def draw_after(self, painter: QPainter, viewport: Viewport, part: QRect) -> None:
        """Draw the result inside `part`, with as much detail as was chosen."""
        if self.after is None:
            return
        whole = QRectF(*viewport.drawn_rect())
        smooth = viewport.scale < _PIXELS_SHOW_FROM
        self.after.draw(painter, whole, part, smooth)
        level = self.after.level_for(whole.width())
        if self.fidelity < 1 and self._faithful is not None and self._faithful[0] is level:
            _level, covered, image = self._faithful
            painter.save()
            painter.setOpacity(1 - self.fidelity)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
            painter.setClipRect(part)
            painter.translate(whole.topLeft())
            painter.scale(whole.width() / level.width(), whole.height() / level.height())
            painter.drawImage(covered.topLeft(), image)
            painter.restore()

    def draw_difference(self, painter: QPainter, viewport: Viewport, part: QRect) -> None:
        """Draw how far the result is from the photo, four times as strong."""
        if part.isEmpty():
            return
        image = QImage(part.size(), QImage.Format.Format_RGB32)
        image.fill(0)
        inner = QPainter(image)
        inner.translate(-part.topLeft())
        self.draw_after(inner, viewport, part)
        inner.end()
        other = QImage(part.size(), QImage.Format.Format_RGB32)
        other.fill(0)
        inner = QPainter(other)
        inner.translate(-part.topLeft())
        self.draw_before(inner, viewport, part)
        inner.end()
        inner = QPainter(image)
        inner.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
        inner.drawImage(0, 0, other)
        inner.setCompositionMode(QPainter.CompositionMode.CompositionMode_Plus)
        for _ in range(_GAIN_DOUBLINGS):
            inner.drawImage(0, 0, image.copy())
        inner.end()
        painter.drawImage(part.topLeft(), image)

    def refine(self, viewport: Viewport) -> None:
        """Compute for the visible part what was left out while things moved."""
        left, top, right, bottom = viewport.visible_rect()
        if right > left and bottom > top:
            self._enlarge(viewport, QRect(left, top, right - left, bottom - top))
            self._make_faithful(viewport, QRect(left, top, right - left, bottom - top))

    def _is_smooth(self, viewport: Viewport) -> bool:
        """Whether the photo is interpolated, as it always is beside its result."""
        # Alone, its pixels show where those of the result would.
        return self.has_both or viewport.scale < _PIXELS_SHOW_FROM * SCALE

    def _enlarge(self, viewport: Viewport, part: QRect) -> None:
        before, whole = self.before, QRectF(*viewport.drawn_rect())
        if before is None or before.has_alpha or not self._is_smooth(viewport):
            return
        if whole.width() <= before.size.width():
            return
        self._background.run(
            partial(enlarge_part, before.levels[0], whole, part),
            partial(self._is_enlarged, viewport, before),
            lambda _error: None,
        )

    def _is_enlarged(self, viewport: Viewport, before: PictureLevels, image: QImage) -> None:
        if before is self.before:
            self._enlarged = (viewport, before, image)
            self.changed.emit()

    def _make_faithful(self, viewport: Viewport, part: QRect) -> None:
        before, after, make = self.before, self.after, self.faithful_part
        if before is None or after is None or make is None or self.fidelity == 1:
            return
        whole = QRectF(*viewport.drawn_rect())
        level = after.level_for(whole.width())
        if level.width() < before.size.width() or level.height() < before.size.height():
            return  # both ends have the photo's low frequencies, and only those can be seen
        scale = whole.width() / level.width()
        wanted = QRectF(
            (part.x() - whole.x()) / scale,
            (part.y() - whole.y()) / scale,
            part.width() / scale,
            part.height() / scale,
        ).toAlignedRect()
        wanted = wanted.intersected(level.rect())
        made = None if self._faithful is None else self._faithful[:2]
        if _covers(made, level, wanted) or _covers(self._asked, level, wanted):
            return
        # Somewhat more, so that a small move does not need it anew.
        spare_x, spare_y = wanted.width() // _SPARE_SHARE, wanted.height() // _SPARE_SHARE
        wanted = wanted.adjusted(-spare_x, -spare_y, spare_x, spare_y).intersected(level.rect())
        self._asked = (level, wanted)
        self._background.run(
            partial(make, before.levels[0], level, wanted),
            partial(self._is_faithful, level, wanted),
            lambda _error: None,
        )

    def _is_faithful(self, level: QImage, part: QRect, image: QImage) -> None:
        if self._asked is not None and self._asked[0] is level and self._asked[1] == part:
            self._faithful, self._asked = (level, part, image), None
            self.changed.emit()


def _covers(known: tuple[QImage, QRect] | None, level: QImage, wanted: QRect) -> bool:
    return known is not None and known[0] is level and known[1].contains(wanted)
