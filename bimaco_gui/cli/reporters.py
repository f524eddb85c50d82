"""How `upscale` tells of its events: plain lines, a bar on a terminal, or JSON."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Self

from bimaco_gui.cli.console import complain, one_line

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from bimaco_gui.services.events import Event


class Reporter:
    """Tells of events in plain lines: results on the output, failures on the error output."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def tell(self, event: Event) -> None:
        """Print what there is to say about this event."""
        from bimaco_gui.services.events import Done, Failed, Skipped

        match event:
            case Done():
                self.print_result(
                    f"{event.job.input} -> {event.output}"
                    f"  {event.width}x{event.height}  {event.seconds:.1f} s"
                )
            case Failed() | Skipped():
                complain(f"{event.job.input}: {event.message}")

    def print_result(self, line: str) -> None:
        """Print a line about a result."""
        print(one_line(line), flush=True)


class JsonReporter(Reporter):
    """Tells of every event in one JSON object on a line of its own."""

    def tell(self, event: Event) -> None:
        """Print the event's record."""
        from bimaco_gui.services.events import Failed, Saving, Working
        from bimaco_gui.services.records import record

        if isinstance(event, Working | Saving):
            return
        print(json.dumps(record(event)), flush=True)
        if isinstance(event, Failed):
            super().tell(event)


class BarReporter(Reporter):
    """Tells in plain lines, and shows a bar of the running picture's progress below them."""

    def __init__(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            Progress,
            TaskProgressColumn,
            TextColumn,
            TimeRemainingColumn,
        )

        self._ended = 0
        self._total = total
        self._task: TaskID | None = None
        self._progress: Progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            # Results go where the user sends them, even while the bar is on the screen.
            redirect_stdout=sys.stdout.isatty(),
            transient=True,
        )

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def tell(self, event: Event) -> None:
        """Move the bar, and print what there is to say."""
        from bimaco_gui.services.events import Saving, Started, TileDone, Working

        match event:
            case Started():
                count = f"({self._ended + 1}/{self._total}) " if self._total > 1 else ""
                name = one_line(f"{count}{event.job.input.name}")
                self._task = self._progress.add_task(name, total=None)
            case TileDone():
                self._show(event.done / event.total)
            case Working():
                self._show(event.fraction)
            case Saving():
                pass
            case _:
                self._ended += 1
                if self._task is not None:
                    self._progress.remove_task(self._task)
                    self._task = None
                super().tell(event)

    def _show(self, fraction: float) -> None:
        if self._task is not None:
            shown = self._progress.tasks[self._progress.task_ids.index(self._task)].completed
            self._progress.update(self._task, completed=max(shown, fraction), total=1.0)


def reporter_for(total: int, *, as_json: bool) -> Reporter:
    """The reporter that fits where the output goes."""
    if as_json:
        return JsonReporter()
    return BarReporter(total) if sys.stderr.isatty() else Reporter()


def saying(what: str) -> contextlib.AbstractContextManager[object]:
    """Say on a terminal what is being done, for as long as it takes."""
    if not sys.stderr.isatty():
        return contextlib.nullcontext()
    from rich.console import Console

    return Console(stderr=True).status(what)


@contextlib.contextmanager
def saying_steps() -> Iterator[Callable[[str], None]]:
    """Give a function that says what is being done: in place on a terminal, else line by line."""
    if not sys.stderr.isatty():
        yield lambda step: print(f"{step} …", file=sys.stderr, flush=True)
        return
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        yield lambda step: status.update(f"{step} …")
