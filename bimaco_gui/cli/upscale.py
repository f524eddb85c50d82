"""`upscale`: pictures in, larger pictures out, without a window."""

from __future__ import annotations

import argparse
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bimaco_gui.cli.console import BAD_USAGE, DONE, SOME_FAILED, complain, stop_printing
from bimaco_gui.cli.reporters import reporter_for, saying
from bimaco_gui.cli.stopping import stopping
from bimaco_gui.errors import AppError, UsageError

if TYPE_CHECKING:
    from bimaco_gui.services.events import Event
    from bimaco_gui.services.jobs import Job, JobOptions
    from bimaco_gui.services.queue import JobQueue

HELP = "enlarge pictures without a window"


class PreparedRunner(Protocol):
    """Whoever runs the jobs: the real one, or a stand-in."""

    def prepare(self, options: JobOptions) -> None:
        """Load what the options name; AppError where that cannot be."""

    def run_job(self, job: Job, emit: Callable[[Event], None], cancel: threading.Event) -> None:
        """Run one job to its end."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    from bimaco_gui.services.fidelity import DEFAULT_FIDELITY

    add = parser.add_argument
    add("inputs", nargs="+", metavar="INPUT", help="a picture, or a folder of pictures")
    add(
        "-o",
        "--output",
        metavar="FILE|DIR",
        help="the result, or a folder for the results (default: beside each input)",
    )
    add("--scale", type=float, default=4.0, help="1 to 16; the model makes 4 (default: 4)")
    add(
        "--fidelity",
        type=float,
        default=DEFAULT_FIDELITY,
        metavar="X",
        help="from 0, faithful to the picture, to 1, all of the detail that the model adds "
        f"(default: {DEFAULT_FIDELITY:g})",
    )
    add("--model", metavar="NAME", help="an installed model or a model file (default: photo)")
    add("--device", choices=("auto", "cpu", "cuda"), default="auto", help="(default: auto)")
    add(
        "--tile",
        type=_tile,
        metavar="N|auto",
        help="edge of a tile in pixels of the input (default: auto)",
    )
    add("--threads", type=int, metavar="N", help="processor threads (default: all)")
    add("--seed", type=int, default=0, metavar="N", help="of the model's noise (default: 0)")
    add(
        "--format",
        type=_format,
        metavar="png|jpg|webp|avif|tiff",
        help="(default: that of the output's name, or else of the input)",
    )
    add("--quality", type=int, default=95, metavar="N", help="of lossy formats, 1 to 100")
    add("--overwrite", action="store_true", help="replace existing results; else number the new")
    add("--recursive", action="store_true", help="search the folders in folders as well")
    add("--json", action="store_true", help="print one JSON object a line for each event")


def _tile(text: str) -> int | None:
    if text == "auto":
        return None
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is neither a number nor “auto”") from None


def _format(text: str) -> str:
    from bimaco_gui.services.formats import format_named

    try:
        return format_named(text)
    except UsageError as error:
        raise argparse.ArgumentTypeError(error.message) from None


def run(arguments: argparse.Namespace) -> int:
    """Work through the pictures; the exit status."""
    from bimaco_gui.services.log import start_log
    from bimaco_gui.services.queue import JobQueue

    jobs, options = _planned(arguments)
    start_log()
    runner = (arguments.make_runner or _real_runner)()
    try:
        # Before any picture: a mistake in the options is told once, not for each of them.
        with saying("Loading the model"):
            runner.prepare(options)
    except AppError as error:
        complain(error.message)
        return BAD_USAGE
    with JobQueue(":memory:") as queue:
        queue.add_all(jobs)
        return _work_through(queue, runner, len(jobs), as_json=arguments.json)


def _planned(arguments: argparse.Namespace) -> tuple[list[Job], JobOptions]:
    from bimaco_gui.services.batch import BatchRequest, preflight
    from bimaco_gui.services.jobs import JobOptions

    output = arguments.output
    try:
        options = JobOptions(
            model=arguments.model,
            device=arguments.device,
            tile=arguments.tile,
            threads=arguments.threads,
            seed=arguments.seed,
            scale=arguments.scale,
            format=arguments.format,
            quality=arguments.quality,
            existing="overwrite" if arguments.overwrite else "number",
            fidelity=arguments.fidelity,
        )
        plan = preflight(
            BatchRequest(
                tuple(Path(text) for text in arguments.inputs),
                options,
                None if output is None else Path(output),
                output_is_folder=output is not None and output.endswith(("/", os.sep)),
                recursive=arguments.recursive,
            )
        )
    except UsageError as error:
        arguments.refuse(error.message)
    return [job for job, _ in plan.queue], options


def _real_runner() -> PreparedRunner:
    from bimaco_gui.services.runner import Runner

    return Runner()


# ---- the work ----


def _work_through(queue: JobQueue, runner: PreparedRunner, total: int, *, as_json: bool) -> int:
    from bimaco_gui.services.events import Done, Failed
    from bimaco_gui.services.processing import run_taken

    cancel = threading.Event()
    reporter = reporter_for(total, as_json=as_json)
    done = failed = 0
    reading_ended = False

    def tell(event: Event) -> None:
        nonlocal reading_ended
        try:
            reporter.tell(event)
        except BrokenPipeError:
            # Nobody reads on, as in “| head”: stop.
            reading_ended = True
            cancel.set()
            stop_printing()

    with stopping(cancel) as received, reporter:
        while not cancel.is_set() and (job := queue.next()) is not None:
            last = run_taken(job, queue, runner, tell, cancel)
            done += isinstance(last, Done)
            failed += isinstance(last, Failed)
    if received:
        complain(f"Stopped: {done} of {total} done.")
        return 128 + received[0]
    if total > 1 and not as_json:
        print(f"{done} done, {failed} failed", file=sys.stderr)
    return SOME_FAILED if failed or reading_ended else DONE
