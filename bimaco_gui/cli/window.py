"""`open`: the window, with the photos named."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from bimaco_gui.cli.console import BAD_USAGE, PROGRAM, SOME_FAILED, complain

HELP = "open the window"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("photos", nargs="*", type=Path, metavar="PHOTO", help="a photo to load")
    parser.add_argument("--upscale", action="store_true", help="start upscaling at once")
    parser.add_argument(
        "--new-window", action="store_true", help="do not use the window that is open already"
    )


def run(arguments: argparse.Namespace) -> int:
    """Open the window; the exit status."""
    if not _display_there():
        complain(
            "There is no display to open the window on: "
            f"use “{PROGRAM} upscale PHOTO”, which needs none."
        )
        return BAD_USAGE
    try:
        from bimaco_gui.app import run_window
    except ImportError as error:
        complain(f"The window cannot open, because a part of it is missing: {error}.")
        return SOME_FAILED
    return run_window(
        [photo.absolute() for photo in arguments.photos],
        upscale_at_once=arguments.upscale,
        new_window=arguments.new_window,
    )


def _display_there() -> bool:
    if not sys.platform.startswith("linux"):
        return True
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return any(os.environ.get(name) for name in names)
