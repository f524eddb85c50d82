"""The queue of jobs: one SQLite row each, so that it survives a crash and goes on where it was."""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from bimaco_gui.services.jobs import Job, JobOptions

_LOG = logging.getLogger(__name__)

_SCHEMA_VERSION = 1
_SECONDS_TO_WAIT_FOR_LOCK = 0.2
# Paths are kept as bytes: a file name need not be valid text.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    input BLOB NOT NULL,
    output BLOB,
    options TEXT NOT NULL,
    state TEXT NOT NULL,
    result BLOB,
    title TEXT,
    message TEXT
)
"""


class JobState(StrEnum):
    """Where a job is on its way."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class QueuedJob:
    """A job as the queue knows it.

    Attributes:
        job: What to do.
        state: How far it is.
        result: The finished file, once done.
        title, message: Why it failed, if it did.
    """

    job: Job
    state: JobState
    result: Path | None = None
    title: str | None = None
    message: str | None = None


class _Unusable(Exception):
    """The queue's file is damaged, or of a newer version."""


class JobQueue:
    """Jobs in the order they came, shared by all threads of one program.

    A file belongs to one running program at a time. Where another one holds it, or it cannot be
    opened, the queue lives in memory instead (`durable` is False) and the program goes on. A
    damaged file is kept beside the new one under the suffix ``.bad``.

    Args:
        path: The queue's file, whose folder is made if missing, or ``":memory:"``.
    """

    def __init__(self, path: Path | Literal[":memory:"] = ":memory:") -> None:
        self._lock = threading.Lock()
        self._connection = _open_or_memory(path)
        row = self._connection.execute("PRAGMA database_list").fetchone()
        self.durable = bool(row[2])

    def __enter__(self) -> Self:
        """Use it as a context: it is closed at the end."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the queue."""
        self.close()

    def close(self) -> None:
        """Give the file back. Jobs stay in it."""
        with self._lock:
            self._connection.close()

    def add(self, job: Job) -> None:
        """Put a job at the end, waiting."""
        self.add_all([job])

    def add_all(self, jobs: Iterable[Job]) -> None:
        """Put several jobs at the end, all of them or, on an error, none."""
        rows = [
            (
                job.id,
                os.fsencode(job.input),
                None if job.output is None else os.fsencode(job.output),
                job.options.to_json(),
                JobState.WAITING.value,
            )
            for job in jobs
        ]
        with self._changing() as connection:
            connection.executemany(
                "INSERT INTO jobs (id, input, output, options, state) VALUES (?, ?, ?, ?, ?)", rows
            )

    def next(self) -> Job | None:
        """The first waiting job, now running, or None if none waits."""
        with self._changing() as connection:
            rows = connection.execute(
                "UPDATE jobs SET state = ? WHERE position ="
                " (SELECT MIN(position) FROM jobs WHERE state = ?)"
                " RETURNING id, input, output, options",
                (JobState.RUNNING.value, JobState.WAITING.value),
            ).fetchall()
        return _job(*rows[0]) if rows else None

    def mark_done(self, job_id: str, result: Path) -> None:
        """The job's result is complete in that file."""
        self._mark(job_id, JobState.DONE, result=result)

    def mark_failed(self, job_id: str, title: str, message: str) -> None:
        """The job failed, and why."""
        self._mark(job_id, JobState.FAILED, title=title, message=message)

    def mark_cancelled(self, job_id: str) -> None:
        """The user stopped the job."""
        self._mark(job_id, JobState.CANCELLED)

    def mark_waiting(self, job_id: str) -> None:
        """The job is to run (again), in its old place: a retry, or an interruption."""
        self._mark(job_id, JobState.WAITING)

    def cancel_waiting(self, job_id: str | None = None) -> list[Job]:
        """Cancel that job if it still waits, or all that wait; gives those that were cancelled."""
        with self._changing() as connection:
            rows = connection.execute(
                "UPDATE jobs SET state = ? WHERE state = ? AND (? IS NULL OR id = ?)"
                " RETURNING position, id, input, output, options",
                (JobState.CANCELLED.value, JobState.WAITING.value, job_id, job_id),
            ).fetchall()
        return [_job(*row[1:]) for row in sorted(rows)]

    def remove(self, job_id: str) -> None:
        """Forget a job, unless it is running."""
        with self._changing() as connection:
            connection.execute(
                "DELETE FROM jobs WHERE id = ? AND state != ?", (job_id, JobState.RUNNING.value)
            )

    def remove_finished(self) -> None:
        """Forget all jobs that are done, failed or cancelled."""
        with self._changing() as connection:
            connection.execute(
                "DELETE FROM jobs WHERE state NOT IN (?, ?)",
                (JobState.WAITING.value, JobState.RUNNING.value),
            )

    def recover(self) -> list[Job]:
        """Jobs that were running when the program ended wait again; gives those jobs.

        Call it once, after opening the queue and before any job is taken from it.
        """
        with self._changing() as connection:
            rows = connection.execute(
                "UPDATE jobs SET state = ? WHERE state = ?"
                " RETURNING position, id, input, output, options",
                (JobState.WAITING.value, JobState.RUNNING.value),
            ).fetchall()
        return [_job(*row[1:]) for row in sorted(rows)]

    def jobs(self) -> list[QueuedJob]:
        """All jobs, first come first."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT id, input, output, options, state, result, title, message"
                " FROM jobs ORDER BY position"
            ).fetchall()
        return [
            QueuedJob(
                job=_job(*row[:4]),
                state=JobState(row[4]),
                result=_path(row[5]),
                title=row[6],
                message=row[7],
            )
            for row in rows
        ]

    def _mark(
        self,
        job_id: str,
        state: JobState,
        *,
        result: Path | None = None,
        title: str | None = None,
        message: str | None = None,
    ) -> None:
        with self._changing() as connection:
            connection.execute(
                "UPDATE jobs SET state = ?, result = ?, title = ?, message = ? WHERE id = ?",
                (
                    state.value,
                    None if result is None else os.fsencode(result),
                    title,
                    message,
                    job_id,
                ),
            )

    @contextlib.contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._connection:
            yield self._connection


def _job(job_id: str, input_path: bytes, output: bytes | None, options: str) -> Job:
    return Job(
        input=Path(os.fsdecode(input_path)),
        output=_path(output),
        options=JobOptions.from_json(options),
        id=job_id,
    )


def _path(stored: bytes | None) -> Path | None:
    return None if stored is None else Path(os.fsdecode(stored))


def _open_or_memory(path: Path | Literal[":memory:"]) -> sqlite3.Connection:
    if path == ":memory:":
        return _connect(path)
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return _connect(path)
        except _Unusable as error:
            _LOG.warning("The queue %s is kept aside: %s", path, error)
            _set_aside(path)
            return _connect(path)
    except (OSError, sqlite3.Error, _Unusable) as error:
        _LOG.warning("The queue %s cannot be used, it is kept in memory: %s", path, error)
        return _connect(":memory:")


def _connect(path: Path | Literal[":memory:"]) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_SECONDS_TO_WAIT_FOR_LOCK, check_same_thread=False)
    try:
        # Held for as long as the connection lives, so a second program sees that it is taken.
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA journal_mode = WAL")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > _SCHEMA_VERSION:
            raise _Unusable(f"it is of version {version}, newer than {_SCHEMA_VERSION}")
        with connection:
            connection.execute(_SCHEMA)
            connection.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")
    except sqlite3.OperationalError:
        connection.close()
        raise
    except sqlite3.DatabaseError as error:
        connection.close()
        raise _Unusable(str(error)) from error
    except _Unusable:
        connection.close()
        raise
    return connection


def _set_aside(path: Path) -> None:
    path.replace(path.with_name(f"{path.name}.bad"))
    for suffix in ("-wal", "-shm"):
        path.with_name(f"{path.name}{suffix}").unlink(missing_ok=True)
