import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QStandardPaths, Qt, QUrl
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QPalette,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFrame,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QProgressBar,
    QScrollBar,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from bimaco_gui.services.desktop import sandbox
from bimaco_gui.services.devices import Gpu
from bimaco_gui.services.estimate import Estimator, Experience
from bimaco_gui.services.jobs import Job
from bimaco_gui.services.queue import JobQueue
from bimaco_gui.services.queue_events import JobState
from bimaco_gui.services.runner import Runner
from bimaco_gui.services.settings import load_settings
from bimaco_gui.services.updates import Release
from bimaco_gui.services.worker import WorkerHandle
from bimaco_gui.ui.about import about_box
from bimaco_gui.ui.batch_dialog import BatchDialog
from bimaco_gui.ui.choices import Choices
from bimaco_gui.ui.desktop_link import DesktopLink
from bimaco_gui.ui.keys_dialog import KeysDialog
from bimaco_gui.ui.licences_dialog import LicencesDialog
from bimaco_gui.ui.model_dialog import ModelDialog
from bimaco_gui.ui.photo import PhotoState
from bimaco_gui.ui.report_dialog import ReportDialog
from bimaco_gui.ui.save_dialog import SaveDialog
from bimaco_gui.ui.session import SessionState
from bimaco_gui.ui.theme import Appearance, Theme
from bimaco_gui.ui.translation import TextTranslator
from bimaco_gui.ui.update_dialog import UpdateDialog
from bimaco_gui.ui.view_mode import ViewMode
from bimaco_gui.ui.window import Window
from tests.unit.services.fakes import FakeEngine
from tests.unit.ui.fakes import FakeWorker, OpenedFolders
from tests.unit.ui.test_desktop_link import Heard

Maker = Callable[..., Path]
COPY = Qt.DropAction.CopyAction
LEFT = Qt.MouseButton.LeftButton
QT_BUILDS = (QAbstractSpinBox, QComboBox, QAbstractItemView, QAbstractScrollArea, QTabBar)
NO_KEYS = Qt.KeyboardModifier.NoModifier
NEWER = Release("9.1", "https://example.org/", "What is new", True)


def mime(*urls: str | Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(u)) if isinstance(u, Path) else QUrl(u) for u in urls])
    return data


def drag(window: Window, data: QMimeData) -> QDragEnterEvent:
    event = QDragEnterEvent(QPoint(400, 300), COPY, data, LEFT, NO_KEYS)
    QApplication.sendEvent(window, event)
    return event


def drop(window: Window, *files: str | Path) -> None:
    data = mime(*files)
    drag(window, data)
    QApplication.sendEvent(window, QDropEvent(QPointF(400, 300), COPY, data, LEFT, NO_KEYS))


@pytest.fixture
def show(window: Window, qtbot: QtBot) -> Callable[..., None]:
    """Drops files and waits until the first can be seen."""

    def drop_and_wait(*files: Path) -> None:
        drop(window, *files)
        qtbot.waitUntil(
            lambda: (
                all(p.state is not PhotoState.OPENING for p in window.session.photos)
                and not window.canvas.viewport.is_empty
            )
        )

    return drop_and_wait


@pytest.fixture
def done(
    window: Window, show: Callable[..., None], photo_file: Maker, worker: FakeWorker, qtbot: QtBot
) -> Path:
    """A photo upscaled and compared; its path."""
    path = photo_file("photo.png", 200, 150)
    show(path)
    QTest.mouseClick(window.bottom_bar.upscale_button, LEFT)
    worker.finish()
    qtbot.waitUntil(lambda: window.canvas.compares)
    return path


def open_dialog(kind: type[QDialog]) -> QDialog:
    return next(
        widget
        for widget in QApplication.topLevelWidgets()
        if isinstance(widget, kind) and widget.isVisible()
    )


def answer(button: QMessageBox.StandardButton) -> None:
    box = open_dialog(QMessageBox)
    assert isinstance(box, QMessageBox)
    QTest.mouseClick(box.button(button), LEFT)


# -- opening --------------------------------------------------------------------------------


def test_the_empty_window_invites(window: Window) -> None:
    assert window.empty_page.isVisible()
    assert not window.bottom_bar.isVisible()
    assert window.windowTitle() == "BiMaCo"


def test_a_drag_is_welcome_and_seen(window: Window, photo_file: Maker) -> None:
    event = drag(window, mime(photo_file()))
    assert event.isAccepted()
    assert window.empty_page.is_highlighted
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert not window.empty_page.is_highlighted


def test_text_cannot_be_dropped(window: Window) -> None:
    data = QMimeData()
    data.setText("hello")
    event = drag(window, data)
    assert not event.isAccepted()
    assert not window.empty_page.is_highlighted


def test_a_dropped_photo_is_shown_with_its_sizes(
    window: Window, show: Callable[..., None], photo_file: Maker
) -> None:
    show(photo_file("holiday.png", 60, 40))
    assert window.canvas.isVisible()
    assert not window.empty_page.is_highlighted
    assert "60 × 40 → 240 × 160" in window.bottom_bar.size_label.whole_text
    assert window.windowTitle().startswith("holiday.png")
    assert window.bottom_bar.upscale_button.isEnabled()
    assert not window.photo_list.isVisible()


def test_a_bad_file_is_explained_and_the_window_stays_usable(
    window: Window, show: Callable[..., None], photo_file: Maker, tmp_path: Path, qtbot: QtBot
) -> None:
    bad = tmp_path / "letter.png"
    bad.write_text("Dear all")
    drop(window, bad)
    qtbot.waitUntil(window.banner.isVisible)
    assert window.banner.problem is not None
    assert "letter.png" in window.banner.problem.message
    assert window.empty_page.isVisible()
    show(photo_file())
    assert not window.banner.isVisible()


