"""`queue`: the jobs that outlive the program, shared with the window."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from bimaco_gui.cli.console import DONE, SOME_FAILED, complain, one_line
from bimaco_gui.cli.picture_options import add_picture_arguments
from bimaco_gui.cli.upscale import planned
from bimaco_gui.cli.work import real_runner, work_through

if TYPE_CHECKING:
    from bimaco_gui.services.queue import JobQueue
    from bimaco_gui.services.queue_events import QueuedJob

HELP = "look at and work through the jobs that outlive the program"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, (_, text) in _ACTIONS.items():
        action = actions.add_parser(name, help=text, allow_abbrev=False)
        if name == "add":
            add_picture_arguments(action)
        if name == "clear":
            action.add_argument(
                "--all", action="store_true", help="forget what waits as well, and what failed"
            )
        action.add_argument(
            "--file", type=Path, metavar="FILE", help="of the queue (default: the window's)"
        )
        action.add_argument("--json", action="store_true", help="print one JSON object a line")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked; the exit status."""
    from bimaco_gui import paths
    from bimaco_gui.services.log import start_log
    from bimaco_gui.services.queue import JobQueue

    start_log()
    path = arguments.file or paths.queue_file()
    with JobQueue(path) as queue:
        if not queue.durable:
            complain(f"The queue “{path}” cannot be used: its folder or file is closed.")
            return SOME_FAILED
        action, _ = _ACTIONS[arguments.action]
        return action(queue, arguments)


def _list(queue: JobQueue, arguments: argparse.Namespace) -> int:
    for item in queue.jobs():
        print(json.dumps(_record(item)) if arguments.json else one_line(_line(item)))
    counts = {state.value: number for state, number in queue.counts().items() if number}
    if arguments.json:
        print(json.dumps({"event": "queue", "paused": queue.paused, **counts}))
    else:
        states = ", ".join(f"{number} {state}" for state, number in counts.items())
        print(f"{states or 'empty'}{'; paused' if queue.paused else ''}")
    return DONE


def _add(queue: JobQueue, arguments: argparse.Namespace) -> int:
    plan = planned(arguments)
    if plan.queue:
        queue.add_all(*zip(*plan.queue, strict=True))
    print(f"{len(plan.queue)} added")
    return DONE


def _run(queue: JobQueue, arguments: argparse.Namespace) -> int:
    from bimaco_gui.services.priority import lower_priority

    queue.claim_or_fail()
    queue.recover()
    queue.resume()
    lower_priority()
    runner = (arguments.make_runner or real_runner)()
    return work_through(queue, runner, as_json=arguments.json)


def _retry(queue: JobQueue, arguments: argparse.Namespace) -> int:
    return _told(len(queue.retry_failed()), "wait again", arguments)


def _clear(queue: JobQueue, arguments: argparse.Namespace) -> int:
    from bimaco_gui.services.queue_events import JobState

    kept = () if arguments.all else (JobState.FAILED, JobState.WAITING)
    ids = [item.id for item in queue.jobs() if item.state not in kept]
    return _told(len(queue.remove(*ids)), "removed", arguments)


def _pause(queue: JobQueue, arguments: argparse.Namespace) -> int:
    queue.pause()
    return DONE


def _resume(queue: JobQueue, arguments: argparse.Namespace) -> int:
    queue.resume()
    return DONE


_ACTIONS = {
    "list": (_list, "print the jobs and their states"),
    "add": (_add, "add pictures, without working on them"),
    "run": (_run, "work through what waits, after a crash too"),
    "retry": (_retry, "let failed jobs wait again"),
    "clear": (_clear, "forget the jobs that are done, cancelled or skipped"),
    "pause": (_pause, "begin no further job"),
    "resume": (_resume, "end the pause"),
}


def _told(number: int, what: str, arguments: argparse.Namespace) -> int:
    print(json.dumps({"event": what, "count": number}) if arguments.json else f"{number} {what}")
    return DONE


def _line(item: QueuedJob) -> str:
    end = ""
    if item.result is not None:
        end = f" -> {item.result}"
    elif item.message is not None:
        end = f": {item.message}"
    return f"{item.state.value:<9}  {item.job.input}{end}"


def _record(item: QueuedJob) -> dict[str, object]:
    return {
        "event": "job",
        "job": item.id,
        "input": str(item.job.input),
        "state": item.state.value,
        "output": None if item.result is None else str(item.result),
        "title": item.title,
        "message": item.message,
        "notes": list(item.notes),
        "seconds": item.seconds,
    }
