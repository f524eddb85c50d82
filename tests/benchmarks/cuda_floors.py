"""The least time that a layer can take on an H200: bytes that must move, products to be counted.

    python -m tests.benchmarks.cuda_floors

Needs no card: it divides sizes by ceilings. The rate of products was measured in registers, that
of memory is the data sheet's.
"""

from __future__ import annotations

from bimaco_gui.engine.bench.report import markdown_table
from bimaco_gui.ops.cuda_weights import chunks_of
from tests.benchmarks.cuda_layers import Case

B1_CEILING = 5094e12  # products a second, mma b1 with AND
BF16_CEILING = 318e12
MEMORY = 4.8e12  # bytes a second

_HALF = 2
_CASES = (
    Case(1, 320, 320, 512, 512),
    Case(1, 320, 320, 64, 64),
    Case(1, 160, 160, 64, 64),
    Case(1, 96, 96, 256, 256),
    Case(1, 48, 48, 512, 512),
)


def floats(case: Case) -> int:
    """Bytes of maps of half precision, each once: read, written, and the residual read."""
    height, width = case.out_size
    read = case.batch * case.height * case.width * case.channels
    written = case.batch * height * width * case.out_channels
    return _HALF * (read + 2 * written)


def signs(case: Case) -> int:
    """Bytes of signs, written once and read once."""
    return 2 * case.batch * case.height * case.width * chunks_of(case.channels) * 16


def main() -> None:
    header = ("layer", "floats", "signs", "products, b1", "products, bf16", "bf16 / b1 floor")
    rows = []
    for case in _CASES:
        moved = (floats(case) + signs(case)) / MEMORY
        b1, bf16 = case.products / B1_CEILING, case.products / BF16_CEILING
        times = (floats(case) / MEMORY, signs(case) / MEMORY, b1, bf16)
        ratio = max(bf16, floats(case) / MEMORY) / max(moved, b1)
        rows.append([case.title, *(f"{t * 1e6:.1f}" for t in times), f"{ratio:.1f}x"])
    print("microseconds on an H200")
    print(markdown_table(header, rows))


if __name__ == "__main__":
    main()