def test_a_photo_cut_off_in_the_middle_is_explained(
    window: Window, photo_file: Maker, qtbot: QtBot
) -> None:
    path = photo_file("cut.png", 400, 400)
    path.write_bytes(path.read_bytes()[:300])
    drop(window, path)
    qtbot.waitUntil(window.banner.isVisible)
    assert window.session.state is SessionState.EMPTY


def test_links_are_no_files(window: Window) -> None:
    drop(window, "https://example.org/photo.jpg")
    assert window.banner.isVisible()
    assert window.session.state is SessionState.EMPTY


def test_the_sample_is_one_press_away(window: Window, qtbot: QtBot) -> None:
    QTest.mouseClick(window.empty_page.sample_button, LEFT)
    qtbot.waitUntil(lambda: not window.canvas.viewport.is_empty)
    qtbot.waitUntil(window.bottom_bar.upscale_button.isEnabled)


def test_opening_remembers_the_folder(
    window: Window, photo_file: Maker, qtbot: QtBot, tmp_path: Path
) -> None:
    path = photo_file()
    window.opening.choose_files()
    dialog = open_dialog(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.filesSelected.emit([str(path)])
    dialog.reject()
    qtbot.waitUntil(lambda: not window.canvas.viewport.is_empty)
    window.close()
    assert load_settings().last_folder == str(tmp_path)


# -- upscaling ------------------------------------------------------------------------------


def test_progress_tells_percentage_and_time_and_offers_cancel(
    window: Window, show: Callable[..., None], photo_file: Maker, worker: FakeWorker
) -> None:
    bar = window.bottom_bar
    show(photo_file())
    QTest.mouseClick(bar.upscale_button, LEFT)
    assert bar.progress_label.whole_text == "Preparing…"
    assert bar.cancel_button.isVisible()
    assert not bar.upscale_button.isVisible()
    worker.tile(3, 10, 42.0)
    assert bar.progress_label.whole_text == "30 %  ·  about 40 s left"
    assert bar.progress_bar.value() == 300
    worker.tile(10, 10, 0.0)
    assert bar.progress_label.whole_text == "Finishing…"
    QTest.mouseClick(bar.cancel_button, LEFT)
    assert bar.progress_label.whole_text == "Stopping…"
    assert not bar.cancel_button.isEnabled()
    assert worker.cancelled == [worker.job.id]
    worker.stop()
    assert not bar.progress_bar.isVisible()
    assert bar.upscale_button.isVisible()


def test_escape_cancels_and_control_return_upscales(
    window: Window, show: Callable[..., None], photo_file: Maker, worker: FakeWorker
) -> None:
    show(photo_file())
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(worker.jobs) == 1
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert worker.cancelled == [worker.job.id]


@pytest.mark.parametrize("how", ["button", "keys"])
def test_upscale_can_be_pressed_while_the_photo_is_being_opened(
    window: Window, photo_file: Maker, worker: FakeWorker, qtbot: QtBot, how: str
) -> None:
    window.activateWindow()
    drop(window, photo_file())
    assert window.session.photos[0].state is PhotoState.OPENING
    button = window.bottom_bar.upscale_button
    assert button.isVisible() and button.isEnabled()
    if how == "button":
        QTest.mouseClick(button, LEFT)
    else:
        QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert "as soon as it is open" in window.bottom_bar.size_label.whole_text
    assert window.bottom_bar.cancel_button.isVisible()
    assert not button.isVisible()
    qtbot.waitUntil(lambda: len(worker.jobs) == 1)
    worker.finish()
    qtbot.waitUntil(lambda: window.canvas.compares)


def test_what_waits_for_a_photo_to_open_can_be_cancelled(
    window: Window, photo_file: Maker, worker: FakeWorker, qtbot: QtBot
) -> None:
    drop(window, photo_file())
    QTest.mouseClick(window.bottom_bar.upscale_button, LEFT)
    QTest.mouseClick(window.bottom_bar.cancel_button, LEFT)
    assert not window.bottom_bar.cancel_button.isVisible()
    qtbot.waitUntil(lambda: window.session.photos[0].state is PhotoState.READY)
    assert worker.jobs == []
    assert window.bottom_bar.upscale_button.isEnabled()


def test_the_panel_knows_the_format_before_the_photo_is_open(
    window: Window, photo_file: Maker, qtbot: QtBot
) -> None:
    drop(window, photo_file("photo.jpg", 200, 150))
    section = window.panel.save_section
    assert window.session.photos[0].state is PhotoState.OPENING
    assert section.quality_field.isVisible(), "which PNG has not"
    assert section.example_label.text() == "photo_x4.jpg"
    qtbot.waitUntil(lambda: not window.canvas.viewport.is_empty)
    assert section.example_label.text() == "photo_x4.jpg"


def test_pressing_return_twice_does_not_cancel(
    window: Window, show: Callable[..., None], photo_file: Maker, worker: FakeWorker
) -> None:
    show(photo_file())
    window.bottom_bar.upscale_button.setFocus()
    for _ in range(2):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Space)
    assert len(worker.jobs) == 1
    assert worker.cancelled == []


