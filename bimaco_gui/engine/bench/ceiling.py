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
    best = 0.0
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(_ROUNDS):
            start = time.perf_counter()
            products = sum(pool.map(lambda _: loop(number, _STEPS), range(threads)))
            best = max(best, products / (time.perf_counter() - start))
    return best
