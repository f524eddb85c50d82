import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bimaco_gui.ui.background import Background
from bimaco_gui.ui.canvas import Canvas
from bimaco_gui.ui.divider import STEPS
from bimaco_gui.ui.picture_levels import PictureLevels, build_levels
from bimaco_gui.ui.view_mode import ViewMode

RED, GREEN = QColor(200, 0, 0), QColor(0, 160, 0)


def plain(width: int, height: int, colour: QColor) -> PictureLevels:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(colour)
    return build_levels(image)


@pytest.fixture
def canvas(qtbot: QtBot) -> Iterator[Canvas]:
    background = Background()
    made = Canvas(background)
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    qtbot.waitExposed(made)
    yield made
    background.close()


@pytest.fixture
def comparing(canvas: Canvas) -> Canvas:
    canvas.show_photo(plain(500, 300, RED))
    canvas.show_result(plain(2000, 1200, GREEN))
    return canvas


def colour_at(canvas: Canvas, x: int, y: int) -> QColor:
    return canvas.grab().toImage().pixelColor(x, y)


def turn_wheel(canvas: Canvas, at: QPointF, notches: int) -> None:
    QTest.wheelEvent(canvas.windowHandle(), at, QPoint(0, 120 * notches))
    QApplication.processEvents()


def test_without_a_result_there_is_nothing_to_compare(canvas: Canvas) -> None:
    canvas.show_photo(plain(500, 300, RED))
    assert not canvas.divider.isVisible()
    assert colour_at(canvas, 400, 300) == RED


def test_left_of_the_divider_is_before_and_right_of_it_after(comparing: Canvas) -> None:
    assert comparing.divider.isVisible()
    assert comparing.divider.column == pytest.approx(400, abs=1)
    assert colour_at(comparing, 300, 400) == RED
    assert colour_at(comparing, 500, 400) == GREEN


