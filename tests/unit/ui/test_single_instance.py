"""A second start hands its photos to the first: real processes over a real socket."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QProcess
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from bimaco_gui import paths
from bimaco_gui.app import take_request
from bimaco_gui.ui.single_instance import Request, SingleInstance
from bimaco_gui.ui.window import Window

HAND_OVER = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from bimaco_gui.ui.single_instance import Request, SingleInstance
app = QCoreApplication([])
files = [Path(name) for name in sys.argv[1:]]
print(SingleInstance().hand_over(Request.of(files, True), timeout_seconds=1.0))
"""


@pytest.fixture
def first(qtbot: QtBot) -> Iterator[SingleInstance]:
    instance = SingleInstance()
    assert not instance.hand_over(Request())
    assert instance.listen()
    yield instance
    instance.close()


def start(qtbot: QtBot, *arguments: str) -> QProcess:
    """Run Python beside this event loop, which must go on to answer."""
    process = QProcess()
    process.start(sys.executable, list(arguments))
    assert process.waitForStarted()
    qtbot.waitUntil(lambda: process.state() is QProcess.ProcessState.NotRunning, timeout=30_000)
    return process


def test_a_second_start_hands_over_and_ends(
    qtbot: QtBot, first: SingleInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "from-the-desktop")
    asked: list[Request] = []
    first.asked.connect(asked.append)
    odd = tmp_path / "Ferien \u2013 \u5317\u4eac\n#1 %20.jpg"
    process = start(qtbot, "-c", HAND_OVER, str(odd), "b.png")
    assert process.readAllStandardOutput().data().strip() == b"True"
    assert asked == [Request((str(odd), str(Path.cwd() / "b.png")), True, "from-the-desktop")]


def test_the_program_itself_does_so(
    qtbot: QtBot,
    first: SingleInstance,
    window: Window,
    photo_file: Callable[..., Path],
) -> None:
    first.asked.connect(lambda request: take_request(window, request))
    photo = photo_file("from another start.png")
    window.showMinimized()
    process = start(qtbot, "-m", "bimaco_gui", str(photo))
    assert process.exitCode() == 0
    qtbot.waitUntil(lambda: [p.path for p in window.session.photos] == [photo])
    assert not window.isMinimized()


def test_without_a_first_window_a_start_is_the_first(qtbot: QtBot) -> None:
    process = start(qtbot, "-c", HAND_OVER)
    assert process.readAllStandardOutput().data().strip() == b"False"


def test_what_a_crash_left_is_no_window(qtbot: QtBot) -> None:
    code = "\n".join(
        (
            "import os",
            "from PySide6.QtCore import QCoreApplication",
            "from bimaco_gui.ui.single_instance import Request, SingleInstance",
            "app = QCoreApplication([])",
            "instance = SingleInstance()",
            "assert not instance.hand_over(Request()) and instance.listen()",
            "os._exit(1)",
        )
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 1
    assert (paths.cache_folder() / "window.lock").exists()
    instance = SingleInstance()
    assert not instance.hand_over(Request())
    assert instance.listen()
    instance.close()


def test_what_a_crash_left_in_a_sandbox_is_no_window(qtbot: QtBot) -> None:
    """Where every first process has the same number, the number says nothing."""
    lock = paths.cache_folder() / "window.lock"
    lock.write_text(
        f"{os.getpid()}\n{Path(sys.executable).resolve().name}\n{socket.gethostname()}\n"
    )
    instance = SingleInstance()
    assert not instance.hand_over(Request(), timeout_seconds=0)
    assert instance.listen()
    instance.close()


def test_a_first_window_that_hangs_does_not_keep_a_second_from_opening(
    first: SingleInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nobody answers here, because this thread waits itself.
    monkeypatch.setattr("bimaco_gui.ui.single_instance._ANSWER_MS", 100)
    second = SingleInstance()
    assert not second.hand_over(Request(("a.png",)), timeout_seconds=0.3)
    assert not second.listen()
    second.close()


def test_other_homes_have_windows_of_their_own(
    first: SingleInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIMACO_HOME", str(tmp_path / "other"))
    other = SingleInstance()
    assert not other.hand_over(Request())
    assert other.listen()
    other.close()


@pytest.mark.parametrize(
    "line",
    [
        b"hello\n",
        b"[]\n",
        b'{"version": 2, "files": [], "upscale": false, "token": ""}\n',
        b'{"version": 1, "files": [7], "upscale": false, "token": ""}\n',
        b'{"version": 1, "files": "a", "upscale": false, "token": ""}\n',
        b'{"version": 1, "files": [], "upscale": 1, "token": ""}\n',
        b"\xff\xfe\n",
    ],
)
def test_what_is_no_request_is_refused(qtbot: QtBot, first: SingleInstance, line: bytes) -> None:
    asked: list[Request] = []
    first.asked.connect(asked.append)
    socket = QLocalSocket()
    socket.connectToServer(first._name)
    socket.write(line)
    qtbot.waitUntil(lambda: socket.state() is QLocalSocket.LocalSocketState.UnconnectedState)
    assert asked == []
    with pytest.raises(ValueError):
        Request.from_line(line)


def test_a_request_comes_back_as_it_was() -> None:
    request = Request(("/a b/ü.png", "/c\n.png"), True, "token")
    line = request.to_line()
    assert line.count(b"\n") == 1
    assert Request.from_line(line) == request
    assert json.loads(line)["version"] == 1
