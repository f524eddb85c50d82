"""The engine's process: does what the app calls for, each session in a thread, until it ends."""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import importlib
import logging
import os
import pickle
import queue
import signal
import sys
import threading
import traceback
from logging.handlers import QueueHandler
from typing import TYPE_CHECKING, Any, Final, Protocol

from bimaco_gui.services.isolation.channel import Channel
from bimaco_gui.services.isolation.messages import (
    Answer,
    Call,
    Forget,
    GoOn,
    Logged,
    Made,
    Raised,
    Stop,
    Told,
)
from bimaco_gui.services.isolation.shared_arrays import SharedArrays, SharedPicture, opened
from bimaco_gui.services.priority import lower_priority

if TYPE_CHECKING:
    from bimaco_gui.engine.options import UpscaleOptions
    from bimaco_gui.engine.pictures import Picture
    from bimaco_gui.engine.preview import PicturePreview, Window
    from bimaco_gui.engine.progress import Progress
    from bimaco_gui.engine.resample import NewArray
    from bimaco_gui.engine.upscale import Upscaler

_END_WITH_PARENT: Final = 1  # PR_SET_PDEATHSIG


class Engine(Protocol):
    """What computes in this process: the real engine, or a stand-in."""

    def load(self, model: str | None, device: str, new_array: NewArray) -> Upscaler:
        """A model (None is the default) on a device; AppError where that cannot be.

        `new_array` makes its results.
        """
        ...

    def gpu_names(self) -> list[str]:
        """What the graphics cards are called."""
        ...

    def set_threads(self, count: int | None) -> None:
        """How many processor threads the calling thread may use; None is the engine's choice."""
        ...

    def facts(self) -> list[tuple[str, str]]:
        """What a report of a problem says of the engine; see `engine.describe`."""
        ...


class RealEngine:
    """The engine with installed models on real devices."""

    def load(self, model: str | None, device: str, new_array: NewArray) -> Upscaler:
        """See `Engine`."""
        from bimaco_gui.engine.device import choose_device
        from bimaco_gui.engine.upscale import Upscaler
        from bimaco_gui.weights import find_model, load_upscaler

        chosen = choose_device(device)
        return Upscaler(load_upscaler(find_model(model).path), chosen, new_array)

    def gpu_names(self) -> list[str]:
        """See `Engine`."""
        from bimaco_gui.engine.device import gpu_names

        return gpu_names()

    def set_threads(self, count: int | None) -> None:
        """See `Engine`."""
        from bimaco_gui.engine.device import set_threads

        set_threads(count)

    def facts(self) -> list[tuple[str, str]]:
        """See `Engine`."""
        from bimaco_gui.engine.describe import describe

        return describe()


