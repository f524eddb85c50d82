import contextlib
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bimaco_gui.atomic import new_file, stamp_of
from bimaco_gui.errors import UsageError
from bimaco_gui.services.jobs import Job, JobOptions
from bimaco_gui.services.queue import JobQueue
from bimaco_gui.services.queue_events import (
    Added,
    Changed,
    JobState,
    PauseChanged,
    QueueEvent,
    Removed,
    Reordered,
)


def job(name: str, **options: object) -> Job:
    return Job(Path(name), options=JobOptions(**options))  # type: ignore[arg-type]


def states(queue: JobQueue) -> list[JobState]:
    return [queued.state for queued in queue.jobs()]


def taken(queue: JobQueue) -> Job:
    found = queue.next()
    assert found is not None
    return found


def test_jobs_come_out_in_the_order_they_went_in() -> None:
    jobs = [job("b.png"), Job(Path("a.png"), Path("out.png"), JobOptions(scale=2.0, seed=7))]
    with JobQueue() as queue:
        queue.add_all(jobs)
        assert [taken(queue), taken(queue)] == jobs
        assert queue.next() is None


def test_a_job_is_added_once_and_all_of_a_batch_or_none() -> None:
    first = job("a.png")
    with JobQueue() as queue:
        queue.add(first)
        with pytest.raises(sqlite3.IntegrityError):
            queue.add_all([job("b.png"), first])
        assert [queued.job for queued in queue.jobs()] == [first]


def test_the_queue_knows_how_each_job_ended() -> None:
    with JobQueue() as queue:
        queue.add_all([job(name) for name in ("a", "b", "c", "d", "e")])
        queue.mark_done(taken(queue).id, Path("a_x4.png"))
        queue.mark_failed(taken(queue).id, "Cannot read", "It is empty.")
        queue.mark_cancelled(taken(queue).id)
        taken(queue)
        assert states(queue) == [
            JobState.DONE,
            JobState.FAILED,
            JobState.CANCELLED,
            JobState.RUNNING,
            JobState.WAITING,
        ]
        done, failed, *_ = queue.jobs()
        assert done.result == Path("a_x4.png")
        assert (failed.title, failed.message) == ("Cannot read", "It is empty.")


def test_a_failed_job_can_be_tried_again_in_its_place() -> None:
    with JobQueue() as queue:
        queue.add_all([job("a"), job("b")])
        first = taken(queue)
        queue.mark_failed(first.id, "Oh", "No.")
        queue.mark_waiting(first.id)
        assert taken(queue) == first
        assert queue.jobs()[0].message is None


def test_only_waiting_jobs_are_cancelled_in_advance() -> None:
    with JobQueue() as queue:
        a, b, c = job("a"), job("b"), job("c")
        queue.add_all([a, b, c])
        taken(queue)
        assert queue.cancel_waiting(a.id) == []
        assert queue.cancel_waiting(c.id) == [c]
        assert queue.cancel_waiting() == [b]
        assert queue.next() is None


def test_finished_jobs_can_be_forgotten_but_not_the_running_one() -> None:
    with JobQueue() as queue:
        a, b, c = job("a"), job("b"), job("c")
        queue.add_all([a, b, c])
        queue.mark_done(taken(queue).id, Path("x"))
        running = taken(queue)
        queue.remove(running.id)
        queue.remove_finished()
        assert [queued.job for queued in queue.jobs()] == [b, c]
        queue.remove(c.id)
        assert [queued.job for queued in queue.jobs()] == [b]


@pytest.mark.skipif(os.name != "posix", reason="names are bytes on POSIX only")
def test_names_that_are_no_text_are_kept(tmp_path: Path) -> None:
    odd = Job(Path(os.fsdecode(b"caf\xe9.png")), Path("ünï 🙂.png"))
    with JobQueue(tmp_path / "queue") as queue:
        queue.add(odd)
    with JobQueue(tmp_path / "queue") as queue:
        assert taken(queue) == odd


