"""The command line: opens the window, upscales without one, and says what is installed.

Exit status: 0 all done, 1 some failed, 2 bad usage, 128 + N stopped by signal N (130: Ctrl-C).
Everything heavy is imported by the command that needs it, so help and version answer at once.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn, Protocol, Self

from bimaco_gui import __version__
from bimaco_gui.errors import AppError, UsageError

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from bimaco_gui.services.events import Event
    from bimaco_gui.services.jobs import Job, JobOptions
    from bimaco_gui.services.queue import JobQueue

_COMMANDS = ("open", "upscale", "models", "doctor")
DONE, SOME_FAILED, BAD_USAGE = 0, 1, 2
_PROGRAM = "bimaco-gui"


class PreparedRunner(Protocol):
    """Whoever runs the jobs: the real one, or a stand-in."""

    def prepare(self, options: JobOptions) -> None:
        """Load what the options name; AppError where that cannot be."""

    def run_job(self, job: Job, emit: Callable[[Event], None], cancel: threading.Event) -> None:
        """Run one job to its end."""


def main(
    argv: Sequence[str] | None = None, *, make_runner: Callable[[], PreparedRunner] | None = None
) -> int:
    """Run the program.

    Args:
        argv: The arguments; those of the process if None.
        make_runner: Makes the runner of ``upscale``; the real one if None.

    Returns:
        The exit status.

    Raises:
        SystemExit: After help, version and bad usage.
    """
    _never_fail_to_print()
    parser, upscale_parser = _parsers()
    arguments = parser.parse_args(_with_command(sys.argv[1:] if argv is None else list(argv)))
    try:
        match arguments.command:
            case "upscale":
                return _upscale(arguments, upscale_parser, make_runner)
            case "models":
                return _models(arguments)
            case "doctor":
                return _doctor(arguments)
            case _:
                return _open(arguments)
    except AppError as error:
        _complain(error.message)
        return BAD_USAGE if isinstance(error, UsageError) else SOME_FAILED
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except BrokenPipeError:
        _stop_printing()
        return SOME_FAILED


# ---- arguments ----


def _with_command(argv: list[str]) -> list[str]:
    """The arguments with a command in front: photos alone are opened in the window."""
    if argv and argv[0] in {*_COMMANDS, "-h", "--help", "--version"}:
        return argv
    return ["open", *argv]


def _parsers() -> tuple[argparse.ArgumentParser, argparse.ArgumentParser]:
    parser = argparse.ArgumentParser(
        prog=_PROGRAM,
        usage="%(prog)s [PHOTO ...]\n       %(prog)s {upscale,models,doctor,open} ...",
        description="Enlarge photos up to four times. Without a command, the window opens with "
        "the photos named. A photo that is called like a command needs ./ before its name.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(
        dest="command", prog=_PROGRAM, title="commands", metavar="COMMAND"
    )
    _add_open(commands.add_parser("open", help="open the window", allow_abbrev=False))
    upscale = commands.add_parser(
        "upscale", help="enlarge pictures without a window", allow_abbrev=False
    )
    _add_upscale(upscale)
    models = commands.add_parser("models", help="list the installed models", allow_abbrev=False)
    doctor = commands.add_parser(
        "doctor",
        help="print versions, the instruction set and devices in use",
        allow_abbrev=False,
    )
    for lister in (models, doctor):
        lister.add_argument("--json", action="store_true", help="print JSON, one object a line")
    return parser, upscale


def _add_open(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("photos", nargs="*", type=Path, metavar="PHOTO", help="a photo to load")
    parser.add_argument("--upscale", action="store_true", help="start upscaling at once")


def _add_upscale(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("inputs", nargs="+", metavar="INPUT", help="a picture, or a folder of pictures")
    add(
        "-o",
        "--output",
        metavar="FILE|DIR",
        help="the result, or a folder for the results (default: beside each input)",
    )
    add("--scale", type=float, default=4.0, help="above 1 and up to 4 (default: 4)")
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
        metavar="png|jpg|webp|tiff",
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


# ---- commands ----


def _open(arguments: argparse.Namespace) -> int:
    if not _display_there():
        _complain(
            "There is no display to open the window on: "
            f"use “{_PROGRAM} upscale PHOTO”, which needs none."
        )
        return BAD_USAGE
    try:
        from bimaco_gui.app import run_window
    except ImportError as error:
        _complain(f"The window cannot open, because a part of it is missing: {error}.")
        return SOME_FAILED
    return run_window(
        [photo.absolute() for photo in arguments.photos], upscale_at_once=arguments.upscale
    )


def _display_there() -> bool:
    if not sys.platform.startswith("linux"):
        return True
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return any(os.environ.get(name) for name in names)


def _models(arguments: argparse.Namespace) -> int:
    from bimaco_gui.services.models import list_models

    models = list_models()
    if not models:
        _complain("No model is installed.")
        return SOME_FAILED
    for model in models:
        if arguments.json:
            facts = {name: getattr(model, name) for name in model.__dataclass_fields__}
            print(json.dumps({**facts, "path": str(model.path)}))
        else:
            print(
                f"{model.name}: {model.title}, {model.file_bytes / 1e6:.1f} MB, "
                f"{model.parameters / 1e6:.1f} million weights, "
                f"{model.one_bit_share:.0%} of one bit, {model.licence}\n    {model.path}"
            )
    return DONE


def _doctor(arguments: argparse.Namespace) -> int:
    from bimaco_gui.services.doctor import report

    facts = report()
    if arguments.json:
        print(json.dumps(dict(facts)))
        return DONE
    width = max(len(name) for name, _ in facts)
    for name, value in facts:
        print(f"{name:<{width}}  {value}")
    return DONE


def _upscale(
    arguments: argparse.Namespace,
    parser: argparse.ArgumentParser,
    make_runner: Callable[[], PreparedRunner] | None,
) -> int:
    from bimaco_gui.services.log import start_log
    from bimaco_gui.services.queue import JobQueue

    jobs, options = _planned(arguments, parser)
    start_log()
    runner = (make_runner or _real_runner)()
    try:
        # Before any picture: a mistake in the options is told once, not for each of them.
        with _saying("Loading the model"):
            runner.prepare(options)
    except AppError as error:
        _complain(error.message)
        return BAD_USAGE
    with JobQueue(":memory:") as queue:
        queue.add_all(jobs)
        return _work_through(queue, runner, len(jobs), as_json=arguments.json)


def _planned(
    arguments: argparse.Namespace, parser: argparse.ArgumentParser
) -> tuple[list[Job], JobOptions]:
    from bimaco_gui.services.batch import plan_jobs
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
            overwrite=arguments.overwrite,
        )
        jobs = plan_jobs(
            [Path(text) for text in arguments.inputs],
            None if output is None else Path(output),
            options,
            recursive=arguments.recursive,
            output_is_folder=output is not None and output.endswith(("/", os.sep)),
        )
    except UsageError as error:
        _refuse(parser, error.message)
    return jobs, options


def _refuse(parser: argparse.ArgumentParser, message: str) -> NoReturn:
    parser.error(message)


def _real_runner() -> PreparedRunner:
    from bimaco_gui.services.runner import Runner

    return Runner()


# ---- the work ----


def _work_through(queue: JobQueue, runner: PreparedRunner, total: int, *, as_json: bool) -> int:
    from bimaco_gui.services.events import Done, Failed
    from bimaco_gui.services.processing import run_taken

    cancel = threading.Event()
    reporter = _reporter(total, as_json=as_json)
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
            _stop_printing()

    with _stopping(cancel) as received, reporter:
        while not cancel.is_set() and (job := queue.next()) is not None:
            last = run_taken(job, queue, runner, tell, cancel)
            done += isinstance(last, Done)
            failed += isinstance(last, Failed)
    if received:
        _complain(f"Stopped: {done} of {total} done.")
        return 128 + received[0]
    if total > 1 and not as_json:
        print(f"{done} done, {failed} failed", file=sys.stderr)
    return SOME_FAILED if failed or reading_ended else DONE


@contextlib.contextmanager
def _stopping(cancel: threading.Event) -> Iterator[list[int]]:
    """Ctrl-C and a request to end stop the work between two tiles; a second one stops it now."""
    received: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        if received:
            raise KeyboardInterrupt
        received.append(number)
        cancel.set()

    # A shell makes programs in the background deaf to Ctrl-C on purpose.
    heard = [
        number
        for number in (signal.SIGINT, signal.SIGTERM)
        if signal.getsignal(number) is not signal.SIG_IGN
    ]
    before = {number: signal.signal(number, stop) for number in heard}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


# ---- what is printed ----


class _Reporter:
    """Tells of events in plain lines: results on the output, failures on the error output."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def tell(self, event: Event) -> None:
        """Print what there is to say about this event."""
        from bimaco_gui.services.events import Done, Failed

        match event:
            case Done():
                self.print_result(
                    f"{event.job.input} -> {event.output}"
                    f"  {event.width}x{event.height}  {event.seconds:.1f} s"
                )
            case Failed():
                _complain(f"{event.job.input}: {event.message}")

    def print_result(self, line: str) -> None:
        """Print a line about a result."""
        print(_one_line(line), flush=True)


