import logging
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bimaco_gui.atomic import stamp_of
from bimaco_gui.errors import OutputError
from bimaco_gui.services.events import (
    CancelledEvent,
    Done,
    Event,
    Failed,
    Saving,
    Started,
    TileDone,
    Working,
)
from bimaco_gui.services.jobs import Job, JobOptions
from bimaco_gui.services.processing import run_taken
from bimaco_gui.services.queue import JobQueue
from bimaco_gui.services.queue_events import JobState
from bimaco_gui.services.runner import Runner
from tests.unit.services.fakes import FakeEngine, ScriptedRunner, save_picture


def run(engine: FakeEngine, job: Job, cancel: threading.Event | None = None) -> list[Event]:
    events: list[Event] = []
    Runner(engine.tools).run_job(job, events.append, cancel or threading.Event())
    return events


def test_a_job_tells_its_story_in_order(tmp_path: Path) -> None:
    job = Job(save_picture(tmp_path / "a.png", (8, 6)))
    started, *tiles, making, complete, done = run(FakeEngine(tiles=3), job)
    assert started == Started(job, 8, 6, 32, 24)
    assert [(tile.done, tile.total) for tile in tiles if isinstance(tile, TileDone)] == [
        (1, 3),
        (2, 3),
        (3, 3),
    ]
    assert isinstance(making, Saving)
    assert isinstance(complete, Saving)
    assert making == replace(complete, stamp=None)
    assert complete.stamp == stamp_of(tmp_path / "a_x4.png")
    assert isinstance(done, Done)
    assert (done.output, done.width, done.height) == (tmp_path / "a_x4.png", 32, 24)
    assert 0 < tiles[-1].seconds <= done.seconds
    with Image.open(done.output) as result:
        assert result.size == (32, 24)
        assert np.asarray(result)[0, 0].tolist() == [0, 0, 128]


def test_news_from_inside_a_tile_is_no_tile(tmp_path: Path) -> None:
    job = Job(save_picture(tmp_path / "a.png"))
    _, *between, _, _, _ = run(FakeEngine(tiles=2, tells_inside_tiles=True), job)
    assert [type(event) for event in between] == [Working, TileDone, Working, TileDone]
    inside = [event for event in between if isinstance(event, Working)]
    assert [(event.fraction, event.remaining) for event in inside] == [(0.25, 1.5), (0.75, 0.5)]


def test_the_options_reach_the_engine(tmp_path: Path) -> None:
    engine = FakeEngine()
    options = JobOptions(
        model="fine", device="cpu", threads=2, tile=64, seed=5, scale=2.0, fidelity=0.25
    )
    run(engine, Job(save_picture(tmp_path / "a.png"), options=options))
    assert engine.loads == [("fine", "cpu")]
    assert engine.threads == [2]
    assert engine.seen_options == [options]
    assert engine.fidelities == [0.25]


def test_the_format_follows_the_name_of_the_output(tmp_path: Path) -> None:
    job = Job(save_picture(tmp_path / "a.png"), tmp_path / "new" / "b.jpg")
    *_, done = run(FakeEngine(), job)
    assert isinstance(done, Done)
    with Image.open(done.output) as result:
        assert result.format == "JPEG"


def test_a_model_is_loaded_once_for_as_long_as_it_is_asked_for(tmp_path: Path) -> None:
    engine = FakeEngine()
    runner = Runner(engine.tools)
    source = save_picture(tmp_path / "a.png")
    runner.prepare(JobOptions())
    for model in (None, None, "other", None):
        job = Job(source, options=JobOptions(model=model))
        runner.run_job(job, lambda event: None, threading.Event())
    assert engine.loads == [(None, "auto"), ("other", "auto"), (None, "auto")]


def test_a_picture_that_cannot_be_read_fails_before_the_model_is_loaded(tmp_path: Path) -> None:
    engine = FakeEngine()
    (tmp_path / "bad.png").write_text("no picture")
    (failed,) = run(engine, Job(tmp_path / "bad.png"))
    assert isinstance(failed, Failed)
    assert failed.message == "bad.png is no picture."
    assert engine.loads == []


def test_a_place_that_cannot_be_written_fails_before_the_work(tmp_path: Path) -> None:
    engine = FakeEngine()
    source = save_picture(tmp_path / "a.png")
    (tmp_path / "file").touch()
    target = tmp_path / "file" / "out.jpg"
    (failed,) = run(engine, Job(source, target, JobOptions(scale=2.0)))
    assert isinstance(failed, Failed)
    assert failed.message == "file is a file."
    assert engine.checked == [(target, 16, 12, "jpg")]
    assert engine.seen_options == []