def test_threads_share_the_queue_and_take_each_job_once() -> None:
    with JobQueue() as queue:
        queue.add_all([job(str(number)) for number in range(200)])
        found: list[str] = []

        def take() -> None:
            while (one := queue.next()) is not None:
                found.append(one.id)

        threads = [threading.Thread(target=take) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == len(set(found)) == 200


CRASHING = """
import sys, time
from pathlib import Path
from bimaco_gui.services.jobs import Job
from bimaco_gui.services.queue import JobQueue
queue = JobQueue(Path(sys.argv[1]))
queue.add_all([Job(Path(name)) for name in ("a", "b", "c")])
queue.mark_done(queue.next().id, Path("a_x4.png"))
queue.next()
print("running", flush=True)
time.sleep(60)
"""


def test_a_killed_program_s_jobs_go_on_where_they_were(tmp_path: Path) -> None:
    path = tmp_path / "queue"
    with subprocess.Popen(
        [sys.executable, "-c", CRASHING, str(path)], stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "running\n"

        with JobQueue(path) as other:
            assert states(other) == [JobState.DONE, JobState.RUNNING, JobState.WAITING]
            other.add(job("d"))
            assert not other.claim()
            with pytest.raises(UsageError, match="works through this queue already"):
                other.next()
            with pytest.raises(UsageError):
                other.recover()

        program.kill()
        program.wait(10)

    with JobQueue(path) as queue:
        assert queue.durable
        assert [one.input.name for one in queue.recover()] == ["b"]
        assert states(queue) == [JobState.DONE, *[JobState.WAITING] * 3]
        assert [taken(queue).input.name for _ in range(3)] == ["b", "c", "d"]


def test_the_file_uses_a_write_ahead_log(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "queue"
    with JobQueue(path) as queue:
        queue.add(job("a"))
        assert path.with_name("queue-wal").stat().st_size > 0


def test_a_damaged_file_is_kept_aside_and_a_new_one_begun(tmp_path: Path) -> None:
    path = tmp_path / "queue"
    path.write_bytes(b"this is no database" * 500)
    with JobQueue(path) as queue:
        assert queue.durable
        queue.add(job("a"))
    assert path.with_name("queue.bad").read_bytes().startswith(b"this is no database")
    with JobQueue(path) as queue:
        assert len(queue.jobs()) == 1


def test_a_queue_of_a_newer_version_is_kept_aside(tmp_path: Path) -> None:
    path = tmp_path / "queue"
    with sqlite3.connect(path) as newer:
        newer.execute("PRAGMA user_version = 99")
    newer.close()
    with JobQueue(path) as queue:
        assert queue.durable
    assert path.with_name("queue.bad").exists()


def test_where_no_file_can_be_the_queue_lives_in_memory(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    with JobQueue(blocked / "queue") as queue:
        assert not queue.durable
        queue.add(job("a"))
        assert states(queue) == [JobState.WAITING]


def names(queue: JobQueue) -> list[str]:
    return [item.job.input.name for item in queue.jobs()]


def test_the_order_can_be_changed_and_jobs_come_out_in_it() -> None:
    with JobQueue() as queue:
        a, b, c, d = (job(name) for name in "abcd")
        queue.add_all([a, b, c, d])
        queue.reorder([d.id, b.id, "unknown", d.id])
        assert names(queue) == ["d", "b", "a", "c"]
        assert taken(queue) == d
        queue.add(job("e"))
        assert names(queue) == ["d", "b", "a", "c", "e"]


def test_what_was_put_back_still_knows_where_its_files_are_to_be_found(tmp_path: Path) -> None:
    """So a disk that is pulled out meanwhile is noticed."""
    added = Job(tmp_path / "a.png", tmp_path / "results" / "a.png")
    (tmp_path / "results").mkdir()
    with JobQueue() as queue:
        queue.add(added)
        known = queue.places(added.id)
        assert known.root == tmp_path / "results"
        queue.put_back(queue.remove(added.id))
        assert queue.places(added.id) == known


def test_what_was_removed_can_be_put_back_where_it_was() -> None:
    with JobQueue() as queue:
        jobs = [job(name) for name in "abc"]
        queue.add_all(jobs, [(30, 20), None, (1, 2)])
        queue.mark_failed(taken(queue).id, "Oh", "No.")
        before = queue.jobs()
        gone = queue.remove(jobs[0].id, jobs[2].id)
        assert names(queue) == ["b"]
        queue.put_back(gone)
        assert queue.jobs() == before


def test_failed_jobs_are_tried_again_all_at_once_and_nothing_else() -> None:
    with JobQueue() as queue:
        queue.add_all([job(name) for name in "abcde"])
        queue.mark_failed(taken(queue).id, "Oh", "No.")
        queue.mark_done(taken(queue).id, Path("x"))
        queue.mark_skipped(taken(queue).id, "Done", "Before.")
        queue.mark_failed(taken(queue).id, "Oh", "No.")
        assert [item.job.input.name for item in queue.retry_failed()] == ["a", "d"]
        assert taken(queue).input.name == "a"
        assert queue.counts() == {
            JobState.WAITING: 2,
            JobState.RUNNING: 1,
            JobState.DONE: 1,
            JobState.FAILED: 0,
            JobState.CANCELLED: 0,
            JobState.SKIPPED: 1,
        }


def test_a_pause_holds_and_outlives_the_program(tmp_path: Path) -> None:
    path = tmp_path / "queue"
    with JobQueue(path) as queue:
        queue.add(job("a"))
        queue.pause("The folder is gone.")
        assert queue.next() is None
    with JobQueue(path) as queue:
        assert queue.paused
        assert queue.pause_reason == "The folder is gone."
        assert queue.next() is None
        queue.resume()
        assert not queue.paused
        assert queue.pause_reason is None
        assert taken(queue).input.name == "a"


def test_whoever_waits_for_the_end_of_a_pause_goes_on_or_stops() -> None:
    with JobQueue() as queue:
        queue.pause()
        ended = threading.Event()
        cancel = threading.Event()

        def wait() -> None:
            queue.wait_while_paused(cancel)
            ended.set()

        waiting = threading.Thread(target=wait)
        waiting.start()
        assert not ended.wait(0.3)
        queue.resume()
        assert ended.wait(5)
        waiting.join()
        queue.pause()
        cancel.set()
        queue.wait_while_paused(cancel)


def test_another_program_may_pause_the_queue_and_end_the_pause(tmp_path: Path) -> None:
    path = tmp_path / "queue"
    with JobQueue(path) as queue, JobQueue(path) as other:
        heard: list[QueueEvent] = []
        queue.observe(heard.append)
        other.add(job("a"))
        other.pause("Lunch.")
        assert queue.next() is None
        assert queue.paused
        ending = threading.Timer(0.3, other.resume)
        ending.start()
        queue.wait_while_paused(threading.Event())
        ending.join()
        assert taken(queue).input.name == "a"
        assert heard[:2] == [PauseChanged(True, "Lunch."), PauseChanged(False)]


def test_changes_of_another_program_are_noticed_once_and_own_ones_never(tmp_path: Path) -> None:
    path = tmp_path / "queue.sqlite3"
    with JobQueue(path) as ours, JobQueue(path) as theirs:
        assert not ours.changed_elsewhere()
        theirs.add(job("a.png"))
        assert ours.changed_elsewhere()
        assert not ours.changed_elsewhere()
        before, items = ours.snapshot()
        assert [item.job.input.name for item in items] == ["a.png"]
        ours.add(job("b.png"))
        assert not ours.changed_elsewhere()
        assert ours.own_changes > before, "the snapshot is no longer true"
        assert theirs.changed_elsewhere()
        events: list[QueueEvent] = []
        ours.observe(events.append)
        theirs.pause()
        assert ours.changed_elsewhere()
        assert ours.paused
        assert events == [PauseChanged(True)]


def test_observers_hear_of_every_change_after_it_is_stored() -> None:
    with JobQueue() as queue:
        heard: list[QueueEvent] = []
        stored: list[int] = []

        def hear(event: QueueEvent) -> None:
            heard.append(event)
            stored.append(len(queue.jobs()))

        stop = queue.observe(hear)
        a, b = job("a"), job("b")
        queue.add_all([a, b])
        queue.reorder([b.id, a.id])
        queue.reorder([b.id, a.id])
        taken(queue)
        queue.mark_done(b.id, Path("b_x4"), seconds=2.5, notes=["One frame of two."])
        queue.pause("Why")
        queue.resume()
        queue.remove(a.id)
        stop()
        queue.add(job("c"))

        added, reordered, running, done, paused, resumed, removed = heard
        assert isinstance(added, Added)
        assert [item.job for item in added.items] == [a, b]
        assert reordered == Reordered((b.id, a.id))
        assert isinstance(running, Changed)
        assert [item.state for item in running.items] == [JobState.RUNNING]
        assert isinstance(done, Changed)
        (item,) = done.items
        assert (item.state, item.seconds) == (JobState.DONE, 2.5)
        assert item.notes == ("One frame of two.",)
        assert item.began is not None
        assert item.ended is not None
        assert item.added <= item.began <= item.ended
        assert (paused, resumed) == (PauseChanged(True, "Why"), PauseChanged(False))
        assert isinstance(removed, Removed)
        assert stored == [2, 2, 2, 2, 2, 2, 1]


def save(queue: JobQueue, running: Job, target: Path, content: bytes) -> None:
    def journal(part: Path, output: Path, stamp: tuple[int, int] | None) -> None:
        queue.mark_saving(running.id, part, output, stamp)

    with new_file(target, overwrite=True, journal=journal) as file:
        file.write(content)


def test_a_result_that_has_its_name_is_not_made_again(tmp_path: Path) -> None:
    target = tmp_path / "a_x4.png"
    with JobQueue(tmp_path / "queue") as queue:
        queue.add_all([job("a"), job("b")])
        save(queue, taken(queue), target, b"the result")
    with JobQueue(tmp_path / "queue") as queue:
        assert queue.recover() == []
        assert states(queue) == [JobState.DONE, JobState.WAITING]
        assert queue.jobs()[0].result == target


@pytest.mark.parametrize("complete", [False, True])
def test_a_result_without_its_name_is_made_again_and_its_file_removed(
    tmp_path: Path, complete: bool
) -> None:
    target, part = tmp_path / "a_x4.png", tmp_path / ".a_x4.1234.part"
    target.write_bytes(b"of another day")
    part.write_bytes(b"half of it")
    with JobQueue(tmp_path / "queue") as queue:
        queue.add(job("a"))
        stamp = stamp_of(part) if complete else None
        queue.mark_saving(taken(queue).id, part, target, stamp)
    with JobQueue(tmp_path / "queue") as queue:
        assert [one.input.name for one in queue.recover()] == ["a"]
    assert not part.exists()
    assert target.read_bytes() == b"of another day"


def test_a_queue_of_the_second_version_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "queue"
    with JobQueue(path) as queue:
        queue.add(job("a"))
    with contextlib.closing(sqlite3.connect(path)) as old:
        old.executescript(
            "ALTER TABLE items DROP COLUMN root; ALTER TABLE items DROP COLUMN input_device;"
            "PRAGMA user_version = 2"
        )
    with JobQueue(path) as queue:
        queue.add(job("b"))
        assert names(queue) == ["a", "b"]
    assert not path.with_name("queue.bad").exists()


VERSION_1 = """
CREATE TABLE jobs (position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
 input BLOB NOT NULL, output BLOB, options TEXT NOT NULL, state TEXT NOT NULL, result BLOB,
 title TEXT, message TEXT);
INSERT INTO jobs VALUES (1, 'one', CAST('a.png' AS BLOB), CAST('a_x4.png' AS BLOB),
 '{"scale": 2.0, "overwrite": true}', 'done', CAST('a_x4.png' AS BLOB), NULL, NULL);
INSERT INTO jobs VALUES (5, 'two', CAST('b.png' AS BLOB), NULL, '{}', 'failed', NULL, 'Oh', 'No.');
PRAGMA user_version = 1;
"""


def test_a_queue_of_the_first_version_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "queue"
    with contextlib.closing(sqlite3.connect(path)) as old:
        old.executescript(VERSION_1)
    for _ in range(2):
        with JobQueue(path) as queue:
            one, two = queue.jobs()
            assert one.job == Job(
                Path("a.png"),
                Path("a_x4.png"),
                JobOptions(scale=2.0, existing="overwrite"),
                id="one",
            )
            assert (one.state, one.result) == (JobState.DONE, Path("a_x4.png"))
            assert (two.state, two.title, two.message) == (JobState.FAILED, "Oh", "No.")
    assert not path.with_name("queue.bad").exists()
