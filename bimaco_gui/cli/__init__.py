"""The command line: opens the window, upscales without one, and says what is installed.

Exit status: 0 all done, 1 some failed, 2 bad usage, 128 + N stopped by signal N (130: Ctrl-C).
Everything heavy is imported by the command that needs it, so help and version answer at once.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Sequence

from bimaco_gui import __version__
from bimaco_gui.cli import bench, doctor, engine_process, models, queue, updates, upscale, window
from bimaco_gui.cli.console import (
    BAD_USAGE,
    PROGRAM,
    SOME_FAILED,
    complain,
    never_fail_to_print,
    stop_printing,
)
from bimaco_gui.cli.work import PreparedRunner
from bimaco_gui.errors import AppError, UsageError

# Each command is a module with a line of help, its arguments, and what it does.
_COMMANDS = {
    "open": window,
    "upscale": upscale,
    "queue": queue,
    "models": models,
    "doctor": doctor,
    "bench": bench,
    "updates": updates,
}


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
    given = sys.argv[1:] if argv is None else list(argv)
    if given[:1] == [engine_process.COMMAND]:
        engine_process.run(given[1:])
    never_fail_to_print()
    arguments = _parser(make_runner).parse_args(_with_command(given))
    try:
        return int(_COMMANDS[arguments.command].run(arguments))
    except AppError as error:
        complain(error.message)
        return BAD_USAGE if isinstance(error, UsageError) else SOME_FAILED
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except BrokenPipeError:
        stop_printing()
        return SOME_FAILED


# ---- arguments ----


def _with_command(argv: list[str]) -> list[str]:
    """The arguments with a command in front: photos alone are opened in the window."""
    if argv and argv[0] in {*_COMMANDS, "-h", "--help", "--version"}:
        return argv
    return ["open", *argv]


def _parser(make_runner: Callable[[], PreparedRunner] | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        usage=f"%(prog)s [PHOTO ...]\n       %(prog)s {{{','.join(_COMMANDS)}}} ...",
        description="Enlarge photos, with the detail that they lack. Without a command, the window "
        "opens with the photos named. A photo that is called like a command needs ./ before its "
        "name.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(
        dest="command", prog=PROGRAM, title="commands", metavar="COMMAND"
    )
    for name, command in _COMMANDS.items():
        sub = commands.add_parser(name, help=command.HELP, allow_abbrev=False)
        command.add_arguments(sub)
        sub.set_defaults(refuse=sub.error, make_runner=make_runner)
    return parser
