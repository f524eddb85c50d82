import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bimaco_gui.services.jobs import Job, JobOptions
from bimaco_gui.services.queue import JobQueue, JobState


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
            assert not other.durable, "two programs must not work on one queue"
            assert other.jobs() == []

        program.kill()
        program.wait(10)

    with JobQueue(path) as queue:
        assert queue.durable
        assert states(queue) == [JobState.DONE, JobState.RUNNING, JobState.WAITING]
        assert [one.input.name for one in queue.recover()] == ["b"]
        assert states(queue) == [JobState.DONE, JobState.WAITING, JobState.WAITING]
        assert [taken(queue).input.name, taken(queue).input.name] == ["b", "c"]


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
