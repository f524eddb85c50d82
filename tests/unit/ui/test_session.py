from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bimaco_gui import paths
from bimaco_gui.ui.photo import PhotoState
from bimaco_gui.ui.problem import Problem
from bimaco_gui.ui.session import Session, SessionState
from tests.unit.ui.fakes import FakeWorker

Maker = Callable[..., Path]


@pytest.fixture
def opened(session: Session, qtbot: QtBot) -> Callable[..., None]:
    """Opens files and waits until each is ready or gone."""

    def open_and_wait(*files: Path, upscale_at_once: bool = False) -> None:
        session.open(files, upscale_at_once)
        qtbot.waitUntil(
            lambda: all(photo.state is not PhotoState.OPENING for photo in session.photos)
        )

    return open_and_wait


def states(session: Session) -> list[PhotoState]:
    return [photo.state for photo in session.photos]


def test_begins_empty(session: Session) -> None:
    assert session.state is SessionState.EMPTY
    assert session.current is None


def test_a_photo_becomes_ready_with_its_size(
    session: Session, opened: Callable[..., None], photo_file: Maker
) -> None:
    opened(photo_file("a.png", 40, 30))
    assert session.state is SessionState.READY
    assert session.current is not None
    assert (session.current.width, session.current.height) == (40, 30)
    assert session.current.thumbnail is not None


def test_from_ready_over_running_to_done(
    session: Session, opened: Callable[..., None], photo_file: Maker, worker: FakeWorker
) -> None:
    path = photo_file()
    seen: list[SessionState] = []
    session.state_changed.connect(seen.append)
    opened(path)
    session.upscale()
    assert worker.job.input == path
    assert worker.job.output is not None
    assert paths.cache_folder() in worker.job.output.parents
    worker.start(40, 30)
    worker.tile(1, 4, 9.0)
    assert session.running is not None
    assert session.running.fraction == 0.25
    assert session.running.remaining == 9.0
    result = worker.finish()
    assert session.current is not None
    assert session.current.result == result
    assert session.current.has_unsaved_result
    assert seen == [SessionState.READY, SessionState.RUNNING, SessionState.DONE]


def test_progress_comes_from_inside_tiles_too_and_never_falls(
    session: Session, opened: Callable[..., None], photo_file: Maker, worker: FakeWorker
) -> None:
    opened(photo_file())
    session.upscale()
    worker.start(40, 30)
    told = []
    for tell in (
        lambda: worker.work(0.2),
        lambda: worker.work(0.45, 3.0),
        lambda: worker.tile(1, 3, 2.5),
        lambda: worker.work(0.6, 1.0),
    ):
        tell()
        assert session.running is not None
        told.append((session.running.fraction, session.running.remaining))
    assert told == [(0.2, None), (0.45, 3.0), (0.45, 2.5), (0.6, 1.0)]


def test_a_failure_is_kept_told_and_can_be_tried_again(
    session: Session, opened: Callable[..., None], photo_file: Maker, worker: FakeWorker
) -> None:
    told: list[Problem] = []
    session.problem_occurred.connect(told.append)
    opened(photo_file())
    session.upscale()
    worker.fail("No luck", "It did not work.")
    assert session.state is SessionState.FAILED
    assert [problem.title for problem in told] == ["No luck"]
    session.upscale()
    assert session.state is SessionState.RUNNING
    worker.finish()
    assert session.state is SessionState.DONE
    assert session.current is not None
    assert session.current.problem is None


def test_cancel_stops_this_job_and_makes_the_photo_ready_again(
    session: Session, opened: Callable[..., None], photo_file: Maker, worker: FakeWorker
) -> None:
    opened(photo_file())
    session.upscale()
    session.cancel()
    assert worker.cancelled == [worker.job.id]
    worker.stop()
    assert session.state is SessionState.READY
    assert session.startable


def test_several_photos_are_upscaled_one_after_another(
    session: Session, opened: Callable[..., None], photo_file: Maker, worker: FakeWorker
) -> None:
    files = [photo_file(f"{name}.png") for name in "abc"]
    opened(*files)
    assert session.current is not None
    assert session.current.path == files[0]
    session.upscale()
    assert states(session) == [PhotoState.RUNNING, PhotoState.WAITING, PhotoState.WAITING]
    assert len(worker.jobs) == 1
    worker.finish()
    worker.fail()
    worker.finish()
    assert [job.input for job in worker.jobs] == files
    assert states(session) == [PhotoState.DONE, PhotoState.FAILED, PhotoState.DONE]
    assert session.running is None


def test_the_shown_photo_comes_first(
    session: Session, opened: Callable[..., None], photo_file: Maker, worker: FakeWorker
) -> None:
    files = [photo_file(f"{name}.png") for name in "abc"]
    opened(*files)
    session.select(session.photos[2].key)
    session.upscale()
    worker.finish()
    worker.finish()
    assert [job.input for job in worker.jobs] == [files[2], files[0], files[1]]


def test_cancel_empties_the_line(
    session: Session, opened: Callable[..., None], photo_file: Maker, worker: FakeWorker
) -> None:
    opened(*(photo_file(f"{name}.png") for name in "abc"))
    session.upscale()
    session.cancel()
    worker.stop()
    assert states(session) == [PhotoState.READY] * 3
    assert len(worker.jobs) == 1


