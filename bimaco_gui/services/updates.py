"""Is there a newer version? Asked of one address, and only when somebody wants to know.

The question is a plain GET without cookies or credentials; it names the program and nothing else.
What comes back is taken for what it is, a stranger's text: limited in length and in time, compared
by the rules of PEP 440, and shown as plain text.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from bimaco_gui import __version__, paths
from bimaco_gui.atomic import new_file
from bimaco_gui.errors import Cancelled, UpdateError
from bimaco_gui.services.desktop.sandbox import is_kept_offline

if TYPE_CHECKING:
    import httpx2
    from packaging.version import Version

NEWEST_RELEASE: Final = "https://api.github.com/repos/bimaco/bimaco/releases/latest"
"""Who publishes the app sets this. The answer is a JSON object as GitHub's API gives it, of which
``tag_name``, ``html_url`` and ``body`` are read; any web server can serve such a file."""

SECONDS_TO_ANSWER: Final = 10.0
SECONDS_OF_SILENCE: Final = 5.0
SECONDS_IN_ALL: Final = 20.0
LARGEST_ANSWER: Final = 1_000_000
"""Bytes. GitHub allows 125,000 characters of notes, and lists the release's files beside them."""

_FORBIDDEN: Final = 403
_NOT_FOUND: Final = 404
_TOO_MANY: Final = 429
_SPACES: Final = "\t\u00a0\u3000"

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Release:
    """The newest version that is published.

    Attributes:
        version: In its normal form, such as ``1.2``, whatever the tag looks like.
        page: Where people find it; an ``https`` address.
        notes: What is new, plain text of several lines; may be empty.
        is_newer: Than the version that runs.
    """

    version: str
    page: str
    notes: str
    is_newer: bool


def newest_release(cancel: threading.Event | None = None, address: str | None = None) -> Release:
    """Ask which version is the newest. It may take `SECONDS_IN_ALL`.

    Args:
        cancel: Set by anyone to stop.
        address: Whom to ask; `NEWEST_RELEASE` if None.

    Raises:
        UpdateError: There is no answer, or none that makes sense.
        Cancelled: `cancel` was set.
    """
    cancel = cancel or threading.Event()
    try:
        answer = _fetched(NEWEST_RELEASE if address is None else address, cancel)
    finally:
        if cancel.is_set():
            raise Cancelled
    try:
        return _release(json.loads(answer))
    except (ValueError, RecursionError) as error:
        _LOG.info("The answer about the newest version makes no sense: %s", error)
        raise UpdateError(
            "Not understood", "The server's answer about the newest version makes no sense."
        ) from error


class Question:
    """`newest_release`, asked in a thread of its own: one that hangs holds up nobody.

    Args:
        once_a_day: Ask only if no window has asked like this today; else it is cancelled.
    """

    def __init__(self, *, once_a_day: bool = False) -> None:
        self._cancel = threading.Event()
        self._answer: Future[Release] = Future()
        # The program may end while a name is looked up, which nothing can interrupt.
        self._thread = threading.Thread(
            target=self._ask, args=(once_a_day,), name="updates", daemon=True
        )
        self._thread.start()

    @property
    def is_answered(self) -> bool:
        """Whether `answer` returns at once."""
        return self._answer.done()

    def answer(self) -> Release:
        """The answer, as `newest_release` gives it, with its errors."""
        return self._answer.result()

    def cancel(self) -> None:
        """Nobody wants to know any more."""
        self._cancel.set()

    def _ask(self, once_a_day: bool) -> None:
        try:
            if once_a_day and not _take_the_day():
                raise Cancelled
            self._answer.set_result(newest_release(self._cancel))
        except Exception as error:
            self._answer.set_exception(error)


def _take_the_day() -> bool:
    """Whether nobody has asked today, which is noted before anything is sent.

    Raises:
        OSError: It cannot be noted, and so may not be asked.
    """
    path, today = paths.updates_file(), date.today().isoformat()
    try:
        stored = json.loads(path.read_bytes())
    except (OSError, ValueError):
        stored = None
    if isinstance(stored, dict) and stored.get("asked") == today:
        return False
    with new_file(path, overwrite=True) as file:
        file.write(json.dumps({"asked": today}).encode())
    return True


