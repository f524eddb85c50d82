import threading
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEventLoop, QTimer
from pytestqt.qtbot import QtBot

from bimaco_gui.services.mailbox import TURN_SECONDS, Mailbox


def test_messages_of_a_thread_arrive_in_order_in_the_mailbox_s_thread(qtbot: QtBot) -> None:
    mailbox = Mailbox()
    heard: list[int] = []
    threads: set[int] = set()
    mailbox.delivered.connect(heard.append)
    mailbox.delivered.connect(lambda _: threads.add(threading.get_ident()))
    sender = threading.Thread(target=lambda: [mailbox.put(number) for number in range(1000)])
    sender.start()
    qtbot.waitUntil(lambda: len(heard) == 1000)
    sender.join()
    assert heard == list(range(1000))
    assert threads == {threading.get_ident()}


def test_however_much_arrives_the_event_loop_has_its_turns(qtbot: QtBot) -> None:
    mailbox = Mailbox()
    turns: list[int] = []
    heard: list[int] = []

    def take_long(number: int) -> None:
        heard.append(number)
        end = time.perf_counter() + TURN_SECONDS
        while time.perf_counter() < end:
            pass

    mailbox.delivered.connect(take_long)
    timer = QTimer()
    timer.timeout.connect(lambda: turns.append(len(heard)))
    timer.start(0)
    sender = threading.Thread(target=lambda: [mailbox.put(number) for number in range(20)])
    sender.start()
    sender.join()
    qtbot.waitUntil(lambda: len(heard) == 20)
    timer.stop()
    assert len({seen for seen in turns if 0 < seen < 20}) > 10


def test_a_message_of_one_s_own_thread_is_delivered_at_once_but_not_before_older_ones(
    qtbot: QtBot,
) -> None:
    mailbox = Mailbox()
    heard: list[str] = []
    mailbox.delivered.connect(heard.append)
    sender = threading.Thread(target=lambda: mailbox.put("older"))
    sender.start()
    sender.join()
    assert heard == []
    mailbox.put("newer")
    assert heard == ["older", "newer"]


@pytest.mark.parametrize("from_own_thread", [False, True])
def test_a_receiver_that_waits_for_a_later_message_gets_it(
    qtbot: QtBot, from_own_thread: bool
) -> None:
    """As a dialog does that is opened by one message, and closed by another."""
    mailbox = Mailbox()
    heard: list[str] = []
    waits = QEventLoop()
    sender = threading.Thread(target=lambda: [mailbox.put("second"), mailbox.put("third")])

    def receive(message: str) -> None:
        heard.append(message)
        if message == "first":
            sender.start()
            QTimer.singleShot(60_000, waits.quit)  # it waits in vain
            waits.exec()
            heard.append("went on")
        if message == "third":
            waits.quit()

    mailbox.delivered.connect(receive)
    if from_own_thread:
        mailbox.put("first")
    else:
        other = threading.Thread(target=mailbox.put, args=("first",))
        other.start()
        qtbot.waitUntil(lambda: "went on" in heard, timeout=70_000)
        other.join()
    sender.join()
    assert heard == ["first", "second", "third", "went on"]


def test_what_comes_while_another_is_delivered_follows_it(qtbot: QtBot) -> None:
    mailbox = Mailbox()
    heard: list[int] = []

    def answer(number: int) -> None:
        heard.append(number)
        if number < 5:
            mailbox.put(number + 1)

    mailbox.delivered.connect(answer)
    mailbox.put(0)
    assert heard == [0, 1, 2, 3, 4, 5]


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(counts=st.lists(st.integers(1, 60), min_size=1, max_size=4))
def test_no_message_is_lost_whoever_puts_it_in(qtbot: QtBot, counts: list[int]) -> None:
    mailbox = Mailbox()
    heard: list[tuple[int, int]] = []
    mailbox.delivered.connect(heard.append)

    def send(sender: int, count: int) -> None:
        for number in range(count):
            mailbox.put((sender, number))

    senders = [threading.Thread(target=send, args=pair) for pair in enumerate(counts)]
    for thread in senders:
        thread.start()
    qtbot.waitUntil(lambda: len(heard) == sum(counts))
    for thread in senders:
        thread.join()
    for sender, count in enumerate(counts):
        assert [number for who, number in heard if who == sender] == list(range(count))