def test_when_done_before_and_after_are_compared(window: Window, done: Path) -> None:
    assert window.canvas.divider.isVisible()
    assert window.bottom_bar.save_button.isVisible()
    assert not window.bottom_bar.upscale_button.isVisible()
    assert window.isWindowModified()
    picture = window.canvas.grab().toImage()
    _left, top, right, bottom = window.canvas.viewport.visible_rect()
    assert picture.pixelColor(right - 60, (top + bottom) // 2 + 60).green() == 160


def test_a_failure_shows_the_banner_and_try_again(
    window: Window, show: Callable[..., None], photo_file: Maker, worker: FakeWorker
) -> None:
    path = photo_file()
    show(path)
    window.commands.upscale()
    worker.fail("Not enough memory", "Close other programs.")
    assert window.banner.isVisible()
    assert window.bottom_bar.upscale_button.text() == "Try again"
    QTest.mouseClick(window.banner.copy_button, LEFT)
    copied = QGuiApplication.clipboard().text()
    for part in ("Not enough memory", "Close other programs.", str(path), "BiMaCo"):
        assert part in copied
    assert window.banner.copy_button.text() == "Copied"
    QTest.mouseClick(window.banner.close_button, LEFT)
    assert not window.banner.isVisible()
    QTest.mouseClick(window.bottom_bar.upscale_button, LEFT)
    assert len(worker.jobs) == 2


def test_names_are_shown_as_they_are(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    bad = tmp_path / "<b>bold<b>.png"
    bad.write_text("x")
    drop(window, bad)
    qtbot.waitUntil(window.banner.isVisible)
    texts = [label.text() for label in window.banner.findChildren(QLabel)]
    assert any("<b>bold<b>.png" in text for text in texts)
    assert all(
        label.textFormat() is Qt.TextFormat.PlainText
        for label in window.banner.findChildren(QLabel)
        if label.text()
    )


def test_several_photos_make_a_list_and_run_one_after_another(
    window: Window,
    show: Callable[..., None],
    photo_file: Maker,
    worker: FakeWorker,
    qtbot: QtBot,
) -> None:
    show(*(photo_file(f"{name}.png", 40, 30) for name in "abc"))
    rows = window.photo_list.model()
    assert window.photo_list.isVisible()
    assert rows.rowCount() == 3
    assert "3" in window.bottom_bar.upscale_button.text()
    QTest.mouseClick(window.bottom_bar.upscale_button, LEFT)

    def spoken() -> list[str]:
        role = Qt.ItemDataRole.AccessibleTextRole
        return [rows.index(row, 0).data(role) for row in range(3)]

    worker.tile(1, 2)
    assert spoken() == ["a.png, 50 %", "b.png, Waiting", "c.png, Waiting"]
    worker.finish()
    worker.fail()
    assert spoken()[1:] == ["b.png, Failed", "c.png, Preparing…"]
    qtbot.waitUntil(lambda: spoken()[0] == "a.png, Saved")
    third = window.photo_list.visualRect(rows.index(2, 0)).center()
    QTest.mouseClick(window.photo_list.viewport(), LEFT, pos=third)
    assert window.session.current is not None
    assert window.session.current.name == "c.png"
    assert not window.photo_list.grab().toImage().isNull()
    worker.finish()
    qtbot.waitUntil(lambda: window.canvas.compares)


def test_the_time_of_all_that_the_button_starts_is_said(
    qtbot: QtBot, worker: FakeWorker, photo_file: Maker, tmp_path: Path
) -> None:
    estimator = Estimator(tmp_path / "experience.json")
    estimator.learn_speed(Choices().options, (1000, 1000), 100.0)
    window = Window(worker, estimator=estimator)
    window.show()
    line = window.bottom_bar.size_label
    window.opening.open_files([photo_file("a.png", 1000, 600)])
    qtbot.waitUntil(lambda: line.whole_text.endswith("about 1 min"))
    assert "all" not in line.whole_text
    window.opening.open_files([photo_file("b.png", 1000, 600), photo_file("c.png", 1000, 1800)])
    qtbot.waitUntil(lambda: line.whole_text.endswith("all 3: about 5 min"))
    window.session.remove(window.session.photos[-1].key)
    assert line.whole_text.endswith("all 2: about 2 min")
    window.close()
    window.deleteLater()


def test_walking_the_list_shows_each_photo_with_its_result_or_problem(
    window: Window,
    show: Callable[..., None],
    photo_file: Maker,
    worker: FakeWorker,
    qtbot: QtBot,
) -> None:
    show(photo_file("a.png"), photo_file("b.png"))
    window.commands.upscale()
    worker.finish()
    worker.fail("No luck")
    window.banner.dismiss()
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_PageDown)
    assert window.windowTitle().startswith("b.png")
    assert window.banner.isVisible()
    QTest.keyClick(window, Qt.Key.Key_PageUp)
    qtbot.waitUntil(lambda: window.canvas.compares)


def test_delete_takes_a_photo_off_the_list(
    window: Window, show: Callable[..., None], photo_file: Maker
) -> None:
    show(photo_file("a.png"), photo_file("b.png"))
    window.photo_list.setFocus()
    QTest.keyClick(window.photo_list, Qt.Key.Key_Delete)
    assert [photo.name for photo in window.session.photos] == ["b.png"]
    assert not window.photo_list.isVisible()


def test_a_closed_photo_comes_back_by_undo(
    window: Window, show: Callable[..., None], photo_file: Maker, qtbot: QtBot
) -> None:
    show(photo_file("a.png"), photo_file("b.png"))
    window.activateWindow()
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(window, Qt.Key.Key_W, control)
    assert [photo.name for photo in window.session.photos] == ["b.png"]
    QTest.keyClick(window, Qt.Key.Key_Z, control)
    assert {photo.name for photo in window.session.photos} == {"a.png", "b.png"}
    QTest.keyClick(window, Qt.Key.Key_Z, control | Qt.KeyboardModifier.ShiftModifier)
    assert [photo.name for photo in window.session.photos] == ["b.png"]


# -- saving ---------------------------------------------------------------------------------


@pytest.fixture
def saved(window: Window, done: Path, qtbot: QtBot) -> Path:
    """The file that the result of `done` was saved as, without another press."""
    qtbot.waitUntil(lambda: not window.saving.is_busy)
    photo = window.session.current
    assert photo is not None
    assert photo.saved_as is not None
    return photo.saved_as


def test_what_a_sandbox_shows_alone_is_saved_among_the_pictures(
    window: Window,
    show: Callable[..., None],
    photo_file: Maker,
    worker: FakeWorker,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "doc").mkdir()
    (tmp_path / "pictures").mkdir()
    document = photo_file("doc/photo.png")
    monkeypatch.setattr(sandbox, "INFO", document)
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"1 0 0:1 / {tmp_path} rw - ext4 disk rw\n")
    monkeypatch.setattr(sandbox, "MOUNTS", mounts)
    monkeypatch.setattr(sandbox, "_DOCUMENT", re.compile(re.escape(str(document.parent))))
    monkeypatch.setattr(
        QStandardPaths, "writableLocation", lambda _place: str(tmp_path / "pictures")
    )
    show(document)
    QTest.mouseClick(window.bottom_bar.upscale_button, LEFT)
    worker.finish()
    qtbot.waitUntil(lambda: window.session.photos[0].saved_as is not None)
    assert [file.name for file in (tmp_path / "pictures").iterdir()] == ["photo_x4.png"]
    assert [file.name for file in document.parent.iterdir()] == ["photo.png"]