def test_bad_files_leave_the_list_and_are_told_together(
    session: Session, opened: Callable[..., None], photo_file: Maker, tmp_path: Path
) -> None:
    bad = [tmp_path / "one.png", tmp_path / "two.png"]
    for path in bad:
        path.write_text("no picture")
    told: list[Problem] = []
    session.problem_occurred.connect(told.append)
    opened(bad[0], photo_file("good.png"), bad[1])
    assert [photo.name for photo in session.photos] == ["good.png"]
    assert session.state is SessionState.READY
    assert len(told) == 1
    assert told[0].title == "2 file(s) could not be opened"
    for path in bad:
        assert path.name in told[0].message
        assert str(path) in told[0].details


def test_a_bad_file_does_not_take_the_place_of_the_photo_on_show(
    session: Session, opened: Callable[..., None], photo_file: Maker, tmp_path: Path
) -> None:
    opened(photo_file("good.png"))
    bad = tmp_path / "bad.png"
    bad.write_text("no picture")
    shown: list[object] = []
    session.current_changed.connect(shown.append)
    opened(bad)
    assert shown == []
    assert session.current is not None
    assert session.current.name == "good.png"


def test_a_photo_opened_again_is_shown_and_not_added(
    session: Session, opened: Callable[..., None], photo_file: Maker
) -> None:
    first, second = photo_file("a.png"), photo_file("b.png")
    opened(first, second)
    opened(second)
    assert len(session.photos) == 2
    assert session.current is not None
    assert session.current.path == second


def test_upscale_at_once_needs_no_button(
    session: Session, opened: Callable[..., None], photo_file: Maker, worker: FakeWorker
) -> None:
    opened(photo_file("a.png"), photo_file("b.png"), upscale_at_once=True)
    assert len(worker.jobs) == 1
    worker.finish()
    assert {job.input.name for job in worker.jobs} == {"a.png", "b.png"}


def test_what_is_still_being_opened_starts_when_it_is_open(
    session: Session, worker: FakeWorker, photo_file: Callable[..., Path], qtbot: QtBot
) -> None:
    session.open([photo_file("a.png"), photo_file("b.png")])
    assert {photo.state for photo in session.photos} == {PhotoState.OPENING}
    assert len(session.startable) == 2
    session.upscale()
    assert session.startable == ()
    assert session.has_work
    assert all(session.is_to_start(photo) for photo in session.photos)
    qtbot.waitUntil(lambda: len(worker.jobs) == 1)
    worker.finish()
    qtbot.waitUntil(lambda: len(worker.jobs) == 2)
    worker.finish()
    assert {photo.state for photo in session.photos} == {PhotoState.DONE}
    assert not session.has_work


def test_cancel_takes_back_what_was_to_start(
    session: Session, worker: FakeWorker, photo_file: Callable[..., Path], qtbot: QtBot
) -> None:
    session.open([photo_file("a.png")])
    session.upscale()
    session.cancel()
    assert not session.has_work
    qtbot.waitUntil(lambda: session.photos[0].state is PhotoState.READY)
    assert worker.jobs == []
    assert session.startable == session.photos


def test_removing_the_running_photo_cancels_it_and_drops_a_late_result(
    session: Session,
    opened: Callable[..., None],
    photo_file: Maker,
    worker: FakeWorker,
    qtbot: QtBot,
) -> None:
    opened(photo_file())
    session.upscale()
    session.remove(session.photos[0].key)
    assert session.state is SessionState.EMPTY
    assert worker.cancelled == [worker.job.id]
    late = worker.finish()
    qtbot.waitUntil(lambda: not late.exists())
    assert session.state is SessionState.EMPTY


def test_after_a_removal_the_neighbour_is_shown(
    session: Session, opened: Callable[..., None], photo_file: Maker
) -> None:
    opened(*(photo_file(f"{name}.png") for name in "abc"))
    session.step(1)
    session.remove(session.photos[1].key)
    assert session.current is not None
    assert session.current.name == "c.png"
    session.remove(session.current.key)
    assert session.current is not None
    assert session.current.name == "a.png"


def test_stepping_stops_at_both_ends(
    session: Session, opened: Callable[..., None], photo_file: Maker
) -> None:
    opened(photo_file("a.png"), photo_file("b.png"))
    for by, name in ((-1, "a.png"), (1, "b.png"), (1, "b.png"), (-1, "a.png")):
        session.step(by)
        assert session.current is not None
        assert session.current.name == name


def test_events_of_other_jobs_are_none_of_its_business(
    session: Session, opened: Callable[..., None], photo_file: Maker, worker: FakeWorker
) -> None:
    opened(photo_file())
    session.upscale()
    worker.finish()
    worker.fail()
    assert session.state is SessionState.DONE


def test_saved_results_are_no_longer_at_risk(
    session: Session, opened: Callable[..., None], photo_file: Maker, worker: FakeWorker
) -> None:
    opened(photo_file())
    session.upscale()
    worker.finish()
    assert session.unsaved == session.photos
    session.mark_saved(session.photos[0].key, Path("x.png"), session.choices)
    assert session.unsaved == ()


def test_without_room_for_results_the_photo_fails_with_the_reason(
    session: Session,
    opened: Callable[..., None],
    photo_file: Maker,
    worker: FakeWorker,
    home: Path,
) -> None:
    opened(photo_file())
    (home / "cache").rmdir()
    (home / "cache").write_text("in the way")
    session.upscale()
    assert session.state is SessionState.FAILED
    assert worker.jobs == []
