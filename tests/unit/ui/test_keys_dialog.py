import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu
from pytestqt.qtbot import QtBot

from bimaco_gui.ui.keys_dialog import KeysDialog
from bimaco_gui.ui.translation import TextTranslator
from bimaco_gui.ui.window import Window
from tests.unit.ui.fakes import FakeWorker


def opened_by_f1(window: Window, qtbot: QtBot) -> KeysDialog:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_F1)
    (dialog,) = window.findChildren(KeysDialog)
    qtbot.waitUntil(dialog.isVisible)
    return dialog


def test_f1_lists_every_command_that_has_a_key(window: Window, qtbot: QtBot) -> None:
    dialog = opened_by_f1(window, qtbot)
    listed = {line.keys for section in dialog.sections for line in section.lines}
    shown = {label.text() for label in dialog.findChildren(QLabel)}
    native = QKeySequence.SequenceFormat.NativeText
    keys = {
        action.shortcut().toString(native)
        for menu in window.menuBar().findChildren(QMenu)
        for action in menu.actions()
        if not action.shortcut().isEmpty()
    }
    assert len(keys) > 25
    assert keys <= listed <= shown
    QTest.mouseClick(dialog.close_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.findChildren(KeysDialog))


def test_keys_of_a_command_follow_the_menu(window: Window, qtbot: QtBot) -> None:
    (copy,) = (one for one in window.findChildren(QAction) if one.text() == "&Copy result")
    copy.setShortcut(QKeySequence("Ctrl+Alt+K"))
    dialog = opened_by_f1(window, qtbot)
    lines = {line.does: line.keys for section in dialog.sections for line in section.lines}
    assert lines["Copy result"] == "Ctrl+Alt+K"
    dialog.accept()


@pytest.mark.parametrize("language", ["en", "de", "zh_CN"])
def test_commands_are_named_without_marks_and_nothing_is_cut_off(
    qtbot: QtBot, qapp: QApplication, worker: FakeWorker, language: str
) -> None:
    translator = TextTranslator(language)
    qapp.installTranslator(translator)
    try:
        window = Window(worker)
        window.show()
        qtbot.waitExposed(window)
        dialog = opened_by_f1(window, qtbot)
        named = [line.does for section in dialog.sections for line in section.lines]
        named += [section.title for section in dialog.sections]
        assert [text for text in named if "&" in text or "…" in text or "(" in text] == []

        def squeezed() -> list[str]:
            return [
                one.text()
                for one in dialog.findChildren(QLabel, "key")
                if one.width() < one.sizeHint().width() or one.height() < one.sizeHint().height()
            ]

        qtbot.waitUntil(lambda: squeezed() == [])
        dialog.accept()
        window.close_without_asking()
        window.deleteLater()
    finally:
        qapp.removeTranslator(translator)
