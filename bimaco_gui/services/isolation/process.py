"""The app's end of the engine's process: starts it, calls it, and knows when it is lost."""

from __future__ import annotations

import atexit
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
from typing import IO, TYPE_CHECKING, Any, Final

import bimaco_gui
from bimaco_gui.errors import Cancelled
from bimaco_gui.services.isolation.channel import Channel
from bimaco_gui.services.isolation.messages import (
    Answer,
    Call,
    Forget,
    GoOn,
    Logged,
    Raised,
    Stop,
    Told,
)

if TYPE_CHECKING:
    from bimaco_gui.engine.progress import Progress

COMMAND: Final = "engine-process"
"""The command of this program that is the other end; no help names it."""

REAL_ENGINE: Final = "bimaco_gui.services.isolation.serving:RealEngine"

_LOG = logging.getLogger(__name__)
_LOOK_SECONDS: Final = 0.05
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


class EngineProcess:
    """At most one process at a time, started when it is first needed.

    All who compute on graphics cards share it, in sessions of their own: each further process
    would take memory of the card for a context of its own, and where a driver crashes, the card is
    seldom of use to the others.

    Args:
        engine: Where the process finds its engine, as "module:name"; see `serving.Engine`.
        silence_seconds: Without a word during a call, after which it counts as hung.
        grace_seconds: Between a wish to stop and the end of a process that does not follow it.
    """

    def __init__(
        self,
        engine: str = REAL_ENGINE,
        silence_seconds: float = 300.0,
        grace_seconds: float = 5.0,
    ) -> None:
        self.silence_seconds, self.grace_seconds = silence_seconds, grace_seconds
        self._engine = engine
        # A session may be dropped wherever Python collects garbage.
        self._lock = threading.RLock()
        self._running: _Running | None = None
        self._retired: list[_Running] = []
        self._numbers = itertools.count(1)
        self._was_lost = self._is_news = False

    @property
    def was_lost(self) -> bool:
        """Whether the card failed while this app runs, or the process with it."""
        return self._was_lost

    def take_news(self) -> bool:
        """Whether the card failed since somebody asked last."""
        is_news, self._is_news = self._is_news, False
        return is_news

    @property
    def pid(self) -> int | None:
        """Of the process that runs."""
        running = self._running
        return None if running is None or running.is_over else running.pid

    def session(self) -> Session:
        """A new session, in a new process where none runs."""
        with self._lock:
            if self._running is None or self._running.is_over:
                self._running = _Running(_command(self._engine), self._note_loss)
                atexit.register(self.close)
            number = next(self._numbers)
            self._running.sessions.add(number)
            return Session(self, self._running, number)

    def renew(self) -> None:
        """The card failed, which may be the process's fault: new sessions get another process.

        What runs in the old one goes on. It ends with its last session.
        """
        self._note_loss()
        with self._lock:
            if self._running is not None:
                self._retired.append(self._running)
                self._running = None
        self._end_what_is_unused()

    def forget(self, session: Session) -> None:
        """Drop what a session has loaded."""
        session.running.sessions.discard(session.number)
        session.running.send(Forget(session.number))
        self._end_what_is_unused()

    def _end_what_is_unused(self) -> None:
        with self._lock:
            unused = [one for one in self._retired if not one.sessions]
            self._retired = [one for one in self._retired if one.sessions]
        for one in unused:
            one.end()

    def close(self) -> None:
        """End what runs. Another session starts a new process."""
        with self._lock:
            all_of_them = [*self._retired, *([self._running] if self._running else [])]
            self._retired, self._running = [], None
        atexit.unregister(self.close)
        for one in all_of_them:
            one.end()

    def _note_loss(self) -> None:
        self._was_lost = self._is_news = True


class Session:
    """Calls that share what they load in the engine's process. One thread at a time uses it."""

    def __init__(self, process: EngineProcess, running: _Running, number: int) -> None:
        self._process, self.running, self.number = process, running, number

    @property
    def is_lost(self) -> bool:
        """Whether its process is gone, and all that was loaded with it."""
        return self.running.is_over

    def call(
        self,
        what: str,
        *arguments: object,
        threads: int | None = None,
        take: Callable[[Any], Any] = lambda value: value,
        progress: Callable[[Progress], None] | None = None,
        cancel: threading.Event | None = None,
        abandons: bool = False,
    ) -> Any:
        """Have something done in the engine's process, and wait for it.

        Args:
            what: A method of `serving.EngineSession`.
            arguments: Of the method.
            threads: Processor threads that it may use; None leaves it to the engine.
            take: Called with the answer before the process may forget it.
            progress: Called in this thread; the work waits meanwhile.
            cancel: Set by anyone to stop.
            abandons: What cannot be stopped, such as loading, is left to itself when `cancel` is
                set.

        Returns:
            What `take` gave.

        Raises:
            ProcessLost: The process crashed, or said nothing for too long, or was ended.
            Cancelled: `cancel` was set. Where the process did not follow, it was ended.
            Exception: What the method raised, and what `take` and `progress` raise.
        """
        running, process = self.running, self._process
        number, inbox = running.open_inbox()
        silence = patience = 0.0
        failure: Exception | None = None
        is_stopping = False
        try:
            running.send(Call(number, self.number, what, arguments, threads))
            while True:
                wanted = failure is not None or _is_set(cancel)
                if wanted and not is_stopping:
                    if abandons:
                        raise Cancelled
                    is_stopping = True
                    running.send(Stop(number))
                try:
                    message = inbox.get(timeout=_LOOK_SECONDS)
                except queue.Empty:
                    # Looks are counted, not hours: a computer that slept is not a driver that hung.
                    silence += _LOOK_SECONDS
                    patience += _LOOK_SECONDS if is_stopping else 0.0
                    if silence > process.silence_seconds:
                        running.give_up("it did not answer and was ended")
                    elif patience > process.grace_seconds:
                        # It may be slow and not hung, so the card is not to blame.
                        running.give_up("it did not stop and was ended", is_failure=False)
                    continue
                silence = 0.0
                match message:
                    case Told():
                        try:
                            if progress is not None and failure is None:
                                progress(message.progress)
                        except Exception as error:
                            failure = error
                        running.send(GoOn(number))
                    case Answer():
                        try:
                            taken = take(message.value)
                        except OSError as error:
                            running.give_up(f"its result cannot be opened: {error}")
                            raise running.loss() from error
                        finally:
                            running.send(GoOn(number))
                        if failure is not None:
                            raise failure
                        return taken
                    case Raised(error=OSError() as error):
                        # Computing opens no file, so it is the memory that is not to be had.
                        running.give_up(f"it cannot open what is shared: {error}")
                        raise running.loss() from error
                    case Raised():
                        raise failure or message.error
                    case _:
                        if failure is not None:
                            raise failure
                        if _is_set(cancel):
                            raise Cancelled
                        raise running.loss()
        finally:
            running.close_inbox(number)

    def forget(self) -> None:
        """Drop what was loaded."""
        self._process.forget(self)


class _Running:
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


def _command(engine: str) -> list[str]:
    """Starts this program, frozen or not, as the engine's process."""
    if getattr(sys, "frozen", False):
        return [sys.executable, COMMAND, engine]
    # Not from the folder that the user is in: a file there may be called like a module.
    return [sys.executable, "-P", "-m", "bimaco_gui", COMMAND, engine]


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


def _is_set(cancel: threading.Event | None) -> bool:
    return cancel is not None and cancel.is_set()


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
