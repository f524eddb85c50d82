"""The program dies with a photo on the canvas; the next start offers it again."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from PIL import Image

from tests.leftovers import complaints

REPO = Path(__file__).resolve().parents[2]
SECONDS = 100

DRIVER = """
import os, signal, sys, time
from pathlib import Path
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from bimaco_gui.app import make_application, make_program
from bimaco_gui.ui.translation import install_language

app = make_application()
install_language(app, "en")
program = make_program()
window = program.window
window.resize(1000, 700)
window.show()

def until(condition):
    end = time.monotonic() + 60
    while not condition():
        app.processEvents()
        time.sleep(0.002)
        assert time.monotonic() < end, "not reached"

if sys.argv[1] == "die":
    window.opening.open_files([Path(sys.argv[2])])
    until(window.bottom_bar.upscale_button.isEnabled)
    window.commands.upscale()
    until(lambda: window.session.running is not None)
    os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[1] == "again":
    until(window.banner.isVisible)
    print(window.banner.problem.message, window.banner.remedy_button.text())
    QTest.mouseClick(window.banner.remedy_button, Qt.MouseButton.LeftButton)
    until(lambda: not window.canvas.viewport.is_empty)
    print(window.session.current.path)
    until(window.bottom_bar.upscale_button.isEnabled)
    window.close_without_asking()

if sys.argv[1] == "third":
    end = time.monotonic() + 0.3
    until(lambda: time.monotonic() > end)
    print(window.banner.isVisible())
    window.close_without_asking()
program.queue.close()
sys.exit(0 if window.ended_cleanly else 3)
"""


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, *arguments],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "BIMACO_HOME": str(home)},
        cwd=REPO,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert complaints(done.stderr) == []
    return done


def test_the_photo_on_the_canvas_is_offered_again_once(tmp_path: Path) -> None:
    photo, home = tmp_path / "Größe & Ort.png", tmp_path / "home"
    Image.linear_gradient("L").resize((320, 240)).convert("RGB").save(photo)
    died = run(home, "die", str(photo))
    assert died.returncode == -signal.SIGKILL, died.stderr
    again = run(home, "again")
    assert again.returncode == 0, again.stderr
    assert again.stdout.splitlines() == ["1 photo was open then. Open again", str(photo)]
    third = run(home, "third")
    assert third.stdout == "False\n", third.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Größe & Ort.png", "home"]
