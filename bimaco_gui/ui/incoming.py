"""What arrives by drag and drop or from the clipboard: files, folders, or a picture itself."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from bimaco_gui.ui.result_store import ResultStore


@dataclass(frozen=True)
class Incoming:
    """What there is to open.

    Attributes:
        paths: Files and folders on this computer, in their order.
        image: A picture that comes without a file.
        links: Addresses of what is elsewhere.
    """

    paths: tuple[Path, ...] = ()
    image: QImage | None = None
    links: tuple[str, ...] = ()


def is_welcome(data: QMimeData) -> bool:
    """Whether a drag could bring something to open."""
    return data.hasUrls() or data.hasImage()


def incoming(data: QMimeData) -> Incoming:
    """What the data holds. Browsers give a picture's pixels beside its address: they count."""
    paths = tuple(Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())
    if paths:
        return Incoming(paths=paths)
    links = tuple(url.toString() for url in data.urls())
    image = data.imageData() if data.hasImage() else None
    if isinstance(image, QImage) and not image.isNull():
        return Incoming(image=image, links=links)
    if not links and data.hasText():
        return _named_in(data.text())
    return Incoming(links=links)


def store_image(image: QImage, name: str, store: ResultStore) -> Path:
    """Keep a picture that has no file in one, losslessly, until the program ends.

    Args:
        image: The picture.
        name: What to call it; the time is added.
        store: Where.

    Raises:
        OSError: It cannot be written.
    """
    moment = datetime.now().strftime("%Y-%m-%d %H.%M.%S")
    path = store.new_file(f"{name} {moment}.png")
    number = 1
    while path.exists():
        number += 1
        path = store.new_file(f"{name} {moment} ({number}).png")
    if not image.save(str(path)):
        raise OSError(f"{path} could not be written")
    return path


def _named_in(text: str) -> Incoming:
    """Paths that somebody copied as text, one a line."""
    lines = [line.strip().strip("\"'") for line in text.splitlines() if line.strip()]
    paths = [Path(line.removeprefix("file://")) for line in lines]
    try:
        there = bool(paths) and all(path.is_absolute() and path.exists() for path in paths)
    except (OSError, ValueError):
        there = False
    return Incoming(paths=tuple(paths)) if there else Incoming()
