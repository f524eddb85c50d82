"""Print how quick the window is: start, first preview, and answers during a large batch.

python -m tests.benchmarks.window
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
SECONDS = 280


@dataclass(frozen=True)
class Start:
    """From the start of the program to a window that can be used.

    Attributes:
        seconds: By the clock.
        processor_seconds: Of work.
    """

    seconds: float
    processor_seconds: float


@dataclass(frozen=True)
class Preview:
    """From a drop on a window that has been open for a moment to the first preview."""

    seconds: float
    processor_seconds: float


@dataclass(frozen=True)
class Gaps:
    """Between two turns of the window's event loop, while a batch runs.

    Attributes:
        jobs_done: In the batch.
        worst: By the clock.
        usual: The longest of 99.5 % of them, by the clock.
        worst_busy: Work of the window's own thread.
    """

    jobs_done: int
    worst: float
    usual: float
    worst_busy: float


_START = """
import json, os, sys, time
from PySide6.QtWidgets import QApplication
from bimaco_gui.app import make_application, make_program
app = make_application()
program = make_program()
program.window.show()
app.processEvents()
began = float(sys.argv[1])
print(json.dumps({"seconds": time.time() - began, "processor_seconds": time.process_time()}))
assert "torch" not in sys.modules
sys.stdout.flush()
os._exit(0)
"""

_PREVIEW = """
import json, sys, time
from pathlib import Path
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from bimaco_gui.app import make_application, make_program
app = make_application()
program = make_program()
window = program.window
window.resize(1240, 800)
window.show()
ready = []
window.previewing.is_ready.connect(lambda: ready.append(1))
def until(condition):
    while not condition():
        app.processEvents()
        time.sleep(0.001)
until(lambda: ready)
data = QMimeData()
data.setUrls([QUrl.fromLocalFile(sys.argv[1])])
no_keys, copy = Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
left = Qt.MouseButton.LeftButton
began, worked = time.monotonic(), time.process_time()
app.sendEvent(window, QDragEnterEvent(QPoint(300, 300), copy, data, left, no_keys))
app.sendEvent(window, QDropEvent(QPointF(300, 300), copy, data, left, no_keys))
until(lambda: window.loupe.image is not None)
print(json.dumps({"seconds": time.monotonic() - began,
                  "processor_seconds": time.process_time() - worked}))
window.close_without_asking()
program.queue.close()
"""

_BATCH = """
import json, sys, time
from pathlib import Path
from PIL import Image
from PySide6.QtCore import QTimer
from bimaco_gui.app import make_application
from bimaco_gui.paths import queue_file
from bimaco_gui.services.batch import BatchRequest, preflight
from bimaco_gui.services.queue import JobQueue
from bimaco_gui.services.queue_events import JobState
from bimaco_gui.services.runner import Runner
from bimaco_gui.services.worker import WorkerHandle
from bimaco_gui.ui.window import Window
from tests.unit.services.fakes import FakeEngine

folder, count = Path(sys.argv[1]), int(sys.argv[2])
for number in range(count):
    inner = folder / f"day {number % 20}"
    inner.mkdir(exist_ok=True)
    Image.new("RGB", (8, 6), (number % 256, 80, 120)).save(inner / f"photo {number}.png")
app = make_application()
queue = JobQueue(queue_file())
interactive = WorkerHandle(Runner(FakeEngine().tools))
batch = WorkerHandle(Runner(FakeEngine().tools), queue)
window = Window(interactive, None, None, batch)
window.resize(1000, 700)
window.show()
app.processEvents()
control = window.queue.control
plan = preflight(BatchRequest((folder,), recursive=True))
gaps, busy = [], []
last = [time.perf_counter(), time.thread_time()]

def tick():
    now, worked = time.perf_counter(), time.thread_time()
    gaps.append(now - last[0])
    busy.append(worked - last[1])
    last[:] = now, worked
    if control.rows.rowCount() == count and not control.is_busy:
        app.quit()

timer = QTimer()
timer.setInterval(2)
timer.timeout.connect(tick)
control.add(plan)
window.menus.queue.setChecked(True)
timer.start()
app.exec()
gaps.sort()
print(json.dumps({
    "jobs_done": control.rows.counts[JobState.DONE],
    "worst": gaps[-1],
    "usual": gaps[int(0.995 * len(gaps))],
    "worst_busy": max(busy),
}))
window.close_without_asking()
queue.close()
"""


def start_up() -> Start:
    """Start the program and measure."""
    return Start(**_measured(_START, str(time.time())))


def first_preview(threads: int = 2) -> Preview:
    """Drop a photo and measure, with that many processor threads."""
    photo = REPO / "tests" / "data" / "public_test" / "cid_02.png"
    return Preview(**_measured(_PREVIEW, str(photo), threads=threads))


def batch_gaps(photos: int) -> Gaps:
    """Run a batch of that many tiny photos, the engine being a stand-in, and measure."""
    with tempfile.TemporaryDirectory() as folder:
        return Gaps(**_measured(_BATCH, folder, str(photos)))


def _measured(code: str, *arguments: str, threads: int = 2) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env={
                **os.environ,
                "QT_QPA_PLATFORM": "offscreen",
                "BIMACO_HOME": home,
                "OMP_NUM_THREADS": str(threads),
            },
            cwd=REPO,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Print all three."""
    start_up()  # the first one reads the files from the disk
    for name, figures in (
        ("start", start_up()),
        ("first preview", first_preview()),
        ("batch of 1000", batch_gaps(1000)),
    ):
        values = ", ".join(f"{key} {value:.3g}" for key, value in asdict(figures).items())
        print(f"{name}: {values}")


if __name__ == "__main__":
    main()