class _JsonReporter(_Reporter):
    """Tells of every event in one JSON object on a line of its own."""

    def tell(self, event: Event) -> None:
        from bimaco_gui.services.events import Failed, Working
        from bimaco_gui.services.records import record

        if isinstance(event, Working):
            return
        print(json.dumps(record(event)), flush=True)
        if isinstance(event, Failed):
            super().tell(event)


class _BarReporter(_Reporter):
    """Tells in plain lines, and shows a bar of the running picture's progress below them."""

    def __init__(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            Progress,
            TaskProgressColumn,
            TextColumn,
            TimeRemainingColumn,
        )

        self._ended = 0
        self._total = total
        self._task: TaskID | None = None
        self._progress: Progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            # Results go where the user sends them, even while the bar is on the screen.
            redirect_stdout=sys.stdout.isatty(),
            transient=True,
        )

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def tell(self, event: Event) -> None:
        from bimaco_gui.services.events import Started, TileDone, Working

        match event:
            case Started():
                count = f"({self._ended + 1}/{self._total}) " if self._total > 1 else ""
                name = _one_line(f"{count}{event.job.input.name}")
                self._task = self._progress.add_task(name, total=None)
            case TileDone():
                self._show(event.done / event.total)
            case Working():
                self._show(event.fraction)
            case _:
                self._ended += 1
                if self._task is not None:
                    self._progress.remove_task(self._task)
                    self._task = None
                super().tell(event)

    def _show(self, fraction: float) -> None:
        if self._task is not None:
            shown = self._progress.tasks[self._progress.task_ids.index(self._task)].completed
            self._progress.update(self._task, completed=max(shown, fraction), total=1.0)


def _reporter(total: int, *, as_json: bool) -> _Reporter:
    if as_json:
        return _JsonReporter()
    return _BarReporter(total) if sys.stderr.isatty() else _Reporter()


def _saying(what: str) -> contextlib.AbstractContextManager[object]:
    """Say on a terminal what is being done, for as long as it takes."""
    if not sys.stderr.isatty():
        return contextlib.nullcontext()
    from rich.console import Console

    return Console(stderr=True).status(what)


def _complain(message: str) -> None:
    print(f"{_PROGRAM}: {_one_line(message)}", file=sys.stderr, flush=True)


def _one_line(text: str) -> str:
    """The text without what would move the cursor: a file name may hold anything."""
    return "".join(sign if sign.isprintable() or sign == " " else "?" for sign in text)


def _never_fail_to_print() -> None:
    """Print names that the terminal's encoding does not know with escapes instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _stop_printing() -> None:
    """Send what would still be printed nowhere, so that leaving the program does not fail."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
