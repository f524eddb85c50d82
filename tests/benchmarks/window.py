"""Print how quick the window is: start, first preview, and answers during a large batch.

    python -m tests.benchmarks.window [--write]

Time that threads were ready to run and the machine ran something else is told apart: it is what
other programs take, and next to nothing on a machine at rest.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bimaco_gui.engine.bench import report

REPO = Path(__file__).resolve().parents[2]
DOCUMENT = REPO / "docs" / "window.md"
SECONDS = 280
PHOTOS = 1000


@dataclass(frozen=True)
class Start:
    """From the start of the program to a window that can be used.

    Attributes:
        seconds: By the clock.
        processor_seconds: Of work.
        waited: Seconds that threads of the program waited for a processor, all of them together.
    """

    seconds: float
    processor_seconds: float
    waited: float


@dataclass(frozen=True)
class Preview:
    """From a drop on a window that has been open for a moment to the first preview."""

    seconds: float
    processor_seconds: float
    waited: float


@dataclass(frozen=True)
class Gaps:
    """Between two turns of the window's event loop, while a batch runs.

    Attributes:
        jobs_done: In the batch.
        worst: By the clock.
        usual: The longest of 99.5 % of them, by the clock.
        worst_busy: Work of the window's own thread.
        worst_own: By the clock, less what threads of the program waited for a processor in it, and
            no less than the work: on a machine at rest the same as `worst`.
    """

    jobs_done: int
    worst: float
    usual: float
    worst_busy: float
    worst_own: float


WAITED = """
import os
def waited():
    # For a processor of this machine, and for what its host gave to others meanwhile.
    total = stolen()
    try:
        for task in os.listdir("/proc/self/task"):
            with open(f"/proc/self/task/{task}/schedstat") as numbers:
                total += int(numbers.read().split()[1])
    except OSError:
        pass
    return total / 1e9

def stolen():
    try:
        with open("/proc/stat") as numbers:
            return int(numbers.readline().split()[8]) * 1_000_000_000 // os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError):
        return 0
"""

_START = """
import json, os, sys, time
stolen_before = stolen() / 1e9
from PySide6.QtWidgets import QApplication
from bimaco_gui.app import make_application, make_program
app = make_application()
program = make_program()
program.window.show()
app.processEvents()
began = float(sys.argv[1])
print(json.dumps({"seconds": time.time() - began, "processor_seconds": time.process_time(),
                  "waited": waited() - stolen_before}))
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
began, worked, queued = time.monotonic(), time.process_time(), waited()
app.sendEvent(window, QDragEnterEvent(QPoint(300, 300), copy, data, left, no_keys))
app.sendEvent(window, QDropEvent(QPointF(300, 300), copy, data, left, no_keys))
until(lambda: window.loupe.image is not None)
print(json.dumps({"seconds": time.monotonic() - began,
                  "processor_seconds": time.process_time() - worked,
                  "waited": waited() - queued}))
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
window.queue.start()  # as it does by itself before anybody can have chosen a folder
control = window.queue.control
plan = preflight(BatchRequest((folder,), recursive=True))
gaps, busy, own = [], [], []
last = [time.perf_counter(), time.thread_time(), waited()]

def tick():
    now, worked, queued = time.perf_counter(), time.thread_time(), waited()
    gaps.append(now - last[0])
    busy.append(worked - last[1])
    own.append(max(busy[-1], now - last[0] - max(0, queued - last[2])))
    last[:] = now, worked, queued
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
    "worst_own": max(own),
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
            [sys.executable, "-c", WAITED + code, *arguments],
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Print all three, and put them into the documentation if asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help=f"rewrite its section of {DOCUMENT}")
    options = parser.parse_args(arguments)
    start_up()  # the first one reads the files from the disk
    start, preview, gaps = start_up(), first_preview(), batch_gaps(PHOTOS)
    rows = [
        _row("from start to a usable window", start.seconds, 1.0, start.waited),
        _row("from a drop to the first preview, 2 threads", preview.seconds, 2.0, preview.waited),
        _row(f"longest gap of the event loop, {PHOTOS} photos", gaps.worst, 0.1, None),
        _row("the same without waiting for a processor", gaps.worst_own, 0.1, None),
        _row("of it, work of the window's thread", gaps.worst_busy, 0.1, None),
    ]
    header = ["", "seconds", "asked for", "waited for a processor"]
    text = (
        f"- Measured {report.today()} on {report.machine()}{report.load()}.\n"
        f"- {gaps.jobs_done} photos were done; 99.5 % of the gaps were below "
        f"{1000 * gaps.usual:.0f} ms.\n\n{report.markdown_table(header, rows)}"
    )
    print(text)
    if options.write:
        report.write_section(DOCUMENT, "quick", text)
    return 0


def _row(name: str, seconds: float, limit: float, waited: float | None) -> list[str]:
    queued = "" if waited is None else f"{waited:.2f}"
    return [name, f"{seconds:.3f}", f"{limit:g}", queued]


if __name__ == "__main__":
    sys.exit(main())
