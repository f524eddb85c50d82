"""`doctor`: what the app computes with."""

from __future__ import annotations

import argparse
import json

from bimaco_gui.cli.console import DONE

HELP = "print versions, the instruction set and devices in use"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--json", action="store_true", help="print JSON, one object a line")


def run(arguments: argparse.Namespace) -> int:
    """Print the report; the exit status."""
    from bimaco_gui.services.doctor import report

    facts = report()
    if arguments.json:
        print(json.dumps(dict(facts)))
        return DONE
    width = max(len(name) for name, _ in facts)
    for name, value in facts:
        print(f"{name:<{width}}  {value}")
    return DONE
