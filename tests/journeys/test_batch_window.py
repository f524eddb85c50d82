"""A folder is dropped, paused, killed in the middle, and finished by the next start.

In another run the disk of the results is taken out and put back.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.leftovers import complaints

REPO = Path(__file__).resolve().parents[2]
PHOTOS = 7
SECONDS = 200

DRIVER = """
import json, os, signal, sys, time
from pathlib import Path
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from bimaco_gui.app import make_application, make_program
from bimaco_gui.services.queue_events import JobState
from bimaco_gui.ui.batch_dialog import BatchDialog

app = make_application()
program = make_program()
window = program.window
window.resize(1000, 700)
window.show()

def until(condition, seconds=150):
    end = time.monotonic() + seconds
    while not condition():
        app.processEvents()
        time.sleep(0.002)
        assert time.monotonic() < end, "not reached"

control = window.queue.control
done = lambda: control.rows.counts[JobState.DONE]
left = Qt.MouseButton.LeftButton

page = window.queue_page

def drop_folder():
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(sys.argv[2])])
    no_keys, copy = Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    app.sendEvent(window, QDragEnterEvent(QPoint(300, 300), copy, data, left, no_keys))
    app.sendEvent(window, QDropEvent(QPointF(300, 300), copy, data, left, no_keys))
    return next(w for w in app.topLevelWidgets() if isinstance(w, BatchDialog))

def start(dialog):
    until(lambda: dialog.start_button.isEnabled())
    QTest.mouseClick(dialog.start_button, left)

if sys.argv[1] == "unplug":
    out, away = Path(sys.argv[3]), Path(sys.argv[4])
    window.panel.save_section.set_folder(out)
    start(drop_folder())
    until(lambda: done() >= 2 and control.rows.counts[JobState.RUNNING] == 1)
    out.rename(away)
    until(lambda: control.is_paused)
    until(lambda: str(out) in page.detail_label.text())
    print("told:", page.detail_label.text())
    assert page.pause_button.text() == "Resume"
    assert control.rows.counts[JobState.FAILED] <= 1, "no more than the file that is broken"
    assert not out.exists(), "nothing is written where the disk was"
    away.rename(out)
    QTest.mouseClick(page.pause_button, left)

if sys.argv[1] == "begin":
    start(drop_folder())
    until(lambda: done() >= 1)
    until(page.pause_button.isEnabled)
    QTest.mouseClick(page.pause_button, left)
    paused_at = done()
    end = time.monotonic() + 1
    until(lambda: time.monotonic() > end)
    assert done() <= paused_at + 1, "the running one may still end"
    QTest.mouseClick(page.pause_button, left)
    until(lambda: done() >= 3 and control.rows.counts[JobState.RUNNING] == 1)
    os.kill(os.getpid(), signal.SIGKILL)

until(lambda: control.rows.rowCount() > 0 and not control.is_busy)
print(json.dumps({state.value: count for state, count in control.rows.counts.items()}))
window.close_without_asking()
program.queue.close()
sys.exit(0 if window.ended_cleanly else 3)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "Photos" / "Größe & Ort"
    made.mkdir(parents=True)
    source = REPO / "tests" / "data" / "public_test" / "cid_02.png"
    with Image.open(source) as image:
        for number in range(PHOTOS):
            small = image.convert("RGB").crop((40 * number, 0, 40 * number + 40, 32))
            small.save((made if number % 2 else made.parent) / f"photo {number}.png")
    (made / "broken.jpg").write_bytes(b"\\xff\\xd8\\xff\\xe0 no more")
    return made.parent


def run(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, *arguments],
        env={
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "BIMACO_HOME": str(tmp_path / "home"),
        },
        cwd=REPO,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert complaints(done.stderr) == []
    return done


@pytest.mark.slow
def test_a_batch_that_is_killed_goes_on_and_ends_with_nothing_lost(
    tmp_path: Path, folder: Path
) -> None:
    killed = run(tmp_path, "begin", str(folder))
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*_x4.png")}
    assert 3 <= len(before) < PHOTOS
    again = run(tmp_path, "go on")
    assert again.returncode == 0, again.stderr
    counts = json.loads(again.stdout.splitlines()[-1])
    assert counts["done"] == PHOTOS
    assert counts["failed"] == 1
    results = sorted(folder.rglob("*_x4*"))
    assert len(results) == PHOTOS, "each photo is done once"
    for path in results:
        with Image.open(path) as image:
            image.load()
            assert image.size == (160, 128)
    assert all(path.stat().st_mtime_ns == stamp for path, stamp in before.items())
    assert not [path for path in folder.rglob("*") if path.name.startswith(".")]
    shutil.rmtree(tmp_path / "home")


@pytest.mark.slow
def test_when_the_disk_of_the_results_is_unplugged_the_batch_waits_and_goes_on(
    tmp_path: Path, folder: Path
) -> None:
    out = tmp_path / "Disk"
    out.mkdir()
    done = run(tmp_path, "unplug", str(folder), str(out), str(tmp_path / "away"))
    assert done.returncode == 0, done.stderr
    told, counts = done.stdout.splitlines()
    assert "Disk" in told
    assert json.loads(counts) | {"done": PHOTOS, "failed": 1} == json.loads(counts)
    results = [path for path in out.rglob("*") if path.is_file()]
    assert len(results) == PHOTOS
    for path in results:
        with Image.open(path) as image:
            image.load()
            assert image.size == (160, 128)
