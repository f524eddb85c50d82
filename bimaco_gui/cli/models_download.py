"""`models download`: a model of the catalogue, from the Hub to the user's folder."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from types import TracebackType
from typing import TYPE_CHECKING, Self

from bimaco_gui.cli.console import DONE, complain
from bimaco_gui.cli.stopping import stopping
from bimaco_gui.errors import Cancelled

if TYPE_CHECKING:
    from rich.progress import Progress

    from bimaco_gui.services.model_store import DownloadProgress, StoredModel

HELP = "download a model, or list those that there are"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="without it, list what there is")
    # A default here would undo what was said before the action.
    parser.add_argument(
        "--json",
        action="store_true",
        default=argparse.SUPPRESS,
        help="print JSON, one object a line",
    )


def run(arguments: argparse.Namespace) -> int:
    """Download, or list; the exit status."""
    from bimaco_gui.services.model_store import Place, download_model, stored_models

    if arguments.name is None:
        offered = [model for model in stored_models() if model.place is Place.ON_HUB]
        _list(offered, as_json=arguments.json)
        return DONE
    cancel = threading.Event()
    with stopping(cancel) as received, _Progress(as_json=arguments.json) as progress:
        try:
            path = download_model(arguments.name, progress.tell, cancel)
        except Cancelled:
            complain("Stopped. What has arrived is kept, and the next download goes on from there.")
            return 128 + (received[0] if received else signal.SIGINT)
    print(json.dumps({"event": "done", "path": str(path)}) if arguments.json else path)
    return DONE


def _list(offered: list[StoredModel], *, as_json: bool) -> None:
    if not offered and not as_json:
        print("There is no model to download that is not installed already.")
    for model in offered:
        if as_json:
            facts = {
                "name": model.name,
                "title": model.title,
                "licence": model.licence,
                "file_bytes": model.file_bytes,
                "repository": model.repository,
                "received": model.received,
            }
            print(json.dumps(facts))
        else:
            begun = f", {model.received / 1e6:.1f} MB are here" if model.received else ""
            print(
                f"{model.name}: {model.title}, {model.file_bytes / 1e6:.1f} MB, {model.licence}, "
                f"{model.repository}{begun}"
            )


class _Progress:
    """A bar on a terminal, JSON lines on request, and silence otherwise."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._bar = None if as_json or not sys.stderr.isatty() else _bar()
        self._task = None if self._bar is None else self._bar.add_task("", total=None)

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def tell(self, progress: DownloadProgress) -> None:
        """Show how far it is."""
        if self._as_json:
            facts = {"event": "received", "bytes": progress.received, "total": progress.total}
            print(json.dumps(facts), flush=True)
        elif self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=progress.received, total=progress.total)


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TransferSpeedColumn

    return Progress(
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
