"""`updates`: ask once whether there is a newer version."""

from __future__ import annotations

import argparse
import json

from bimaco_gui import __version__
from bimaco_gui.cli.console import DONE, one_line

HELP = "ask the app's address on the network whether there is a newer version"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--json", action="store_true", help="print JSON, one object a line")


def run(arguments: argparse.Namespace) -> int:
    """Ask, and print the answer; the exit status."""
    from bimaco_gui.services.updates import newest_release

    release = newest_release()
    if arguments.json:
        facts = {
            "installed": __version__,
            "newest": release.version,
            "newer": release.is_newer,
            "page": release.page,
            "notes": release.notes,
        }
        print(json.dumps(facts))
    elif release.is_newer:
        print(f"Version {release.version} is there (you have {__version__}): {release.page}")
        for line in release.notes.splitlines():
            print(f"  {one_line(line)}")
    else:
        print(f"You have the newest version ({__version__}).")
    return DONE
