"""The app's end of the engine's process: has it started where it is needed, and calls it."""

from __future__ import annotations

import atexit
import itertools
import queue
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from bimaco_gui.errors import Cancelled
from bimaco_gui.services.isolation.messages import (
    Answer,
    Call,
    Forget,
    GoOn,
    Raised,
    Stop,
    Told,
)
from bimaco_gui.services.isolation.running import RunningProcess

if TYPE_CHECKING:
    from bimaco_gui.engine.progress import Progress

COMMAND: Final = "engine-process"
"""The command of this program that is the other end; no help names it."""

REAL_ENGINE: Final = "bimaco_gui.services.isolation.serving:RealEngine"

_LOOK_SECONDS: Final = 0.05


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
        self._running: RunningProcess | None = None
        self._retired: list[RunningProcess] = []
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
                self._running = RunningProcess(_command(self._engine), self._note_loss)
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

    def __init__(self, process: EngineProcess, running: RunningProcess, number: int) -> None:
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


def _command(engine: str) -> list[str]:
    """Starts this program, frozen or not, as the engine's process."""
    if getattr(sys, "frozen", False):
        return [sys.executable, COMMAND, engine]
    # Not from the folder that the user is in: a file there may be called like a module.
    return [sys.executable, "-P", "-m", "bimaco_gui", COMMAND, engine]


def _is_set(cancel: threading.Event | None) -> bool:
    return cancel is not None and cancel.is_set()
