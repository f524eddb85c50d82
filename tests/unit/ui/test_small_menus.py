"""Language, what happens when all is done, and licences."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit
from pytestqt.qtbot import QtBot

from bimaco_gui.services.jobs import Job
from bimaco_gui.services.settings import load_settings
from bimaco_gui.ui import desktop_link
from bimaco_gui.ui.desktop_link import DesktopLink
from bimaco_gui.ui.language_menu import LanguageMenu
from bimaco_gui.ui.licences_dialog import LicencesDialog
from bimaco_gui.ui.when_done_menu import WhenDoneMenu
from bimaco_gui.ui.window import Window
from tests.unit.ui.test_desktop_link import Heard, Work


def test_each_language_is_called_what_its_speakers_call_it(qtbot: QtBot) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    chosen: list[str | None] = []
    languages = LanguageMenu(menu, "de", chosen.append)
    assert [action.text() for action in languages.actions.values()][1:] == [
        "English",
        "Deutsch",
        "简体中文",
    ]
    assert [code for code, action in languages.actions.items() if action.isChecked()] == ["de"]
    with qtbot.waitSignal(languages.changed) as told:
        languages.actions["zh_CN"].trigger()
    assert chosen == ["zh_CN"]
    assert "next start" in told.args[0]
    assert not languages.actions["de"].isChecked()
    languages.actions[None].trigger()
    assert chosen == ["zh_CN", None]


def test_the_language_is_remembered_and_told(window: Window) -> None:
    (languages,) = window.findChildren(LanguageMenu)
    languages.actions["de"].trigger()
    assert window.banner.isVisible()
    window.close_without_asking()
    assert load_settings().language == "de"


def test_notifications_can_be_switched_off_for_good(window: Window) -> None:
    link = DesktopLink((), Heard(), window)  # type: ignore[arg-type]
    window.menus.follow_desktop(link, window.after_work)
    (choices,) = window.findChildren(WhenDoneMenu)
    assert link.notifies
    choices.notify_action.trigger()
    assert not link.notifies
    window.close_without_asking()
    assert not load_settings().notify


def test_the_program_quits_when_done_if_asked_to(
    qtbot: QtBot, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desktop_link, "_is_in_front", lambda: True)
    work = Work(1)
    link = DesktopLink((work,), Heard(), window)  # type: ignore[arg-type]
    window.menus.follow_desktop(link, window.after_work)
    (choices,) = window.findChildren(WhenDoneMenu)
    work.finish(work.start())
    assert window.isVisible()
    choices.quit_action.trigger()
    work.queue.add(Job(Path("b.png")))
    work.finish(work.start())
    assert not window.isVisible()


def test_jobs_that_wait_for_nobody_do_not_keep_it_awake(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desktop_link, "_IDLE_MS", 30)
    heard, work = Heard(), Work(2)
    link = DesktopLink((work,), heard)  # type: ignore[arg-type]
    job = work.start()
    work.tile(job, 1, 2)
    qtbot.wait(90)  # it runs, so it is not idle
    assert heard.awake == [True]
    work.finish(job)
    qtbot.waitUntil(lambda: heard.awake == [True, False])
    link.deleteLater()


def test_the_licences_are_those_of_what_is_installed(qtbot: QtBot, qapp: QApplication) -> None:
    dialog = LicencesDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    texts = [page.toPlainText() for page in dialog.tabs.findChildren(QPlainTextEdit)]
    together = "\n".join(texts)
    assert "Apache License" in together
    assert "canyon.jpg" in together
    for library in ("PySide6-Essentials", "torch", "numpy", "pillow"):
        assert f"\n{library} " in f"\n{together}"
    assert dialog.tabs.count() == 3
    for index in range(3):
        page = dialog.tabs.widget(index)
        assert page is not None
        assert page.accessibleName()
