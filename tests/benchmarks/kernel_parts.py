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
from collections import Counter
from pathlib import Path

from bimaco_gui.engine.bench.report import markdown_table

_REPO = Path(__file__).parents[2]

LAYERS = {
    "3x3 160 to 160, 64x64, bare": "bare(160, 160, 64, 3)",
    "3x3 96 to 96, 256x256, all": "whole(96, 96, 256, 3)",
    "3x3 320 to 320, 64x64, per tap, all": "released(320, 320, 64, 3)",
    "1x1 192 to 768, 64x64, bare": "bare(192, 768, 64, 1)",
    "linear 192 to 192, 4096 rows, bare": "linear(192, 192, 4096)",
}
"""What is measured: a layer with nothing around it, or with all that our models or the released
network put around it."""

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
    "packing signs": ("pack_row", "has_zero"),
    "low rank, first product": ("add_inner",),
    "gathering nibbles": ("gather", "find_segments", "prepare_product"),
    "preparing the call": ("bimaco_binary_layer",),
}
"""The functions of `kernels/src` by what they do; what is missing here is "the rest"."""

_LOOP = """
import time, torch
from bimaco_gui import ops
torch.set_num_threads(1)
torch.manual_seed(0)

def arguments(i, o, side, size):
    x, weight = torch.randn(1, i, side, side), torch.randn(o, i, size, size)
    return x, ops.pack_signs(weight), torch.rand(o), torch.randn(o), size, 1

def bare(i, o, side, size):
    parts = arguments(i, o, side, size)
    return lambda: ops.binary_conv2d(*parts)

def branches(i, o):
    k = 2 * max(i, o)
    return dict(low_rank_down=torch.randn(8, i), low_rank_up=torch.randn(o, 8),
                sparse_values=torch.randn(k),
                sparse_out=torch.randint(o, (k,), dtype=torch.int32),
                sparse_in=torch.randint(i, (k,), dtype=torch.int32))

def whole(i, o, side, size):
    parts = arguments(i, o, side, size)
    options = branches(i, o) | dict(
        pre_scale=torch.rand(i), pre_shift=torch.randn(i), pre_activation="leaky",
        negative_slope=0.2, slope=torch.rand(o), after=torch.randn(o),
        residual=torch.randn_like(parts[0]))
    return lambda: ops.binary_conv2d(*parts, **options)

def released(i, o, side, size):
    parts = arguments(i, o, side, size)
    options = branches(i, o) | dict(
        pre_scale=torch.rand(i), pre_shift=torch.randn(i), pre_activation="silu",
        per_tap=True, zero_is_zero=True, residual=torch.randn_like(parts[0]))
    return lambda: ops.binary_conv2d(*parts, **options)

def linear(i, o, rows):
    x, bits = torch.randn(rows, i), ops.pack_signs(torch.randn(o, i))
    alpha, bias = torch.rand(o), torch.randn(o)
    return lambda: ops.binary_linear(x, bits, alpha, bias)

with torch.inference_mode():
    layer = LAYER
    end = time.monotonic() + 4
    while time.monotonic() < end:
        layer()
"""


def build() -> Path:
    """The library with its parts kept apart."""
    folder = _REPO / "build" / "profile"
    configure = ["cmake", "-S", str(_REPO / "kernels"), "-B", str(folder), "-DBIMACO_PROFILE=ON"]
    for command in (configure, ["cmake", "--build", str(folder), "--parallel", "2"]):
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder / "libbimaco.so"


def shares(library: Path, layer: str) -> Counter[str]:
    """Percent of the library's own time by part."""
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder) / "perf.data"
        subprocess.run(
            ["perf", "record", "-e", "cpu-clock", "-F", "2000", "-o", str(record), sys.executable]
            + ["-c", _LOOP.replace("LAYER", layer)],
            check=True,
            cwd=_REPO,
            env=os.environ | {"BIMACO_LIBRARY": str(library)},
            capture_output=True,
        )
        said = subprocess.run(
            ["perf", "report", "-i", str(record), "--stdio", "--dso", library.name, "-F"]
            + ["overhead,symbol"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    found: Counter[str] = Counter()
    for line in said.splitlines():
        if match := re.match(r"\s*([\d.]+)%\s+\[\.\]\s+(.*)", line):
            name = match[2].replace("bimaco::(anonymous namespace)::", "")
            stem = re.split(r"[<(\s]", name)[0]
            part = next((part for part, names in PARTS.items() if stem in names), "the rest")
            found[part] += float(match[1])  # type: ignore[assignment]
    total = sum(found.values())
    return Counter({part: 100 * share / total for part, share in found.items()})  # type: ignore[misc]


def main() -> None:
    """Print one table."""
    library = build()
    columns = {title: shares(library, layer) for title, layer in LAYERS.items()}
    rows = [
        [part, *(f"{column[part]:.0f} %" for column in columns.values())]
        for part in (*PARTS, "the rest")
    ]
    print(markdown_table(["share of CPU time", *columns], rows))


if __name__ == "__main__":
    main()
