"""A server that tells the newest release, as GitHub's API does, and fails as networks do."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PAGE = "https://example.org/bimaco/releases/v9"


def release(tag: str = "v9.1.0", **changes: Any) -> bytes:
    """An answer about a release of that tag."""
    answer = {"tag_name": tag, "html_url": PAGE, "body": "Sharper.\r\n\r\n* <b>Quicker</b>"}
    return json.dumps(answer | {"draft": False, "assets": []} | changes).encode()


@dataclass
class ReleaseServer:
    """What it answers, and what it was asked.

    Attributes:
        body: Of the answer.
        status: Of the answer.
        headers: Further ones of the answer.
        cut_after: Bytes after which the connection breaks.
        silent_after: Bytes after which nothing is sent until `wake` is set.
        endless: Whether the body is sent again and again, until nobody listens.
        requests: Path and headers of each request.
        asked: Set with the first request.
    """

    body: bytes = field(default_factory=release)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None
    silent_after: int | None = None
    endless: bool = False
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    asked: threading.Event = field(default_factory=threading.Event)
    wake: threading.Event = field(default_factory=threading.Event)
    address: str = ""


@contextmanager
def serving() -> Iterator[ReleaseServer]:
    """Run the server while the block runs."""
    state = ReleaseServer()
    server = _Server(("127.0.0.1", 0), state)
    state.address = f"http://127.0.0.1:{server.server_address[1]}/releases/latest"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield state
    finally:
        state.wake.set()
        server.shutdown()
        server.server_close()
        thread.join()


def closed_address() -> str:
    """An address on this machine where nobody answers."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{closed.getsockname()[1]}/releases/latest"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], state: ReleaseServer) -> None:
        super().__init__(address, _Handler)
        self.state = state

    def handle_error(self, *_: Any) -> None:
        """A client that leaves in the middle is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        state = self.server.state
        state.requests.append((self.path, dict(self.headers)))
        state.asked.set()
        self.close_connection = True
        self.send_response(state.status)
        for name, value in state.headers.items():
            self.send_header(name, value)
        if not state.endless:
            self.send_header("Content-Length", str(len(state.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if state.silent_after is not None:
            self.wfile.write(state.body[: state.silent_after])
            self.wfile.flush()
            state.wake.wait(60)
            self.wfile.write(state.body[state.silent_after :])
        else:
            self.wfile.write(state.body[: state.cut_after])
        while state.endless:
            self.wfile.write(state.body)

    def log_message(self, *_: Any) -> None:
        """Tests are silent."""
