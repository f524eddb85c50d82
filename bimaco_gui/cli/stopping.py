"""Ctrl-C while a command works."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType


@contextlib.contextmanager
def stopping(cancel: threading.Event) -> Iterator[list[int]]:
    """Ctrl-C and a request to end set `cancel`; a second one stops the program now."""
    received: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        if received:
            raise KeyboardInterrupt
        received.append(number)
        cancel.set()

    # A shell makes programs in the background deaf to Ctrl-C on purpose.
    heard = [
        number
        for number in (signal.SIGINT, signal.SIGTERM)
        if signal.getsignal(number) is not signal.SIG_IGN
    ]
    before = {number: signal.signal(number, stop) for number in heard}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
