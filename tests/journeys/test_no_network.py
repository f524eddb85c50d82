"""Nothing leaves the computer: the program opens no socket that could reach another one."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

REPO = Path(__file__).resolve().parents[2]

WATCHED = """
import os, sys

def watch(event, arguments):
    # A pair of connected ends inside the process is no way out; that is what AF_UNIX is for here.
    if event == "socket.__new__" and arguments[1] not in (1, -1):
        print(f"a socket of family {arguments[1]} was opened", file=sys.stderr)
        os._exit(97)
    # A file as address is on this computer: the desktop's message bus, which keeps it awake.
    if event == "socket.connect" and isinstance(arguments[1], str | bytes):
        return
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.connect", "socket.sendto"):
        print(f"{event} {arguments[1:]}", file=sys.stderr)
        os._exit(98)
    if event in ("urllib.Request", "http.client.connect", "ftplib.connect", "smtplib.connect"):
        os._exit(99)

sys.addaudithook(watch)

def check_native():
    # Libraries below Python are not heard by the hook; the system lists their sockets.
    ours = set()
    for link in os.listdir("/proc/self/fd"):
        try:
            ours.add(os.readlink(f"/proc/self/fd/{link}"))
        except OSError:
            pass
    for table in ("tcp", "tcp6", "udp", "udp6", "raw", "raw6"):
        with open(f"/proc/self/net/{table}") as lines:
            for line in list(lines)[1:]:
                if f"socket:[{line.split()[9]}]" in ours:
                    print(f"a {table} socket is open: {line}", file=sys.stderr)
                    os._exit(96)
"""

COMMAND_LINE = """
from bimaco_gui.cli import main
status = main()
if sys.platform == "linux":
    check_native()
sys.exit(status)
"""

WINDOW = """
from PySide6.QtCore import QTimer
from bimaco_gui.app import make_application, make_program
app = make_application()
program = make_program()
program.window.show()
program.window.opening.open_sample()
def leave():
    if sys.platform == "linux":
        check_native()
    program.window.close_without_asking()
QTimer.singleShot(1500, leave)
app.exec()
program.queue.close()
"""


ASKED_TO_LOOK = """
from dataclasses import replace
from bimaco_gui.services.settings import load_settings, save_settings
save_settings(replace(load_settings(), look_for_updates=True))
"""


def watched(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WATCHED + code, *arguments],
        cwd=REPO,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize(
    "command",
    [
        ["upscale", "{photo}", "--device", "cpu"],
        ["queue", "add", "{photo}", "--file", "{queue}"],
        ["queue", "list", "--file", "{queue}"],
        ["models"],
        ["doctor"],
    ],
    ids=lambda command: " ".join(command[:2]).split(" {")[0],
)
def test_no_command_opens_a_socket(tmp_path: Path, command: list[str]) -> None:
    photo = tmp_path / "a.png"
    Image.linear_gradient("L").resize((24, 16)).convert("RGB").save(photo)
    places = {"photo": str(photo), "queue": str(tmp_path / "queue")}
    done = watched(COMMAND_LINE, *(part.format(**places) for part in command))
    assert done.returncode == 0, done.stderr
    if command[0] == "upscale":
        assert (tmp_path / "a_x4.png").is_file()


def test_the_window_opens_no_socket_to_anywhere() -> None:
    done = watched(WINDOW)
    assert done.returncode == 0, done.stderr


def test_it_does_for_somebody_who_wants_to_know_of_updates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the test above would notice if the look at start were not off."""
    monkeypatch.setenv("BIMACO_HOME", str(tmp_path))
    patient = WINDOW.replace("singleShot(1500", "singleShot(90_000")
    assert watched(ASKED_TO_LOOK + patient).returncode in (97, 98)
    assert watched(COMMAND_LINE, "updates").returncode in (97, 98)


def test_the_watch_would_notice() -> None:
    assert watched("import socket; socket.socket(socket.AF_INET)").returncode == 97
    assert watched("import socket; socket.getaddrinfo('localhost', 80)").returncode == 98
    if sys.platform == "linux":
        native = (
            "import ctypes, socket\n"
            "libc = ctypes.CDLL(None)\n"
            "one = libc.socket(2, 1, 0)\n"
            "address = (ctypes.c_ubyte * 16)(2)\n"
            "assert libc.bind(one, address, 16) == 0 and libc.listen(one, 1) == 0\n"
            "check_native()\n"
        )
        assert watched(native).returncode == 96
