import threading
from pathlib import Path

import pytest

from bimaco_gui.errors import PlaceError
from bimaco_gui.services import places
from bimaco_gui.services.events import Done, Event, Failed
from bimaco_gui.services.jobs import Job
from bimaco_gui.services.places import Places, places_of, require_places, require_room
from bimaco_gui.services.processing import run_taken
from bimaco_gui.services.queue import JobQueue
from bimaco_gui.services.queue_events import JobState
from bimaco_gui.services.runner import Runner
from tests.unit.services.fakes import FakeEngine, save_picture


def test_the_place_is_the_nearest_folder_that_exists(tmp_path: Path) -> None:
    source = save_picture(tmp_path / "in" / "a.png")
    jobs = [Job(source), Job(source, tmp_path / "out" / "deep" / "a.png")]
    beside, elsewhere = places_of(jobs)
    assert beside.root == tmp_path / "in"
    assert elsewhere.root == tmp_path
    for job, place in zip(jobs, (beside, elsewhere), strict=True):
        require_places(job, place)


def test_a_disk_that_was_pulled_out_is_told_from_a_folder_that_was_deleted(tmp_path: Path) -> None:
    job = Job(tmp_path / "in" / "a.png", tmp_path / "b.png")
    here = tmp_path.stat().st_dev
    require_places(job, Places(tmp_path, here))
    with pytest.raises(PlaceError, match="disk with"):
        require_places(job, Places(tmp_path, here + 1))


def test_a_disk_that_is_nearly_full_is_noticed_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "free_bytes", lambda folder: 10_000_000)
    require_room(tmp_path / "new" / "a.png", 19_000_000)
    with pytest.raises(PlaceError, match="needs about 30 MB, but only 10 MB are free"):
        require_room(tmp_path / "new" / "a.png", 30_000_000)
    monkeypatch.setattr(places, "free_bytes", lambda folder: None)
    require_room(tmp_path / "new" / "a.png", 10**15)


def work_through(queue: JobQueue, engine: FakeEngine) -> list[Event]:
    events: list[Event] = []
    runner = Runner(engine.tools)
    while (job := queue.next()) is not None:
        run_taken(job, queue, runner, events.append, threading.Event())
    return events


def test_when_the_folder_of_the_results_vanishes_the_queue_waits_and_goes_on_later(
    tmp_path: Path,
) -> None:
    out, away = tmp_path / "out", tmp_path / "away"
    out.mkdir()
    jobs = [
        Job(save_picture(tmp_path / f"{number}.png"), out / f"{number}_x4.png")
        for number in range(5)
    ]
    tiles = []

    def unplug(tile: int) -> None:
        tiles.append(tile)
        if len(tiles) == 4:  # in the second job
            out.rename(away)

    with JobQueue() as queue:
        queue.add_all(jobs)
        events = work_through(queue, FakeEngine(tiles=3, on_tile=unplug))
        ends = [type(event) for event in events if isinstance(event, Done | Failed)]
        assert ends == [Done, Failed]
        assert len(tiles) == 4, "it is noticed at once"
        assert queue.paused
        assert str(out) in (queue.pause_reason or "")
        assert queue.counts()[JobState.WAITING] == 4
        assert not out.exists(), "nothing is written where the disk was mounted"

        queue.resume()
        work_through(queue, FakeEngine())
        assert queue.paused, "it is still gone"

        away.rename(out)
        queue.resume()
        work_through(queue, FakeEngine())
        assert queue.counts()[JobState.DONE] == 5
    assert sorted(path.name for path in out.iterdir()) == [f"{n}_x4.png" for n in range(5)]


def test_a_single_picture_fails_and_holds_nothing_up(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    job = Job(save_picture(tmp_path / "a.png"), out / "a_x4.png")
    with JobQueue() as queue:
        queue.add(job)
        out.rmdir()
        (failed,) = work_through(queue, FakeEngine())
        assert isinstance(failed, Failed)
        assert "not there any more" in failed.message
        assert not queue.paused
