"""Print what it costs to compute in another process, with an engine that itself costs nothing.

    python -m tests.benchmarks.isolation [--write]

The engine fills its result with grey, in twelve tiles with a report after each. What remains is the
border: the input's copy, the reports and their answers, and the result's memory, which both
processes have at once. Each time counts until the result was read through once.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bimaco_gui.engine.options import UpscaleOptions
from bimaco_gui.engine.pictures import Picture
from bimaco_gui.engine.progress import Progress

if TYPE_CHECKING:
    from bimaco_gui.engine.resample import NewArray

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "isolation.md"
TILES = 12
ROUNDS = 7
SIZES = ((1000, 750), (4000, 3125))
"""Of inputs; the results have 12 and 200 megapixels."""


class BlankModel:
    """Gives grey, at once."""

    is_on_cpu = False

    def __init__(self, new_array: NewArray = np.empty) -> None:
        self._new_array = new_array

    def upscale(
        self,
        picture: Picture,
        options: UpscaleOptions,
        progress: Callable[[Progress], None] | None = None,
        cancel: threading.Event | None = None,
    ) -> Picture:
        height, width = 4 * picture.height, 4 * picture.width
        result = self._new_array((height, width, 3), np.uint8)
        rows = -(-height // TILES)
        for tile in range(TILES):
            result[tile * rows : (tile + 1) * rows] = 128
            if progress is not None:
                progress(Progress(tile + 1, TILES, 0.0, 0.0, (tile + 1) / TILES))
        return Picture(result)


class BlankEngine:
    """See `serving.Engine`."""

    def load(self, model: str | None, device: str, new_array: NewArray) -> Any:
        if model == "torch":
            import torch  # noqa: F401
        return BlankModel(new_array)

    def gpu_names(self) -> list[str]:
        return []

    def facts(self) -> list[tuple[str, str]]:
        return []

    def set_threads(self, count: int | None) -> None:
        pass


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print, and put it into the documentation if asked to."""
    from bimaco_gui.engine.bench import report

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help=f"rewrite its section of {DOCUMENT}")
    options = parser.parse_args(arguments)
    text = _text()
    print(text)
    if options.write:
        report.write_section(DOCUMENT, "cost", text)
    return 0


def _text() -> str:
    from bimaco_gui.engine.bench import report
    from bimaco_gui.services.isolation.choice import Isolation
    from bimaco_gui.services.isolation.process import EngineProcess
    from bimaco_gui.services.isolation.upscaler import IsolatedUpscaler

    process = EngineProcess("tests.benchmarks.isolation:BlankEngine")
    apart = Isolation(lambda model, device: BlankModel(), process, lambda device: True)  # type: ignore[arg-type,return-value]
    began = time.monotonic()
    apart.load("torch", "cuda")
    start = time.monotonic() - began
    there = apart.load(None, "cuda")
    assert isinstance(there, IsolatedUpscaler) and process.pid is not None
    rows = []
    for width, height in SIZES:
        picture = Picture(np.full((height, width, 3), 90, np.uint8))
        here = _measured(BlankModel().upscale, picture, ())
        apart_from_here = _measured(there.upscale, picture, (process.pid,))
        for place, (seconds, cpu, memory) in (("here", here), ("apart", apart_from_here)):
            megapixels = f"{16 * width * height / 1e6:.0f} megapixels, {place}"
            rows.append([megapixels, f"{seconds:.3f}", f"{cpu:.3f}", f"{memory:.0f}"])
    apart.close()
    header = ["result", "seconds", "CPU seconds", "MiB, both processes"]
    return "\n".join(
        [
            f"- Measured {report.today()} on {report.machine()}{report.load()}; medians of"
            f" {ROUNDS} rounds.",
            f"- The process starts and loads torch in {start:.1f} s, once.",
            "- MiB are those of the input and the result, beyond what the processes take idle.",
            "",
            report.markdown_table(header, rows),
        ]
    )


def _measured(
    upscale: Callable[..., Picture], picture: Picture, others: tuple[int, ...]
) -> tuple[float, float, float]:
    """Seconds and CPU seconds until the result was read, and the MiB that it takes then."""
    seconds, cpu, memory = [], [], []
    for _ in range(ROUNDS):
        idle = _mebibytes(others)
        began, cpu_began = time.monotonic(), _cpu_seconds(others)
        result = upscale(picture, UpscaleOptions(), lambda _progress: None)
        assert int(result.pixels.max()) == 128
        seconds.append(time.monotonic() - began)
        cpu.append(_cpu_seconds(others) - cpu_began)
        memory.append(_mebibytes(others) - idle + picture.pixels.nbytes / 2**20)
        del result
    return statistics.median(seconds), statistics.median(cpu), statistics.median(memory)


def _mebibytes(others: tuple[int, ...]) -> float:
    """Memory in use, of which what two processes share counts once."""
    total = 0
    for pid in ("self", *others):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def _cpu_seconds(others: tuple[int, ...]) -> float:
    total = 0.0
    for pid in ("self", *others):
        for task in Path(f"/proc/{pid}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[0]) / 1e9
    return total


if __name__ == "__main__":
    sys.exit(main())
