import threading
from pathlib import Path

import pytest

from bimaco_gui import paths
from bimaco_gui.services.estimate import (
    CALIBRATION_SIDE,
    OVERHEAD_SECONDS,
    Estimator,
    Experience,
    load_experience,
    output_format,
    remaining_seconds,
    save_experience,
    speed_key,
)
from bimaco_gui.services.events import Event
from bimaco_gui.services.jobs import Job, JobOptions
from bimaco_gui.services.preview import Previewer
from bimaco_gui.services.processing import run_taken
from bimaco_gui.services.queue import JobQueue
from bimaco_gui.services.queue_events import JobState, QueuedJob
from bimaco_gui.services.runner import Runner
from tests.unit.services.fakes import FakeEngine, save_picture

USUAL = JobOptions()


def seconds(experience: Experience, width: int, height: int) -> float:
    speed = experience.speed(USUAL)
    assert speed is not None
    return speed.seconds(width, height)


def test_nothing_is_said_before_something_was_measured() -> None:
    assert Experience().speed(USUAL) is None


def test_time_follows_the_pixels() -> None:
    known = Experience().with_speed(USUAL, (1000, 1000), 10.2)
    assert seconds(known, 1000, 1000) == pytest.approx(10.2)
    assert seconds(known, 2000, 500) == pytest.approx(10.2)
    assert seconds(known, 2000, 2000) == pytest.approx(40.2)


def test_each_size_has_its_own_rate_once_it_was_seen() -> None:
    known = Experience().with_speed(USUAL, (200, 200), 1.2).with_speed(USUAL, (2000, 2000), 200.2)
    assert seconds(known, 200, 200) == pytest.approx(1.2)
    assert seconds(known, 2000, 2000) == pytest.approx(200.2)
    assert seconds(known, 8000, 8000) == pytest.approx(3200.2)


def test_new_measurements_move_old_ones_without_replacing_them() -> None:
    known = Experience().with_speed(USUAL, (1000, 1000), 10.2)
    for _ in range(20):
        known = known.with_speed(USUAL, (1000, 1000), 20.2)
    assert 19 < seconds(known, 1000, 1000) <= 20.2
    once = known.with_speed(USUAL, (1000, 1000), 100.2)
    assert 20.2 < seconds(once, 1000, 1000) < 60


def test_models_devices_and_threads_are_measured_apart() -> None:
    known = Experience().with_speed(USUAL, (1000, 1000), 10.0)
    assert known.speed(JobOptions(model="other")) is None
    assert known.speed(JobOptions(device="cpu")) is None
    assert known.speed(JobOptions(threads=1)) is None
    assert speed_key(JobOptions(seed=4, quality=1)) == speed_key(USUAL)


def test_the_format_of_a_result_is_known_before_it_is_written() -> None:
    assert output_format(Job(Path("a.gif"))) == "png"
    assert output_format(Job(Path("a.jpg"))) == "jpg"
    assert output_format(Job(Path("a.jpg"), Path("b.webp"))) == "webp"
    assert output_format(Job(Path("a.jpg"), options=JobOptions(format="avif"))) == "avif"


def test_the_size_of_results_is_guessed_and_then_learnt() -> None:
    def guess(experience: Experience, **options: object) -> int:
        job = Job(Path("a.png"), options=JobOptions(**options))  # type: ignore[arg-type]
        return experience.output_bytes(job, 1000, 1000)

    nothing = Experience()
    assert guess(nothing, format="avif") < guess(nothing, format="jpg") < guess(nothing)
    assert guess(nothing, format="jpg", quality=50) < guess(nothing, format="jpg")
    assert guess(nothing, bits=16) > guess(nothing)
    job = Job(Path("a.png"), options=JobOptions(format="jpg"))
    known = nothing.with_bytes(job, (1000, 1000), 123_000)
    assert guess(known, format="jpg") == 123_000
    assert guess(known, format="webp") == guess(nothing, format="webp")


