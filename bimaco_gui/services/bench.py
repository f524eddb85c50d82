"""Measurements for the command line: what runs, and under which circumstances it did."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bimaco_gui import __version__
from bimaco_gui.errors import UsageError

KINDS: Final = ("kernels", "model", "image")

_ROUNDS: Final = {"kernels": 5, "model": 3, "image": 3}


@dataclass(frozen=True)
class BenchOptions:
    """What to measure.

    Attributes:
        kind: One of `KINDS`.
        threads: Processor threads; None for all. The kernels are timed on one, and compared.
        rounds: Timed rounds; None for enough within four minutes on two cores.
        device: "cpu", "cuda" or "cuda:N".
        model: The installed model or model file; None for the default.
        peer: Path of Real-ESRGAN's network without its suffix; None for that of the checkout.
        most: Of `kernels`: only so many shapes of each model, the costliest; None for all.

    Raises:
        UsageError: a number is below 1.
    """

    kind: str
    threads: int | None = None
    rounds: int | None = None
    device: str = "cpu"
    model: str | None = None
    peer: Path | None = None
    most: int | None = None

    def __post_init__(self) -> None:
        for name in ("threads", "rounds", "most"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise UsageError("Unusable number", f"The {name} are {value}, but at least 1.")


def measure(options: BenchOptions, command: Sequence[str]) -> dict[str, Any]:
    """Measure; a JSON-able report.

    Args:
        options: What.
        command: Starts this program so that it calls `take_part` with the argument that follows.

    Raises:
        AppError: something is missing or not usable.
        RuntimeError: a process that took part ended early.
    """
    from bimaco_gui.engine.bench import report
    from bimaco_gui.engine.describe import kernel_warning

    start = report.load_average()
    measured = _measured(options, command)
    return {
        "bench": options.kind,
        "version": __version__,
        "date": report.today(),
        "machine": report.machine(),
        "load_average": {"start": start, "end": report.load_average()},
        "warning": kernel_warning(),
        **measured,
    }


def _measured(options: BenchOptions, command: Sequence[str]) -> dict[str, Any]:
    threads = options.threads or os.cpu_count() or 1
    rounds = options.rounds or _ROUNDS[options.kind]
    if options.kind == "kernels" or options.device != "cpu":
        from bimaco_gui.engine.bench.devices import bench_on

        bench = bench_on(options.device, options.kind)
        from bimaco_gui.engine.bench.kernels import KernelOptions

        return bench(KernelOptions(rounds, threads, options.model, options.most, options.device))
    from bimaco_gui.engine.bench.comparisons import RaceOptions, measure_networks, measure_pictures

    race = RaceOptions(command, threads, rounds, options.model, options.peer)
    return measure_networks(race) if options.kind == "model" else measure_pictures(race)


def take_part(entry: str) -> None:
    """Be one of the processes of a measurement, until it ends.

    Raises:
        AppError: the entry is not usable, or what it names is missing.
    """
    from bimaco_gui.engine.bench.contestants import Entry, run

    run(Entry.from_json(entry))


def text_of(report: dict[str, Any]) -> str:
    """A report as people read it."""
    from bimaco_gui.engine.bench.tables import text_of

    return text_of(report)
