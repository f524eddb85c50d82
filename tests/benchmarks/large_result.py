"""Print what a result of 200 megapixels takes: memory to make it, memory and time to show it.

    python -m tests.benchmarks.large_result [--write]

The engine, the fidelity control and the writing of files are the real ones; the network is a
stand-in of bicubic interpolation, since its tiles are of one size whatever the picture's is. The
window is the real one on a screen that nobody sees, moved and zoomed by mouse events.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bimaco_gui.engine.bench import report

REPO = Path(__file__).resolve().parents[2]
DOCUMENT = REPO / "docs" / "window.md"
PHOTO = (4000, 3125)
SECONDS = 900

_MEMORY = """
from pathlib import Path
def mebibytes(name):
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return round(int(line.split()[1]) / 1024)
"""

_MAKE = (
    _MEMORY
    + """
import json, sys, threading, time
from dataclasses import replace
from bimaco_gui.services.engine_tools import engine_tools
from bimaco_gui.services.jobs import Job, JobOptions
from bimaco_gui.services.runner import Runner
from bimaco_gui.engine import Upscaler
from tests.fixtures_models import BicubicModel

import torch
torch.set_num_threads(2)
began = mebibytes("VmRSS")
load = lambda model, device, cancel: Upscaler(BicubicModel(), "cpu")
tools = lambda: replace(engine_tools(), load=load)
job = Job(Path(sys.argv[1]), Path(sys.argv[2]), JobOptions(fidelity=0.5))
events, start = [], time.monotonic()
Runner(tools).run_job(job, events.append, threading.Event())
last = events[-1]
assert type(last).__name__ == "Done", last
print(json.dumps({"before": began, "peak": mebibytes("VmHWM"), "seconds": time.monotonic() - start,
                  "size": [last.width, last.height]}))
"""
)

_SHOW = (
    _MEMORY
    + """
import json, statistics, sys, time
from PySide6.QtCore import QPoint, QPointF, QTimer, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from bimaco_gui.app import make_application
from bimaco_gui.ui.view_mode import ViewMode
from bimaco_gui.ui.window import Window
from tests.unit.ui.fakes import FakeWorker

app = make_application()
window = Window(FakeWorker())
window.resize(1600, 1000)
window.show()
gaps, last, memory = [], [time.perf_counter()], []
def tick():
    now = time.perf_counter()
    gaps.append(now - last[0])
    last[0] = now
    memory.append(mebibytes("RssAnon"))
timer = QTimer()
timer.setInterval(2)
timer.timeout.connect(tick)
timer.start()
def until(condition):
    while not condition():
        app.processEvents()
        time.sleep(0.001)
canvas = window.canvas
before, start = mebibytes("RssAnon"), time.monotonic()
window.session.open_finished(Path(sys.argv[1]), Path(sys.argv[2]))
until(lambda: canvas.compares)
shown, opening_gap = time.monotonic() - start, max(gaps)
peak = max(memory)
left, no = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
frames = {}
gaps.clear()
last[0] = time.perf_counter()
for mode in ViewMode:
    canvas.set_mode(mode)
    canvas.set_fidelity(0.5)
    canvas.fit()
    app.processEvents()
    middle = QPoint(canvas.width() // 3, canvas.height() // 3)
    took = frames[mode.name.lower()] = []
    def painted(act):
        began = time.perf_counter()
        act()
        canvas.repaint()
        took.append(time.perf_counter() - began)
        app.processEvents()
    for _ in range(14):
        turn = QWheelEvent(QPointF(middle), QPointF(canvas.mapToGlobal(middle)), QPoint(),
                           QPoint(0, 120), Qt.MouseButton.NoButton, no,
                           Qt.ScrollPhase.NoScrollPhase, False)
        painted(lambda: app.sendEvent(canvas, turn))
        QTest.mousePress(canvas, left, no, middle)
        for step in range(1, 6):
            painted(lambda: QTest.mouseMove(canvas, middle - QPoint(17 * step, 11 * step)))
        QTest.mouseRelease(canvas, left, no, middle - QPoint(85, 55))
end = time.monotonic() + 1
until(lambda: time.monotonic() > end)
print(json.dumps({
    "before": before, "after": mebibytes("RssAnon"), "peak_anonymous": peak, "shown": shown,
    "opening_gap": opening_gap, "moving_gap": max(gaps),
    "frames": {mode: [statistics.median(took), sorted(took)[int(0.95 * len(took))], max(took)]
               for mode, took in frames.items()},
    "zoom": canvas.viewport.scale,
}))
window.close_without_asking()
"""
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print, and put it into the documentation if asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help=f"rewrite its section of {DOCUMENT}")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        photo, result = Path(folder) / "photo.jpg", Path(folder) / "result.jpg"
        _draw(photo)
        made = _run(_MAKE, photo, result)
        shown = _run(_SHOW, photo, result)
    text = _text(made, shown)
    print(text)
    if options.write:
        report.write_section(DOCUMENT, "large", text)
    return 0


def _draw(photo: Path) -> None:
    """A photo of the tests, over and over."""
    from PIL import Image

    with Image.open(REPO / "tests" / "data" / "public_test" / "cid_02.png") as image:
        part = image.convert("RGB")
    whole = Image.new("RGB", PHOTO)
    for top in range(0, PHOTO[1], part.height):
        for left in range(0, PHOTO[0], part.width):
            whole.paste(part, (left, top))
    whole.save(photo, quality=90)


def _run(code: str, *arguments: Path) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, "-c", code, *map(str, arguments)],
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "BIMACO_HOME": home},
            cwd=REPO,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def _text(made: dict[str, object], shown: dict[str, object]) -> str:
    width, height = made["size"]  # type: ignore[misc]
    frames: dict[str, list[float]] = shown["frames"]  # type: ignore[assignment]
    rows = [
        [mode.replace("_", " "), *(f"{1000 * seconds:.1f}" for seconds in values)]
        for mode, values in frames.items()
    ]
    header = ["moving and zooming", "median, ms", "95 %, ms", "worst, ms"]
    standstill = 1000 * float(str(shown["opening_gap"]))
    between = 1000 * float(str(shown["moving_gap"]))
    zoom = 100 * float(str(shown["zoom"]))
    lines = [
        f"- Measured {report.today()} on {report.machine()}{report.load()}.",
        f"- The result has {width} × {height} pixels, {width * height / 1e6:.0f} megapixels.",
        f"- Made with half of the detail and written as JPEG: {made['peak']} MiB at the peak, of"
        f" which {made['before']} MiB are Python and torch; {made['seconds']:.0f} s.",
        f"- Shown {shown['shown']:.1f} s after it was opened. Memory without a file behind it went"
        f" from {shown['before']} MiB over {shown['peak_anonymous']} MiB while it was decoded to"
        f" {shown['after']} MiB. The event loop stood still for {standstill:.0f} ms at most.",
        f"- A frame counts from the event of the mouse to the last painted pixel, in a window of"
        f" 1600 × 1000, from the whole picture to {zoom:.0f} %, half of the detail mixed in."
        f" Between two turns of the event loop there were at most {between:.0f} ms.",
        "",
        report.markdown_table(header, rows),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
