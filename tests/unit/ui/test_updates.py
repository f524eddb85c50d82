"""Help > Check for updates, and the look at start, with a real server on this machine."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bimaco_gui import __version__
from bimaco_gui.services import updates
from bimaco_gui.services.settings import Settings, load_settings, save_settings
from bimaco_gui.ui.problem import Problem
from bimaco_gui.ui.translation import TextTranslator
from bimaco_gui.ui.update_dialog import UpdateDialog
from bimaco_gui.ui.update_news import UpdateNews
from bimaco_gui.ui.window import Window
from tests.release_server import PAGE, ReleaseServer, closed_address, release
from tests.unit.ui.fakes import FakeWorker

LEFT = Qt.MouseButton.LeftButton
LONG_MS = 60_000


class OpenedPages(QObject):
    """Takes the place of the browser."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.pages.append(url.toString())


@pytest.fixture
def pages() -> Iterator[list[str]]:
    browser = OpenedPages()
    QDesktopServices.setUrlHandler("https", browser, "take")
    yield browser.pages
    QDesktopServices.unsetUrlHandler("https")


@pytest.fixture(autouse=True)
def server(release_server: ReleaseServer) -> ReleaseServer:
    return release_server


@pytest.fixture
def ask(window: Window) -> Iterator[Callable[[], UpdateDialog]]:
    """Chooses the menu's entry; the dialog that it opens, which may still wait."""
    made: list[UpdateDialog] = []

    def choose() -> UpdateDialog:
        (action,) = [
            action
            for action in window.findChildren(QAction)
            if action.text() == "Check for &updates…"
        ]
        action.trigger()
        made.append(shown_dialog())
        return made[-1]

    yield choose
    for dialog in QApplication.topLevelWidgets():
        if isinstance(dialog, UpdateDialog):
            dialog.accept()


def shown_dialog() -> UpdateDialog:
    return next(
        widget
        for widget in QApplication.topLevelWidgets()
        if isinstance(widget, UpdateDialog) and widget.isVisible()
    )


# -- the dialog -----------------------------------------------------------------------------


def test_a_newer_version_is_shown_with_notes_and_page(
    ask: Callable[[], UpdateDialog], qtbot: QtBot, pages: list[str], server: ReleaseServer
) -> None:
    dialog = ask()
    assert dialog.progress_bar.isVisible()
    qtbot.waitUntil(lambda: not dialog.is_busy, timeout=LONG_MS)
    assert dialog.state_label.text() == f"Version 9.1.0 is there (you have {__version__})."
    assert dialog.notes.toPlainText() == "Sharper.\n\n* <b>Quicker</b>"
    assert not dialog.progress_bar.isVisible()
    assert pages == []
    QTest.mouseClick(dialog.page_button, LEFT)
    assert pages == [PAGE]
    assert len(server.requests) == 1


@pytest.mark.parametrize("tag", [f"v{__version__}", "v0.0.1"])
def test_the_newest_version_is_told(
    ask: Callable[[], UpdateDialog], qtbot: QtBot, server: ReleaseServer, tag: str
) -> None:
    server.body = release(tag)
    dialog = ask()
    qtbot.waitUntil(lambda: not dialog.is_busy, timeout=LONG_MS)
    assert dialog.state_label.text() == f"You have the newest version ({__version__})."
    assert not dialog.page_button.isVisible()
    assert not dialog.notes.isVisible()
    assert not dialog.again_button.isVisible()


def test_a_failure_is_a_sentence_and_can_be_tried_again(
    ask: Callable[[], UpdateDialog], qtbot: QtBot, server: ReleaseServer
) -> None:
    server.status = 404
    dialog = ask()
    qtbot.waitUntil(lambda: not dialog.is_busy, timeout=LONG_MS)
    assert dialog.state_label.text() == "No version is published at the app's address yet."
    server.status = 200
    QTest.mouseClick(dialog.again_button, LEFT)
    qtbot.waitUntil(dialog.page_button.isVisible, timeout=LONG_MS)
    assert not dialog.again_button.isVisible()


def test_a_failure_is_told_in_the_window_s_language(
    ask: Callable[[], UpdateDialog], qtbot: QtBot, qapp: QApplication, server: ReleaseServer
) -> None:
    server.status = 418
    translator = TextTranslator("de")
    qapp.installTranslator(translator)
    try:
        dialog = UpdateDialog(None, False, lambda _on: None)
        qtbot.addWidget(dialog)
        qtbot.waitUntil(lambda: not dialog.is_busy, timeout=LONG_MS)
        assert "mit 418 geantwortet" in dialog.state_label.text()
        assert dialog.again_button.text() == "Noch einmal versuchen"
    finally:
        qapp.removeTranslator(translator)


