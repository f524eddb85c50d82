"""What every command prints with: complaints, and names that may hold anything."""

from __future__ import annotations

import contextlib
import os
import sys

PROGRAM = "bimaco-gui"
DONE, SOME_FAILED, BAD_USAGE = 0, 1, 2


def complain(message: str) -> None:
    """Print one line on the error output."""
    print(f"{PROGRAM}: {one_line(message)}", file=sys.stderr, flush=True)


def one_line(text: str) -> str:
    """The text without what would move the cursor: a file name may hold anything."""
    return "".join(sign if sign.isprintable() or sign == " " else "?" for sign in text)


def never_fail_to_print() -> None:
    """Print names that the terminal's encoding does not know with escapes instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def stop_printing() -> None:
    """Send what would still be printed nowhere, so that leaving the program does not fail."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
