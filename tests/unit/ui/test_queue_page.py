"""The queue's page over the real queue and the real worker; only the engine is a stand-in."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAction, QUndoStack
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bimaco_gui.services.batch import BatchRequest, preflight
from bimaco_gui.services.estimate import Experience
from bimaco_gui.services.events import CancelledEvent, Done, Event, Failed, Started, Working
from bimaco_gui.services.jobs import Job
from bimaco_gui.services.queue import JobQueue
from bimaco_gui.services.queue_events import JobState
from bimaco_gui.services.runner import Runner
from bimaco_gui.services.worker import WorkerHandle
from bimaco_gui.ui.background import Background
from bimaco_gui.ui.queue_control import QueueControl
from bimaco_gui.ui.queue_model import ITEM_ROLE, Progress
from bimaco_gui.ui.queue_page import QueuePage
from bimaco_gui.ui.queue_strip import QueueStrip
from tests.unit.services.fakes import FakeEngine

LEFT = Qt.MouseButton.LeftButton
Maker = Callable[..., Path]


@dataclass
class SteppedRunner:
    """Finishes a job each time `go` is released; fails what is called bad."""

    go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    ran: list[str] = field(default_factory=list)

    def run_job(self, job: Job, emit: Callable[[Event], None], cancel: threading.Event) -> None:
        self.ran.append(job.input.name)
        emit(Started(job, 40, 30, 160, 120))
        emit(Working(job, 0.5, 1.0, 7.0))
        while not self.go.acquire(timeout=0.01):
            if cancel.is_set():
                emit(CancelledEvent(job))
                return
        if job.input.name.startswith("bad"):
            emit(Failed(job, "Damaged picture", f"“{job.input.name}” is damaged."))
            return
        assert job.output is not None
        job.output.write_bytes(b"result")
        emit(Done(job, job.output, 160, 120, 1.0))


@pytest.fixture
def runner() -> SteppedRunner:
    return SteppedRunner()


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[JobQueue]:
    with JobQueue(tmp_path / "queue.sqlite3") as made:
        yield made


@pytest.fixture
def page(
    qtbot: QtBot, qapp: QApplication, queue: JobQueue, runner: SteppedRunner
) -> Iterator[QueuePage]:
    background = Background()
    control = QueueControl(
        WorkerHandle(runner, queue), background, Experience, QUndoStack(qapp), qapp
    )
    made = QueuePage(control)
    made.resize(800, 600)
    made.show()
    qtbot.addWidget(made)
    yield made
    assert control.close()
    background.close()
    control.deleteLater()


@pytest.fixture
def control(page: QueuePage) -> QueueControl:
    return page._control


@pytest.fixture
def filled(control: QueueControl, photo_file: Maker, tmp_path: Path, qtbot: QtBot) -> list[str]:
    """Four photos are in the queue, and the first one runs."""
    names = ["a.png", "bad.png", "c.png", "d.png"]
    files = tuple(photo_file(name) for name in names)
    control.add(preflight(BatchRequest(files, output=tmp_path / "out", output_is_folder=True)))
    (tmp_path / "out").mkdir()
    qtbot.waitUntil(lambda: control.rows.counts[JobState.RUNNING] == 1)
    return names


def names(control: QueueControl) -> list[str]:
    return [item.job.input.name for item in control.rows.items]


def spoken(control: QueueControl) -> list[str]:
    rows = control.rows
    role = Qt.ItemDataRole.AccessibleTextRole
    return [rows.index(row, 0).data(role) for row in range(rows.rowCount())]


def choose(page: QueuePage, *rows: int) -> None:
    model = page.list.selectionModel()
    model.clearSelection()
    for row in rows:
        index = page._control.rows.index(row, 0)
        model.select(index, model.SelectionFlag.Select)
    page.list.setCurrentIndex(page._control.rows.index(rows[0], 0))
    for row in rows:
        model.select(page._control.rows.index(row, 0), model.SelectionFlag.Select)


def test_each_row_says_how_its_photo_stands(
    control: QueueControl, page: QueuePage, filled: list[str], runner: SteppedRunner, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: spoken(control)[0] == "a.png, 50 %")
    assert spoken(control)[1:] == [f"{name}, Waiting" for name in filled[1:]]
    control.rows.set_progress(Progress(control.rows.items[0].id, 1.0, 3.0))
    assert spoken(control)[0] == "a.png, Finishing…"
    runner.go.release(4)
    qtbot.waitUntil(lambda: not control.is_busy)
    assert spoken(control) == [
        "a.png, Done",
        "bad.png, Damaged picture",
        "c.png, Done",
        "d.png, Done",
    ]
    tip = control.rows.index(1, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "is damaged" in tip
    qtbot.waitUntil(lambda: page.detail_label.text() == "1 failed")
    assert page.grab().toImage().width() == 800


def test_pause_holds_and_resume_goes_on(
    control: QueueControl,
    page: QueuePage,
    queue: JobQueue,
    filled: list[str],
    runner: SteppedRunner,
    qtbot: QtBot,
) -> None:
    qtbot.waitUntil(page.pause_button.isEnabled)
    QTest.mouseClick(page.pause_button, LEFT)
    assert queue.paused
    assert page.pause_button.text() == "Resume"
    runner.go.release(4)
    qtbot.wait(150)
    assert len(runner.ran) == 1
    QTest.mouseClick(page.pause_button, LEFT)
    qtbot.waitUntil(lambda: not control.is_busy)
    assert page.pause_button.text() == "Pause"


def test_what_failed_runs_again_alone(
    control: QueueControl, page: QueuePage, filled: list[str], runner: SteppedRunner, qtbot: QtBot
) -> None:
    runner.go.release(4)
    qtbot.waitUntil(lambda: not control.is_busy)
    qtbot.waitUntil(page.retry_button.isEnabled)
    QTest.mouseClick(page.retry_button, LEFT)
    qtbot.waitUntil(lambda: control.rows.counts[JobState.RUNNING] == 1)
    runner.go.release()
    qtbot.waitUntil(lambda: not control.is_busy)
    assert runner.ran == [*filled, "bad.png"]


def test_what_failed_is_in_sight_when_all_is_over(
    control: QueueControl,
    page: QueuePage,
    runner: SteppedRunner,
    photo_file: Maker,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    (tmp_path / "out").mkdir()
    files = [photo_file(f"{number}.png") for number in range(12)]
    files.append(photo_file("bad.png"))
    request = BatchRequest(tuple(files), output=tmp_path / "out", output_is_folder=True)
    control.add(preflight(request))
    runner.go.release(13)
    qtbot.waitUntil(lambda: control.rows.rowCount() == 13 and not control.is_busy)
    bad = control.rows.index(12, 0)
    qtbot.waitUntil(lambda: page.list.viewport().rect().contains(page.list.visualRect(bad)))
    qtbot.waitUntil(lambda: page.detail_label.text() == "1 failed")
    assert page.detail_label.objectName() == "strong"


def test_what_failed_is_not_called_done(
    control: QueueControl, page: QueuePage, filled: list[str], runner: SteppedRunner, qtbot: QtBot
) -> None:
    strip = QueueStrip(control)
    qtbot.addWidget(strip)
    strip.show()
    assert "0 of 4 photo(s) finished" in strip.label.whole_text
    assert strip.bar.isVisible()
    runner.go.release(4)
    qtbot.waitUntil(lambda: "3 of 4 photo(s) done" in strip.label.whole_text)
    assert strip.label.whole_text.endswith("1 failed")
    assert not strip.bar.isVisible(), "nothing is under way"
    qtbot.waitUntil(lambda: page.summary_label.whole_text == "3 of 4 photo(s) done")


def test_rows_move_by_keys_and_by_drags_and_back_by_undo(
    control: QueueControl, page: QueuePage, filled: list[str], qtbot: QtBot
) -> None:
    choose(page, 3)
    QTest.keyClick(page.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: names(control) == ["a.png", "bad.png", "d.png", "c.png"])
    assert page.list.currentIndex().data(ITEM_ROLE).job.input.name == "d.png"
    rows = control.rows
    dragged = rows.mimeData([rows.index(3, 0)])
    rows.dropMimeData(dragged, Qt.DropAction.MoveAction, 1, 0, QModelIndex())
    qtbot.waitUntil(lambda: names(control) == ["a.png", "c.png", "bad.png", "d.png"])
    control.undo_stack.undo()
    control.undo_stack.undo()
    qtbot.waitUntil(lambda: names(control) == filled)


def test_delete_takes_rows_off_and_undo_brings_them_back(
    control: QueueControl, page: QueuePage, filled: list[str], runner: SteppedRunner, qtbot: QtBot
) -> None:
    choose(page, 1, 2)
    QTest.keyClick(page.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: names(control) == ["a.png", "d.png"])
    control.undo_stack.undo()
    qtbot.waitUntil(lambda: names(control) == filled)
    runner.go.release(4)
    qtbot.waitUntil(lambda: not control.is_busy)
    assert sorted(runner.ran) == filled


def test_deleting_what_runs_cancels_it(
    control: QueueControl, page: QueuePage, filled: list[str], qtbot: QtBot
) -> None:
    choose(page, 0)
    QTest.keyClick(page.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: spoken(control)[0] == "a.png, Cancelled")
    qtbot.waitUntil(page.cancel_button.isEnabled)
    QTest.mouseClick(page.cancel_button, LEFT)
    qtbot.waitUntil(lambda: not control.is_busy)
    assert {text.split(", ")[1] for text in spoken(control)} == {"Cancelled"}


def test_the_menu_of_a_row_offers_what_can_be_done(
    control: QueueControl, page: QueuePage, filled: list[str], runner: SteppedRunner, qtbot: QtBot
) -> None:
    runner.go.release(2)
    qtbot.waitUntil(lambda: control.rows.counts[JobState.FAILED] == 1)

    def enabled(row: int) -> set[str]:
        choose(page, row)
        actions: list[QAction] = page.row_menu(page.list.chosen()).actions()
        return {a.text().replace("&", "") for a in actions if a.isEnabled() and a.text()}

    assert {"Compare with the photo", "Run again"} <= enabled(0)
    assert {"Run again", "Copy reason"} <= enabled(1)
    assert "Cancel" in enabled(3)
    assert "Run again" not in enabled(3)


def test_finished_rows_are_cleared_at_once(
    control: QueueControl, page: QueuePage, filled: list[str], runner: SteppedRunner, qtbot: QtBot
) -> None:
    runner.go.release(2)
    qtbot.waitUntil(lambda: control.done_and_total() == (2, 4))
    qtbot.waitUntil(page.clear_button.isEnabled)
    QTest.mouseClick(page.clear_button, LEFT)
    qtbot.waitUntil(lambda: names(control) == ["c.png", "d.png"])


def test_thumbnails_come_with_what_is_in_sight(
    control: QueueControl, page: QueuePage, filled: list[str], qtbot: QtBot
) -> None:
    from bimaco_gui.ui.queue_model import THUMBNAIL_ROLE

    page.grab()
    rows = control.rows
    qtbot.waitUntil(lambda: rows.index(3, 0).data(THUMBNAIL_ROLE) is not None)


def test_a_queue_of_an_earlier_run_is_there_and_goes_on(
    qtbot: QtBot, qapp: QApplication, queue: JobQueue, tmp_path: Path, photo_file: Maker
) -> None:
    queue.add_all([Job(photo_file("left.png"), tmp_path / "left_x4.png")])
    assert queue.next() is not None, "it ran when the program was killed"
    runner = SteppedRunner()
    background = Background()
    control = QueueControl(
        WorkerHandle(runner, queue), background, Experience, QUndoStack(qapp), qapp
    )
    assert control.rows.counts[JobState.RUNNING] == 1
    control.start()
    runner.go.release()
    qtbot.waitUntil(lambda: control.rows.counts[JobState.DONE] == 1)
    assert control.close()
    background.close()
    control.deleteLater()


def test_a_folder_that_is_gone_makes_the_queue_wait_and_say_why(
    qtbot: QtBot, qapp: QApplication, queue: JobQueue, tmp_path: Path, photo_file: Maker
) -> None:
    out = tmp_path / "stick"
    out.mkdir()
    engine = FakeEngine()
    background = Background()
    worker = WorkerHandle(Runner(engine.tools), queue)
    control = QueueControl(worker, background, Experience, QUndoStack(qapp), qapp)
    page = QueuePage(control)
    qtbot.addWidget(page)
    page.show()
    queue.add_all([Job(photo_file(f"{n}.png"), out / f"{n}_x4.png") for n in "ab"])
    out.rename(tmp_path / "pulled out")
    worker.resume()
    qtbot.waitUntil(lambda: control.is_paused)
    qtbot.waitUntil(lambda: "stick" in page.detail_label.text())
    assert page.pause_button.text() == "Resume"
    assert not out.exists()
    assert control.rows.counts[JobState.FAILED] == 0
    (tmp_path / "pulled out").rename(out)
    QTest.mouseClick(page.pause_button, LEFT)
    qtbot.waitUntil(lambda: control.rows.counts[JobState.DONE] == 2)
    qtbot.waitUntil(lambda: page.pause_button.text() == "Pause")
    assert sorted(path.name for path in out.iterdir()) == ["a_x4.png", "b_x4.png"]
    assert control.close()
    background.close()
    control.deleteLater()


# -- other programs -------------------------------------------------------------------------


def test_what_the_command_line_adds_is_shown_and_done(
    page: QueuePage,
    control: QueueControl,
    runner: SteppedRunner,
    queue: JobQueue,
    photo_file: Maker,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    control.start()
    file = tmp_path / "queue.sqlite3"
    command = ["-m", "bimaco_gui", "queue", "add", photo_file("theirs.png"), "--file", file]
    subprocess.run([sys.executable, *map(str, command)], check=True, capture_output=True)
    qtbot.waitUntil(lambda: names(control) == ["theirs.png"])
    qtbot.waitUntil(lambda: runner.ran == ["theirs.png"])
    runner.go.release()
    qtbot.waitUntil(lambda: control.rows.counts[JobState.DONE] == 1)


def test_another_program_s_edits_are_followed(
    page: QueuePage,
    control: QueueControl,
    runner: SteppedRunner,
    queue: JobQueue,
    tmp_path: Path,
    filled: list[str],
    qtbot: QtBot,
) -> None:
    with JobQueue(tmp_path / "queue.sqlite3") as theirs:
        rows = {item.job.input.name: item.id for item in theirs.jobs()}
        theirs.reorder([rows[name] for name in ("a.png", "d.png", "c.png", "bad.png")])
        qtbot.waitUntil(lambda: names(control) == ["a.png", "d.png", "c.png", "bad.png"])
        theirs.remove(rows["c.png"])
        theirs.cancel_waiting(rows["bad.png"])
        qtbot.waitUntil(lambda: names(control) == ["a.png", "d.png", "bad.png"])
        assert spoken(control)[2] == "bad.png, Cancelled"
        assert control.rows.counts[JobState.CANCELLED] == 1
        theirs.pause()
        qtbot.waitUntil(lambda: control.is_paused)
        theirs.resume()
    runner.go.release(2)
    qtbot.waitUntil(lambda: control.rows.counts[JobState.DONE] == 2)
    assert runner.ran == ["a.png", "d.png"]
