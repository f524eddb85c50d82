"""From any thread into the window's, in order, and never so much at once that it stops answering.

Qt delivers every event that waits before it looks at mouse, keyboard and timers again. A thread
that tells of each tile of each photo could so keep a window busy for as long as it works.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

TURN_SECONDS = 0.008
"""How long messages are handed over before the event loop has its turn: half a picture of a screen
that shows sixty a second."""


class Mailbox(QObject):
    """Hands messages over in the thread that made it, whose event loop must run.

    Signals:
        delivered: A message, in the order in which they were put in.
    """

    delivered = Signal(object)
    _arrived = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Nothing waits."""
        super().__init__(parent)
        self._owner = threading.get_ident()
        self._lock = threading.Lock()
        self._waiting: deque[Any] = deque()
        self._is_called = False
        self._next_turn = QTimer(self)
        self._next_turn.setSingleShot(True)
        self._next_turn.timeout.connect(self._take_turn)
        self._arrived.connect(self._take_turn)

    def put(self, message: Any) -> None:
        """Hand this over soon; in the mailbox's own thread at once, after all that waits."""
        is_own = threading.get_ident() == self._owner
        with self._lock:
            self._waiting.append(message)
            calls = not (is_own or self._is_called)
            self._is_called |= calls
        if is_own:
            self.deliver_all()
        elif calls:
            self._arrived.emit()

    def deliver_all(self) -> None:
        """Hand over all that waits, now. Only in the mailbox's own thread."""
        while self._deliver_one():
            pass

    @Slot()
    def _take_turn(self) -> None:
        self._next_turn.start(0)  # now already: a receiver may run an event loop of its own
        end = time.perf_counter() + TURN_SECONDS
        while self._deliver_one():
            if time.perf_counter() >= end:
                return
        self._next_turn.stop()

    def _deliver_one(self) -> bool:
        with self._lock:
            if not self._waiting:
                self._is_called = False
                return False
            message = self._waiting.popleft()
        self.delivered.emit(message)
        return True
