"""Time upscalers side by side: each in a process of its own, one run of each in turn.

A process of its own keeps thread pools from waiting on each other's cores and gives each its own
peak memory. Turns (A B C A B C) spread a machine's slow moments over all of them.
"""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_REST = 0.3  # seconds between turns, so that threads that spin while idle have gone to sleep


@dataclass(frozen=True)
class Contestant:
    """A process that calls ``serve``: name, command line, additions to the environment."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Timing:
    """What one contestant did.

    Attributes:
        name: As given.
        seconds: One entry a run, without the warm-up.
        peak_bytes: Highest resident memory of its process, or None where the system hides it.
        note: What it said of itself at the start, such as the instruction set in use.
    """

    name: str
    seconds: tuple[float, ...]
    peak_bytes: int | None
    note: str

    @property
    def median(self) -> float:
        """Median of the runs in seconds."""
        return statistics.median(self.seconds)

    def to_dict(self) -> dict[str, Any]:
        """Median, fastest, slowest and peak memory, JSON-able."""
        return {
            "name": self.name,
            "median_s": self.median,
            "fastest_s": self.spread[0],
            "slowest_s": self.spread[1],
            "peak_bytes": self.peak_bytes,
            "computed_by": self.note,
        }

    @property
    def spread(self) -> tuple[float, float]:
        """Fastest and slowest of the runs in seconds."""
        return min(self.seconds), max(self.seconds)


def serve(
    call: Callable[[], object], note: str, warm_up: Callable[[], object] | None = None
) -> None:
    """Answer a ``race``: one JSON object a line, one timed run for each line that comes in.

    Args:
        call: What is timed.
        note: What the process says of itself.
        warm_up: Run once before; ``call`` itself if None.
    """
    (warm_up or call)()
    _say({"note": note})
    for _ in sys.stdin:
        started = time.perf_counter()
        call()
        seconds = time.perf_counter() - started
        _say({"seconds": seconds, "peak_bytes": peak_memory()})


def race(contestants: Sequence[Contestant], runs: int) -> list[Timing]:
    """Start all contestants, let each warm up, then time ``runs`` runs of each in turn.

    Returns:
        One timing a contestant, in their order.

    Raises:
        RuntimeError: A contestant ended early; its own message is on stderr.
    """
    processes = []
    try:
        notes = []
        for contestant in contestants:
            processes.append(_start(contestant))
            notes.append(str(_hear(processes[-1], contestant.name)["note"]))
        answers: list[list[dict[str, object]]] = [[] for _ in contestants]
        for _ in range(runs):
            for contestant, process, heard in zip(contestants, processes, answers, strict=True):
                time.sleep(_REST)
                _ask(process)
                heard.append(_hear(process, contestant.name))
    finally:
        for process in processes:
            process.kill()
            process.communicate()
    return [
        _timing(contestant.name, heard, note)
        for contestant, heard, note in zip(contestants, answers, notes, strict=True)
    ]


def peak_memory() -> int | None:
    """Return the highest resident memory of this process in bytes, or None if it is not told."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    for line in status.read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return None


def _start(contestant: Contestant) -> subprocess.Popen[str]:
    return subprocess.Popen(
        list(contestant.command),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **contestant.environment},
    )


def _ask(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    # Whoever has died cannot be written to; that it says nothing more is reported by its name.
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write("run\n")
        process.stdin.flush()


def _hear(process: subprocess.Popen[str], name: str) -> dict[str, object]:
    """Return the next JSON object; other lines may come from libraries that print."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("{"):
            answer: dict[str, object] = json.loads(line)
            return answer
    raise RuntimeError(f"{name} ended early with status {process.wait()}")


def _timing(name: str, heard: Sequence[Mapping[str, object]], note: str) -> Timing:
    seconds = tuple(float(str(answer["seconds"])) for answer in heard)
    peak = heard[-1]["peak_bytes"]
    return Timing(name, seconds, peak if isinstance(peak, int) else None, note)


def _say(answer: Mapping[str, object]) -> None:
    print(json.dumps(answer), flush=True)
