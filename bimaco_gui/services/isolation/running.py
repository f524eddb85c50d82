"""One engine's process from its start to its end, and the thread that listens to it."""

from __future__ import annotations

import itertools
import logging
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Final

import bimaco_gui
from bimaco_gui.services.isolation.channel import Channel
from bimaco_gui.services.isolation.messages import Answer, Logged, Raised, Told

_LOG = logging.getLogger(__name__)
_END_SECONDS: Final = 2.0
_LAST_WORDS: Final = 4000


class ProcessLost(Exception):
    """The engine's process is over, and with it what was called.

    Attributes:
        is_failure: It crashed or hung. If not, it was ended on purpose, and a new one may do.
    """

    def __init__(self, reason: str, *, is_failure: bool = True) -> None:
        super().__init__(reason)
        self.is_failure = is_failure


class RunningProcess:
    """A process from its start to its end, and the thread that listens to it."""

    def __init__(self, command: list[str], on_loss: Callable[[], None]) -> None:
        self._command, self._on_loss = command, on_loss
        self._lock = threading.Lock()
        self._inboxes: dict[int, queue.SimpleQueue[object]] = {}
        self._numbers = itertools.count(1)
        self._is_ending = self._is_over = False
        self._how_it_ended, self._has_failed = "", False
        self.sessions: set[int] = set()
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Channel | None = None
        self._has_begun = threading.Event()
        self._thread = threading.Thread(target=self._live, name="engine process", daemon=True)
        self._thread.start()
        self._has_begun.wait()

    @property
    def is_over(self) -> bool:
        """Whether nobody answers any more."""
        return self._is_over

    @property
    def pid(self) -> int | None:
        """Of the process."""
        return None if self._process is None else self._process.pid

    def open_inbox(self) -> tuple[int, queue.SimpleQueue[object]]:
        """A number for a call, and where its messages arrive: at last None where all is over."""
        inbox: queue.SimpleQueue[object] = queue.SimpleQueue()
        with self._lock:
            number = next(self._numbers)
            self._inboxes[number] = inbox
            if self._is_over:
                inbox.put(None)
        return number, inbox

    def close_inbox(self, number: int) -> None:
        """The call is over; what still comes is thrown away."""
        with self._lock:
            self._inboxes.pop(number, None)

    def send(self, message: object) -> None:
        """Send a message. Where nobody reads it any more, whoever waits is told so."""
        if self._channel is None:
            return
        try:
            self._channel.send(message)
        except (OSError, ValueError):
            _LOG.debug("Nobody took %s", type(message).__name__)

    def loss(self) -> ProcessLost:
        """The error that says why it is over."""
        return ProcessLost(self._how_it_ended, is_failure=self._has_failed)

    def give_up(self, reason: str, *, is_failure: bool = True) -> None:
        """End a process that does not follow, and wait no more even where that takes long."""
        self._finish(reason, is_failure=is_failure)
        if self._process is not None:
            self._process.kill()

    def end(self) -> None:
        """End the process because it is not needed; it stops when its pipe closes."""
        self._is_ending = True
        if self._process is None:
            return
        assert self._process.stdin is not None
        try:
            self._process.stdin.close()
            self._process.wait(_END_SECONDS)
        except (OSError, subprocess.TimeoutExpired):
            self._process.kill()
        self._thread.join(_END_SECONDS)

    def _live(self) -> None:
        """Start the process and listen until it ends; its thread lives as long as it does.

        So Linux can be told to end it when this thread ends, which is the last resort should the
        app be killed while the process hangs too badly to notice.
        """
        with tempfile.TemporaryFile() as last_words:
            try:
                self._process = process = _started(self._command, last_words)
            except OSError as error:
                self._finish(f"it could not be started: {error}")
                self._has_begun.set()
                return
            assert process.stdin is not None and process.stdout is not None
            self._channel = Channel(process.stdout, process.stdin)
            self._has_begun.set()
            try:
                while True:
                    self._deliver(self._channel.receive())
            except EOFError:
                reason = ""
            except Exception as error:
                reason = f"it said something that nobody understands ({error!r})"
            if reason:
                process.kill()
            try:
                status = process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                status = process.wait()
            self._finish(reason or _ending(status))
            words = _end_of(last_words)
            if words and not self._is_ending:
                _LOG.warning("The last words of the process that is lost:\n%s", words)
            process.stdout.close()

    def _deliver(self, message: object) -> None:
        if isinstance(message, Logged):
            logging.getLogger(message.record.name).handle(message.record)
            return
        number = message.number if isinstance(message, Told | Answer | Raised) else None
        with self._lock:
            inbox = None if number is None else self._inboxes.get(number)
        if inbox is not None:
            inbox.put(message)

    def _finish(self, reason: str, *, is_failure: bool = True) -> None:
        """Tell all who wait that it is over. Only the first reason counts."""
        with self._lock:
            if self._is_over:
                return
            self._is_over, self._how_it_ended = True, reason
            self._has_failed = is_failure and not self._is_ending
            if self._has_failed:
                self._on_loss()
            for inbox in self._inboxes.values():
                inbox.put(None)
        if not self._is_ending:
            _LOG.warning("The process that computes on the GPU is lost: %s.", reason)


def _started(command: list[str], last_words: IO[bytes]) -> subprocess.Popen[bytes]:
    folder = str(Path(bimaco_gui.__file__).parents[1])
    known = os.environ.get("PYTHONPATH")
    path = folder if not known else os.pathsep.join((folder, known))
    windows: dict[str, Any] = {}
    if sys.platform == "win32":
        new_group = subprocess.CREATE_NEW_PROCESS_GROUP
        windows["creationflags"] = new_group | subprocess.CREATE_NO_WINDOW
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=last_words,
        env={**os.environ, "PYTHONPATH": path},
        # Ctrl-C in a terminal is for the app alone, which ends this process.
        start_new_session=True,
        **windows,
    )


def _ending(status: int) -> str:
    if status < 0:
        try:
            return f"it ended by {signal.Signals(-status).name}"
        except ValueError:
            return f"it ended by signal {-status}"
    return f"it ended with status {status:#x}" if status > 255 else f"it ended with status {status}"


def _end_of(file: IO[bytes]) -> str:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _LAST_WORDS))
    return file.read().decode(errors="replace").strip()
