"""The real window with the real worker and the bundled model."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bimaco_gui.app import Program, make_application, make_program
from bimaco_gui.ui.photo import PhotoState
from bimaco_gui.ui.session import SessionState
from bimaco_gui.ui.window import Window

REPO = Path(__file__).resolve().parents[2]
LEFT = Qt.MouseButton.LeftButton
UPSCALE_MS = 120_000
CANCEL_SECONDS = 10


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return make_application()


@pytest.fixture
def photo(tmp_path: Path) -> Callable[[int, int], Path]:
    """Makes a photo of that size out of a real one."""

    def make(width: int, height: int) -> Path:
        source = REPO / "tests" / "data" / "public_test" / "cid_02.png"
        path = tmp_path / "photo.png"
        with Image.open(source) as image:
            image.convert("RGB").resize((width, height), Image.Resampling.LANCZOS).save(path)
        return path

    return make


@pytest.fixture
def program(qtbot: QtBot, home: Path) -> Iterator[Program]:
    made = make_program()
    window = made.window
    window.resize(900, 650)
    window.show()
    qtbot.waitExposed(window)
    yield made
    window.close_without_asking()
    # The workers' threads were waited for, and they ended.
    assert window.ended_cleanly
    made.close()
    window.deleteLater()
    assert not list(home.rglob("results-*"))


@pytest.fixture
def window(program: Program) -> Window:
    return program.window


def drop(window: Window, path: Path, qtbot: QtBot) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, no_keys = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(300, 300), copy, data, LEFT, no_keys)
    QApplication.sendEvent(window, enter)
    QApplication.sendEvent(window, QDropEvent(QPointF(300, 300), copy, data, LEFT, no_keys))
    qtbot.waitUntil(lambda: not window.canvas.viewport.is_empty, timeout=UPSCALE_MS)
    qtbot.waitUntil(
        lambda: all(photo.state is not PhotoState.OPENING for photo in window.session.photos),
        timeout=UPSCALE_MS,
    )


def test_one_drop_and_one_press_give_a_saved_photo(
    window: Window, photo: Callable[[int, int], Path], qtbot: QtBot
) -> None:
    path = photo(50, 38)
    drop(window, path, qtbot)
    QTest.mouseClick(window.bottom_bar.upscale_button, LEFT)
    qtbot.waitUntil(lambda: window.session.state is not SessionState.RUNNING, timeout=UPSCALE_MS)
    assert window.session.state is SessionState.DONE, window.banner.problem
    qtbot.waitUntil(lambda: window.canvas.compares, timeout=UPSCALE_MS)
    qtbot.waitUntil(lambda: not window.saving.is_busy, timeout=UPSCALE_MS)
    with Image.open(path.with_name("photo_x4.png")) as result, Image.open(path) as original:
        assert result.size == (200, 152)
        small = result.convert("RGB").resize(original.size, Image.Resampling.BOX)
        differences = [abs(a - b) for a, b in zip(small.tobytes(), original.tobytes(), strict=True)]
        assert sum(differences) / len(differences) < 12


@pytest.mark.parametrize("times", [2, 4])
def test_what_the_loupe_shows_is_what_is_saved_byte_for_byte(
    window: Window, photo: Callable[[int, int], Path], qtbot: QtBot, times: int
) -> None:
    path = photo(120, 100)
    drop(window, path, qtbot)
    QTest.mouseClick(window.panel.size_section.factor_buttons[times], LEFT)
    scale_is = lambda: window.session.choices.options.scale == times  # noqa: E731
    qtbot.waitUntil(scale_is)
    window.loupe.move_to(QPointF(70, 60))
    qtbot.waitUntil(lambda: window.loupe.image is not None, timeout=UPSCALE_MS)
    part, preview = window.loupe.part, window.loupe.image
    assert preview is not None
    preview = preview.convertToFormat(QImage.Format.Format_RGB888)
    window.commands.upscale()
    saved = path.with_name(f"photo_x{times}.png")
    qtbot.waitUntil(saved.exists, timeout=UPSCALE_MS)
    qtbot.waitUntil(lambda: not window.saving.is_busy, timeout=UPSCALE_MS)
    with Image.open(saved) as result:
        box = (part.left(), part.top(), part.left() + part.width(), part.top() + part.height())
        there = result.convert("RGB").crop(tuple(times * edge for edge in box))
    rows = [bytes(preview.constScanLine(y))[: 3 * preview.width()] for y in range(preview.height())]
    assert (preview.width(), preview.height()) == there.size
    assert b"".join(rows) == there.tobytes()


@pytest.mark.slow
def test_cancel_stops_within_a_tile_and_leaves_nothing(
    window: Window, photo: Callable[[int, int], Path], qtbot: QtBot, home: Path
) -> None:
    drop(window, photo(640, 480), qtbot)
    window.commands.upscale()
    qtbot.waitUntil(
        lambda: window.session.running is None or window.session.running.fraction is not None,
        timeout=UPSCALE_MS,
    )
    assert window.session.running is not None
    QTest.mouseClick(window.bottom_bar.cancel_button, LEFT)
    started = time.monotonic()
    qtbot.waitUntil(lambda: window.session.running is None, timeout=UPSCALE_MS)
    assert time.monotonic() - started < CANCEL_SECONDS
    assert window.session.photos[0].state is PhotoState.READY
    assert not [file for file in home.rglob("*.png") if file.is_file()]


@pytest.mark.slow
def test_closing_in_the_middle_ends_the_thread(
    window: Window, photo: Callable[[int, int], Path], qtbot: QtBot
) -> None:
    drop(window, photo(640, 480), qtbot)
    window.commands.upscale()
    qtbot.waitUntil(
        lambda: window.session.running is None or window.session.running.fraction is not None,
        timeout=UPSCALE_MS,
    )
    started = time.monotonic()
    window.close()
    assert not window.isVisible()
    assert window.ended_cleanly
    assert time.monotonic() - started < CANCEL_SECONDS


def test_a_file_that_only_looks_like_a_picture_is_told_and_forgotten(
    window: Window, tmp_path: Path, photo: Callable[[int, int], Path], qtbot: QtBot
) -> None:
    fake = tmp_path / "fake.jpg"
    fake.write_bytes(b"\xff\xd8\xff\xe0 no more")
    window.opening.open_files([fake])
    qtbot.waitUntil(window.banner.isVisible)
    drop(window, photo(20, 20), qtbot)
    assert not window.banner.isVisible()


RUN_AND_LOOK = """
import faulthandler, sys
faulthandler.dump_traceback_later(100, exit=True)  # where it stands, should it ever hang
from pathlib import Path
from PySide6.QtCore import QTimer
from bimaco_gui.app import make_application, run_window

