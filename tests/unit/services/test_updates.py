"""Asking for the newest version, of a real server on this machine."""

import json
import threading
from datetime import date
from pathlib import Path

import pytest

from bimaco_gui import __version__, paths
from bimaco_gui.errors import Cancelled, UpdateError
from bimaco_gui.services import updates
from bimaco_gui.services.desktop import sandbox
from bimaco_gui.services.updates import Question, Release, newest_release
from tests.release_server import PAGE, ReleaseServer, closed_address, release, serving

MANY_SECONDS = 60


@pytest.fixture(autouse=True)
def home(no_proxy: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BIMACO_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


class Today(date):
    """A day that does not end while a test runs."""

    @classmethod
    def today(cls) -> "Today":
        return cls(2026, 5, 4)


@pytest.fixture(autouse=True)
def one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "date", Today)


@pytest.fixture
def server(release_server: ReleaseServer) -> ReleaseServer:
    return release_server


def outcome(question: Question) -> Release:
    question._thread.join(MANY_SECONDS)
    assert question.is_answered
    return question.answer()


# ---- answers ----


def test_a_newer_version_comes_with_page_and_notes(server: ReleaseServer) -> None:
    assert newest_release() == Release("9.1.0", PAGE, "Sharper.\n\n* <b>Quicker</b>", True)


def test_nothing_is_sent_but_the_program_s_name(server: ReleaseServer) -> None:
    server.headers = {"Set-Cookie": "who=you"}
    newest_release()
    newest_release()
    for path, headers in server.requests:
        assert path == "/releases/latest"
        assert headers.pop("User-Agent") == "bimaco-gui"
        assert headers.pop("Accept-Encoding") == "identity", (
            "else a small answer may be a large one"
        )
        assert set(headers) == {"Host", "Accept", "Connection"}


@pytest.mark.parametrize(
    ("installed", "tag", "is_newer"),
    [
        ("0.1.0", "v0.1.0", False),
        ("0.1.0", "0.1", False),
        ("0.2.0", "v0.1.9", False),
        ("0.9.0", "v0.10.0", True),
        ("0.1.0", "v0.1.1", True),
        ("1.0rc1", "v1.0", True),
        ("1.0", "v1.0rc2", False),
        ("1.0", "v1.0.post1", True),
        ("1.0.dev3", "V1.0", True),
    ],
)
def test_versions_are_compared_as_versions(
    server: ReleaseServer,
    monkeypatch: pytest.MonkeyPatch,
    installed: str,
    tag: str,
    is_newer: bool,
) -> None:
    monkeypatch.setattr(updates, "__version__", installed)
    server.body = release(tag)
    assert newest_release().is_newer is is_newer


def test_notes_are_text_and_nothing_that_steers_a_screen(server: ReleaseServer) -> None:
    server.body = release(body="\x1b[2JRed\u202eder \x07bell\r\n\ttab\u3000照片")
    assert newest_release().notes == "[2JRedder bell\n\ttab\u3000照片"
    server.body = release(body=None)
    assert newest_release().notes == ""


def test_a_new_home_of_the_project_is_followed(server: ReleaseServer) -> None:
    with serving() as moved:
        server.status, server.headers = 301, {"Location": moved.address}
        assert newest_release().version == "9.1.0"
        moved.status, moved.headers = 302, {"Location": server.address}
        with pytest.raises(UpdateError):  # and so on, for ever
            newest_release()


def test_the_version_that_runs_can_be_compared_and_the_address_be_asked() -> None:
    assert updates.NEWEST_RELEASE.startswith("https://")
    assert not updates._release(json.loads(release(__version__))).is_newer


# ---- failures ----


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"<html>Welcome to this hotel's network</html>",
        b"null",
        b"[]",
        b"{}",
        b"[" * 100_000,
        release("the good one"),
        release("1" * 5000),
        release(tag_name=None),
        release(tag_name=["1.0"]),
        release(html_url=None),
        release(html_url="file:///etc/passwd"),
        release(html_url="javascript:alert(1)"),
        release(html_url="http://example.org/"),
        release(html_url="https://"),
        release(html_url="https://[broken/"),
        release(html_url="https://github.com@example.org/"),
        release(html_url="https://example.org/\n--help"),
        release(body={"text": "<script>"}),
    ],
)
def test_an_answer_that_makes_no_sense_is_told(server: ReleaseServer, body: bytes) -> None:
    server.body = body
    with pytest.raises(UpdateError, match="makes no sense"):
        newest_release()