@pytest.fixture
def lost_folder(window: Window, tmp_path: Path) -> Path:
    """The folder for results, which is gone."""
    folder = tmp_path / "unplugged"
    folder.mkdir()
    window.panel.save_section.set_folder(folder)
    folder.rename(tmp_path / "elsewhere")
    return folder


@pytest.fixture
def unsaved(lost_folder: Path, window: Window, done: Path, qtbot: QtBot) -> Path:
    """A photo whose result could not be saved."""
    qtbot.waitUntil(lambda: not window.saving.is_busy)
    assert window.session.unsaved
    return done


def test_one_drop_and_one_press_save_the_result_beside_the_photo(
    window: Window, done: Path, saved: Path
) -> None:
    assert saved == done.with_name("photo_x4.png")
    image = QImage(str(saved))
    assert (image.width(), image.height()) == (800, 600)
    assert not window.isWindowModified()
    assert "Saved as photo_x4.png" in window.bottom_bar.size_label.whole_text
    assert not window.bottom_bar.save_button.isVisible()
    assert window.bottom_bar.folder_button.isVisible()


def test_a_file_of_that_name_is_never_replaced(
    window: Window, show: Callable[..., None], photo_file: Maker, worker: FakeWorker, qtbot: QtBot
) -> None:
    path = photo_file("photo.png", 200, 150)
    path.with_name("photo_x4.png").write_bytes(b"precious")
    show(path)
    window.commands.upscale()
    worker.finish()
    qtbot.waitUntil(lambda: path.with_name("photo_x4 (2).png").exists())
    assert path.with_name("photo_x4.png").read_bytes() == b"precious"


def test_another_size_is_saved_again_without_another_run(
    window: Window, saved: Path, worker: FakeWorker, qtbot: QtBot
) -> None:
    QTest.mouseClick(window.panel.size_section.factor_buttons[2], LEFT)
    assert window.bottom_bar.save_button.text() == "Save again"
    assert "Settings changed" in window.bottom_bar.size_label.whole_text
    assert not window.session.unsaved, "closing would lose nothing"
    with qtbot.waitSignal(window.saving.finished):
        QTest.mouseClick(window.bottom_bar.save_button, LEFT)
    image = QImage(str(saved.with_name("photo_x2.png")))
    assert (image.width(), image.height()) == (400, 300)
    assert saved.exists()
    assert len(worker.jobs) == 1


def test_at_100_per_cent_the_result_is_as_large_as_its_file(
    window: Window, saved: Path, qtbot: QtBot
) -> None:
    """Whatever size is chosen; and what is seen stays where it is."""
    canvas, ratio = window.canvas, window.devicePixelRatioF()
    assert canvas.viewport.follows_fit
    for factor in (2, 4, 3):
        before = canvas.viewport.visible_rect()
        QTest.mouseClick(window.panel.size_section.factor_buttons[factor], LEFT)
        assert canvas.viewport.visible_rect() == before
        window.activateWindow()
        QTest.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
        left, top, right, bottom = canvas.viewport.visible_rect()
        assert right - left == min(factor * 200, round(canvas.width() * ratio))
        assert bottom - top == min(factor * 150, round(canvas.height() * ratio))
        assert window.zoom_bar._per_cent.text() == "100 %"
        QTest.keyClick(window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)


def test_less_detail_replaces_the_file_that_was_just_saved(
    window: Window, saved: Path, qtbot: QtBot
) -> None:
    before = saved.read_bytes()
    window.panel.detail_section.slider.setValue(100)
    with qtbot.waitSignal(window.saving.finished):
        QTest.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert saved.read_bytes() != before
    assert [path.name for path in saved.parent.glob("photo_x4*")] == ["photo_x4.png"]


def test_save_as_proposes_a_free_name_beside_the_photo_and_writes_it(
    window: Window, saved: Path, qtbot: QtBot
) -> None:
    QTest.mouseClick(window.bottom_bar.save_as_button, LEFT)
    dialog = open_dialog(SaveDialog)
    assert isinstance(dialog, SaveDialog)
    assert dialog.target == saved.with_name("photo_x4 (2).png")
    dialog.format_box.setCurrentIndex(dialog.format_box.findData("webp"))
    with qtbot.waitSignal(window.saving.finished):
        QTest.mouseClick(dialog.save_button, LEFT)
    image = QImage(str(saved.with_name("photo_x4 (2).webp")))
    assert (image.width(), image.height()) == (800, 600)