app = make_application()
target, photo = Path(sys.argv[1]), Path(sys.argv[2])

def look():
    window = next(w for w in app.topLevelWidgets() if hasattr(w, "session"))
    if window.banner.isVisible():
        sys.stderr.write(str(window.banner.problem))
        window.close_without_asking()
    elif window.canvas.compares and not window.saving.is_busy:
        timer.stop()
        window.screen().grabWindow(0).save(str(target))
        window.close_without_asking()

timer = QTimer()
timer.timeout.connect(look)
timer.start(200)
sys.exit(run_window([photo], upscale_at_once=True))
"""


@pytest.mark.slow
def test_on_a_real_screen_the_comparison_can_be_seen(
    on_the_screen: dict[str, str], tmp_path: Path, photo: Callable[[int, int], Path]
) -> None:
    picture = tmp_path / "screen.png"
    done = subprocess.run(
        [sys.executable, "-c", RUN_AND_LOOK, str(picture), str(photo(160, 120))],
        env=on_the_screen,
        cwd=REPO,
        capture_output=True,
        text=True,
        timeout=UPSCALE_MS / 1000,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    with Image.open(picture) as screen:
        colours = screen.convert("RGB").getcolors(maxcolors=1 << 24)
        assert screen.size == (1280, 800)
        assert colours is not None
        assert len(colours) > 2000
        assert max(count for count, _ in colours) < 0.9 * 1280 * 800


SAYS_WHEN_IT_IS_UP = """
from PySide6.QtCore import QTimer
from bimaco_gui import app
make_program = app.make_program

def announced():
    QTimer.singleShot(0, lambda: print("up", flush=True))
    return make_program()

app.make_program = announced
app.run_window([])
"""


def test_control_c_closes_the_window(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SAYS_WHEN_IT_IS_UP],
        env={**os.environ, "BIMACO_HOME": str(tmp_path)},
        cwd=REPO,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "up\n"
        program.send_signal(signal.SIGINT)
        assert program.wait(timeout=60) == 0
