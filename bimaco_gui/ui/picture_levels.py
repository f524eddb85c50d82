"""A picture with halved copies, so that drawing costs what is visible and not what is there."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColorSpace, QImage, QPainter

_SMALLEST_LEVEL = 512
_SAMPLES_AROUND = 2


@dataclass(frozen=True)
class PictureLevels:
    """A picture and its halvings, largest first.

    The halvings cost a third more memory than the picture and make zoomed-out drawing fast and
    free of aliasing.
    """

    levels: tuple[QImage, ...]

    @property
    def size(self) -> QSize:
        """Width and height in pixels of the full picture."""
        return self.levels[0].size()

    @property
    def has_alpha(self) -> bool:
        """Whether something may shine through."""
        return self.levels[0].hasAlphaChannel()

    def draw(self, painter: QPainter, whole: QRectF, clip: QRect, smooth: bool) -> None:
        """Draw the part inside `clip` of the picture stretched over `whole`.

        Args:
            painter: Its transform must be identity in device pixels.
            whole: Where the whole picture lies, device pixels.
            clip: What may be painted, device pixels.
            smooth: Interpolate, or show pixels as squares.
        """
        clip = clip.intersected(whole.toAlignedRect())
        if clip.isEmpty():
            return
        image = self._level_for(whole.width())
        x_scale = whole.width() / image.width()
        y_scale = whole.height() / image.height()
        source = QRectF(
            (clip.x() - whole.x()) / x_scale,
            (clip.y() - whole.y()) / y_scale,
            clip.width() / x_scale,
            clip.height() / y_scale,
        ).toAlignedRect()
        # Interpolation needs neighbours; without them the edges of the visible part would differ.
        around = _SAMPLES_AROUND
        source = source.adjusted(-around, -around, around, around).intersected(image.rect())
        painter.save()
        painter.setClipRect(clip, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.translate(whole.topLeft())
        painter.scale(x_scale, y_scale)
        painter.drawImage(source.topLeft(), image, source)
        painter.restore()

    def _level_for(self, drawn_width: float) -> QImage:
        for image in reversed(self.levels):
            if image.width() >= drawn_width:
                return image
        return self.levels[0]


def build_levels(image: QImage) -> PictureLevels:
    """Make a picture ready to draw: sRGB for the screen, a format that paints fast, halvings.

    Meant for a background thread; a picture of 100 megapixels takes about a second.
    """
    image = _for_screen(image)
    levels = [image]
    while max(image.width(), image.height()) > _SMALLEST_LEVEL:
        half = QSize(max(1, (image.width() + 1) // 2), max(1, (image.height() + 1) // 2))
        image = image.scaled(
            half, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        levels.append(image)
    return PictureLevels(tuple(levels))


def _for_screen(image: QImage) -> QImage:
    shown = (
        QImage.Format.Format_ARGB32_Premultiplied
        if image.hasAlphaChannel()
        else QImage.Format.Format_RGB32
    )
    srgb = QColorSpace(QColorSpace.NamedColorSpace.SRgb)
    space = image.colorSpace()
    if space.isValid() and space != srgb:
        converted = image.convertedToColorSpace(srgb, shown)
        if not converted.isNull():
            return converted
    return image.convertToFormat(shown)