def test_what_was_learnt_comes_back_and_a_damaged_file_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "experience.json"
    known = Experience().with_speed(USUAL, (1000, 1000), 10.0)
    known = known.with_bytes(Job(Path("a.png")), (10, 10), 300)
    save_experience(known, path)
    assert load_experience(path) == known
    for damaged in (
        b"",
        b"{}",
        b"[]",
        b'{"version": 9}',
        b'{"version": 1, "rates": {"a": {"b": 1}}, "bytes_per_pixel": {}}',
        b'{"version": 1, "rates": {}, "bytes_per_pixel": {"png": NaN}}',
        b"\xff",
    ):
        path.write_bytes(damaged)
        assert load_experience(path) == Experience()
    assert load_experience(tmp_path / "missing") == Experience()


def test_real_jobs_teach_and_loading_the_model_does_not_count(tmp_path: Path) -> None:
    source = save_picture(tmp_path / "a.png", (40, 30))
    estimator = Estimator(tmp_path / "experience.json")
    with JobQueue() as queue:
        queue.add(Job(source))
        events: list[Event] = []
        job = queue.next()
        assert job is not None
        run_taken(
            job,
            queue,
            Runner(FakeEngine().tools),
            events.append,
            threading.Event(),
            estimator,
        )
    assert estimator.experience.speed(USUAL) is not None
    size = (tmp_path / "a_x4.png").stat().st_size
    assert estimator.experience.output_bytes(job, 160, 120) == size
    assert load_experience(tmp_path / "experience.json") == estimator.experience


def test_the_machine_can_be_measured_before_the_first_job() -> None:
    engine = FakeEngine()
    assert Runner(engine.tools).measure(JobOptions(threads=1), threading.Event()) >= 0
    assert engine.threads == [1]
    assert len(engine.seen_options) == 1
    assert CALIBRATION_SIDE > 0


def test_the_real_engine_is_measured_once_before_the_first_job(tmp_path: Path) -> None:
    options = JobOptions(device="cpu", threads=2)
    estimator = Estimator(tmp_path / "experience.json")
    previewer = Previewer(estimator)
    assert previewer.calibrate(options, threading.Event())
    speed = estimator.experience.speed(options)
    assert speed is not None
    assert speed.seconds(CALIBRATION_SIDE, CALIBRATION_SIDE) > OVERHEAD_SECONDS
    assert not previewer.calibrate(options, threading.Event()), "it is known"


def test_the_file_is_in_the_user_s_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIMACO_HOME", str(tmp_path))
    Estimator().learn_speed(USUAL, (1000, 1000), 10.0)
    assert paths.experience_file().is_relative_to(tmp_path)
    assert Estimator().experience.speed(USUAL) is not None


def item(state: JobState, width: int | None = 1000, height: int | None = 1000) -> QueuedJob:
    return QueuedJob(Job(Path("a.png")), state, width=width, height=height)


def test_what_remains_counts_waiting_and_running_jobs_alone() -> None:
    known = Experience().with_speed(USUAL, (1000, 1000), 10.2)
    items = [item(state) for state in JobState]
    assert remaining_seconds(items, known, running=3.0) == pytest.approx(13.2)
    assert remaining_seconds(items, known) == pytest.approx(20.4)
    assert remaining_seconds([], known) == 0
    assert remaining_seconds([item(JobState.DONE)], Experience()) == 0


def test_jobs_of_unknown_size_are_taken_to_be_like_the_others() -> None:
    known = Experience().with_speed(USUAL, (1000, 1000), 10.2)
    unknown = item(JobState.WAITING, None, None)
    assert remaining_seconds([item(JobState.WAITING), unknown], known) == pytest.approx(20.4)
    assert remaining_seconds([unknown], known) is None
    assert remaining_seconds([item(JobState.WAITING)], Experience()) is None
