import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bimaco_gui.services.events import CancelledEvent, Done, Event, Failed, Started, TileDone
from bimaco_gui.services.jobs import Job
from bimaco_gui.services.queue import JobQueue
from bimaco_gui.services.queue_events import JobState
from bimaco_gui.services.worker import WorkerHandle
from tests.unit.services.fakes import ScriptedRunner

Emit = Callable[[Event], None]
LAST = Done | Failed | CancelledEvent


class Listener:
    def __init__(self, handle: WorkerHandle) -> None:
        self.events: list[Event] = []
        self.threads: set[int] = set()
        handle.event.connect(self.hear)

    def hear(self, event: Event) -> None:
        self.events.append(event)
        self.threads.add(threading.get_ident())

    def kinds(self) -> list[tuple[str, type]]:
        return [(event.job.input.stem, type(event)) for event in self.events]

    def ended(self) -> int:
        return sum(isinstance(event, LAST) for event in self.events)


@contextmanager
def working(
    runner: ScriptedRunner, queue: JobQueue | None = None
) -> Iterator[tuple[WorkerHandle, Listener]]:
    handle = WorkerHandle(runner, queue)
    listener = Listener(handle)
    try:
        yield handle, listener
    finally:
        assert handle.shutdown()


def job(name: str) -> Job:
    return Job(Path(f"{name}.png"))


def test_events_arrive_in_order_in_the_window_s_thread(qtbot: QtBot) -> None:
    runner = ScriptedRunner()
    with working(runner) as (handle, listener):
        handle.submit(job("a"))
        handle.submit(job("b"))
        qtbot.waitUntil(lambda: listener.ended() == 2)
    story = [Started, TileDone, TileDone, Done]
    assert listener.kinds() == [("a", kind) for kind in story] + [("b", kind) for kind in story]
    assert listener.threads == {threading.get_ident()}
    assert threading.current_thread().name not in runner.thread_names
    assert len(runner.thread_names) == 1


@pytest.mark.parametrize("name", ["wrong", "raises", "exits", "silent"])
def test_whatever_goes_wrong_is_a_failure_and_the_next_job_runs(qtbot: QtBot, name: str) -> None:
    with working(ScriptedRunner()) as (handle, listener):
        handle.submit(job(name))
        handle.submit(job("next"))
        qtbot.waitUntil(lambda: listener.ended() == 2)
    ends = [event for event in listener.kinds() if issubclass(event[1], LAST)]
    assert ends == [(name, Failed), ("next", Done)]


def test_the_running_job_is_stopped_and_the_one_after_it_is_not(qtbot: QtBot) -> None:
    runner = ScriptedRunner()
    with working(runner) as (handle, listener):
        first = job("long")
        handle.submit(first)
        handle.submit(job("next"))
        assert runner.began.wait(5)
        handle.cancel(first.id)
        qtbot.waitUntil(lambda: listener.ended() == 2)
    ends = [event for event in listener.kinds() if issubclass(event[1], LAST)]
    assert ends == [("long", CancelledEvent), ("next", Done)]


def test_stopping_all_leaves_nothing_to_run(qtbot: QtBot) -> None:
    runner = ScriptedRunner()
    with working(runner) as (handle, listener):
        for name in ("long", "b", "c"):
            handle.submit(job(name))
        assert runner.began.wait(5)
        handle.cancel()
        qtbot.waitUntil(lambda: listener.ended() == 3)
        assert {queued.state for queued in handle.queue.jobs()} == {JobState.CANCELLED}
        handle.submit(job("later"))
        qtbot.waitUntil(lambda: listener.ended() == 4)
    assert listener.kinds()[-1] == ("later", Done)


def test_a_waiting_job_is_taken_out_while_another_runs(qtbot: QtBot) -> None:
    runner = ScriptedRunner()
    with working(runner) as (handle, listener):
        first, second = job("long"), job("b")
        handle.submit(first)
        handle.submit(second)
        assert runner.began.wait(5)
        handle.cancel(second.id)
        qtbot.waitUntil(lambda: ("b", CancelledEvent) in listener.kinds())
        qtbot.wait(100)
        assert listener.ended() == 1, "the running job was not meant"
        handle.cancel(first.id)
        qtbot.waitUntil(lambda: listener.ended() == 2)


def test_stopping_a_job_that_is_over_does_nothing(qtbot: QtBot) -> None:
    with working(ScriptedRunner()) as (handle, listener):
        first = job("a")
        handle.submit(first)
        qtbot.waitUntil(lambda: listener.ended() == 1)
        handle.cancel(first.id)
        handle.submit(job("b"))
        qtbot.waitUntil(lambda: listener.ended() == 2)
    assert ("b", Done) in listener.kinds()


def test_closing_stops_the_running_job_and_keeps_all_work_for_the_next_time(
    qtbot: QtBot, tmp_path: Path
) -> None:
    runner = ScriptedRunner()
    path = tmp_path / "queue"
    queue = JobQueue(path)
    handle = WorkerHandle(runner, queue)
    for name in ("long", "b"):
        handle.submit(job(name))
    assert runner.began.wait(5)
    assert handle.shutdown()
    queue.close()
    with JobQueue(path) as again:
        assert [queued.state for queued in again.jobs()] == [JobState.WAITING] * 2


def test_closing_leaves_no_thread_and_may_be_done_twice(qtbot: QtBot) -> None:
    before = threading.active_count()
    runner = ScriptedRunner()
    handle = WorkerHandle(runner)
    handle.submit(job("a"))
    assert runner.began.wait(5)
    assert handle.shutdown()
    assert handle.shutdown()
    assert handle._thread.isFinished()
    assert threading.active_count() <= before + 1


def test_closing_does_not_wait_for_ever(qtbot: QtBot) -> None:
    let_go = threading.Event()
    runner = ScriptedRunner(until=let_go)
    handle = WorkerHandle(runner)
    handle.submit(job("deaf"))
    assert runner.began.wait(5)
    assert not handle.shutdown(timeout_seconds=0.2)
    let_go.set()
    assert handle.shutdown()


def test_work_from_before_a_crash_is_resumed_on_request(qtbot: QtBot) -> None:
    with JobQueue() as queue:
        queue.add(job("a"))
        queue.next()
        assert len(queue.recover()) == 1
        with working(ScriptedRunner(), queue) as (handle, listener):
            qtbot.wait(50)
            assert listener.events == []
            handle.resume()
            qtbot.waitUntil(lambda: listener.ended() == 1)
    assert listener.kinds()[-1] == ("a", Done)


@pytest.mark.skipif(sys.platform != "linux", reason="threads have priorities of their own there")
def test_the_worker_gives_way_to_other_programs(qtbot: QtBot) -> None:
    seen: list[int] = []

    class Looking(ScriptedRunner):
        def run_job(self, job: Job, emit: Emit, cancel: threading.Event) -> None:
            seen.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
            super().run_job(job, emit, cancel)

    ours = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    with working(Looking()) as (handle, listener):
        handle.submit(job("a"))
        qtbot.waitUntil(lambda: listener.ended() == 1)
    assert seen == [max(ours, 5)]
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == ours
