"""`models publish`: prepare the folder of a Hub repository for a model."""

from __future__ import annotations

import argparse
from pathlib import Path

from bimaco_gui.cli.console import DONE
from bimaco_gui.errors import UsageError

HELP = "prepare a model's repository for the Hub"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add = parser.add_argument
    add("name", nargs="?", metavar="NAME", help="an installed model or a file (default: photo)")
    add("--dry-run", action="store_true", help="prepare the folder; required, nothing is sent")
    add("--repository", default="OWNER/NAME", metavar="OWNER/NAME", help="where it is to go")
    add("-o", "--output", metavar="DIR", help="the folder (default: hub-NAME)")
    add("--credits", metavar="CSV", help="list of the training photos with their licences")


def run(arguments: argparse.Namespace) -> int:
    """Prepare the folder; the exit status."""
    from bimaco_gui.services.publishing import prepare_repository

    if not arguments.dry_run:
        raise UsageError(
            "Nothing is sent",
            "This program uploads nothing: add --dry-run to prepare the folder, "
            "look at it, and send it with “hf upload OWNER/NAME DIR”.",
        )
    prepared = prepare_repository(
        arguments.name,
        None if arguments.output is None else Path(arguments.output),
        repository=arguments.repository,
        credits=None if arguments.credits is None else Path(arguments.credits),
    )
    for path in prepared.files:
        print(path)
    print(
        f"\nNothing was sent. To publish: hf upload {arguments.repository} {prepared.folder}\n"
        "Then put the commit into the revision of catalogue-entry.json, and the entry into "
        "resources/models/catalogue.json."
    )
    return DONE
