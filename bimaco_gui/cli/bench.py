"""`bench`: how fast this machine is with our kernels, networks and pictures, beside others."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bimaco_gui.cli.console import DONE, SOME_FAILED, complain
from bimaco_gui.cli.reporters import saying
from bimaco_gui.errors import UsageError
from bimaco_gui.services.bench import KINDS, BenchOptions

HELP = "measure speed and memory on this machine"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add = parser.add_argument
    add(
        "kind",
        choices=KINDS,
        help="each binary layer against torch; the forms of the released network; whole pictures "
        "against other pipelines",
    )
    add("--json", action="store_true", help="print one JSON object")
    add("--threads", type=int, metavar="N", help="processor threads (default: all)")
    add("--rounds", type=int, metavar="N", help="timed runs of each")
    add("--device", default="cpu", help="cpu, cuda or cuda:N (default: cpu)")
    add("--model", metavar="NAME", help="an installed model or a model file (default: photo)")
    add("--most", type=int, metavar="N", help="only the N costliest layers of each network")
    add(
        "--real-esrgan",
        type=Path,
        metavar="STEM",
        help="Real-ESRGAN General x4 v3 for ncnn: path of its .param and .bin without the suffix "
        "(default: that of the checkout)",
    )
    add("--take-part", metavar="ENTRY", help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace) -> int:
    """Measure and print; the exit status."""
    from bimaco_gui.services import bench

    if arguments.take_part is not None:
        bench.take_part(arguments.take_part)
        return DONE
    try:
        options = BenchOptions(
            arguments.kind,
            arguments.threads,
            arguments.rounds,
            arguments.device,
            arguments.model,
            arguments.real_esrgan,
            arguments.most,
        )
    except UsageError as error:
        arguments.refuse(error.message)
    try:
        with saying("Measuring, which takes some minutes"):
            report = bench.measure(options, _this_program(arguments.kind))
    except RuntimeError as error:
        complain(f"{error}.")
        return SOME_FAILED
    if report["warning"] is not None:
        complain(report["warning"])
    print(json.dumps(report) if arguments.json else bench.text_of(report))
    return DONE


def _this_program(kind: str) -> list[str]:
    """Starts this program, frozen or not, as one that takes part in a race."""
    program = [sys.executable]
    if not getattr(sys, "frozen", False):
        program += ["-m", "bimaco_gui"]
    return [*program, "bench", kind, "--take-part"]
