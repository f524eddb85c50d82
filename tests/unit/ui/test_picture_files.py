import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QSize

from bimaco_gui.errors import PictureError
from bimaco_gui.services.desktop import sandbox
from bimaco_gui.ui.picture_files import THUMBNAIL_SIDE, glance, load_levels


@pytest.mark.parametrize("ending", ["png", "jpg", "webp", "tiff", "bmp", "gif"])
def test_reads_the_usual_formats(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"photo.{ending}"
    Image.new("RGB", (70, 50), (200, 100, 50)).save(path)
    seen = glance(path)
    assert (seen.width, seen.height) == (70, 50)
    pixel = load_levels(path).levels[0].pixelColor(35, 25)
    assert abs(pixel.red() - 200) < 6
    assert abs(pixel.blue() - 50) < 6


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_reads_every_kind_of_pixel(tmp_path: Path, mode: str) -> None:
    path = tmp_path / ("photo.tiff" if mode == "CMYK" else "photo.png")
    Image.new(mode, (16, 8)).save(path)
    assert load_levels(path).size == QSize(16, 8)


def test_turns_pictures_as_their_orientation_says(tmp_path: Path) -> None:
    path = tmp_path / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (64, 32), "red").save(path, exif=exif)
    seen = glance(path)
    assert (seen.width, seen.height) == (32, 64)
    assert seen.thumbnail.height() > seen.thumbnail.width()
    assert load_levels(path).size == QSize(32, 64)


def test_thumbnails_are_small_and_never_empty(tmp_path: Path) -> None:
    path = tmp_path / "wide.png"
    Image.new("RGB", (3000, 4)).save(path)
    thumbnail = glance(path).thumbnail
    assert (thumbnail.width(), thumbnail.height()) == (THUMBNAIL_SIDE, 1)


def test_the_content_counts_and_not_the_name(tmp_path: Path) -> None:
    path = tmp_path / "really_a_png.jpg"
    Image.new("RGB", (5, 6)).save(path, format="png")
    assert load_levels(path).size == QSize(5, 6)


def test_unusual_names_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "Größe #1 – 写真 %20.png"
    Image.new("RGB", (5, 6)).save(path)
    assert glance(path).width == 5


def test_profiles_are_converted_for_the_screen(tmp_path: Path) -> None:
    from PySide6.QtGui import QColor, QColorSpace, QImage

    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(QColor(0, 200, 0))
    image.setColorSpace(QColorSpace(QColorSpace.NamedColorSpace.AdobeRgb))
    path = tmp_path / "wide_gamut.png"
    assert image.save(str(path))
    shown = load_levels(path).levels[0].pixelColor(4, 4)
    assert shown.green() > 200


def huge_png(path: Path) -> Path:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )
    return path


def test_what_cannot_be_opened_is_told_in_a_sentence(
    tmp_path: Path, photo_file: Callable[..., Path]
) -> None:
    text = tmp_path / "notes.png"
    text.write_text("not a picture at all")
    empty = tmp_path / "empty.png"
    empty.touch()
    svg = tmp_path / "drawing.svg"
    svg.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    cut = tmp_path / "cut.png"
    cut.write_bytes(photo_file("whole.png", 300, 300).read_bytes()[:200])
    for path, words in (
        (tmp_path / "gone.png", "no longer there"),
        (tmp_path, "is a folder"),
        (text, "not a picture"),
        (empty, "is empty"),
        (svg, "not a picture"),
        (cut, "damaged"),
        (huge_png(tmp_path / "bomb.png"), "megapixels"),
    ):
        for read in (glance, load_levels):
            with pytest.raises(PictureError) as caught:
                read(path)
            assert words in caught.value.message
            assert caught.value.message.endswith(".")


def test_what_the_sandbox_hides_is_not_said_to_be_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "INFO", tmp_path / "info")
    sandbox.INFO.touch()
    with pytest.raises(PictureError, match="sandbox does not show “gone"):
        glance(tmp_path / "gone.png")


def test_a_file_that_may_not_be_read_says_so(
    photo_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = photo_file()

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(PictureError, match="cannot be read: Permission denied"):
        glance(path)
