from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from bimaco_gui.services.estimate import Experience
from bimaco_gui.ui.batch_dialog import BatchDialog
from bimaco_gui.ui.choices import Choices

LEFT = Qt.MouseButton.LeftButton
Maker = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path, photo_file: Maker) -> Path:
    """Two photos, one of them in a folder inside, and one that is none."""
    source = tmp_path / "source"
    (source / "inner").mkdir(parents=True)
    photo_file("source/a.png")
    photo_file("source/inner/b.jpg", 400, 300)
    (source / "broken.png").write_bytes(b"no picture")
    return source


@pytest.fixture
def dialog(qtbot: QtBot, folder: Path) -> Iterator[BatchDialog]:
    made = BatchDialog([folder], Choices(), Experience())
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.reject()
    made.deleteLater()


def planned(dialog: BatchDialog, qtbot: QtBot) -> list[str]:
    qtbot.waitUntil(lambda: dialog.plan is not None)
    assert dialog.plan is not None
    return sorted(one.job.input.name for one in dialog.plan.jobs)


def test_it_says_what_would_be_done_before_anything_is(
    dialog: BatchDialog, qtbot: QtBot, folder: Path
) -> None:
    assert planned(dialog, qtbot) == ["a.png", "b.jpg"]
    assert "2" in dialog.start_button.text()
    assert "free" in dialog.plan_label.text()
    dialog.details_button.click()
    assert "broken.png" in dialog.details_list.item(0).text()
    assert not list(folder.rglob("*_x4*"))


def test_folders_inside_and_kinds_are_chosen(dialog: BatchDialog, qtbot: QtBot) -> None:
    planned(dialog, qtbot)
    QTest.mouseClick(dialog.recursive_box, LEFT, pos=dialog.recursive_box.rect().center() / 4)
    dialog.recursive_box.setChecked(False)
    assert dialog.plan is None
    assert not dialog.start_button.isEnabled()
    assert planned(dialog, qtbot) == ["a.png"]
    dialog.recursive_box.setChecked(True)
    dialog.kind_box.setCurrentIndex(dialog.kind_box.findText("JPEG"))
    assert planned(dialog, qtbot) == ["b.jpg"]


def test_what_is_large_already_is_left_out(dialog: BatchDialog, qtbot: QtBot) -> None:
    dialog.large_box.setChecked(True)
    dialog.large_field.setValue(200)
    assert planned(dialog, qtbot) == ["a.png"]
    assert "large enough" in dialog.plan_label.text()


def test_results_go_into_a_folder_with_the_same_folders_inside(
    dialog: BatchDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog._on_target_chosen([str(tmp_path / "out")])
    planned(dialog, qtbot)
    assert dialog.plan is not None
    outputs = {one.job.output for one in dialog.plan.jobs}
    assert outputs == {tmp_path / "out" / "a_x4.png", tmp_path / "out" / "inner" / "b_x4.jpg"}
    dialog.mirrored_box.setChecked(False)
    planned(dialog, qtbot)
    assert dialog.plan is not None
    assert tmp_path / "out" / "b_x4.jpg" in {one.job.output for one in dialog.plan.jobs}


def test_what_was_done_before_is_left_out_unless_asked_for(
    dialog: BatchDialog, qtbot: QtBot, folder: Path
) -> None:
    planned(dialog, qtbot)
    (folder / "a_x4.png").write_bytes(b"done")
    dialog.existing_box.setCurrentIndex(dialog.existing_box.findData("number"))
    assert planned(dialog, qtbot) == ["a.png", "b.jpg"]
    dialog.existing_box.setCurrentIndex(dialog.existing_box.findData("skip"))
    assert planned(dialog, qtbot) == ["b.jpg"]


def test_rows_are_taken_off_by_delete(dialog: BatchDialog, qtbot: QtBot) -> None:
    planned(dialog, qtbot)
    dialog.source_list.setCurrentRow(0)
    dialog.source_list.setFocus()
    QTest.keyClick(dialog.source_list, Qt.Key.Key_Delete)
    assert dialog.sources == ()
    qtbot.waitUntil(lambda: "Add" in dialog.plan_label.text())
    assert not dialog.start_button.isEnabled()


def test_start_accepts_the_plan(dialog: BatchDialog, qtbot: QtBot) -> None:
    planned(dialog, qtbot)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.plan is not None
