"""A picture with halved copies, so that drawing costs what is visible and not what is there."""

import mmap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColorSpace, QImage, QPainter

KEPT_IN_MEMORY = 24_000_000
"""Pixels up to which a picture stays in memory; a larger one is read from a file when drawn."""

_SMALLEST_LEVEL = 512
_SAMPLES_AROUND = 2
_BYTES_PER_PIXEL = 4
# Qt keeps Python's lock while it converts, so no step may take long.
_PIXELS_PER_STEP = 2_000_000


@dataclass(frozen=True)
class PictureLevels:
    """A picture and its halvings, largest first.

    The halvings cost a third more room than the picture and make zoomed-out drawing fast and
    free of aliasing. The levels of large pictures lie in a file that is mapped into memory: the
    system brings in what is drawn and drops what is not.
    """

    levels: tuple[QImage, ...]
    backing: mmap.mmap | None = None

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
        image = self.level_for(whole.width())
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

    def level_for(self, drawn_width: float) -> QImage:
        """The smallest level that is no narrower than what is drawn, or else the picture."""
        for image in reversed(self.levels):
            if image.width() >= drawn_width:
                return image
        return self.levels[0]


def build_levels(image: QImage, folder: Path | None = None) -> PictureLevels:
    """Make a picture ready to draw: sRGB for the screen, a format that paints fast, halvings.

    Meant for a background thread; a picture of 100 megapixels takes about a second.

    Args:
        image: The picture.
        folder: Where the file of a large picture lies, which has no name there and vanishes with
            the picture; None is the system's folder for such files.

    Raises:
        OSError: The file cannot be written.
    """
    if image.width() * image.height() > KEPT_IN_MEMORY:
        return _mapped_levels(image, folder)
    size, shown = image.size(), _shown_format(image)
    levels = [_assembled(_for_screen(band, shown) for band in _bands(image))]
    while max(size.width(), size.height()) > _SMALLEST_LEVEL:
        size = _halved(size)
        levels.append(_assembled(_half(band) for band in _bands(levels[-1])))
    return PictureLevels(tuple(levels))


def _mapped_levels(image: QImage, folder: Path | None) -> PictureLevels:
    shown = _shown_format(image)
    sizes = [image.size()]
    while max(sizes[-1].width(), sizes[-1].height()) > _SMALLEST_LEVEL:
        sizes.append(_halved(sizes[-1]))
    with TemporaryFile(dir=folder) as file:
        starts = [0]
        _write(file.write, (_for_screen(band, shown) for band in _bands(image)))
        for size in sizes[:-1]:
            file.flush()
            starts.append(starts[-1] + _bytes(size))
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            above = _image_at(mapped, starts[-2], size, shown)
            _write(file.write, (_half(band) for band in _bands(above)))
        file.flush()
        backing = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    levels = (
        _image_at(backing, start, size, shown) for start, size in zip(starts, sizes, strict=True)
    )
    return PictureLevels(tuple(levels), backing)


def _image_at(mapped: mmap.mmap, start: int, size: QSize, shown: QImage.Format) -> QImage:
    view = memoryview(mapped)[start : start + _bytes(size)]
    return QImage(view, size.width(), size.height(), size.width() * _BYTES_PER_PIXEL, shown)


def _bytes(size: QSize) -> int:
    return size.width() * size.height() * _BYTES_PER_PIXEL


def _write(write: Callable[[memoryview], int], bands: Iterator[QImage]) -> None:
    for band in bands:
        write(memoryview(band.constBits()))


def _assembled(bands: Iterator[QImage]) -> QImage:
    parts = list(bands)
    if len(parts) == 1:
        return parts[0]
    height = sum(part.height() for part in parts)
    whole = QImage(parts[0].width(), height, parts[0].format())
    start = 0
    target = memoryview(whole.bits())
    for part in parts:
        target[start : start + part.sizeInBytes()] = memoryview(part.constBits())
        start += part.sizeInBytes()
    return whole


def _bands(image: QImage) -> Iterator[QImage]:
    """The picture from top to bottom, in parts of an even number of rows but for the last."""
    rows = max(2, _PIXELS_PER_STEP // max(1, image.width()) // 2 * 2)
    if image.height() <= rows:
        yield image
        return
    for top in range(0, image.height(), rows):
        yield image.copy(0, top, image.width(), min(rows, image.height() - top))


def _halved(size: QSize) -> QSize:
    return QSize(max(1, (size.width() + 1) // 2), max(1, (size.height() + 1) // 2))


def _half(image: QImage) -> QImage:
    return image.scaled(
        _halved(image.size()),
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


def _shown_format(image: QImage) -> QImage.Format:
    if image.hasAlphaChannel():
        return QImage.Format.Format_ARGB32_Premultiplied
    return QImage.Format.Format_RGB32


def _for_screen(image: QImage, shown: QImage.Format) -> QImage:
    srgb = QColorSpace(QColorSpace.NamedColorSpace.SRgb)
    space = image.colorSpace()
    if space.isValid() and space != srgb:
        converted = image.convertedToColorSpace(srgb, shown)
        if not converted.isNull():
            return converted
    return image.convertToFormat(shown)
