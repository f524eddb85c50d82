from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bimaco_gui.ui.incoming import Incoming, incoming, is_welcome, store_image
from bimaco_gui.ui.result_store import ResultStore
from bimaco_gui.ui.window import Window

CONTROL = Qt.KeyboardModifier.ControlModifier


def picture(width: int = 30, height: int = 20) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(10, 20, 30))
    return image


def test_files_come_before_everything_else(tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.png")), QUrl("https://example.org/b")])
    data.setImageData(picture())
    assert incoming(data) == Incoming(paths=(tmp_path / "a.png",))


def test_a_picture_dragged_from_a_browser_brings_its_pixels(qapp: QApplication) -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/photo.jpg")])
    data.setImageData(picture())
    assert is_welcome(data)
    found = incoming(data)
    assert found.image is not None
    assert found.image.width() == 30
    assert found.paths == ()


def test_paths_copied_as_text_are_files_if_they_are_there(tmp_path: Path) -> None:
    file = tmp_path / "Größe 1.png"
    file.touch()
    data = QMimeData()
    data.setText(f'"{file}"\n')
    assert incoming(data).paths == (file,)
    data.setText("dear all")
    assert incoming(data) == Incoming()
    data.setText(str(tmp_path / "missing.png"))
    assert incoming(data) == Incoming()


def test_stored_pictures_never_replace_each_other(qapp: QApplication, home: Path) -> None:
    store = ResultStore()
    first, second = (store_image(picture(), "Pasted", store) for _ in range(2))
    assert first != second
    assert QImage(str(first)).size() == picture().size()
    store.close()


def test_a_pasted_picture_is_opened(window: Window, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setImage(picture())
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_V, CONTROL)
    qtbot.waitUntil(lambda: not window.canvas.viewport.is_empty)
    assert window.session.current is not None
    assert window.session.current.name.startswith("Pasted picture")
    assert (window.session.current.width, window.session.current.height) == (30, 20)


@pytest.mark.parametrize("text", ["", "just words"])
def test_pasting_nothing_useful_is_told(window: Window, text: str) -> None:
    data = QMimeData()
    data.setText(text)
    QGuiApplication.clipboard().setMimeData(data)
    window.opening.paste()
    assert window.banner.isVisible()
    assert window.banner.problem is not None
    assert "clipboard" in window.banner.problem.message
