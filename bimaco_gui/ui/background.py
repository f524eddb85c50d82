"""Short jobs off the window's thread: decoding and saving."""

from collections.abc import Callable
from itertools import count
from typing import Any

from PySide6.QtCore import QObject, QThreadPool, Signal, Slot

from bimaco_gui.ui.thread_types import MADE


class Background(QObject):
    """Runs functions in a few threads of its own and hands the results back in the window's thread.

    Functions given to `run` must not touch widgets or pixmaps; the callbacks may.
    """

    _finished = Signal(int, object, object)
    _types_of_work = MADE

    def __init__(self, threads: int = 2, parent: QObject | None = None) -> None:
        """Prepare the pool; threads start with the first job."""
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setObjectName("background")  # its threads are called so
        self._pool.setMaxThreadCount(threads)
        self._is_closed = False
        self._keys = count()
        self._waiting: dict[int, tuple[Callable[[Any], None], Callable[[Exception], None]]] = {}
        self._finished.connect(self._deliver)

    def run(
        self,
        work: Callable[[], Any],
        on_done: Callable[[Any], None],
        on_failed: Callable[[Exception], None],
    ) -> None:
        """Run `work` in the pool; one of the callbacks follows in the window's thread.

        After `close` nothing is run, and nobody is called back.
        """
        if self._is_closed:
            return
        key = next(self._keys)
        self._waiting[key] = (on_done, on_failed)
        self._pool.start(lambda: self._work(key, work))

    @property
    def is_busy(self) -> bool:
        """Whether a callback is still to come."""
        return bool(self._waiting)

    @property
    def is_closed(self) -> bool:
        """Whether its threads have ended for good."""
        return self._is_closed

    def close(self) -> None:
        """Forget what has not started, wait for what has, and call nobody back."""
        self._is_closed = True
        self._waiting.clear()
        self._pool.clear()
        self._pool.waitForDone()

    def _work(self, key: int, work: Callable[[], Any]) -> None:
        try:
            result = work()
        except Exception as error:
            self._finished.emit(key, None, error)
        else:
            self._finished.emit(key, result, None)

    @Slot(int, object, object)
    def _deliver(self, key: int, result: Any, error: Exception | None) -> None:
        callbacks = self._waiting.pop(key, None)
        if callbacks is None:
            return
        on_done, on_failed = callbacks
        if error is None:
            on_done(result)
        else:
            on_failed(error)
