import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bimaco_gui.errors import ModelError
from bimaco_gui.services.jobs import JobOptions
from bimaco_gui.services.screen import ScreenImage
from bimaco_gui.ui.window import Window
from tests.unit.ui.fakes import FakeWorker

LEFT = Qt.MouseButton.LeftButton
Maker = Callable[..., Path]


class FakePreviews:
    """Gives plain green parts of the right size, at once."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int, int, int]] = []
        self.options: list[JobOptions] = []
        self.is_warm = False
        self.calibrated = 0
        self.problem: Exception | None = None

    def warm_up(self) -> None:
        self.is_warm = True

    def close(self) -> None:
        self.is_warm = False

    def calibrate(self, options: JobOptions, cancel: threading.Event) -> bool:
        self.calibrated += 1
        return True

    def part(
        self,
        path: Path,
        options: JobOptions,
        window: tuple[int, int, int, int],
        cancel: threading.Event,
    ) -> ScreenImage:
        if self.problem is not None:
            raise self.problem
        self.asked.append(window)
        self.options.append(options)
        width, height = (round(side * options.scale) for side in window[2:])
        return ScreenImage(width, height, bytes((0, 160, 0, 255)) * (width * height))


@pytest.fixture
def previews() -> FakePreviews:
    return FakePreviews()


@pytest.fixture
def window(qtbot: QtBot, worker: FakeWorker, previews: FakePreviews) -> Window:  # type: ignore[misc]
    made = Window(worker, previews)
    made.resize(1000, 700)
    made.show()
    qtbot.waitExposed(made)
    yield made
    qtbot.waitUntil(lambda: not made.saving.is_busy)
    made.close_without_asking()
    made.deleteLater()


@pytest.fixture
def shown(window: Window, photo_file: Maker, qtbot: QtBot) -> Window:
    """A photo with the loupe over its middle, filled."""
    window.opening.open_files([photo_file("photo.png", 400, 300)])
    qtbot.waitUntil(lambda: window.loupe.image is not None)
    return window


def test_the_engine_is_loaded_once_the_window_is_there(
    window: Window, previews: FakePreviews, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: previews.is_warm)


def test_a_dropped_photo_is_previewed_in_the_middle_before_any_press(
    shown: Window, previews: FakePreviews, qtbot: QtBot
) -> None:
    assert previews.asked == [(160, 120, 80, 60)]
    assert shown.loupe.isVisible()
    centre = shown.loupe.geometry().center()
    assert shown.loupe.grab().toImage().pixelColor(160, 120).green() == 160
    left, top, right, bottom = shown.canvas.viewport.visible_rect()
    assert abs(centre.x() - (left + right) // 2) <= 3
    assert abs(centre.y() - (top + bottom) // 2) <= 3
    qtbot.waitUntil(lambda: previews.calibrated == 1)


def test_a_click_on_the_photo_moves_it_there(
    shown: Window, previews: FakePreviews, qtbot: QtBot
) -> None:
    left, top, _right, _bottom = shown.canvas.viewport.visible_rect()
    QTest.mouseClick(shown.canvas, LEFT, pos=QPoint(left + 10, top + 10))
    qtbot.waitUntil(lambda: len(previews.asked) == 2)
    assert previews.asked[-1] == (0, 0, 80, 60)


def test_dragging_and_arrow_keys_move_it_and_stop_at_the_edge(
    shown: Window, previews: FakePreviews, qtbot: QtBot
) -> None:
    loupe = shown.loupe
    before = loupe.part
    QTest.mousePress(loupe, LEFT, pos=QPoint(100, 100))
    QTest.mouseMove(loupe, QPoint(140, 100))
    QTest.mouseRelease(loupe, LEFT, pos=QPoint(140, 100))
    assert loupe.part.left() > before.left()
    loupe.setFocus()
    QTest.keyClick(loupe, Qt.Key.Key_Down)
    assert loupe.part.top() == before.top() + 8
    for _ in range(20):
        QTest.keyClick(loupe, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert loupe.part.right() == 399
    qtbot.waitUntil(lambda: previews.asked[-1][0] == loupe.part.left())


def test_of_a_small_canvas_it_leaves_some_to_be_seen(
    shown: Window, previews: FakePreviews, qtbot: QtBot
) -> None:
    loupe, canvas = shown.loupe, shown.canvas
    whole = loupe.size()
    canvas.resize(250, 200)
    assert canvas.rect().contains(loupe.geometry())
    assert loupe.width() < 0.75 * canvas.width()
    qtbot.waitUntil(lambda: previews.asked[-1][2:] == loupe.part.size().toTuple())
    qtbot.waitUntil(lambda: loupe.image is not None)
    canvas.resize(900, 600)
    assert loupe.size() == whole


def test_its_frame_is_alike_on_all_sides(shown: Window) -> None:
    seen = shown.loupe.grab().toImage()
    right, bottom = seen.width() - 1, seen.height() - 1
    middle = (right // 2, bottom // 2)
    for depth in range(4):
        sides = {
            seen.pixelColor(depth, middle[1]).name(),
            seen.pixelColor(right - depth, middle[1]).name(),
            seen.pixelColor(middle[0], depth).name(),
            seen.pixelColor(middle[0], bottom - depth).name(),
        }
        assert len(sides) == 1, depth
    assert seen.pixelColor(3, middle[1]).green() == 160, "the part begins within the frame"
    assert seen.pixelColor(2, middle[1]) != seen.pixelColor(0, middle[1])


def test_space_shows_the_photo_enlarged_as_on_the_canvas(
    window: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    """Bicubic interpolation overshoots beside an edge; bilinear does not."""
    edge = QImage(400, 300, QImage.Format.Format_RGB32)
    edge.fill(QColor(64, 64, 64))
    for x in range(200, 400):
        for y in range(300):
            edge.setPixelColor(x, y, QColor(192, 192, 192))
    assert edge.save(str(tmp_path / "edge.png"))
    window.opening.open_files([tmp_path / "edge.png"])
    qtbot.waitUntil(lambda: window.loupe.image is not None)
    QTest.keyPress(window.loupe, Qt.Key.Key_Space)
    seen = window.loupe.grab().toImage()
    assert max(seen.pixelColor(x, 160).red() for x in range(4, 320)) > 195
    QTest.keyRelease(window.loupe, Qt.Key.Key_Space)


def test_space_shows_the_photo_under_it(shown: Window) -> None:
    loupe = shown.loupe
    QTest.keyPress(loupe, Qt.Key.Key_Space)
    assert loupe.grab().toImage().pixelColor(160, 160).green() != 160
    QTest.keyRelease(loupe, Qt.Key.Key_Space)
    assert loupe.grab().toImage().pixelColor(160, 160).green() == 160


def test_another_detail_or_size_is_previewed_anew(
    shown: Window, previews: FakePreviews, qtbot: QtBot
) -> None:
    shown.panel.detail_section.slider.setValue(80)
    qtbot.waitUntil(lambda: previews.options[-1].fidelity == 0.8)
    QTest.mouseClick(shown.panel.size_section.factor_buttons[2], LEFT)
    qtbot.waitUntil(lambda: previews.options[-1].scale == 2.0)
    assert previews.asked[-1][2:] == (160, 120), "as many pixels of the result as before"


def test_it_goes_when_the_result_is_there_or_nobody_wants_it(
    shown: Window, worker: FakeWorker, qtbot: QtBot
) -> None:
    shown.menus.loupe.setChecked(False)
    assert not shown.loupe.isVisible()
    shown.menus.loupe.setChecked(True)
    assert shown.loupe.isVisible()
    shown.commands.upscale()
    worker.finish()
    qtbot.waitUntil(lambda: shown.canvas.compares)
    assert not shown.loupe.isVisible()


def test_why_there_is_no_preview_is_told(
    window: Window, previews: FakePreviews, photo_file: Maker, qtbot: QtBot
) -> None:
    previews.problem = ModelError("Model not found", "It is gone.")
    window.opening.open_files([photo_file("photo.png", 400, 300)])
    qtbot.waitUntil(lambda: "Model not found" in window.loupe.accessibleDescription())


def test_small_photos_have_a_small_loupe(
    window: Window, previews: FakePreviews, photo_file: Maker, qtbot: QtBot
) -> None:
    window.opening.open_files([photo_file("tiny.png", 20, 10)])
    qtbot.waitUntil(lambda: window.loupe.image is not None)
    assert window.loupe.part == QRect(0, 0, 20, 10)