def test_what_nobody_foresaw_becomes_a_sentence_and_a_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(number: int) -> None:
        raise ZeroDivisionError("division by zero")

    with caplog.at_level(logging.ERROR):
        *_, failed = run(FakeEngine(on_tile=breaks), Job(save_picture(tmp_path / "a.png")))
    assert isinstance(failed, Failed)
    assert "ZeroDivisionError" in failed.message
    assert "Traceback" in caplog.text
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_too_little_memory_is_named(tmp_path: Path) -> None:
    def runs_out(number: int) -> None:
        raise MemoryError

    *_, failed = run(FakeEngine(on_tile=runs_out), Job(save_picture(tmp_path / "a.png")))
    assert isinstance(failed, Failed)
    assert failed.title == "Not enough memory"


def test_stopping_takes_effect_before_the_next_tile_and_writes_nothing(tmp_path: Path) -> None:
    cancel = threading.Event()
    engine = FakeEngine(tiles=5, on_tile=lambda number: cancel.set() if number == 2 else None)
    job = Job(save_picture(tmp_path / "a.png"), tmp_path / "out" / "b.png")
    events = run(engine, job, cancel)
    assert sum(isinstance(event, TileDone) for event in events) == 2
    assert isinstance(events[-1], CancelledEvent)
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_stopping_after_the_last_tile_still_writes_nothing(tmp_path: Path) -> None:
    cancel = threading.Event()
    engine = FakeEngine(tiles=2, on_tile=lambda number: cancel.set() if number == 2 else None)
    *_, last = run(engine, Job(save_picture(tmp_path / "a.png")), cancel)
    assert isinstance(last, CancelledEvent)
    assert engine.written == []


def test_a_stopped_job_does_not_even_begin(tmp_path: Path) -> None:
    cancel = threading.Event()
    cancel.set()
    (event,) = run(FakeEngine(), Job(tmp_path / "a.png"), cancel)
    assert isinstance(event, CancelledEvent)


def test_a_name_taken_meanwhile_is_numbered(tmp_path: Path) -> None:
    def another_program_is_quicker(path: Path) -> None:
        if path.name == "a_x4.png":
            path.write_text("theirs")

    job = Job(save_picture(tmp_path / "a.png"))
    *_, done = run(FakeEngine(before_write=another_program_is_quicker), job)
    assert isinstance(done, Done)
    assert done.output.name == "a_x4 (2).png"
    assert (tmp_path / "a_x4.png").read_text() == "theirs"


def test_a_write_that_fails_for_another_reason_is_not_tried_again(tmp_path: Path) -> None:
    tried = []

    def no_space(path: Path) -> None:
        tried.append(path)
        raise OutputError("Disk full", "There is no space left.")

    job = Job(save_picture(tmp_path / "a.png"))
    *_, failed = run(FakeEngine(before_write=no_space), job)
    assert isinstance(failed, Failed)
    assert failed.title == "Disk full"
    assert len(tried) == 1


@pytest.mark.parametrize(
    ("name", "state", "kind"),
    [
        ("good", JobState.DONE, Done),
        ("wrong", JobState.FAILED, Failed),
        ("raises", JobState.FAILED, Failed),
        ("exits", JobState.FAILED, Failed),
        ("silent", JobState.FAILED, Failed),
        ("late", JobState.DONE, Done),
    ],
)
def test_the_queue_is_told_how_a_job_ended(name: str, state: JobState, kind: type) -> None:
    events: list[Event] = []
    with JobQueue() as queue:
        queue.add(Job(Path(f"{name}.png")))
        job = queue.next()
        assert job is not None
        last = run_taken(job, queue, ScriptedRunner(), events.append, threading.Event())
        assert queue.jobs()[0].state is state
    assert isinstance(last, kind)
    assert events[-1] is last
    assert sum(isinstance(event, Done | Failed | CancelledEvent) for event in events) == 1


def test_the_queue_knows_before_anyone_is_told() -> None:
    with JobQueue() as queue:
        queue.add(Job(Path("good.png")))
        job = queue.next()
        assert job is not None
        seen = {}
        run_taken(
            job,
            queue,
            ScriptedRunner(),
            lambda event: seen.update({type(event): queue.jobs()[0].state}),
            threading.Event(),
        )
    assert seen == {
        Started: JobState.RUNNING,
        TileDone: JobState.RUNNING,
        Done: JobState.DONE,
    }


def test_a_keyboard_interrupt_is_passed_on_and_the_job_waits_again() -> None:
    class Interrupted(ScriptedRunner):
        def run_job(self, *_: object) -> None:
            raise KeyboardInterrupt

    with JobQueue() as queue:
        queue.add(Job(Path("a.png")))
        job = queue.next()
        assert job is not None
        with pytest.raises(KeyboardInterrupt):
            run_taken(job, queue, Interrupted(), lambda event: None, threading.Event())
        assert queue.jobs()[0].state is JobState.WAITING
