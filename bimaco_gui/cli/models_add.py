"""`models add`: install a model file of one's own."""

from __future__ import annotations

import argparse
from pathlib import Path

from bimaco_gui.cli.console import DONE

HELP = "install a model file of your own, such as one you trained"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a .safetensors model file")


def run(arguments: argparse.Namespace) -> int:
    """Install it and say how to use it; the exit status."""
    from bimaco_gui.services.model_store import add_model

    print(f"Installed; use it with --model {add_model(arguments.file)}")
    return DONE
