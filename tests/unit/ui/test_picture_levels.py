import pytest
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from bimaco_gui.ui.picture_levels import PictureLevels, build_levels


def noise(width: int, height: int) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    for y in range(height):
        for x in range(width):
            image.setPixel(x, y, 0xFF000000 | (x * 7919 + y * 104729) % 0xFFFFFF)
    return image


def drawn(
    picture: PictureLevels, whole: QRectF, size: tuple[int, int], clip: QRect, smooth: bool = True
) -> QImage:
    target = QImage(*size, QImage.Format.Format_RGB32)
    target.fill(QColor("black"))
    painter = QPainter(target)
    picture.draw(painter, whole, clip, smooth)
    painter.end()
    return target


def test_at_100_per_cent_pixels_come_out_as_they_are() -> None:
    image = noise(120, 90)
    view = QRect(0, 0, 60, 50)
    out = drawn(build_levels(image), QRectF(-17, -23, 120, 90), (60, 50), view)
    assert out == image.copy(17, 23, 60, 50)


def test_drawing_a_part_gives_the_pixels_of_the_whole() -> None:
    picture = build_levels(noise(64, 48))
    whole = QRectF(-37, -21, 64 * 3.7, 48 * 3.7)
    everything = drawn(picture, whole, (150, 120), QRect(0, 0, 150, 120))
    part = QRect(41, 33, 50, 40)
    only = drawn(picture, whole, (150, 120), part)
    worst = 0
    for y in range(part.top(), part.bottom() + 1):
        for x in range(part.left(), part.right() + 1):
            a, b = everything.pixelColor(x, y), only.pixelColor(x, y)
            worst = max(worst, abs(a.red() - b.red()), abs(a.green() - b.green()))
    assert worst <= 2
    assert only.pixelColor(40, 50) == QColor("black")


@pytest.mark.parametrize("scale", [1.0, 1.7, 4.0])
def test_an_edge_lies_at_the_same_place_in_photo_and_result(scale: float) -> None:
    """The comparison shows the same spot on both sides: the photo is not shifted when enlarged."""
    small, large = (
        QImage(40, 8, QImage.Format.Format_RGB32),
        QImage(160, 32, QImage.Format.Format_RGB32),
    )
    for image in (small, large):
        image.fill(QColor("black"))
        painter = QPainter(image)
        middle = image.width() // 2
        painter.fillRect(middle, 0, middle, image.height(), QColor("white"))
        painter.end()
    width = 160 * scale
    size = (int(width), int(32 * scale))
    whole = QRectF(0, 0, width, 32 * scale)

    def edge(picture: QImage) -> float:
        row = drawn(build_levels(picture), whole, size, QRect(0, 0, *size))
        brightness = [row.pixelColor(x, size[1] // 2).red() / 255 for x in range(size[0])]
        return size[0] - sum(brightness)

    assert edge(small) == pytest.approx(edge(large), abs=0.3 * scale)


def test_levels_halve_until_they_are_small() -> None:
    levels = build_levels(QImage(3001, 1000, QImage.Format.Format_RGB32)).levels
    assert [level.width() for level in levels] == [3001, 1501, 751, 376]


def test_zoomed_out_pictures_show_the_mean_and_not_single_pixels() -> None:
    stripes = QImage(2048, 64, QImage.Format.Format_RGB32)
    for x in range(2048):
        for y in range(64):
            stripes.setPixelColor(x, y, QColor("white" if x % 2 else "black"))
    out = drawn(build_levels(stripes), QRectF(0, 0, 200, 6), (200, 6), QRect(0, 0, 200, 6))
    for x in range(5, 195):
        assert 100 < out.pixelColor(x, 3).red() < 156


def test_transparency_is_kept() -> None:
    clear = QImage(8, 8, QImage.Format.Format_ARGB32)
    clear.fill(QColor(255, 0, 0, 128))
    picture = build_levels(clear)
    assert picture.has_alpha
    assert not build_levels(noise(4, 4)).has_alpha
