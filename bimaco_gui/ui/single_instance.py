"""One window for a user: a second start hands its photos to the first and ends.

The first start holds a lock file, which a crash releases, and listens on a local socket that the
user alone may reach. A second start sends one line of JSON and waits for a word that it arrived;
where none comes, it opens a window of its own.
"""

import hashlib
import json
import os
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from bimaco_gui import paths
from bimaco_gui.ui.process_lock import ProcessLock

_VERSION = 1
_ARRIVED = b"arrived\n"
_LARGEST_MESSAGE = 16_000_000
_CONNECT_MS = 200
_ANSWER_MS = 3000
_TOKENS = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")


@dataclass(frozen=True)
class Request:
    """What a start asks for.

    Attributes:
        files: Absolute paths of photos to open; none just brings the window to the front.
        upscale: Whether to upscale them at once.
        token: What the desktop gave that start, so that the window may come to the front.
    """

    files: tuple[str, ...] = ()
    upscale: bool = False
    token: str = ""

    @classmethod
    def of(cls, files: Sequence[Path], upscale: bool) -> "Request":
        """The request of this process."""
        token = next((os.environ[name] for name in _TOKENS if os.environ.get(name)), "")
        return cls(tuple(str(file.absolute()) for file in files), upscale, token)

    def to_line(self) -> bytes:
        """One line of JSON."""
        return json.dumps({"version": _VERSION, **asdict(self)}).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> "Request":
        """What `to_line` made.

        Raises:
            ValueError: It is something else.
        """
        stored = json.loads(line)
        if not isinstance(stored, dict) or stored.get("version") != _VERSION:
            raise ValueError("not a request of this version")
        files, upscale, token = (stored.get(name) for name in ("files", "upscale", "token"))
        if not (
            isinstance(files, list)
            and all(isinstance(file, str) for file in files)
            and isinstance(upscale, bool)
            and isinstance(token, str)
        ):
            raise ValueError("not a request")
        return cls(tuple(files), upscale, token)


class SingleInstance(QObject):
    """This process's part in it: `hand_over` first, and if that fails, `listen`.

    Signals:
        asked: Another start handed over this `Request`.
    """

    asked = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        """Neither first nor second yet."""
        super().__init__(parent)
        # Another home is another set of settings, and another window.
        home = hashlib.sha256(str(paths.settings_file()).encode()).hexdigest()[:16]
        self._name = f"bimaco-gui-{home}"
        self._lock = ProcessLock(paths.cache_folder() / "window.lock")
        self._server: QLocalServer | None = None
        self._sockets: set[QLocalSocket] = set()

    def hand_over(self, request: Request, timeout_seconds: float = 5.0) -> bool:
        """Give the request to the window that is open already; False if there is none to take it.

        If there is none, this process is the first one from now on.
        """
        ends = time.monotonic() + timeout_seconds
        while True:
            if self._lock.try_lock():
                return False
            if self._sent(request):
                return True
            if time.monotonic() > ends:
                return False
            time.sleep(0.05)  # the first one is still starting, or just ending

    def listen(self) -> bool:
        """Take requests from now on, if this process is the first one; whether it does."""
        if not self._lock.is_held:
            return False
        QLocalServer.removeServer(self._name)  # what a crash left; the lock says it is nobody's
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        return self._server.listen(self._name)

    def close(self) -> None:
        """Make room for the next start."""
        if self._server is not None:
            self._server.newConnection.disconnect(self._on_connection)
            for socket in tuple(self._sockets):
                socket.abort()
            self._server.close()
            self._server.deleteLater()
            self._server = None
        self._lock.unlock()

    def _sent(self, request: Request) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_CONNECT_MS):
            return False
        socket.write(request.to_line())
        answer = b""
        while not answer.endswith(b"\n") and socket.waitForReadyRead(_ANSWER_MS):
            answer += socket.readAll().data()
        socket.disconnectFromServer()
        return answer == _ARRIVED

    def _on_connection(self) -> None:
        while self._server is not None and self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            socket.setReadBufferSize(_LARGEST_MESSAGE)
            socket.setParent(None)  # so that it lives as long as it is in the set
            self._sockets.add(socket)
            socket.readyRead.connect(partial(self._on_data, socket))
            socket.disconnected.connect(partial(self._on_disconnected, socket))
            self._on_data(socket)

    def _on_disconnected(self, socket: QLocalSocket) -> None:
        # Not within its own signal: that would take away what sends it.
        QTimer.singleShot(0, partial(self._sockets.discard, socket))

    def _on_data(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() >= _LARGEST_MESSAGE:
                socket.abort()
            return
        try:
            request = Request.from_line(bytes(socket.readLine().data()))
        except ValueError:
            socket.abort()
            return
        socket.write(_ARRIVED)
        socket.flush()
        self.asked.emit(request)