def test_dragging_the_handle_moves_the_divider(comparing: Canvas) -> None:
    divider = comparing.divider
    hold = QPoint(divider.width() // 2, divider.height() // 2)
    QTest.mousePress(divider, Qt.MouseButton.LeftButton, pos=hold)
    assert divider.column == pytest.approx(400, abs=1)
    for _ in range(4):
        QTest.mouseMove(divider, divider.mapFromParent(QPoint(200, 300)))
    QTest.mouseRelease(divider, Qt.MouseButton.LeftButton)
    assert divider.column == pytest.approx(200, abs=2)
    assert colour_at(comparing, 300, 400) == GREEN
    QTest.mouseMove(divider, divider.mapFromParent(QPoint(600, 300)))
    assert divider.column == pytest.approx(200, abs=2)


def test_dragging_beyond_the_picture_stops_at_its_edge(comparing: Canvas) -> None:
    divider = comparing.divider
    QTest.mousePress(divider, Qt.MouseButton.LeftButton, pos=divider.rect().center())
    QTest.mouseMove(divider, divider.mapFromParent(QPoint(5000, 300)))
    assert divider.value() == STEPS
    QTest.mouseRelease(divider, Qt.MouseButton.LeftButton)
    left, _top, right, _bottom = comparing.viewport.visible_rect()
    assert divider.column == right
    assert colour_at(comparing, left + 5, 400) == RED


@pytest.mark.parametrize("takes_keys", ["divider", "canvas"])
def test_arrow_keys_move_the_divider(comparing: Canvas, takes_keys: str) -> None:
    target = comparing.divider if takes_keys == "divider" else comparing
    start = comparing.divider.value()
    QTest.keyClick(target, Qt.Key.Key_Left)
    assert comparing.divider.value() < start
    QTest.keyClick(target, Qt.Key.Key_Right)
    QTest.keyClick(target, Qt.Key.Key_Right)
    assert comparing.divider.value() > start


def test_home_and_end_show_one_side_only(comparing: Canvas) -> None:
    QTest.keyClick(comparing.divider, Qt.Key.Key_Home)
    assert colour_at(comparing, 60, 400) == GREEN
    QTest.keyClick(comparing.divider, Qt.Key.Key_End)
    assert colour_at(comparing, 740, 400) == RED


@pytest.mark.parametrize("has_focus", ["divider", "canvas"])
def test_space_shows_the_original_while_it_is_held(comparing: Canvas, has_focus: str) -> None:
    target = comparing.divider if has_focus == "divider" else comparing
    QTest.keyPress(target, Qt.Key.Key_Space)
    assert colour_at(comparing, 500, 400) == RED
    QTest.keyRelease(target, Qt.Key.Key_Space)
    assert colour_at(comparing, 500, 400) == GREEN


def test_the_wheel_zooms_about_the_pointer(comparing: Canvas) -> None:
    comparing.actual_size()
    pointer = QPointF(250, 180)
    before = comparing.viewport.to_content(250, 180)
    turn_wheel(comparing, pointer, 3)
    assert comparing.viewport.scale == pytest.approx(1.25**3)
    assert comparing.viewport.to_content(250, 180) == pytest.approx(before)


def test_the_wheel_zooms_over_the_handle_too(comparing: Canvas) -> None:
    scale = comparing.viewport.scale
    value = comparing.divider.value()
    turn_wheel(comparing, QPointF(comparing.divider.geometry().center()), 1)
    assert comparing.viewport.scale > scale
    assert comparing.divider.value() == value


def test_dragging_moves_the_picture(comparing: Canvas) -> None:
    comparing.actual_size()
    under = comparing.viewport.to_content(200, 200)
    QTest.mousePress(comparing, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    QTest.mouseMove(comparing, QPoint(230, 260))
    QTest.mouseRelease(comparing, Qt.MouseButton.LeftButton, pos=QPoint(230, 260))
    assert comparing.viewport.to_content(230, 260) == pytest.approx(under)
    QTest.mouseMove(comparing, QPoint(10, 10))
    assert comparing.viewport.to_content(230, 260) == pytest.approx(under)


def test_double_click_changes_between_whole_and_100_per_cent(comparing: Canvas) -> None:
    fitted = comparing.viewport.scale
    QTest.mouseDClick(comparing, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    assert comparing.viewport.scale == 1.0
    QTest.mouseDClick(comparing, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    assert comparing.viewport.scale == fitted


def test_at_100_per_cent_a_result_pixel_is_a_device_pixel(canvas: Canvas) -> None:
    result = QImage(1600, 1200, QImage.Format.Format_RGB32)
    for y in range(1200):
        for x in range(0, 1600):
            result.setPixel(x, y, 0xFF000000 | ((x * 31 + y * 17) % 256) << 8)
    canvas.show_photo(plain(400, 300, RED))
    canvas.show_result(build_levels(result))
    canvas.actual_size()
    canvas.divider.setValue(0)
    grabbed = canvas.grab().toImage()
    left, top, _width, _height = canvas.viewport.drawn_rect()
    for x, y in ((300, 200), (301, 200), (555, 431), (700, 590)):
        assert grabbed.pixelColor(x, y) == result.pixelColor(x - left, y - top)


def test_the_result_appears_where_the_photo_was(canvas: Canvas) -> None:
    canvas.show_photo(plain(500, 300, RED))
    canvas.actual_size()
    canvas.zoom_in()
    before = canvas.viewport.drawn_rect()
    canvas.show_result(plain(2000, 1200, GREEN))
    assert canvas.viewport.drawn_rect() == pytest.approx(before)


def test_results_far_larger_than_the_screen_are_drawn_without_delay(
    comparing: Canvas, qtbot: QtBot
) -> None:
    """Painting costs what is visible: 64 megapixels, twenty frames at several zooms."""
    large = QImage(8000, 8000, QImage.Format.Format_RGB32)
    large.fill(GREEN)
    comparing.show_photo(plain(2000, 2000, RED))
    comparing.show_result(build_levels(large))
    started = time.process_time()
    for _ in range(20):
        turn_wheel(comparing, QPointF(300, 300), 1)
        comparing.grab()
    assert time.process_time() - started < 4


def test_an_empty_canvas_ignores_zoom_and_keys(canvas: Canvas) -> None:
    canvas.clear("Opening…")
    turn_wheel(canvas, QPointF(10, 10), 2)
    canvas.zoom_in()
    QTest.keyClick(canvas, Qt.Key.Key_Left)
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    assert canvas.viewport.is_empty


def test_screen_readers_find_a_slider(comparing: Canvas) -> None:
    from PySide6.QtGui import QAccessible

    found = QAccessible.queryAccessibleInterface(comparing.divider)
    assert found.role() == QAccessible.Role.Slider
    assert found.text(QAccessible.Text.Name)


def test_standing_still_the_photo_is_enlarged_bicubically(canvas: Canvas, qtbot: QtBot) -> None:
    """Bicubic interpolation overshoots beside an edge; bilinear, used in motion, does not."""
    edge = QImage(60, 40, QImage.Format.Format_RGB32)
    edge.fill(QColor(64, 64, 64))
    for y in range(40):
        for x in range(30, 60):
            edge.setPixelColor(x, y, QColor(192, 192, 192))
    canvas.show_photo(build_levels(edge))
    canvas.show_result(plain(240, 160, GREEN))
    canvas.divider.setValue(STEPS)

    def brightest() -> int:
        picture = canvas.grab().toImage()
        left, top, right, bottom = canvas.viewport.visible_rect()
        row = (top + bottom) // 2 - 40
        return max(picture.pixelColor(x, row).red() for x in range(left, right - 45))

    assert brightest() == 192
    qtbot.waitUntil(lambda: brightest() > 195)


def test_a_photo_alone_is_enlarged_bicubically_too(canvas: Canvas, qtbot: QtBot) -> None:
    """What lies around the loupe is as good a picture as what it is compared with later."""
    edge = QImage(60, 40, QImage.Format.Format_RGB32)
    edge.fill(QColor(64, 64, 64))
    for y in range(40):
        for x in range(30, 60):
            edge.setPixelColor(x, y, QColor(192, 192, 192))
    canvas.show_photo(build_levels(edge))
    assert canvas.viewport.scale == 4, "100 % of the result"

    def brightest() -> int:
        picture = canvas.grab().toImage()
        left, top, right, bottom = canvas.viewport.visible_rect()
        return max(picture.pixelColor(x, (top + bottom) // 2).red() for x in range(left, right))

    qtbot.waitUntil(lambda: brightest() > 195)


def test_side_by_side_both_halves_show_the_same_part(comparing: Canvas) -> None:
    comparing.set_mode(ViewMode.SIDE_BY_SIDE)
    assert not comparing.divider.isVisible()
    assert comparing.viewport.view_width == pytest.approx(400, abs=1)
    assert colour_at(comparing, 200, 300) == RED
    assert colour_at(comparing, 600, 300) == GREEN
    comparing.actual_size()
    under = comparing.viewport.to_content(101, 180)
    turn_wheel(comparing, QPointF(502, 180), 2)
    assert comparing.viewport.to_content(101, 180) == pytest.approx(under, abs=2)
    QTest.keyPress(comparing, Qt.Key.Key_Space)
    assert colour_at(comparing, 600, 300) == RED
    QTest.keyRelease(comparing, Qt.Key.Key_Space)


def test_the_result_alone_flips_to_the_photo_while_space_is_held(comparing: Canvas) -> None:
    comparing.set_mode(ViewMode.RESULT)
    assert colour_at(comparing, 200, 400) == GREEN
    QTest.keyPress(comparing, Qt.Key.Key_Space)
    assert colour_at(comparing, 600, 400) == RED
    QTest.keyRelease(comparing, Qt.Key.Key_Space)
    assert colour_at(comparing, 600, 400) == GREEN


def test_the_difference_is_black_where_both_agree_and_four_times_as_strong(canvas: Canvas) -> None:
    after = QImage(2000, 1200, QImage.Format.Format_RGB32)
    after.fill(QColor(100, 50, 20))
    for y in range(1200):
        for x in range(1000, 2000):
            after.setPixel(x, y, 0xFF6E3214)
    canvas.show_photo(plain(500, 300, QColor(100, 50, 20)))
    canvas.show_result(build_levels(after))
    canvas.set_mode(ViewMode.DIFFERENCE)
    assert colour_at(canvas, 200, 400) == QColor(0, 0, 0)
    assert colour_at(canvas, 600, 400) == QColor(40, 0, 0)


def test_another_way_to_compare_keeps_the_spot_in_the_middle(comparing: Canvas) -> None:
    comparing.actual_size()
    view = comparing.viewport
    middle = view.to_content(view.view_width / 2, view.view_height / 2)
    for mode in (ViewMode.SIDE_BY_SIDE, ViewMode.DIFFERENCE, ViewMode.SLIDER):
        comparing.set_mode(mode)
        view = comparing.viewport
        assert view.to_content(view.view_width / 2, view.view_height / 2) == pytest.approx(
            middle, abs=2
        )


def test_less_detail_is_mixed_in_at_once_without_a_new_result(
    comparing: Canvas, qtbot: QtBot
) -> None:
    """Between the result and its faithful end, as far as the number says."""

    def faithful(before: QImage, after: QImage, part: QRect) -> QImage:
        image = QImage(part.size(), QImage.Format.Format_RGB32)
        image.fill(QColor(100, 0, 0))
        return image

    comparing.comparison.faithful_part = faithful
    comparing.set_mode(ViewMode.RESULT)
    comparing.set_fidelity(0.0)
    qtbot.waitUntil(lambda: colour_at(comparing, 300, 400) == QColor(100, 0, 0))
    comparing.set_fidelity(0.5)
    mixed = colour_at(comparing, 300, 400)
    assert (mixed.red(), mixed.green()) == (pytest.approx(50, abs=1), pytest.approx(80, abs=1))
    comparing.set_fidelity(1.0)
    assert colour_at(comparing, 300, 400) == GREEN
