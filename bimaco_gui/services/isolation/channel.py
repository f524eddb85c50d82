"""Messages over a pair of pipes, between a process and the one that it started."""

from __future__ import annotations

import pickle
import struct
import threading
from typing import IO, Final

_LENGTH: Final = struct.Struct("<I")


class Channel:
    """Whole messages in both directions. Any thread may send; one receives.

    Both ends are this program, so pickles may be trusted.

    Args:
        source: Where messages come from.
        sink: Where they go.
    """

    def __init__(self, source: IO[bytes], sink: IO[bytes]) -> None:
        self._source, self._sink = source, sink
        # A session may be dropped, which sends a message, wherever Python collects garbage.
        self._lock = threading.RLock()

    def send(self, message: object) -> None:
        """Send a message.

        Raises:
            OSError: The other end is gone.
            Exception: The message cannot be pickled; nothing was sent.
        """
        data = pickle.dumps(message)
        with self._lock:
            self._sink.write(_LENGTH.pack(len(data)) + data)
            self._sink.flush()

    def receive(self) -> object:
        """The next message.

        Raises:
            EOFError: The other end is gone.
            Exception: What came is no message.
        """
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size))
        return pickle.loads(self._exactly(length))

    def _exactly(self, count: int) -> bytes:
        data = self._source.read(count)
        if len(data) < count:
            raise EOFError
        return data
