"""Where the time of a network goes, by operator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch.profiler import ProfilerActivity, profile

MOST_ROWS = 10


def operator_shares(call: Callable[[], object]) -> list[dict[str, Any]]:
    """Run `call` once under torch's profiler.

    Returns:
        The operators that take most, the costliest first, and all others together: name, how often
        it ran, milliseconds of its own and their percentage of the whole.
    """
    with profile(activities=[ProfilerActivity.CPU]) as recorded:
        call()
    times = [(e.key, e.count, e.self_cpu_time_total / 1e3) for e in recorded.key_averages()]
    times.sort(key=lambda entry: -entry[2])
    total = sum(ms for _, _, ms in times)
    rest = times[MOST_ROWS:]
    rows = [*times[:MOST_ROWS]]
    if rest:
        rows.append(("all others", sum(n for _, n, _ in rest), sum(ms for _, _, ms in rest)))
    return [
        {"operator": name, "calls": count, "ms": ms, "percent": 100 * ms / total}
        for name, count, ms in rows
    ]
