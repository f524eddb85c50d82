"""Picture files for the screen: a quick look, and all the pixels. For background threads."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from bimaco_gui.errors import PictureError
from bimaco_gui.services.desktop.sandbox import is_sandboxed
from bimaco_gui.services.screen import read_for_screen
from bimaco_gui.ui.picture_levels import PictureLevels, build_levels
from bimaco_gui.ui.screen_images import image_of

THUMBNAIL_SIDE = 96
MAX_PIXELS = 400_000_000
_NO_LIMIT = 0
_LEFT_TO_ENGINE = frozenset({".heic", ".heif", ".avif"})
_READ_FORMATS = frozenset({b"png", b"jpeg", b"webp", b"tiff", b"bmp", b"gif"})


@dataclass(frozen=True)
class Glance:
    """What the list shows of a picture.

    Attributes:
        width: Pixels across, orientation applied.
        height: Pixels down, orientation applied.
        thumbnail: At most `THUMBNAIL_SIDE` pixels a side.
    """

    width: int
    height: int
    thumbnail: QImage


def glance(path: Path) -> Glance:
    """Read a picture's size and a thumbnail.

    Raises:
        PictureError: It is not a picture that can be read.
    """
    if _is_left_to_engine(path):
        return _glance_of(image_of(read_for_screen(path)))
    reader = _open_reader(path)
    size = _oriented_size(reader)
    stored = reader.size()
    small = stored.scaled(THUMBNAIL_SIDE, THUMBNAIL_SIDE, Qt.AspectRatioMode.KeepAspectRatio)
    reader.setScaledSize(small.expandedTo(QSize(1, 1)))
    thumbnail = _read(reader, path)
    return Glance(size.width(), size.height(), build_levels(thumbnail).levels[0])


def _glance_of(image: QImage) -> Glance:
    side = THUMBNAIL_SIDE
    small = image.scaled(
        side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    return Glance(image.width(), image.height(), build_levels(small).levels[0])


def load_levels(path: Path, folder: Path | None = None) -> PictureLevels:
    """Read all of a picture, orientation applied, ready to draw.

    Args:
        path: The picture.
        folder: As for `build_levels`.

    Raises:
        PictureError: It is not a picture that can be read.
        OSError: It is large, and there is no room for it in the folder.
    """
    return build_levels(_whole_image(path), folder)


def _whole_image(path: Path) -> QImage:
    if _is_left_to_engine(path):
        return image_of(read_for_screen(path))
    return _read(_open_reader(path), path)


def _is_left_to_engine(path: Path) -> bool:
    """Whether the engine reads this kind, and Qt does not."""
    return path.suffix.lower() in _LEFT_TO_ENGINE and path.is_file()


def _open_reader(path: Path) -> QImageReader:
    _refuse_what_is_no_file(path)
    # The limit is of the process; the size is checked below, where the reason can be told.
    QImageReader.setAllocationLimit(_NO_LIMIT)
    reader = QImageReader(str(path))
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    if not reader.canRead() or reader.format().data() not in _READ_FORMATS:
        raise PictureError(
            "Not a picture",
            f"“{path.name}” is not a picture that can be opened. "
            "PNG, JPEG, WebP, AVIF, HEIC, TIFF, BMP and GIF files can.",
        )
    size = reader.size()
    if not size.isValid() or size.isEmpty():
        raise _damaged(path)
    if size.width() * size.height() > MAX_PIXELS:
        raise PictureError(
            "Picture too large",
            f"“{path.name}” has {size.width()} × {size.height()} pixels; "
            f"at most {MAX_PIXELS // 1_000_000} megapixels can be opened.",
        )
    return reader


def _refuse_what_is_no_file(path: Path) -> None:
    try:
        if path.is_dir():
            raise PictureError(
                "That is a folder",
                f"“{path.name}” is a folder. Open the photos inside it instead.",
            )
        with path.open("rb") as file:
            empty = not file.read(1)
    except FileNotFoundError as error:
        if is_sandboxed():
            raise PictureError(
                "File out of sight",
                f"The app's sandbox does not show “{path.name}”: choose it with Open.",
            ) from error
        raise PictureError("File not found", f"“{path.name}” is no longer there.") from error
    except OSError as error:
        raise PictureError(
            "File cannot be read",
            f"“{path.name}” cannot be read: {error.strerror or 'the system refused'}.",
        ) from error
    if empty:
        raise PictureError("Empty file", f"“{path.name}” is empty: it holds no picture.")


def _oriented_size(reader: QImageReader) -> QSize:
    turned = reader.transformation().value & 0b100
    return reader.size().transposed() if turned else reader.size()


def _read(reader: QImageReader, path: Path) -> QImage:
    image = reader.read()
    if image.isNull():
        raise _damaged(path)
    return image


def _damaged(path: Path) -> PictureError:
    return PictureError("Damaged picture", f"“{path.name}” is damaged or incomplete.")
