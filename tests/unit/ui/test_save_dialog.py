from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from bimaco_gui.ui.save_dialog import SaveDialog


@pytest.fixture
def source(photo_file: Callable[..., Path]) -> Path:
    return photo_file("photo.png")


@pytest.fixture
def dialog(qtbot: QtBot, source: Path) -> SaveDialog:
    made = SaveDialog(source.with_name("photo_x4.png"), source)
    qtbot.addWidget(made)
    made.show()
    return made


def press(dialog: SaveDialog) -> None:
    QTest.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)


def choose(dialog: SaveDialog, name: str) -> None:
    dialog.format_box.setCurrentIndex(dialog.format_box.findData(name))


def test_the_proposal_can_be_taken_as_it_is(dialog: SaveDialog, source: Path) -> None:
    press(dialog)
    assert dialog.result() == SaveDialog.DialogCode.Accepted
    assert dialog.choice.target == source.with_name("photo_x4.png")
    assert dialog.choice.format == "png"
    assert not dialog.choice.overwrite


@pytest.mark.parametrize(
    ("name", "ending"), [("jpg", ".jpg"), ("webp", ".webp"), ("tiff", ".tiff"), ("png", ".png")]
)
def test_choosing_a_format_changes_the_ending(dialog: SaveDialog, name: str, ending: str) -> None:
    choose(dialog, name)
    assert dialog.target.name == f"photo_x4{ending}"


def test_typing_an_ending_changes_the_format(dialog: SaveDialog) -> None:
    dialog.name_field.setText("somewhere.jpeg")
    assert dialog.format == "jpg"
    assert dialog.target.name == "somewhere.jpeg"


def test_a_name_without_ending_gets_one(dialog: SaveDialog, source: Path) -> None:
    dialog.name_field.setText("holiday v1.2")
    assert dialog.target == source.parent / "holiday v1.2.png"


def test_quality_is_asked_only_where_it_matters(dialog: SaveDialog) -> None:
    assert not dialog.quality_slider.isVisible()
    choose(dialog, "webp")
    assert dialog.quality_slider.isVisible()
    dialog.quality_slider.setValue(80)
    assert dialog.quality_field.value() == 80
    assert dialog.choice.quality == 80


def test_replacing_a_file_takes_a_second_press(dialog: SaveDialog, source: Path) -> None:
    other = source.with_name("photo_x4.png")
    other.write_bytes(b"precious")
    press(dialog)
    assert dialog.isVisible()
    assert "exists already" in dialog.warning.text()
    assert dialog.save_button.text() == "Replace"
    press(dialog)
    assert not dialog.isVisible()
    assert dialog.choice.overwrite


def test_agreement_is_for_one_name_only(dialog: SaveDialog, source: Path) -> None:
    for name in ("one.png", "two.png"):
        source.with_name(name).write_bytes(b"precious")
    dialog.name_field.setText("one.png")
    press(dialog)
    dialog.name_field.setText("two.png")
    assert dialog.save_button.text() == "Save"
    press(dialog)
    assert dialog.isVisible()


@pytest.mark.parametrize("name", ["", "   ", "missing/folder/x.png", "photo.png"])
def test_impossible_targets_are_refused_in_words(dialog: SaveDialog, name: str) -> None:
    dialog.name_field.setText(name)
    press(dialog)
    press(dialog)
    assert dialog.isVisible()
    assert dialog.warning.isVisible()
    assert dialog.warning.text().endswith(".")


def test_browsing_fills_in_what_was_chosen(
    dialog: SaveDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = str(tmp_path / "chosen.webp")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (chosen, ""))
    QTest.mouseClick(dialog.browse_button, Qt.MouseButton.LeftButton)
    assert dialog.target == Path(chosen)
    assert dialog.format == "webp"


def test_return_saves_and_escape_does_not(dialog: SaveDialog) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.result() == SaveDialog.DialogCode.Rejected
