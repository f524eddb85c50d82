"""The real programs while their graphics card, a made-up one, crashes or hangs at work."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bimaco_gui.app import Program, make_application, make_program
from bimaco_gui.services.isolation.upscaler import LOST_NOTE
from bimaco_gui.services.jobs import Job
from bimaco_gui.services.queue_events import JobState
from bimaco_gui.ui.photo import PhotoState
from bimaco_gui.ui.session import SessionState
from tests.journeys.test_window import LEFT, REPO, drop
from tests.stand_in_gpu import gated_isolation, is_running, wait_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them"),
]
MS = 120_000


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return make_application()


@pytest.fixture
def program(qtbot: QtBot, home: Path) -> Iterator[Program]:
    """A window whose engine works in another process, warm and ready."""
    made = make_program(gated_isolation())
    made.window.resize(900, 650)
    with qtbot.waitSignal(made.window.previewing.is_ready, timeout=MS):
        made.window.show()
    yield made
    made.window.close_without_asking()
    assert made.window.ended_cleanly
    made.close()
    made.window.deleteLater()


def photo(folder: Path, name: str) -> Path:
    path = folder / name
    with Image.open(REPO / "tests" / "data" / "public_test" / "cid_02.png") as image:
        image.convert("RGB").resize((50, 38)).save(path)
    return path


def pid(program: Program) -> int:
    running = program.isolation.process.pid
    assert running is not None
    return running


def opened(program: Program, path: Path, qtbot: QtBot) -> None:
    """Drop a photo, and wait until nothing but a job would use the card."""
    with qtbot.waitSignal(program.window.previewing.calibrated, timeout=MS):
        drop(program.window, path, qtbot)


def is_over(program: Program) -> Callable[[], bool]:
    return lambda: program.window.session.state is not SessionState.RUNNING


def test_a_photo_whose_card_crashes_is_finished_all_the_same(
    program: Program,
    home: Path,
    tmp_path: Path,
    qtbot: QtBot,
    caplog: pytest.LogCaptureFixture,
) -> None:
    window, process = program.window, pid(program)
    opened(program, photo(tmp_path, "first.png"), qtbot)
    (home / "hang").touch()
    QTest.mouseClick(window.bottom_bar.upscale_button, LEFT)
    qtbot.waitUntil((home / "hung").exists, timeout=MS)
    os.kill(process, signal.SIGSEGV)
    qtbot.waitUntil(is_over(program), timeout=MS)
    assert window.session.state is SessionState.DONE, window.banner.problem
    (done,) = window.session.photos
    assert done.state is PhotoState.DONE
    assert done.notes == (LOST_NOTE,)
    qtbot.waitUntil(lambda: not window.saving.is_busy, timeout=MS)
    with Image.open(tmp_path / "first_x4.png") as result:
        assert result.size == (200, 152)
    assert LOST_NOTE in window.bottom_bar.size_label.whole_text
    assert "SIGSEGV" in caplog.text
    # The next one goes to the processor at once: the made-up card would hang again.
    drop(window, photo(tmp_path, "second.png"), qtbot)
    QTest.mouseClick(window.bottom_bar.upscale_button, LEFT)
    qtbot.waitUntil((tmp_path / "second_x4.png").exists, timeout=MS)
    assert window.session.photos[-1].notes == ()
    assert program.isolation.process.pid is None


def test_a_batch_goes_on_when_the_card_crashes(
    program: Program, home: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    process, (_, batch) = pid(program), program.workers
    program.queue.add_all(Job(photo(tmp_path, f"{number}.png")) for number in range(4))
    (home / "hang").write_text("1")

    def states() -> list[JobState]:
        return [item.state for item in program.queue.jobs()]

    batch.resume()
    qtbot.waitUntil((home / "hung").exists, timeout=MS)
    assert states().count(JobState.DONE) == 1
    os.kill(process, signal.SIGKILL)
    qtbot.waitUntil(lambda: set(states()) == {JobState.DONE}, timeout=MS)
    assert [item.notes for item in program.queue.jobs()] == [(), (LOST_NOTE,), (), ()]
    assert len(list(tmp_path.glob("*_x4.png"))) == 4


def test_cancel_ends_a_card_that_hangs_and_the_window_goes_on(
    program: Program, home: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window, process = program.window, pid(program)
    opened(program, photo(tmp_path, "first.png"), qtbot)
    (home / "hang").touch()
    QTest.mouseClick(window.bottom_bar.upscale_button, LEFT)
    qtbot.waitUntil((home / "hung").exists, timeout=MS)
    QTest.mouseClick(window.bottom_bar.cancel_button, LEFT)
    qtbot.waitUntil(is_over(program), timeout=MS)
    assert window.session.photos[0].state is PhotoState.READY
    qtbot.waitUntil(lambda: not is_running(process), timeout=MS)
    (home / "hang").unlink()
    QTest.mouseClick(window.bottom_bar.upscale_button, LEFT)
    qtbot.waitUntil((tmp_path / "first_x4.png").exists, timeout=MS)
    assert window.session.photos[0].notes == (), "the card made it"


def test_a_window_whose_card_hangs_at_the_start_can_be_closed(home: Path, qtbot: QtBot) -> None:
    (home / "hang-loading").touch()
    made = make_program(gated_isolation())
    made.window.show()
    qtbot.waitUntil((home / "hung").exists, timeout=MS)
    process = pid(made)
    made.window.close()
    assert made.window.ended_cleanly
    made.close()
    assert not is_running(process)
    made.window.deleteLater()


def test_a_window_whose_card_hangs_in_a_photo_can_be_closed(
    program: Program, home: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window, process = program.window, pid(program)
    opened(program, photo(tmp_path, "first.png"), qtbot)
    (home / "hang").touch()
    window.commands.upscale()
    qtbot.waitUntil((home / "hung").exists, timeout=MS)
    window.close_without_asking()
    assert window.ended_cleanly
    program.close()
    assert not is_running(process)


COMMAND_LINE = """
import sys
from bimaco_gui.cli import main
from bimaco_gui.services.engine_tools import engine_tools
from bimaco_gui.services.runner import Runner
from tests.stand_in_gpu import gated_isolation
one = gated_isolation()
sys.exit(main(make_runner=lambda: Runner(lambda: engine_tools(one))))
"""


@pytest.fixture
def command(hears_ctrl_c: None, home: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Two photos on the command line, whose card hangs in the first."""
    (home / "hang").touch()
    photos = [str(photo(tmp_path, name)) for name in ("a.png", "b.png")]
    with subprocess.Popen(
        [sys.executable, "-c", COMMAND_LINE, "upscale", *photos, "--json"],
        cwd=REPO,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as program:
        wait_until(lambda: (home / "hung").exists() or program.poll() is not None)
        yield program
        program.kill()


def test_the_command_line_goes_on_when_the_card_crashes(
    command: subprocess.Popen[str], home: Path, tmp_path: Path
) -> None:
    os.kill(int((home / "hung").read_text()), signal.SIGSEGV)
    output, errors = command.communicate(timeout=MS / 1000)
    assert command.returncode == 0, errors
    events = [json.loads(line) for line in output.splitlines()]
    assert [event["notes"] for event in events if event["event"] == "done"] == [[LOST_NOTE], []]
    assert "Segmentation fault" not in errors, "that is for the log"
    assert len(list(tmp_path.glob("*_x4.png"))) == 2


def test_control_c_ends_the_card_as_well(
    command: subprocess.Popen[str], home: Path, tmp_path: Path
) -> None:
    process = int((home / "hung").read_text())
    os.killpg(command.pid, signal.SIGINT)  # as a terminal does
    _, errors = command.communicate(timeout=MS / 1000)
    assert command.returncode == 128 + signal.SIGINT, errors
    assert "Traceback" not in errors
    wait_until(lambda: not is_running(process))
    assert not list(tmp_path.glob("*_x4*"))
