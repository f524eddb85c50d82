"""The Hub as far as we need it: where a file is, and its bytes from a place on.

`huggingface_hub` knows the Hub's addresses, redirects, proxies, certificates and errors. Three
things its `hf_hub_download` does not do (version 2.4): it removes what it has when it fails, so
nothing is resumed after a cancel or a restart; it reads in pieces of 10 MB, so a small model shows
no progress and cannot be cancelled; and it compares sizes, not hashes. So the bytes are read here,
through its client, and `weights.download` does the rest.

Nothing is imported, and nothing is sent, before a function is called. No token is sent, and no
telemetry.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bimaco_gui import __version__
from bimaco_gui.errors import DownloadError

if TYPE_CHECKING:
    import httpx2

SECONDS_TO_ANSWER: Final = 10.0
SECONDS_OF_SILENCE: Final = 5.0
"""A server that sends nothing for so long is asked again; a cancel waits no longer than this."""

_PROGRAM: Final = "bimaco-gui"
_TRY_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_GONE: Final = frozenset({401, 404, 410})  # 401 is said of repositories that do not exist


class Interrupted(Exception):
    """The connection failed in a way that may be over in a moment; the text says how."""


@dataclass(frozen=True)
class RemoteFile:
    """A file of a repository, as the Hub describes it.

    Attributes:
        url: Where its bytes are; the address may be valid for a while only.
        commit: The revision that it belongs to.
        etag: SHA-256 of a large file; something else for a small one.
        size: Bytes, if known.
    """

    url: str
    commit: str | None
    etag: str | None
    size: int | None


def locate(repository: str, revision: str, file: str) -> RemoteFile:
    """Ask the Hub for a file.

    Raises:
        DownloadError: The repository, revision or file does not exist, or may not be read.
        Interrupted: The Hub does not answer, or not now.
    """
    # Read when the library is imported, which this function does.
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from huggingface_hub import get_hf_file_metadata, hf_hub_url

    with _explained(repository):
        found = get_hf_file_metadata(
            hf_hub_url(repository, file, revision=revision, endpoint=os.environ.get("HF_ENDPOINT")),
            token=False,
            timeout=SECONDS_TO_ANSWER,
            library_name=_PROGRAM,
            library_version=__version__,
        )
    return RemoteFile(found.location, found.commit_hash, found.etag, found.size)


@contextmanager
def opened(remote: RemoteFile, start: int) -> Iterator[tuple[int, Iterator[bytes]]]:
    """The bytes of a file from `start` on, as they arrive.

    Yields:
        Where they begin (0 if the server does not know ranges), and the bytes in small pieces.

    Raises:
        DownloadError: The server refuses.
        Interrupted: The connection failed, at once or in the middle.
    """
    import httpx2
    from huggingface_hub import get_session

    headers = {"User-Agent": f"{_PROGRAM}/{__version__}", "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    patience = httpx2.Timeout(SECONDS_TO_ANSWER, read=SECONDS_OF_SILENCE)
    with (
        _explained(remote.url),
        get_session().stream("GET", remote.url, headers=headers, timeout=patience) as response,
    ):
        if response.status_code == 416:  # the file is not as long as what is here already
            yield 0, iter(())
            return
        response.raise_for_status()
        yield _begins_at(response, start), response.iter_raw()


def _begins_at(response: httpx2.Response, asked: int) -> int:
    if response.status_code != 206:
        return 0
    _, _, given = response.headers.get("Content-Range", "").partition("bytes ")
    begin = given.partition("-")[0]
    if begin != str(asked):
        raise Interrupted(f"the server sent bytes from {begin or 'an unknown place'} on")
    return asked


@contextmanager
def _explained(what: str) -> Iterator[None]:
    """Turn the library's errors into ours."""
    import httpx2
    from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

    try:
        yield
    except OfflineModeIsEnabled as error:
        raise DownloadError(
            "Downloads are switched off",
            "The environment variable HF_HUB_OFFLINE forbids downloads.",
        ) from error
    except (HfHubHTTPError, httpx2.HTTPStatusError) as error:
        status = error.response.status_code
        if status in _TRY_AGAIN:
            raise Interrupted(f"the server answered {status}") from error
        if status in _GONE:
            raise DownloadError(
                "Model no longer there",
                f"The Hub has no such file in {what} any more, or it may not be read.",
            ) from error
        raise DownloadError(
            "The Hub refuses", f"The server answered {status} when asked for {what}."
        ) from error
    except httpx2.HTTPError as error:
        raise Interrupted(str(error) or type(error).__name__) from error
