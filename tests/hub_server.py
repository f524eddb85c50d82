"""A server that speaks the Hub's protocol, and fails in the ways that networks do.

As on the Hub, ``HEAD /owner/name/resolve/COMMIT/file`` answers with a redirect that carries commit,
size and hash, and leads to another host, where ``GET`` knows ranges.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

COMMIT = "0123456789abcdef0123456789abcdef01234567"
REPOSITORY = "owner/lent-model"
FILE = "lent.safetensors"


@dataclass
class HubServer:
    """What it serves, what it does wrong, and what it was asked.

    Attributes:
        content: Of the file.
        etag, commit, size: As told by HEAD; the right ones if None.
        cuts: For each GET in turn, after how many bytes the connection breaks; then none does.
        statuses: For each request in turn, a status to fail with (0: none).
        knows_ranges: Whether a range is answered with 206.
        silent_after: Bytes after which the first GET stalls until `wake` is set.
        pause: Seconds between pieces.
        requests: Method, path and headers of each request.
        sent: Bytes of content that each GET has sent.
    """

    content: bytes
    etag: str | None = None
    commit: str | None = None
    size: int | None = None
    cuts: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    knows_ranges: bool = True
    silent_after: int | None = None
    pause: float = 0.0
    piece: int = 16384
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    wake: threading.Event = field(default_factory=threading.Event)
    endpoint: str = ""
    storage: str = ""

    def gets(self) -> list[dict[str, str]]:
        """The headers of each GET."""
        return [headers for method, _, headers in self.requests if method == "GET"]


@contextmanager
def serving(content: bytes, **habits: Any) -> Iterator[HubServer]:
    """Run the server while the block runs."""
    state = HubServer(content, **habits)
    servers = [_Server(("127.0.0.1", 0), state) for _ in range(2)]
    hub, storage = servers
    state.endpoint = f"http://127.0.0.1:{hub.server_address[1]}"
    state.storage = f"http://localhost:{storage.server_address[1]}"
    threads = [threading.Thread(target=server.serve_forever, args=(0.02,)) for server in servers]
    for thread in threads:
        thread.start()
    try:
        yield state
    finally:
        state.wake.set()
        for server in servers:
            server.shutdown()
            server.server_close()
        for thread in threads:
            thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], state: HubServer) -> None:
        super().__init__(address, _Handler)
        self.state = state

    def handle_error(self, *_: Any) -> None:
        """A client that leaves in the middle is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_HEAD(self) -> None:
        state = self.server.state
        if self._noted_and_failed():
            return
        if self.path != f"/{REPOSITORY}/resolve/{COMMIT}/{FILE}":
            self._fail(404, {"X-Error-Code": "EntryNotFound"})
            return
        etag = state.etag or hashlib.sha256(state.content).hexdigest()
        self.send_response(302)
        self.send_header("Location", f"{state.storage}/blob?signature=secret")
        self.send_header("X-Repo-Commit", state.commit or COMMIT)
        self.send_header("X-Linked-Etag", f'"{etag}"')
        self.send_header("X-Linked-Size", str(state.size or len(state.content)))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        state = self.server.state
        if self._noted_and_failed():
            return
        start = 0
        asked = self.headers.get("Range")
        if asked is not None and state.knows_ranges:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
        body = state.content[start:]
        self.send_response(206 if start else 200)
        if start:
            last, total = len(state.content) - 1, len(state.content)
            self.send_header("Content-Range", f"bytes {start}-{last}/{total}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self._send(body)

    def _send(self, body: bytes) -> None:
        state = self.server.state
        number = len(state.sent)
        state.sent.append(0)
        end = state.cuts.pop(0) if state.cuts else len(body)
        stalls_at = state.silent_after if number == 0 else None
        for at in range(0, end, state.piece):
            if stalls_at is not None and at >= stalls_at:
                state.wake.wait(30)
                break
            piece = body[at : min(end, at + state.piece)]
            self.wfile.write(piece)
            self.wfile.flush()
            state.sent[number] += len(piece)
            time.sleep(state.pause)
        if end < len(body) or stalls_at is not None:
            self.close_connection = True

    def _noted_and_failed(self) -> bool:
        state = self.server.state
        state.requests.append((self.command, self.path, dict(self.headers)))
        status = state.statuses.pop(0) if state.statuses else 0
        if status:
            self._fail(status, {})
        return bool(status)

    def _fail(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Tests are silent."""