def test_waiting_can_be_stopped_and_the_window_waits_for_nobody(
    ask: Callable[[], UpdateDialog], qtbot: QtBot, window: Window, server: ReleaseServer
) -> None:
    server.silent_after = 10
    dialog = ask()
    qtbot.waitUntil(server.asked.is_set, timeout=LONG_MS)
    QTest.mouseClick(dialog.stop_button, LEFT)
    assert not dialog.is_busy
    assert dialog.state_label.text().startswith("Stopped")
    QTest.mouseClick(dialog.again_button, LEFT)
    assert dialog.is_busy
    dialog.close()
    window.close()
    assert not window.isVisible()
    assert not server.wake.is_set()  # the server still has not answered


# -- the look at start ----------------------------------------------------------------------


def test_it_is_off_until_somebody_turns_it_on(
    ask: Callable[[], UpdateDialog], window: Window, qtbot: QtBot
) -> None:
    assert not Settings().look_for_updates
    dialog = ask()
    assert not dialog.start_box.isChecked()
    QTest.keyClick(dialog.start_box, Qt.Key.Key_Space)
    dialog.accept()
    assert ask().start_box.isChecked()
    window.close()
    assert load_settings().look_for_updates


@pytest.fixture
def started(qtbot: QtBot) -> Iterator[Callable[[], Window]]:
    """Opens a window of somebody who wants to know at start."""
    made: list[Window] = []

    def start() -> Window:
        save_settings(replace(load_settings(), look_for_updates=True))
        window = Window(FakeWorker())
        made.append(window)
        window.show()
        qtbot.waitExposed(window)
        return window

    yield start
    for window in made:
        for dialog in window.findChildren(UpdateDialog):
            dialog.accept()
        window.close_without_asking()
        window.deleteLater()


def wait_for_the_look(window: Window, qtbot: QtBot) -> None:
    """Wait until the answer is here and told."""
    (news,) = window.findChildren(UpdateNews)
    qtbot.waitUntil(lambda: news.has_looked, timeout=LONG_MS)


def test_a_newer_version_is_news_and_leads_to_the_dialog(
    started: Callable[[], Window], qtbot: QtBot, server: ReleaseServer
) -> None:
    window = started()
    qtbot.waitUntil(window.banner.isVisible, timeout=LONG_MS)
    problem = window.banner.problem
    assert problem is not None
    assert problem.is_news
    assert "9.1.0" in problem.message
    assert not window.banner.copy_button.isVisible()
    QTest.mouseClick(window.banner.remedy_button, LEFT)
    assert not window.banner.isVisible()
    assert "9.1.0" in shown_dialog().state_label.text()
    assert len(server.requests) == 1


def test_no_news_are_no_news(
    started: Callable[[], Window], qtbot: QtBot, server: ReleaseServer
) -> None:
    server.body = release(f"v{__version__}")
    window = started()
    wait_for_the_look(window, qtbot)
    assert not window.banner.isVisible()


def test_a_failure_that_nobody_asked_for_is_not_told(
    started: Callable[[], Window], qtbot: QtBot, server: ReleaseServer
) -> None:
    server.status = 500
    window = started()
    wait_for_the_look(window, qtbot)
    assert not window.banner.isVisible()


def test_on_the_same_day_nobody_is_asked_again(
    started: Callable[[], Window], qtbot: QtBot, server: ReleaseServer
) -> None:
    first = started()
    wait_for_the_look(first, qtbot)
    assert first.banner.isVisible()
    first.close()
    again = started()
    wait_for_the_look(again, qtbot)
    assert len(server.requests) == 1
    assert not again.banner.isVisible()


def test_news_wait_for_what_matters_more(
    started: Callable[[], Window], qtbot: QtBot, server: ReleaseServer
) -> None:
    window = started()
    window.banner.show_problem(Problem("The disk is full", "Nothing more fits on it."))
    wait_for_the_look(window, qtbot)
    assert window.banner.problem is not None
    assert window.banner.problem.title == "The disk is full"
    assert window.banner.copy_button.isVisible()
    QTest.mouseClick(window.banner.close_button, LEFT)
    qtbot.waitUntil(
        lambda: window.banner.problem is not None and window.banner.problem.is_news,
        timeout=LONG_MS,
    )
    QTest.mouseClick(window.banner.close_button, LEFT)
    assert not window.banner.isVisible()


def test_a_window_that_closes_at_once_waits_for_no_answer(
    started: Callable[[], Window], qtbot: QtBot, server: ReleaseServer
) -> None:
    server.silent_after = 10
    window = started()
    qtbot.waitUntil(server.asked.is_set, timeout=LONG_MS)
    window.close()
    assert not window.isVisible()
    assert not server.wake.is_set()
    server.wake.set()


def test_where_nothing_answers_the_window_says_nothing(
    started: Callable[[], Window], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "NEWEST_RELEASE", closed_address())
    window = started()
    wait_for_the_look(window, qtbot)
    assert not window.banner.isVisible()
