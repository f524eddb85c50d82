"""What Qt for Python must not do to us."""

import sys

from PySide6.QtCore import QObject, Signal


class Sender(QObject):
    sent = Signal(object)


def test_emitting_loses_no_reference_to_true_and_none() -> None:
    """A release that does ends the program after about a thousand signals, before Python 3.12."""
    sender = Sender()
    sender.sent.connect(lambda _: None)
    before = [sys.getrefcount(value) for value in (True, False, None)]
    for _ in range(200):
        sender.sent.emit("x")
        sender.setObjectName("x")
    lost = [
        count - sys.getrefcount(value)
        for count, value in zip(before, (True, False, None), strict=True)
    ]
    assert max(lost) < 100
