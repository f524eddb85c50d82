"""Someone who has never seen the program: one drop, one click, saved.

What can be pressed is found on the screen and not by name: at each step one button stands out, and
pressing what stands out leads on. The pictures of the steps are kept where ``BIMACO_SCREENSHOTS``
says, to be looked at.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from bimaco_gui.app import make_application, make_program
from bimaco_gui.ui.window import Window

SAMPLES = Path(__file__).resolve().parents[2] / "resources" / "samples"
LEFT = Qt.MouseButton.LeftButton
PATIENCE_MS = 120_000


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return make_application()


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    monkeypatch.setenv("BIMACO_HOME", str(tmp_path / "home"))
    program = make_program()
    program.window.show()
    qtbot.waitExposed(program.window)
    yield program.window
    program.window.close_without_asking()
    program.close()
    program.window.deleteLater()


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = Path(os.environ.get("BIMACO_SCREENSHOTS") or tmp_path / "pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def what_stands_out(window: Window) -> list[QPushButton]:
    """The buttons in the accent's colour that can be seen and pressed."""
    return [
        button
        for button in window.findChildren(QPushButton, "primary")
        if button.isVisible() and button.isEnabled() and not button.visibleRegion().isEmpty()
    ]


def dialogs(window: Window) -> list[object]:
    return [one for one in QApplication.topLevelWidgets() if one.isVisible() and one is not window]


def press_on_screen(window: Window, button: QPushButton) -> None:
    """As a hand does: whatever lies at that place of the window gets the press."""
    place = button.mapTo(window, button.rect().center())
    hit = window.childAt(place)
    assert hit is button, "something else lies over it"
    QTest.mouseClick(hit, LEFT, pos=hit.mapFrom(window, place))


def drop(window: Window, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, no_keys = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    middle = window.rect().center()
    enter = QDragEnterEvent(QPoint(middle), copy, data, LEFT, no_keys)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(middle), copy, data, LEFT, no_keys))


def test_from_a_dropped_photo_to_a_saved_one_with_one_drop_and_one_click(
    window: Window, tmp_path: Path, pictures: Path, qtbot: QtBot
) -> None:
    photo = tmp_path / "holiday.jpg"
    shutil.copy(next(SAMPLES.glob("*.jpg")), photo)
    (open_button,) = what_stands_out(window)
    assert window.empty_page.isVisible()
    assert open_button.accessibleName() == "Open photo…"
    window.grab().save(str(pictures / "1_empty.png"))

    drop(window, photo)
    qtbot.waitUntil(lambda: window.loupe.image is not None, timeout=PATIENCE_MS)
    line = window.bottom_bar.size_label
    qtbot.waitUntil(lambda: "seconds" in line.whole_text or " s" in line.whole_text, timeout=60_000)
    assert "320 × 240 → 1280 × 960" in line.whole_text
    assert "about" in line.whole_text, "how large the file becomes"
    (button,) = what_stands_out(window)
    assert button.text() == "Upscale"
    assert dialogs(window) == []
    window.grab().save(str(pictures / "2_dropped.png"))

    press_on_screen(window, button)
    saved = photo.with_name("holiday_x4.jpg")
    qtbot.waitUntil(saved.exists, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: window.canvas.compares, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not window.saving.is_busy, timeout=PATIENCE_MS)
    assert line.whole_text.startswith("Saved as holiday_x4.jpg")
    assert window.bottom_bar.folder_button.isVisible()
    assert what_stands_out(window) == [], "nothing is left to do"
    assert dialogs(window) == []
    assert window.banner.problem is None
    window.grab().save(str(pictures / "3_saved.png"))
    with Image.open(saved) as result:
        assert result.size == (1280, 960)
    seen = [Image.open(path).convert("RGB").tobytes() for path in sorted(pictures.glob("?_*.png"))]
    assert len(set(seen)) == 3
