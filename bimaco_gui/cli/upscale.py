"""`upscale`: pictures in, larger pictures out, without a window."""

from __future__ import annotations

import argparse
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from bimaco_gui.cli.console import BAD_USAGE, DONE, SOME_FAILED, complain
from bimaco_gui.cli.picture_options import add_picture_arguments, batch_request
from bimaco_gui.cli.plans import print_plan, room_complaint, tell_left_out
from bimaco_gui.cli.reporters import saying
from bimaco_gui.cli.work import real_runner, work_through
from bimaco_gui.errors import AppError, UsageError

if TYPE_CHECKING:
    from bimaco_gui.services.batch import Plan
    from bimaco_gui.services.queue import JobQueue

HELP = "enlarge pictures without a window"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_picture_arguments(parser)
    parser.add_argument(
        "--queue",
        type=Path,
        metavar="FILE",
        help="keep the jobs in this file, so that “queue run --file FILE” goes on after a crash",
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
    parser.add_argument(
        "--ignore-space", action="store_true", help="begin even if the disk seems too small"
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object a line for each event"
    )


def run(arguments: argparse.Namespace) -> int:
    """Work through the pictures; the exit status."""
    from bimaco_gui.services.log import start_log

    plan = planned(arguments)
    if arguments.dry_run:
        print_plan(plan, as_json=arguments.json)
        return DONE
    if not arguments.json:
        tell_left_out(plan)
    complaint = None if arguments.ignore_space else room_complaint(plan)
    if complaint is not None:
        complain(complaint)
        return SOME_FAILED
    if not plan.queue:
        return DONE
    start_log()
    runner = (arguments.make_runner or real_runner)()
    try:
        # Before any picture: a mistake in the options is told once, not for each of them.
        with saying("Loading the model"):
            runner.prepare(plan.queue[0][0].options)
    except AppError as error:
        complain(error.message)
        return BAD_USAGE
    with _queue(arguments.queue) as queue:
        queue.add_all(*zip(*plan.queue, strict=True))
        return work_through(queue, runner, as_json=arguments.json)


def planned(arguments: argparse.Namespace) -> Plan:
    """What the arguments ask for; leaves the program with a sentence where that cannot be."""
    from bimaco_gui.services.batch import preflight
    from bimaco_gui.services.estimate import load_experience

    try:
        return preflight(batch_request(arguments), load_experience())
    except UsageError as error:
        arguments.refuse(error.message)
        raise


def _queue(path: Path | None) -> AbstractContextManager[JobQueue]:
    from bimaco_gui.services.queue import JobQueue

    if path is None:
        return JobQueue(":memory:")
    queue = JobQueue(path)
    queue.claim_or_fail()
    queue.recover()
    return queue
