"""A small window, long texts: nothing is cut off, and nothing lies over what is to be seen."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from bimaco_gui.ui.banner import Banner
from bimaco_gui.ui.photo import PhotoState
from bimaco_gui.ui.problem import Problem, Remedy
from bimaco_gui.ui.translation import TextTranslator
from bimaco_gui.ui.window import Window
from tests.unit.ui.fakes import FakeWorker

Maker = Callable[..., Path]
LONG = "The folder for the results of last summer is not there any more. " * 2


def open_two(window: Window, photo_file: Maker, qtbot: QtBot) -> None:
    window.opening.open_files([photo_file("a.png", 400, 300), photo_file("b.png", 300, 400)])
    qtbot.waitUntil(lambda: not window.canvas.viewport.is_empty)
    qtbot.waitUntil(lambda: [one.state for one in window.session.photos] == 2 * [PhotoState.READY])


def squeezed(banner: Banner) -> list[str]:
    """What of a banner is not wholly to be seen."""
    found = []
    for button in banner.findChildren(QPushButton):
        place = button.mapTo(banner, button.rect().topLeft())
        is_whole = banner.rect().contains(button.rect().translated(place))
        if button.isVisible() and (button.width() < button.sizeHint().width() or not is_whole):
            found.append(button.text())
    for label in (banner._title, banner._message):
        if label.height() < label.heightForWidth(label.width()) - 1:  # rounded
            found.append(label.text())
        if label.geometry().intersects(banner._buttons.geometry()):
            found.append(f"{label.text()} under the buttons")
    return found


@pytest.mark.parametrize("remedy", [Remedy.OTHER_FOLDER, Remedy.DEFAULT_MODEL, Remedy.NONE])
@pytest.mark.parametrize("language", ["en", "de", "zh_CN"])
def test_the_banner_has_room_for_all_that_it_says(
    qapp: QApplication,
    qtbot: QtBot,
    window: Window,
    photo_file: Maker,
    language: str,
    remedy: Remedy,
) -> None:
    translator = TextTranslator(language)
    qapp.installTranslator(translator)
    try:
        open_two(window, photo_file, qtbot)
        window.banner.show_problem(Problem("A title of some length, too", LONG, "", remedy))
        for width in (1120, window.minimumWidth()):
            window.resize(width, 600)
            qtbot.waitUntil(lambda: squeezed(window.banner) == [])
    finally:
        qapp.removeTranslator(translator)


def test_a_fitted_photo_is_not_covered_by_the_bars(
    window: Window, photo_file: Maker, qtbot: QtBot
) -> None:
    window.opening.open_files([photo_file("tall.png", 300, 400)])
    qtbot.waitUntil(lambda: not window.canvas.viewport.is_empty)
    for size in ((1000, 700), (1400, 620)):
        window.resize(*size)
        bottom = window.canvas.viewport.visible_rect()[3] / window.devicePixelRatioF()
        assert bottom < window.zoom_bar.y()


def test_neither_are_the_bars_over_it_that_lie_above_each_other(
    window: Window, photo_file: Maker, worker: FakeWorker, qtbot: QtBot
) -> None:
    open_two(window, photo_file, qtbot)
    window.resize(window.minimumSize())
    window.commands.upscale()
    worker.finish()
    qtbot.waitUntil(lambda: window.canvas.compares)
    assert window.view_bar.geometry().bottom() < window.zoom_bar.y()
    bottom = window.canvas.viewport.visible_rect()[3] / window.devicePixelRatioF()
    assert 0 < bottom < window.view_bar.y()
    worker.finish()


def test_the_list_leaves_the_picture_most_of_a_small_window(
    window: Window, photo_file: Maker, qtbot: QtBot
) -> None:
    open_two(window, photo_file, qtbot)
    wide = window.photo_list.width()
    window.resize(window.minimumSize())
    assert window.photo_list.width() < wide
    assert window.canvas.width() > window.photo_list.width()
