"""Two or more builds of the native library against the first, in turn in one process.

    python -m tests.benchmarks.compare_builds OLD.so NEW.so

prints, for some layers, the CPU time of one thread and the median of the ratios of neighbouring
runs, which a slow moment of the machine hardly moves. The builds must have the same interface.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time

import torch

from bimaco_gui.engine.bench.report import markdown_table
from bimaco_gui.ops import native
from tests.benchmarks.kernel_layers import LAYERS, Call


def load(path: str) -> native.Library:
    """The library of a file.

    Raises:
        RuntimeError: it cannot be loaded.
    """
    os.environ["BIMACO_LIBRARY"] = path
    native._loaded.cache_clear()
    library = native.library()
    if library is None:
        raise RuntimeError(native.why_not_native())
    return library


def timed(call: Call, library: native.Library) -> float:
    """Seconds of CPU time of one call of this library."""
    native._loaded = lambda: (library, None)  # type: ignore[assignment]
    start = time.thread_time()
    call()
    return time.thread_time() - start


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("libraries", nargs="+", help="files of the native library")
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    libraries = [load(path) for path in options.libraries]
    torch.set_num_threads(1)
    torch.manual_seed(0)
    rows = []
    with torch.inference_mode():
        for title, layer in LAYERS.items():
            call = layer.make()
            rounds = [[timed(call, each) for each in libraries] for _ in range(options.rounds + 1)]
            of_library = list(zip(*rounds[1:], strict=True))  # the first one warms up
            ratios = [
                statistics.median(old / new for old, new in zip(of_library[0], own, strict=True))
                for own in of_library
            ]
            cells = [
                f"{1e3 * statistics.median(own):.2f} ms, {ratio:.2f}x"
                for own, ratio in zip(of_library, ratios, strict=True)
            ]
            rows.append([title, *cells])
    print(f"Load average {os.getloadavg()[0]:.1f}.\n")
    print(markdown_table(["median, times faster", *options.libraries], rows))


if __name__ == "__main__":
    main()
