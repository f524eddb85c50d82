"""What the processor could do if a product cost its look-up alone."""

from __future__ import annotations

import ctypes
import time
from concurrent.futures import ThreadPoolExecutor

from bimaco_gui.ops import native

_STEPS = 30_000
_ROUNDS = 5


def ceiling(threads: int = 1) -> float | None:
    """Binary products a second of a loop of look-ups and additions, in the fastest of some runs.

    Args:
        threads: How many run it at once.

    Returns:
        Products a second of all threads together; None where the instruction set in use has no
        such loop.
    """
    library = native.library()
    isa = native.active_instruction_set()
    if library is None or isa not in library.isas:
        return None
    loop = library.handle.bimaco_ceiling
    loop.argtypes, loop.restype = (ctypes.c_int32, ctypes.c_int64), ctypes.c_int64
    number = library.isas[isa]
    if loop(number, 1) == 0:
        return None
    # One thread by its own time, as the kernels are; several by the clock on the wall.
    clock = time.thread_time if threads == 1 else time.perf_counter
    best = 0.0
    with ThreadPoolExecutor(max(1, threads - 1)) as pool:
        for _ in range(_ROUNDS):
            start = clock()
            others = [pool.submit(loop, number, _STEPS) for _ in range(threads - 1)]
            products = loop(number, _STEPS) + sum(other.result() for other in others)
            best = max(best, products / (clock() - start))
    return best
