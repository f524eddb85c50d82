"""What the desktop hears of the work, from the first job to the last."""

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from bimaco_gui.services.events import CancelledEvent, Done, Failed, Started, TileDone, Working
from bimaco_gui.services.jobs import Job
from bimaco_gui.services.queue import JobQueue
from bimaco_gui.ui import desktop_link
from bimaco_gui.ui.desktop_link import DesktopLink


class Heard:
    """Stands in for `Desktop`."""

    def __init__(self) -> None:
        self.awake: list[bool] = []
        self.progress: list[float | None] = []
        self.notes: list[tuple[str, str]] = []

    def keep_awake(self, reason: str) -> None:
        assert reason
        self.awake.append(True)

    def allow_sleep(self) -> None:
        self.awake.append(False)

    def show_progress(self, fraction: float | None) -> None:
        self.progress.append(fraction)

    def notify(self, title: str, body: str) -> None:
        self.notes.append((title, body))

    def close(self) -> None:
        pass


class Work(QObject):
    """A worker whose jobs the test moves along."""

    happened = Signal(object)

    def __init__(self, jobs: int) -> None:
        super().__init__()
        self.event = self.happened
        self.queue = JobQueue()
        self.queue.add_all([Job(Path(f"{n}.png")) for n in range(jobs)])

    def start(self) -> Job:
        job = self.queue.next()
        assert job is not None
        self.happened.emit(Started(job, 8, 6, 32, 24))
        return job

    def tile(self, job: Job, done: int, total: int) -> None:
        self.happened.emit(TileDone(job, done, total, 1.0, None))

    def work(self, job: Job, fraction: float) -> None:
        self.happened.emit(Working(job, fraction, 1.0, None))

    def fail(self, job: Job) -> None:
        self.queue.mark_failed(job.id, "No luck", "It did not work.")
        self.happened.emit(Failed(job, "No luck", "It did not work."))

    def stop(self, job: Job) -> None:
        self.queue.mark_cancelled(job.id)
        self.happened.emit(CancelledEvent(job))

    def finish(self, job: Job) -> None:
        self.queue.mark_done(job.id, Path("out.png"))
        self.happened.emit(Done(job, Path("out.png"), 32, 24, 1.0))


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture(autouse=True)
def behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desktop_link, "_is_in_front", lambda: False)


def linked(heard: Heard, *works: Work) -> DesktopLink:
    return DesktopLink(works, heard)  # type: ignore[arg-type]


def test_it_stays_awake_from_the_first_job_to_the_last(qtbot: QtBot, heard: Heard) -> None:
    work = Work(2)
    link = linked(heard, work)
    assert heard.awake == []
    with qtbot.waitSignal(link.finished) as finished:
        for _ in range(2):
            job = work.start()
            work.tile(job, 1, 2)
            assert heard.awake == [True]
            work.finish(job)
    assert heard.awake == [True, False]
    assert finished.args == [2, 0]


def test_progress_is_that_of_all_jobs_and_never_goes_back(qtbot: QtBot, heard: Heard) -> None:
    work = Work(4)
    link = linked(heard, work)
    for n in range(4):
        job = work.start()
        for fraction in (0.2, 0.6, 0.5, 1.0):
            work.work(job, fraction)
        if n == 1:
            assert heard.progress[-1] == pytest.approx(0.5)
        work.fail(job) if n == 2 else work.finish(job)
    *bar, last = heard.progress
    assert last is None
    assert bar == sorted(bar, key=lambda fraction: fraction or 0)
    assert bar[-1] == 1
    assert len(bar) < 25
    link.deleteLater()


@pytest.mark.parametrize(
    ("outcomes", "note"),
    [
        ("d", ("1 photo(s) done", "")),
        ("ddd", ("3 photo(s) done", "")),
        ("dfd", ("2 photo(s) done", "1 photo(s) failed")),
        ("dc", ("1 photo(s) done", "")),
    ],
)
def test_the_end_is_told_when_nobody_looks(
    qtbot: QtBot, heard: Heard, outcomes: str, note: tuple[str, str]
) -> None:
    work = Work(len(outcomes))
    link = linked(heard, work)
    for outcome in outcomes:
        {"d": work.finish, "f": work.fail, "c": work.stop}[outcome](work.start())
    assert heard.notes == [note]
    link.deleteLater()


def test_it_is_not_told_to_who_looks_or_wants_none_or_stopped_it(
    qtbot: QtBot, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Work(3)
    link = linked(heard, work)
    for _ in range(3):
        work.stop(work.start())
    link.notifies = False
    work.queue.add(Job(Path("a.png")))
    work.finish(work.start())
    link.notifies = True
    monkeypatch.setattr(desktop_link, "_is_in_front", lambda: True)
    work.queue.add(Job(Path("b.png")))
    work.finish(work.start())
    assert heard.notes == []
    assert heard.awake == [True, False] * 3
    link.deleteLater()


def test_two_workers_are_one_work(qtbot: QtBot, heard: Heard) -> None:
    photos, batch = Work(1), Work(1)
    link = linked(heard, photos, batch)
    first, second = photos.start(), batch.start()
    photos.finish(first)
    assert heard.awake == [True]
    batch.finish(second)
    assert heard.awake == [True, False]
    assert heard.notes == [("2 photo(s) done", "")]
    link.deleteLater()
