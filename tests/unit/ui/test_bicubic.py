import pytest
from PIL import Image
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QImage

from bimaco_gui.ui.bicubic import enlarge_part


def picture(width: int = 33, height: int = 21) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    for y in range(height):
        for x in range(width):
            red, green, blue = (x * 37) % 256, (y * 53) % 256, (x * y) % 256
            image.setPixel(x, y, 0xFF000000 | red << 16 | green << 8 | blue)
    return image


def colours(image: QImage) -> list[tuple[int, int, int]]:
    return [
        (c.red(), c.green(), c.blue())
        for y in range(image.height())
        for x in range(image.width())
        if (c := image.pixelColor(x, y))
    ]


def test_all_of_it_is_the_bicubic_enlargement() -> None:
    image = picture()
    made = enlarge_part(image, QRectF(0, 0, 132, 84), QRect(0, 0, 132, 84))
    source = Image.new("RGB", (33, 21))
    source.putdata(colours(image))
    expected = source.resize((132, 84), Image.Resampling.BICUBIC)
    assert bytes(byte for pixel in colours(made) for byte in pixel) == expected.tobytes()


@pytest.mark.parametrize(
    "part", [QRect(0, 0, 20, 20), QRect(57, 31, 40, 30), QRect(100, 60, 32, 24)]
)
def test_a_part_equals_that_part_of_the_whole(part: QRect) -> None:
    image = picture()
    whole = QRectF(0, 0, 132, 84)
    everything = enlarge_part(image, whole, QRect(0, 0, 132, 84))
    only = enlarge_part(image, whole, part)
    pairs = zip(colours(only), colours(everything.copy(part)), strict=True)
    assert max(abs(a - b) for one, other in pairs for a, b in zip(one, other, strict=True)) <= 1


def test_the_place_of_the_whole_counts() -> None:
    image = picture()
    shifted = enlarge_part(image, QRectF(-50, -20, 132, 84), QRect(0, 0, 40, 40))
    assert shifted == enlarge_part(image, QRectF(0, 0, 132, 84), QRect(50, 20, 40, 40))
