"""Where the time of a binary layer goes: its shares by part of the native kernels.

    python -m tests.benchmarks.kernel_parts

builds the kernels in build/profile so that each part is a function of its own, runs layers in a
loop of a process under `perf record`, and prints a table. It needs Linux's perf.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from bimaco_gui.engine.bench.report import markdown_table
from tests.benchmarks.kernel_layers import LAYERS

_REPO = Path(__file__).parents[2]

_SHOWN = (
    "3x3 160 to 160, 64x64, bare",
    "3x3 96 to 96, 256x256, all",
    "3x3 320 to 320, 64x64, per tap, all",
    "1x1 192 to 768, 64x64, bare",
    "linear 192 to 192, 4096 rows, bare",
)

PARTS = {
    "look-ups, adding up counts": ("count_pair_at",),
    "asking for memory ahead": ("count_chunk", "multiply_band"),
    "scale, RPReLU, low rank, residual, writing": (
        "finish_channel",
        "finish_with",
        "finish_tile",
        "write_tile",
        "fetch",
        "add_rest_of_rank",
    ),
    "sparse branch": ("add_sparse",),
    "reading x, affine map, activation, |a|": ("prepare", "find_rows", "transpose8"),
    "packing signs": ("pack_row", "pack_tile", "has_zero"),
    "low rank, first product": ("add_inner",),
    "gathering nibbles": ("gather", "find_segments", "prepare_product"),
    "preparing the call": ("bimaco_binary_layer",),
}
"""The functions of `kernels/src`, by what they do."""

REST = "the rest"

_LOOP = """
import statistics, sys, time, torch
from tests.benchmarks.kernel_layers import LAYERS

torch.set_num_threads(1)
torch.manual_seed(0)
call, times, end = LAYERS[sys.argv[1]].make(), [], time.monotonic() + 4
with torch.inference_mode():
    while time.monotonic() < end:
        start = time.thread_time()
        call()
        times.append(time.thread_time() - start)
print(statistics.median(times))
"""


def build() -> Path:
    """The library with its parts kept apart."""
    folder = _REPO / "build" / "profile"
    configure = ["cmake", "-S", str(_REPO / "kernels"), "-B", str(folder), "-DBIMACO_PROFILE=ON"]
    for command in (configure, ["cmake", "--build", str(folder), "--parallel", "2"]):
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder / "libbimaco.so"


def _run(*command: str, **environment: str) -> str:
    done = subprocess.run(
        command,
        check=True,
        cwd=_REPO,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )
    return done.stdout


@dataclass(frozen=True)
class Profile:
    """One layer: the median CPU time of a call in seconds, and percent of the library's by part."""

    seconds: float
    shares: dict[str, float]


def profile(library: Path, title: str) -> Profile:
    """Run a layer of `kernel_layers` under `perf record`."""
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/perf.data"
        record = ("perf", "record", "-e", "cpu-clock", "-F", "2000", "-o", file)
        told = _run(*record, sys.executable, "-c", _LOOP, title, BIMACO_LIBRARY=str(library))
        report = ("perf", "report", "-i", file, "--stdio", "--dso", library.name)
        said = _run(*report, "-F", "overhead,symbol")
    found: defaultdict[str, float] = defaultdict(float)
    for line in said.splitlines():
        if match := re.match(r"\s*([\d.]+)%\s+\[\.\]\s+(.*)", line):
            name = match[2].replace("bimaco::(anonymous namespace)::", "")
            stem = re.split(r"[<(\s]", name)[0]
            part = next((part for part, names in PARTS.items() if stem in names), REST)
            found[part] += float(match[1])
    total = sum(found.values())
    shares = {part: 100 * found[part] / total for part in (*PARTS, REST)}
    return Profile(float(told.split()[0]), shares)


def main() -> None:
    """Print one table."""
    library = build()
    found = [(profile(library, title), LAYERS[title].products) for title in _SHOWN]
    look_ups = next(iter(PARTS))
    rows = [[part, *(f"{each.shares[part]:.0f} %" for each, _ in found)] for part in (*PARTS, REST)]
    rows += [
        ["CPU time of a call, ms", *(f"{1e3 * each.seconds:.2f}" for each, _ in found)],
        ["all of it, GMAC/s", *(f"{n / each.seconds / 1e9:.0f}" for each, n in found)],
        [
            f"{look_ups} alone, GMAC/s",
            *(f"{n / each.seconds / each.shares[look_ups] / 1e7:.0f}" for each, n in found),
        ],
    ]
    print(f"Load average {os.getloadavg()[0]:.1f}.\n")
    print(markdown_table(["share of CPU time", *_SHOWN], rows))


if __name__ == "__main__":
    main()
