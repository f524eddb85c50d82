"""`models`: which models are installed, and what can be done with them.

An action such as ``models import`` is a module of its own beside this one, with a line of help, its
arguments, and what it does.
"""

from __future__ import annotations

import argparse
import json
from types import ModuleType

from bimaco_gui.cli import (
    models_add,
    models_binarize,
    models_download,
    models_import,
    models_publish,
    models_remove,
)
from bimaco_gui.cli.console import DONE, SOME_FAILED, complain

HELP = "list, download, add, import and remove models"
_ACTIONS: dict[str, ModuleType] = {
    "add": models_add,
    "download": models_download,
    "import": models_import,
    "binarize": models_binarize,
    "remove": models_remove,
    "publish": models_publish,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--json", action="store_true", help="print JSON, one object a line")
    actions = parser.add_subparsers(dest="action", title="actions", metavar="ACTION")
    for name, action in _ACTIONS.items():
        action.add_arguments(actions.add_parser(name, help=action.HELP, allow_abbrev=False))


def run(arguments: argparse.Namespace) -> int:
    """List the models, or do what the action says; the exit status."""
    if arguments.action is not None:
        return int(_ACTIONS[arguments.action].run(arguments))
    from bimaco_gui.services.models import list_models

    models = list_models()
    if not models:
        complain("No model is installed.")
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