def test_a_lost_folder_is_told_with_a_button_that_helps_and_nothing_is_lost(
    window: Window, unsaved: Path, lost_folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    assert window.banner.isVisible()
    assert window.banner.remedy_button.text() == "Choose another folder…"
    assert not lost_folder.exists(), "a disk that is gone must not come back as an empty folder"
    assert window.bottom_bar.save_button.isEnabled()
    QTest.mouseClick(window.banner.remedy_button, LEFT)
    dialog = open_dialog(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    with qtbot.waitSignal(window.saving.finished) as finished:
        dialog.fileSelected.emit(str(tmp_path / "elsewhere"))
        dialog.close()
    assert finished.args == [True]
    assert (tmp_path / "elsewhere" / "photo_x4.png").exists()
    assert not window.banner.isVisible()


def test_all_results_can_be_saved_at_once(
    window: Window,
    show: Callable[..., None],
    photo_file: Maker,
    worker: FakeWorker,
    lost_folder: Path,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    show(photo_file("a.png"), photo_file("b.png"))
    window.commands.upscale()
    worker.finish()
    worker.finish()
    qtbot.waitUntil(lambda: not window.saving.is_busy)
    assert len(window.session.unsaved) == 2
    window.panel.save_section.set_folder(None)
    with qtbot.waitSignal(window.saving.finished):
        window.menus.save_all.trigger()
    assert (tmp_path / "a_x4.png").exists()
    assert (tmp_path / "b_x4.png").exists()
    assert not window.session.unsaved


def test_the_result_goes_to_the_clipboard_with_its_file(
    window: Window, saved: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(window.copying.copied):
        QTest.mouseClick(window.bottom_bar.copy_button, LEFT)
    data = QGuiApplication.clipboard().mimeData()
    assert data is not None
    assert data.hasImage()
    assert (data.imageData().width(), data.imageData().height()) == (800, 600)
    assert [Path(url.toLocalFile()) for url in data.urls()] == [saved]


def test_only_what_was_saved_can_be_dragged_out(
    window: Window, saved: Path, photo_file: Maker, qtbot: QtBot
) -> None:
    other = photo_file("other.png")
    window.opening.open_files([other])
    qtbot.waitUntil(lambda: window.session.current in window.session.photos[1:])
    rows = window.photo_list.model()
    drags = Qt.ItemFlag.ItemIsDragEnabled
    assert [bool(rows.flags(rows.index(row, 0)) & drags) for row in range(2)] == [True, False]
    result = window.session.photos[0].saved_as
    assert result is not None
    data = rows.mimeData([rows.index(0, 0)])
    assert [Path(url.toLocalFile()) for url in data.urls()] == [result]
    hand = Qt.CursorShape.OpenHandCursor
    assert window.bottom_bar.name_label.cursor().shape() is not hand
    window.session.select(window.session.photos[0].key)
    assert window.bottom_bar.name_label.cursor().shape() is hand


def test_the_saved_file_is_shown_in_its_folder(
    window: Window, saved: Path, opened: OpenedFolders, qtbot: QtBot
) -> None:
    QTest.mouseClick(window.bottom_bar.folder_button, LEFT)
    qtbot.waitUntil(lambda: opened.folders == [saved.parent])


def test_a_closed_photo_comes_back_beside_its_saved_result(
    window: Window, saved: Path, qtbot: QtBot
) -> None:
    window.menus.close_photo.trigger()
    assert window.session.state is SessionState.EMPTY
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.canvas.compares)
    assert not window.session.unsaved


# -- closing --------------------------------------------------------------------------------


def test_closing_shuts_the_worker_down_and_forgets_temporary_results(
    window: Window, worker: FakeWorker, saved: Path, home: Path
) -> None:
    window.close()
    assert not window.isVisible()
    assert worker.is_shut_down
    assert not list(home.rglob("results-*"))


def test_closing_waits_for_what_is_being_saved(window: Window, done: Path, qtbot: QtBot) -> None:
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert done.with_name("photo_x4.png").exists()


def test_closing_while_running_asks_nothing(
    window: Window, show: Callable[..., None], photo_file: Maker, worker: FakeWorker
) -> None:
    show(photo_file())
    window.commands.upscale()
    window.close()
    assert not window.isVisible()
    assert worker.is_shut_down


def test_closing_asks_before_a_result_is_lost(
    window: Window, unsaved: Path, worker: FakeWorker
) -> None:
    window.close()
    answer(QMessageBox.StandardButton.Cancel)
    assert window.isVisible()
    assert not worker.is_shut_down
    window.close()
    answer(QMessageBox.StandardButton.Discard)
    assert not window.isVisible()


def test_closing_saves_if_asked_to(
    window: Window, unsaved: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window.close()
    answer(QMessageBox.StandardButton.Save)
    dialog = open_dialog(SaveDialog)
    assert isinstance(dialog, SaveDialog)
    dialog.name_field.setText(str(tmp_path / "kept.png"))
    QTest.mouseClick(dialog.save_button, LEFT)
    qtbot.waitUntil(lambda: not window.isVisible())
    assert (tmp_path / "kept.png").exists()


def test_giving_up_the_save_keeps_the_window(window: Window, unsaved: Path, qtbot: QtBot) -> None:
    window.close()
    answer(QMessageBox.StandardButton.Save)
    open_dialog(SaveDialog).reject()
    assert window.isVisible()
    window.panel.save_section.set_folder(None)
    qtbot.waitUntil(lambda: not window.saving.is_busy)
    with qtbot.waitSignal(window.saving.finished):
        window.commands.save()
    assert window.isVisible()


def test_closing_with_several_results_saves_them_all_if_asked_to(
    window: Window,
    show: Callable[..., None],
    photo_file: Maker,
    worker: FakeWorker,
    lost_folder: Path,
    qtbot: QtBot,
) -> None:
    show(photo_file("a.png"), photo_file("b.png"))
    window.commands.upscale()
    worker.finish()
    worker.finish()
    qtbot.waitUntil(lambda: not window.saving.is_busy)
    lost_folder.mkdir()
    window.close()
    answer(QMessageBox.StandardButton.SaveAll)
    qtbot.waitUntil(lambda: not window.isVisible())
    assert (lost_folder / "a_x4.png").exists()
    assert (lost_folder / "b_x4.png").exists()


def test_closing_a_photo_asks_before_its_result_is_lost(window: Window, unsaved: Path) -> None:
    window.menus.close_photo.trigger()
    answer(QMessageBox.StandardButton.Cancel)
    assert window.session.photos
    window.menus.close_photo.trigger()
    answer(QMessageBox.StandardButton.Discard)
    assert window.session.state is SessionState.EMPTY
    assert window.empty_page.isVisible()


def test_the_window_comes_back_where_it_was(window: Window, qtbot: QtBot) -> None:
    window.resize(777, 555)
    window.close()
    again = Window(FakeWorker())
    assert (again.width(), again.height()) == (777, 555)
    again.close()


# -- the rest -------------------------------------------------------------------------------


def test_zoom_shortcuts(window: Window, done: Path) -> None:
    window.activateWindow()
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(window, Qt.Key.Key_1, control)
    assert window.canvas.viewport.scale == 1.0
    QTest.keyClick(window, Qt.Key.Key_Plus, control)
    assert window.canvas.viewport.scale > 1.0
    QTest.keyClick(window, Qt.Key.Key_0, control)
    assert window.canvas.viewport.follows_fit


@pytest.fixture
def dialogs(window: Window, qtbot: QtBot, tmp_path: Path) -> Iterator[list[QWidget]]:
    made: list[QDialog] = [
        SaveDialog(Path("a_x4.png"), Path("a.png"), parent=window),
        BatchDialog([tmp_path], Choices(), Experience(), window),
        ModelDialog(window, importer=lambda unet, autoencoder, say: None),
        ReportDialog(window),
        KeysDialog(window.menuBar(), window),
        LicencesDialog(window),
        UpdateDialog(window, False, lambda _on: None, NEWER),
        about_box(window),
    ]
    for dialog in made:
        dialog.show()
    yield list(made)
    for dialog in made:
        dialog.done(0)
        dialog.deleteLater()


@pytest.fixture
def queueing(qtbot: QtBot, photo_file: Maker) -> Iterator[Window]:
    """Another window, whose queue has a failed photo in it."""
    queue = JobQueue()
    made = Window(FakeWorker(), batch=WorkerHandle(Runner(FakeEngine().tools), queue))
    made.show()
    queue.add(Job(photo_file("bad.png")))
    queue.mark_failed(queue.jobs()[0].id, "Damaged picture", "“bad.png” is damaged.")
    made.menus.queue.setChecked(True)
    assert made.queue_page is not None
    assert made.queue_page.isVisible()
    yield made
    made.close_without_asking()
    queue.close()
    made.deleteLater()


def test_everything_has_a_name_for_screen_readers(
    window: Window, done: Path, dialogs: list[QWidget], queueing: Window
) -> None:
    named = (
        QAbstractButton,
        QAbstractItemView,
        QAbstractSlider,
        QAbstractSpinBox,
        QComboBox,
        QLabel,
        QLineEdit,
        QPlainTextEdit,
        QProgressBar,
    )
    unnamed = []
    for root in (window, queueing, *dialogs):
        for widget in (root, *root.findChildren(QWidget)):
            inside_qt = widget.objectName().startswith("qt_") or (
                type(widget).__module__.startswith("PySide6") and not isinstance(widget, named)
            )
            if isinstance(widget, QLabel) and not widget.text() and widget.pixmap().isNull():
                continue
            # Fields, lists and bars that Qt builds into its own widgets speak through those.
            inside_qt = inside_qt or isinstance(widget.parent(), QT_BUILDS)
            inside_qt = inside_qt or isinstance(widget, QScrollBar)
            # A button of Qt's own is called what is written on it.
            in_box = isinstance(widget.parent(), QDialogButtonBox)
            inside_qt = inside_qt or (in_box and bool(widget.property("text")))
            inside_qt = inside_qt or type(widget.parent()) is QFrame  # a combo box's list
            if not inside_qt and not widget.accessibleName():
                unnamed.append(f"{type(widget).__name__} {widget.objectName()}")
    assert unnamed == [], "\n".join(unnamed)


def test_every_command_of_the_menus_has_a_name(queueing: Window) -> None:
    link = DesktopLink((), Heard(), queueing)  # type: ignore[arg-type]
    queueing.menus.follow_desktop(link, queueing.after_work)
    menus = queueing.menuBar().findChildren(QMenu)
    actions = [action for menu in menus for action in menu.actions()]
    assert len(actions) > 40
    assert [action for action in actions if not action.isSeparator() and not action.text()] == []
    assert [menu.title() for menu in menus if menu.title() and not menu.accessibleName()] == []


def test_every_button_says_what_it_does(
    window: Window, done: Path, dialogs: list[QWidget], queueing: Window
) -> None:
    silent = [
        button.accessibleName()
        for root in (window, queueing, *dialogs)
        for button in root.findChildren(QAbstractButton)
        if not button.toolTip()
        and not button.objectName().startswith("qt_")
        and not isinstance(button.parent(), (*QT_BUILDS, QDialogButtonBox))
    ]
    assert silent == []


def test_the_keyboard_reaches_every_control(window: Window, saved: Path) -> None:
    window.activateWindow()
    window.canvas.setFocus()
    reached = set()
    for _ in range(60):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        reached.add(window.focusWidget())
    bar, panel = window.bottom_bar, window.panel
    assert {window.canvas.divider, bar.save_as_button, bar.copy_button} <= reached
    assert set(window.zoom_bar.findChildren(QAbstractButton)) <= reached
    # Buttons in a row are one stop: the arrow keys go from one to the next.
    assert any(button in reached for button in window.view_bar.buttons.values())
    assert {panel.detail_section.slider, panel.save_section.format_box} <= reached
    assert {panel.save_section.name_field, panel.advanced_section.toggle} <= reached


def test_colours_follow_the_system_while_running(
    window: Window, done: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    theme = Theme(qapp)

    def corner() -> int:
        return window.canvas.grab().toImage().pixelColor(2, 2).lightness()

    try:
        theme.apply(Appearance.LIGHT)
        qtbot.waitUntil(lambda: corner() > 200)
        light_sheet = window.styleSheet()
        theme.apply(Appearance.DARK)
        qtbot.waitUntil(lambda: corner() < 60)
        qtbot.waitUntil(lambda: window.styleSheet() != light_sheet)
        text = window.bottom_bar.upscale_button.palette().color(QPalette.ColorRole.ButtonText)
        assert text.lightness() > 150
    finally:
        theme.apply(Appearance.SYSTEM)


def test_about_tells_version_and_licence(window: Window) -> None:
    from bimaco_gui import __version__

    window.dialogs.show_about()
    box = open_dialog(QMessageBox)
    assert isinstance(box, QMessageBox)
    assert __version__ in box.text()
    assert "Apache" in box.informativeText()
    box.close()


def test_a_palette_change_event_restyles_once(window: Window, qtbot: QtBot) -> None:
    before = window.styleSheet()
    QApplication.sendEvent(window, QEvent(QEvent.Type.ApplicationPaletteChange))
    qtbot.wait(20)
    assert window.styleSheet() == before


def test_choices_and_recent_photos_are_remembered(
    window: Window, show: Callable[..., None], photo_file: Maker
) -> None:
    path = photo_file("yesterday.png")
    show(path)
    QTest.mouseClick(window.panel.size_section.factor_buttons[3], LEFT)
    window.panel.save_section.gps_box.setChecked(True)
    window.panel.save_section.name_field.setText("{name}-big")
    window.panel.detail_section.slider.setValue(70)
    window.close()
    again = Window(FakeWorker())
    options = again.session.choices.options
    assert (options.scale, options.strip_gps, options.fidelity) == (3.0, True, 0.7)
    assert again.panel.size_section.factor_buttons[3].isChecked()
    assert again.panel.save_section.name_field.text() == "{name}-big"
    assert load_settings().recent_files == (str(path),)
    again.close()


def test_a_template_that_cannot_be_used_is_told_and_not_used(
    window: Window, show: Callable[..., None], photo_file: Maker
) -> None:
    show(photo_file("photo.png", 60, 40))
    section = window.panel.save_section
    section.name_field.setText("{name}_{width}")
    assert section.example_label.text() == "photo_240.png"
    section.name_field.setText("{nam")
    assert "brace" in section.example_label.text()
    assert window.session.choices.options.template == "{name}_{width}"


def test_what_is_wrong_with_a_template_is_told_in_the_window_s_language(
    window: Window, qapp: QApplication
) -> None:
    translator = TextTranslator("de")
    qapp.installTranslator(translator)
    try:
        section = window.panel.save_section
        section.name_field.setText("{nam}")
        assert section.example_label.text().startswith("„{nam}“ ist unbekannt: bitte {name}")
        assert section.example_label.objectName() == "strong"
        section.name_field.setText("{name}")
        assert section.example_label.objectName() == "quiet"
    finally:
        qapp.removeTranslator(translator)


def test_any_size_in_pixels_can_be_asked_for(
    window: Window, show: Callable[..., None], photo_file: Maker
) -> None:
    show(photo_file("photo.png", 60, 40))
    section = window.panel.size_section
    QTest.mouseClick(section.other_button, LEFT)
    section.side_field.setValue(150)
    assert "60 × 40 → 150 × 100" in window.bottom_bar.size_label.whole_text
    section.kind_box.setCurrentIndex(section.kind_box.findData("height"))
    assert "60 × 40 → 225 × 150" in window.bottom_bar.size_label.whole_text
    section.kind_box.setCurrentIndex(section.kind_box.findData("scale"))
    section.factor_field.setValue(1.5)
    assert "60 × 40 → 90 × 60" in window.bottom_bar.size_label.whole_text


def test_one_of_several_graphics_cards_can_be_chosen(
    window: Window, show: Callable[..., None], photo_file: Maker, worker: FakeWorker
) -> None:
    box = window.panel.advanced_section.device_box
    window.panel.show_gpus([Gpu("cuda:0", "Ada 2000"), Gpu("cuda:1", "Ada 4000")])
    assert [box.itemText(row) for row in range(box.count())][2:] == ["Ada 2000", "Ada 4000"]
    assert window.session.choices.options.device == "auto"
    box.setCurrentIndex(3)
    show(photo_file())
    window.commands.upscale()
    assert worker.job.options.device == "cuda:1"
    window.close()
    again = Window(FakeWorker())
    again_box = again.panel.advanced_section.device_box
    assert again_box.currentText() == "Graphics card 2", "until it is known what there is"
    again.panel.show_gpus([Gpu("cuda:0", "Ada 2000"), Gpu("cuda:1", "Ada 4000")])
    assert again_box.currentText() == "Ada 4000"
    assert again.session.choices.options.device == "cuda:1"
    again.close()


@pytest.mark.parametrize(
    ("title", "button", "changed"),
    [
        ("Not enough memory", "Use smaller tiles", ("tile", 96)),
        ("The computation failed", "Use the processor", ("device", "cpu")),
        ("Model not found", "Use the bundled model", ("model", None)),
    ],
)
def test_a_failure_comes_with_one_button_that_helps(
    window: Window,
    show: Callable[..., None],
    photo_file: Maker,
    worker: FakeWorker,
    title: str,
    button: str,
    changed: tuple[str, object],
) -> None:
    show(photo_file())
    window.commands.upscale()
    worker.fail(title, "So it is.")
    assert window.banner.remedy_button.text() == button
    QTest.mouseClick(window.banner.remedy_button, LEFT)
    assert not window.banner.isVisible()
    assert len(worker.jobs) == 2
    assert getattr(worker.job.options, changed[0]) == changed[1]


def test_what_is_worth_knowing_of_a_result_is_said(
    window: Window, show: Callable[..., None], photo_file: Maker, worker: FakeWorker
) -> None:
    show(photo_file())
    window.commands.upscale()
    worker.finish("The first of several frames was used.")
    assert "first of several frames" in window.bottom_bar.size_label.whole_text


def test_keys_change_the_way_to_compare(window: Window, saved: Path) -> None:
    window.activateWindow()
    for key, mode in (
        (Qt.Key.Key_2, ViewMode.SIDE_BY_SIDE),
        (Qt.Key.Key_3, ViewMode.RESULT),
        (Qt.Key.Key_4, ViewMode.DIFFERENCE),
        (Qt.Key.Key_1, ViewMode.SLIDER),
    ):
        QTest.keyClick(window, key)
        assert window.canvas.mode is mode
        assert window.view_bar.buttons[mode].isChecked()


def test_folders_open_the_plan_and_start_the_queue(
    qtbot: QtBot, worker: FakeWorker, photo_file: Maker, tmp_path: Path, home: Path
) -> None:
    (tmp_path / "album").mkdir()
    photo_file("album/one.png")
    queue = JobQueue()
    window = Window(worker, batch=WorkerHandle(Runner(FakeEngine().tools), queue))
    window.show()
    drop(window, tmp_path / "album")
    dialog = open_dialog(BatchDialog)
    assert isinstance(dialog, BatchDialog)
    qtbot.waitUntil(dialog.start_button.isEnabled)
    QTest.mouseClick(dialog.start_button, LEFT)
    assert window.queue_page is not None
    assert window.queue_page.isVisible()
    qtbot.waitUntil(lambda: queue.counts()[JobState.DONE] == 1)
    assert (tmp_path / "album" / "one_x4.png").exists()
    (item,) = queue.jobs()
    window.queue_page.result_wanted.emit(item)
    qtbot.waitUntil(lambda: window.canvas.compares)
    assert window.bottom_bar.size_label.whole_text == "Saved as one_x4.png"
    assert window.session.startable == ()
    assert not window.session.unsaved
    window.close()
    assert window.ended_cleanly
    queue.close()
    window.deleteLater()


@pytest.mark.parametrize("language", ["en", "de", "zh_CN"])
def test_no_text_of_a_button_is_cut_off_in_any_language(
    qtbot: QtBot,
    qapp: QApplication,
    worker: FakeWorker,
    photo_file: Maker,
    language: str,
    tmp_path: Path,
) -> None:
    translator = TextTranslator(language)
    qapp.installTranslator(translator)
    try:
        window = Window(worker)
        window.resize(1120, 700)
        window.show()
        drop(window, photo_file("photo.png", 200, 150))
        qtbot.waitUntil(lambda: not window.canvas.viewport.is_empty)
        window.panel.advanced_section.toggle.setChecked(True)
        window.panel.size_section.other_button.click()
        dialogs: list[QDialog] = [
            SaveDialog(Path("a_x4.png"), Path("a.png"), parent=window),
            BatchDialog([tmp_path], Choices(), Experience(), window),
            ModelDialog(window, importer=lambda unet, autoencoder, say: None),
            ReportDialog(window),
            UpdateDialog(window, False, lambda _on: None, NEWER),
        ]
        for dialog in dialogs:
            dialog.show()
        qtbot.wait(50)
        window.commands.upscale()
        worker.finish()
        qtbot.waitUntil(lambda: window.canvas.compares)
        for width in (1120, window.minimumWidth()):
            window.resize(width, 600)
            bars = (window.view_bar.geometry(), window.zoom_bar.geometry())
            assert not bars[0].intersects(bars[1])
            assert all(window.canvas.rect().contains(bar) for bar in bars)
        queue = JobQueue()
        queueing = Window(worker, batch=WorkerHandle(Runner(FakeEngine().tools), queue))
        queueing.resize(queueing.minimumSize())
        queueing.show()
        queueing.menus.queue.setChecked(True)
        assert queueing.queue_page is not None
        queueing.queue_page.back_button.show()
        qtbot.wait(50)
        window.resize(1120, 700)

        def cut_off() -> list[str]:
            return [
                f"{type(root).__name__}: {one.text()} {one.width()} {one.sizeHint().width()}"
                for root in (window, queueing, *dialogs)
                for one in root.findChildren(QAbstractButton)
                if one.isVisible() and one.text() and one.width() < one.sizeHint().width()
            ]

        # A text that has just changed gets its room with the next events.
        qtbot.waitUntil(lambda: cut_off() == [])
        queueing.close_without_asking()
        queueing.deleteLater()
        queue.close()
        for dialog in dialogs:
            dialog.done(0)
        window.close_without_asking()
        window.deleteLater()
    finally:
        qapp.removeTranslator(translator)
