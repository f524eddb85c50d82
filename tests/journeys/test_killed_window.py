"""The same thousand photos in the window, which is killed five times and answers all the while.

The real window, queue, worker, reading and writing; a stand-in for the network repeats pixels, so
that the window has the most to do and results can be checked to the last one. A timer in the event
loop measures how long the window is held up.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bimaco_gui.services.queue import JobQueue
from bimaco_gui.services.queue_events import JobState
from tests.benchmarks.window import WAITED
from tests.journeys.test_killed_batch import (
    BROKEN_EVERY,
    KILLS,
    MOST_GROWTH_KIB,
    PHOTOS,
    PROGRAM,
    content,
    write_photos,
)
from tests.leftovers import complaints

REPO = Path(__file__).resolve().parents[2]
LONGEST_SECONDS = 0.1
SECONDS = 240

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux tells of threads"),
]

STAND_IN = PROGRAM.rpartition("sys.exit")[0]

DRIVER = (
    WAITED
    + STAND_IN
    + """
import json, time
from pathlib import Path
from PySide6.QtCore import QTimer
from bimaco_gui.app import make_application
from bimaco_gui.services.batch import BatchRequest, preflight
from bimaco_gui.services.queue import JobQueue
from bimaco_gui.services.queue_events import JobState
from bimaco_gui.services.worker import WorkerHandle
from bimaco_gui.ui.window import Window

file, folder, out = map(Path, sys.argv[1:4])
app = make_application()
queue = JobQueue(file)
window = Window(WorkerHandle(Runner(tools)), None, None, WorkerHandle(Runner(tools), queue))
window.resize(1000, 700)
window.show()
control = window.queue.control
window.menus.queue.setChecked(True)
if control.is_empty:
    window.queue.start()  # as it does by itself before anybody can have chosen a folder
    request = BatchRequest((folder,), output=out, output_is_folder=True, recursive=True)
    control.add(preflight(request))
worst, told = 0.0, -1

def tell(**facts):
    print(json.dumps(facts), flush=True)

def resident():
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))

def tick():
    global worst, told, last
    now, worked, queued = time.perf_counter(), time.thread_time(), waited()
    # What other programs take of the processors is no fault of the window.
    held = max(worked - last[1], now - last[0] - max(0.0, queued - last[2]))
    last = (time.perf_counter(), time.thread_time(), waited())
    if held > worst:
        worst = held
        tell(held=held)
    over, total = control.done_and_total()
    if over != told:
        told = over
        tell(over=over, resident=resident())
    if total and not control.is_busy:
        tell(all=True)
        app.quit()

timer = QTimer()
timer.setInterval(2)
timer.timeout.connect(tick)
last = (time.perf_counter(), time.thread_time(), waited())
timer.start()
app.exec()
window.close_without_asking()
queue.close()
"""
)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return write_photos(tmp_path / "photos")


def run(home: Path, arguments: list[Path], kill_at: int | None, delay: float) -> list[dict]:  # type: ignore[type-arg]
    """Run the window until so many photos are over, then kill it, or to the end; what it told."""
    told = []
    with subprocess.Popen(
        [sys.executable, "-c", DRIVER, *map(str, arguments)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "BIMACO_HOME": str(home)},
        cwd=REPO,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        for line in program.stdout:
            if not line.endswith("}\n"):
                break  # cut off by the kill
            told.append(json.loads(line))
            if kill_at is not None and told[-1].get("over", 0) >= kill_at:
                time.sleep(delay)
                program.send_signal(signal.SIGKILL)
                kill_at = None
        assert program.wait(60) in (0, -signal.SIGKILL), program.stderr.read()
        # The decoder of PNG says itself that a thumbnail cannot be read.
        said = complaints(program.stderr.read())
        assert [line for line in said if not line.startswith("libpng error")] == []
    return told


@pytest.mark.timeout(SECONDS)
def test_a_thousand_photos_five_kills_and_a_window_that_answers(
    tmp_path: Path, photos: Path
) -> None:
    out, file, chance = tmp_path / "out", tmp_path / "queue.sqlite3", random.Random(6)
    arguments, home = [file, photos, out], tmp_path / "home"
    runs = []
    for number in range(1, KILLS + 1):
        kill_at = number * PHOTOS // (KILLS + 2)
        runs.append(run(home, arguments, kill_at, 0.03 * chance.random()))
        assert "all" not in runs[-1][-1], "it was killed in the middle"
    runs.append(run(home, arguments, None, 0))
    assert runs[-1][-1] == {"all": True}

    held = max(fact["held"] for told in runs for fact in told if "held" in fact)
    sizes = [fact["resident"] for fact in runs[-1] if "resident" in fact]
    early, late = sizes[len(sizes) // 4], max(sizes[len(sizes) // 2 :])
    print(f"held up for {1000 * held:.0f} ms at most; resident memory {early}, then {late} KiB")
    assert held < LONGEST_SECONDS
    assert late - early < MOST_GROWTH_KIB

    bad = {number for number in range(PHOTOS) if number % BROKEN_EVERY == 0}
    with JobQueue(file) as queue:
        items = {int(item.job.input.stem[-4:]): item for item in queue.jobs()}
    assert len(items) == PHOTOS
    assert {n for n, item in items.items() if item.state is JobState.FAILED} == bad
    assert all(items[n].state is JobState.DONE for n in items if n not in bad)
    assert all(f"photo-{n:04}.png" in (items[n].message or "") for n in bad)
    results = [path for path in out.rglob("*") if path.is_file()]
    assert len(results) == PHOTOS - len(bad), "each good one once, and nothing half-written"
    for path in results:
        number = int(path.stem.removesuffix("_x4")[-4:])
        with Image.open(path) as image:
            expected = content(number).repeat(4, 0).repeat(4, 1)
            assert np.array_equal(np.asarray(image), expected), number