@pytest.mark.parametrize(
    ("status", "headers", "sentence"),
    [
        (404, {}, "No version is published"),
        (403, {"X-RateLimit-Remaining": "0"}, "try again in an hour"),
        (429, {}, "try again in an hour"),
        (403, {}, "answered 403"),
        (500, {}, "answered 500"),
        (304, {}, "answered 304"),
    ],
)
def test_a_refusal_is_told(
    server: ReleaseServer, status: int, headers: dict[str, str], sentence: str
) -> None:
    server.status, server.headers = status, headers
    with pytest.raises(UpdateError, match=sentence):
        newest_release()
    assert len(server.requests) == 1


def test_a_connection_that_breaks_is_told(server: ReleaseServer) -> None:
    server.cut_after = 20
    with pytest.raises(UpdateError, match="connection broke"):
        newest_release()


def test_a_server_that_falls_silent_is_not_waited_for(
    server: ReleaseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "SECONDS_OF_SILENCE", 0.1)
    server.silent_after = 20
    with pytest.raises(UpdateError, match="does not answer in time"):
        newest_release()
    assert not server.wake.is_set()


def test_an_answer_that_never_ends_is_cut_off(server: ReleaseServer) -> None:
    server.endless = True
    with pytest.raises(UpdateError, match="far too long"):
        newest_release()


def test_one_that_trickles_in_is_cut_off_as_well(
    server: ReleaseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "SECONDS_IN_ALL", 0.0)
    with pytest.raises(UpdateError, match="does not answer in time"):
        newest_release()


def test_without_a_network_it_says_so() -> None:
    with pytest.raises(UpdateError, match="cannot be reached") as failed:
        newest_release(address=closed_address())
    assert failed.value.title == "No connection"


@pytest.mark.parametrize(
    ("shared", "sentence"), [("ipc;", "sandbox has no network"), ("network;ipc;", "is there a")]
)
def test_in_a_sandbox_it_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shared: str, sentence: str
) -> None:
    monkeypatch.setattr(sandbox, "INFO", tmp_path / "info")
    sandbox.INFO.write_text(f"[Application]\nname=a.b.c\n\n[Context]\nshared={shared}\n")
    with pytest.raises(UpdateError, match=sentence):
        newest_release(address=closed_address())


@pytest.mark.parametrize("address", ["https://", "no address", "ftp://127.0.0.1/"])
def test_an_address_that_is_none_is_told_like_that(address: str) -> None:
    with pytest.raises(UpdateError, match="cannot be reached"):
        newest_release(address=address)


# ---- in a thread of its own ----


def test_a_question_is_answered_in_the_background(server: ReleaseServer) -> None:
    assert outcome(Question()).version == "9.1.0"
    server.status = 404
    with pytest.raises(UpdateError):
        outcome(Question())


def test_a_question_can_be_taken_back(server: ReleaseServer) -> None:
    server.silent_after = 20
    question = Question()
    assert server.asked.wait(MANY_SECONDS)
    assert not question.is_answered
    question.cancel()
    server.wake.set()
    with pytest.raises(Cancelled):
        outcome(question)


def test_one_that_is_taken_back_ends_so_even_if_it_failed() -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        newest_release(cancel, closed_address())


def test_by_itself_it_asks_once_a_day(server: ReleaseServer) -> None:
    assert outcome(Question(once_a_day=True)).is_newer
    with pytest.raises(Cancelled):
        outcome(Question(once_a_day=True))
    assert len(server.requests) == 1
    outcome(Question())  # somebody asks all the same
    assert len(server.requests) == 2
    paths.updates_file().write_text(json.dumps({"asked": "2026-05-03"}))
    assert outcome(Question(once_a_day=True)).is_newer


@pytest.mark.parametrize("damaged", ["", "{", "[]", '"today"', '{"asked": 3}'])
def test_a_damaged_note_of_the_day_counts_as_none(server: ReleaseServer, damaged: str) -> None:
    paths.updates_file().write_text(damaged)
    assert outcome(Question(once_a_day=True)).is_newer
    assert json.loads(paths.updates_file().read_text()) == {"asked": "2026-05-04"}


def test_where_the_day_cannot_be_noted_nobody_is_asked(server: ReleaseServer, home: Path) -> None:
    home.write_text("a file where the folder should be")
    with pytest.raises(OSError, match="home"):
        outcome(Question(once_a_day=True))
    assert server.requests == []
