"""`models remove`: an installed model, or what has arrived of one."""

from __future__ import annotations

import argparse

from bimaco_gui.cli.console import DONE

HELP = "remove a model that was downloaded or imported"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("name", metavar="NAME")


def run(arguments: argparse.Namespace) -> int:
    """Remove it; the exit status."""
    from bimaco_gui.services.model_store import remove_model

    remove_model(arguments.name)
    return DONE
