"""Wishes are passed on in a thread, the newest ones only, whatever the system does."""

import threading
import time

from bimaco_gui.services.desktop.helper import Desktop


class Recorder:
    def __init__(self) -> None:
        self.seen: list[object] = []
        self.free = threading.Event()
        self.free.set()
        self.fails = False

    def keep_awake(self, reason: str) -> None:
        self._see(f"awake: {reason}")

    def allow_sleep(self) -> None:
        self._see("asleep")

    def show_progress(self, fraction: float | None) -> None:
        self._see(fraction)

    def notify(self, title: str, body: str) -> None:
        self._see((title, body))

    def close(self) -> None:
        self.seen.append("closed")

    def _see(self, what: object) -> None:
        self.seen.append(what)
        self.free.wait(100)
        if self.fails:
            raise RuntimeError("the system is broken")


def test_wishes_arrive_and_the_end_waits_for_them() -> None:
    system = Recorder()
    desktop = Desktop(lambda: system)
    desktop.keep_awake("work")
    desktop.notify("a", "b")
    desktop.allow_sleep()
    desktop.close()
    assert system.seen[-1] == "closed"
    assert ("a", "b") in system.seen
    assert "asleep" in system.seen


def test_a_slow_system_hears_the_newest_only_and_holds_up_nobody() -> None:
    system = Recorder()
    system.free.clear()
    desktop = Desktop(lambda: system)
    desktop.show_progress(0.0)
    while not system.seen:
        time.sleep(0.001)
    for step in range(1, 1001):
        desktop.show_progress(step / 1000)
    desktop.notify("a", "")
    desktop.notify("b", "")
    assert system.seen == [0.0], "nobody waited for it"
    system.free.set()
    desktop.close()
    assert system.seen == [0.0, 1.0, ("a", ""), ("b", ""), "closed"]


def test_a_failure_does_not_end_the_thread() -> None:
    system = Recorder()
    system.fails = True
    desktop = Desktop(lambda: system)
    desktop.notify("a", "")
    desktop.notify("b", "")
    desktop.close()
    assert system.seen == [("a", ""), ("b", ""), "closed"]


def test_a_system_that_cannot_be_made_is_none() -> None:
    def broken() -> Recorder:
        raise OSError("no bus")

    desktop = Desktop(broken)
    desktop.notify("a", "")
    desktop.close()


def test_without_a_wish_there_is_no_thread_and_after_the_end_no_wish() -> None:
    made = []
    desktop = Desktop(lambda: made.append(1) or Recorder())  # type: ignore[func-returns-value]
    desktop.close()
    desktop.notify("late", "")
    assert made == []


def test_a_system_that_hangs_does_not_keep_the_program_from_ending() -> None:
    system = Recorder()
    system.free.clear()
    desktop = Desktop(lambda: system)
    desktop.notify("a", "")
    desktop.close(timeout_seconds=0.1)
    assert "closed" not in system.seen, "it still hangs"
    system.free.set()
