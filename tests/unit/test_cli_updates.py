"""`bimaco-gui updates`, with a real server on this machine."""

import json

import pytest

from bimaco_gui import __version__
from bimaco_gui.cli import main
from bimaco_gui.services import updates
from tests.release_server import PAGE, ReleaseServer, closed_address, release

CaptureText = pytest.CaptureFixture[str]


@pytest.fixture
def server(release_server: ReleaseServer) -> ReleaseServer:
    return release_server


def test_it_says_what_is_newer_and_where(server: ReleaseServer, capsys: CaptureText) -> None:
    assert main(["updates"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"Version 9.1.0 is there (you have {__version__}): {PAGE}",
        "  Sharper.",
        "  ",
        "  * <b>Quicker</b>",
    ]


def test_it_says_that_nothing_is_newer(server: ReleaseServer, capsys: CaptureText) -> None:
    server.body = release(f"v{__version__}")
    assert main(["updates"]) == 0
    assert capsys.readouterr().out == f"You have the newest version ({__version__}).\n"


def test_json_is_one_object(server: ReleaseServer, capsys: CaptureText) -> None:
    assert main(["updates", "--json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line) == {
        "installed": __version__,
        "newest": "9.1.0",
        "newer": True,
        "page": PAGE,
        "notes": "Sharper.\n\n* <b>Quicker</b>",
    }


def test_a_failure_is_one_sentence_and_a_status(
    monkeypatch: pytest.MonkeyPatch, capsys: CaptureText
) -> None:
    monkeypatch.setattr(updates, "NEWEST_RELEASE", closed_address())
    assert main(["updates"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "cannot be reached" in said.err