class EngineSession:
    """What one user of the process has loaded, and what can be called; see `messages.Call`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._arrays = SharedArrays()
        self._upscaler: Upscaler | None = None
        self._has_card = False
        self._preview: PicturePreview | None = None

    def gpu_names(self, _call: RunningCall) -> list[str]:
        """See `Engine.gpu_names`."""
        return self._engine.gpu_names()

    def facts(self, _call: RunningCall) -> list[tuple[str, str]]:
        """See `Engine.facts`."""
        return self._engine.facts()

    def load(self, _call: RunningCall, model: str | None, device: str) -> bool:
        """Load a model. Whether it computes on anything but the CPU."""
        self._preview = self._upscaler = None
        self._upscaler = self._engine.load(model, device, self._arrays.empty)
        self._has_card = not self._upscaler.is_on_cpu
        return self._has_card

    def upscale(self, call: RunningCall, picture: SharedPicture, options: UpscaleOptions) -> Made:
        """See `Upscaler.upscale`."""
        return self._made(self._loaded.upscale(opened(picture), options, call.tell, call.cancel))

    def open_preview(self, _call: RunningCall, picture: SharedPicture, seed: int) -> None:
        """See `PicturePreview`."""
        from bimaco_gui.engine.preview import PicturePreview

        self._preview = None
        self._preview = PicturePreview(opened(picture), self._loaded, seed)

    def part(
        self, call: RunningCall, window: Window, options: UpscaleOptions, fidelity: float
    ) -> Made:
        """See `PicturePreview.part`."""
        assert self._preview is not None
        return self._made(self._preview.part(window, options, fidelity, call.cancel))

    def release(self) -> None:
        """Drop the results of the last call."""
        self._arrays.release()

    def _made(self, result: Picture) -> Made:
        return Made(self._arrays.share(result), self._has_card and self._loaded.is_on_cpu)

    @property
    def _loaded(self) -> Upscaler:
        assert self._upscaler is not None
        return self._upscaler


class RunningCall:
    """A call between its arrival and its end."""

    def __init__(self, number: int, channel: Channel) -> None:
        self.number, self._channel = number, channel
        self.cancel = threading.Event()
        self.taken: queue.SimpleQueue[None] = queue.SimpleQueue()

    def tell(self, progress: Progress) -> None:
        """Tell the app, and stand still until it has listened."""
        self._channel.send(Told(self.number, progress))
        self.taken.get()


class _Worker(threading.Thread):
    """Does the calls of one session, one after the other."""

    def __init__(self, engine: Engine, channel: Channel) -> None:
        super().__init__(name="session", daemon=True)
        self._engine, self._channel = engine, channel
        self._session = EngineSession(engine)
        self.calls: queue.SimpleQueue[tuple[Call, RunningCall] | None] = queue.SimpleQueue()

    def run(self) -> None:
        """Work until the session is forgotten."""
        while (taken := self.calls.get()) is not None:
            call, running = taken
            try:
                self._channel.send(Answer(call.number, self._done(call, running)))
                running.taken.get()
            except BaseException as error:
                # Were the thread to end, the app would wait for ever.
                self._channel.send(Raised(call.number, _portable(error)))
            self._session.release()

    def _done(self, call: Call, running: RunningCall) -> Any:
        self._engine.set_threads(call.threads)
        return getattr(self._session, call.what)(running, *call.arguments)


class _ToTheApp(QueueHandler):
    """Hands lines for the log over, as text."""

    def __init__(self, channel: Channel) -> None:
        super().__init__(queue.SimpleQueue())
        self._channel = channel

    def enqueue(self, record: logging.LogRecord) -> None:
        """Send a line."""
        self._channel.send(Logged(record))


def serve(engine: str) -> None:
    """Be the engine's process until the app ends or closes the pipe. It never returns.

    Args:
        engine: A class or function that makes an `Engine`, as "module:name".
    """
    channel = _channel_of_standard_streams()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    faulthandler.enable()
    _end_with_parent()
    lower_priority()
    logging.getLogger("bimaco_gui").addHandler(_ToTheApp(channel))
    module, _, name = engine.partition(":")
    made: Engine = getattr(importlib.import_module(module), name)()
    with contextlib.suppress(EOFError, OSError):
        _listen(channel, made)
    # Whatever still computes, computes for nobody.
    os._exit(0)


def _listen(channel: Channel, engine: Engine) -> None:
    workers: dict[int, _Worker] = {}
    calls: dict[int, tuple[int, RunningCall]] = {}
    while True:
        match channel.receive():
            case Call() as call:
                if call.session not in workers:
                    workers[call.session] = worker = _Worker(engine, channel)
                    worker.start()
                # A session is called anew when its last call is over.
                calls = {n: known for n, known in calls.items() if known[0] != call.session}
                running = RunningCall(call.number, channel)
                calls[call.number] = (call.session, running)
                workers[call.session].calls.put((call, running))
            case Stop(number) if number in calls:
                calls[number][1].cancel.set()
            case GoOn(number) if number in calls:
                calls[number][1].taken.put(None)
            case Forget(session) if session in workers:
                workers.pop(session).calls.put(None)
                for of, running in calls.values():
                    if of == session:  # nobody waits for it, nor takes what it made
                        running.cancel.set()
                        running.taken.put(None)


def _channel_of_standard_streams() -> Channel:
    """The pipes to the app. What libraries print goes with the errors from now on."""
    channel = Channel(os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb"))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return channel


def _end_with_parent() -> None:
    """Let Linux end this process with the app, even where it hangs so that no thread runs."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_END_WITH_PARENT, signal.SIGKILL)


def _portable(error: BaseException) -> Exception:
    """The error as it can cross, with its traceback for the log."""
    error.add_note("In the engine's process:\n" + "".join(traceback.format_exception(error)))
    try:
        crossed = pickle.loads(pickle.dumps(error))
    except Exception:
        crossed = None
    if isinstance(crossed, Exception) and type(crossed) is type(error):
        return crossed
    return RuntimeError(f"{type(error).__name__}: {error}")