# ---- asking ----


def _fetched(address: str, cancel: threading.Event) -> bytes:
    """The body of the answer."""
    import httpx2

    ends = time.monotonic() + SECONDS_IN_ALL
    patience = httpx2.Timeout(SECONDS_TO_ANSWER, read=SECONDS_OF_SILENCE)
    headers = {
        "User-Agent": "bimaco-gui",
        "Accept": "application/vnd.github+json, application/json",
        "Accept-Encoding": "identity",  # so that the limit counts what is kept in memory
    }
    try:
        with (
            httpx2.Client(timeout=patience, follow_redirects=True, max_redirects=3) as client,
            client.stream("GET", address, headers=headers) as response,
        ):
            _require_answer(response)
            body = bytearray()
            for piece in response.iter_raw():
                if cancel.is_set():
                    raise Cancelled
                if time.monotonic() > ends:
                    raise _too_slow()
                body += piece
                if len(body) > LARGEST_ANSWER:
                    raise UpdateError(
                        "Not understood",
                        "The server's answer about the newest version is far too long.",
                    )
            return bytes(body)
    except httpx2.TimeoutException as error:
        _LOG.info("No answer about the newest version: %r", error)
        raise _too_slow() from error
    except (httpx2.ReadError, httpx2.RemoteProtocolError) as error:
        _LOG.info("The answer about the newest version broke off: %r", error)
        raise UpdateError(
            "Connection broken", "The connection broke before the answer was here: try again."
        ) from error
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        _LOG.info("Nobody to ask about the newest version: %r", error)
        if is_kept_offline():
            raise UpdateError(
                "No connection",
                "The app's sandbox has no network: updates come from where it was installed from.",
            ) from error
        raise UpdateError(
            "No connection",
            "The server that knows the newest version cannot be reached: is there a network?",
        ) from error


def _require_answer(response: httpx2.Response) -> None:
    status = response.status_code
    if response.is_success:
        return
    if status == _NOT_FOUND:
        raise UpdateError("Nothing published", "No version is published at the app's address yet.")
    spent = response.headers.get("X-RateLimit-Remaining") == "0"
    if status == _TOO_MANY or (status == _FORBIDDEN and spent):
        raise UpdateError(
            "Asked too often",
            "The server has answered too many questions from your network: try again in an hour.",
        )
    raise UpdateError(
        "No answer", f"The server answered {status} when asked for the newest version."
    )


def _too_slow() -> UpdateError:
    return UpdateError("No answer", "The server does not answer in time: try again later.")


# ---- understanding ----


def _release(answer: Any) -> Release:
    """What the answer says.

    Raises:
        ValueError: It is not what it should be.
    """
    from packaging.version import Version

    if not isinstance(answer, dict):
        raise ValueError("it is no object")
    tag, page, notes = (answer.get(key) for key in ("tag_name", "html_url", "body"))
    if not isinstance(tag, str) or len(tag) > 100:
        raise ValueError(f"tag_name is {str(tag)[:100]!r}")
    if not (isinstance(page, str) and _is_safe(page)):
        raise ValueError(f"html_url is {str(page)[:100]!r}")
    if not isinstance(notes, str | None):
        raise ValueError("body is no text")
    found: Version = Version(tag)  # takes "v1.2" as well; an InvalidVersion is a ValueError
    return Release(str(found), page, _plain(notes or ""), found > Version(__version__))


def _is_safe(page: str) -> bool:
    """Whether a browser may be given this address, which is not ours."""
    try:
        parts = urlsplit(page)
    except ValueError:
        return False
    is_plain = page.isascii() and page.isprintable() and " " not in page
    return is_plain and parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc


def _plain(notes: str) -> str:
    """The text without what is no text: escapes, and Windows' ends of lines."""
    lines = notes.strip().splitlines()
    return "\n".join("".join(c for c in line if c.isprintable() or c in _SPACES) for line in lines)
