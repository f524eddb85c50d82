"""The rows of the queue's table: a job with its state in each."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from bimaco_gui.services.jobs import Job, JobOptions
from bimaco_gui.services.places import Places
from bimaco_gui.services.queue_events import JobState, QueuedJob

COLUMNS: Final = (
    "id, input, output, options, state, position, result, title, message, notes,"
    " width, height, added, began, ended, seconds"
)
"""In the order in which `item_of` takes them."""

_PARAMETERS = ", ".join("?" * (COLUMNS.count(",") + 1))


def insert(
    connection: sqlite3.Connection, items: Iterable[QueuedJob], places: Iterable[Places]
) -> None:
    """Make a row of each, with the places where its files are to be found."""
    connection.executemany(
        f"INSERT INTO items ({COLUMNS}, root, input_device) VALUES ({_PARAMETERS}, ?, ?)",
        [
            (
                item.job.id,
                os.fsencode(item.job.input),
                stored_path(item.job.output),
                item.job.options.to_json(),
                item.state.value,
                item.position,
                stored_path(item.result),
                item.title,
                item.message,
                json.dumps(list(item.notes)),
                item.width,
                item.height,
                item.added,
                item.began,
                item.ended,
                item.seconds,
                stored_path(place.root),
                place.input_device,
            )
            for item, place in zip(items, places, strict=True)
        ],
    )


def item_of(row: Sequence[Any]) -> QueuedJob:
    """What a row of `COLUMNS` holds."""
    job = Job(
        input=Path(os.fsdecode(row[1])),
        output=path_of(row[2]),
        options=_options(row[3]),
        id=row[0],
    )
    return QueuedJob(
        job,
        JobState(row[4]),
        position=row[5],
        result=path_of(row[6]),
        title=row[7],
        message=row[8],
        notes=tuple(json.loads(row[9])),
        width=row[10],
        height=row[11],
        added=row[12],
        began=row[13],
        ended=row[14],
        seconds=row[15],
    )


@lru_cache(maxsize=64)
def _options(stored: str) -> JobOptions:
    """Of a thousand jobs most have the same; to read each anew would take a tenth of a second."""
    return JobOptions.from_json(stored)


def stored_path(path: Path | None) -> bytes | None:
    """A path as the table keeps it: a file name need not be valid text."""
    return None if path is None else os.fsencode(path)


def path_of(stored: bytes | None) -> Path | None:
    """A path that the table keeps."""
    return None if stored is None else Path(os.fsdecode(stored))
