"""The plan of a batch, as it is printed."""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import TYPE_CHECKING

from bimaco_gui.cli.console import complain, one_line

if TYPE_CHECKING:
    from bimaco_gui.services.batch import Plan

_WORDS = {
    "unreadable": "cannot be opened",
    "exists": "done before",
    "large": "large enough already",
    "result": "results of others",
    "filtered": "filtered out",
}


def print_plan(plan: Plan, *, as_json: bool) -> None:
    """Print what would be done."""
    for planned in plan.jobs:
        if as_json:
            print(
                json.dumps(
                    {
                        "event": "planned",
                        "input": str(planned.job.input),
                        "output": str(planned.job.output),
                        "width": planned.size[0],
                        "height": planned.size[1],
                        "out_width": planned.out_size[0],
                        "out_height": planned.out_size[1],
                        "bytes": planned.output_bytes,
                        "seconds": planned.seconds,
                    }
                )
            )
        else:
            across, down = planned.out_size
            print(one_line(f"{planned.job.input} -> {planned.job.output}  {across}x{down}"))
    for left in plan.left_out:
        if as_json:
            record = {"event": "left out", "input": str(left.path), "reason": left.reason}
            print(json.dumps({**record, "message": left.message}))
        else:
            complain(f"{left.path}: {left.message}")
    seconds = plan.seconds
    if as_json:
        total = {"event": "plan", "count": len(plan.jobs), "left_out": len(plan.left_out)}
        free = {str(disk.folder): disk.free_bytes for disk in plan.disks}
        print(json.dumps({**total, "bytes": plan.output_bytes, "seconds": seconds, "free": free}))
    else:
        time = "not measured yet" if seconds is None else f"about {seconds / 60:.0f} min"
        print(f"{len(plan.jobs)} pictures, about {plan.output_bytes / 1e6:.0f} MB, {time}")


def tell_left_out(plan: Plan) -> None:
    """Say in one line how many files get no job."""
    counts = Counter(left.reason for left in plan.left_out if left.reason != "unreadable")
    if counts:
        reasons = ", ".join(f"{number} {_WORDS[reason]}" for reason, number in counts.items())
        print(f"{counts.total()} left out: {reasons}", file=sys.stderr)


def room_complaint(plan: Plan) -> str | None:
    """What there is to say where the disks have too little room."""
    for disk in plan.disks:
        if not disk.is_enough:
            assert disk.free_bytes is not None
            return (
                f"The results need about {disk.needed_bytes / 1e6:.0f} MB, but only "
                f"{disk.free_bytes / 1e6:.0f} MB are free on the disk of “{disk.folder}”: "
                "make room, or add --ignore-space."
            )
    return None
