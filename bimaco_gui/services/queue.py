"""The queue of jobs: one SQLite row each, so that it survives a crash and goes on where it was.

The window and the command line use the same one. Any number of programs may look at it and add to
it; one at a time runs its jobs.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from bimaco_gui.atomic import FileStamp, stamp_of
from bimaco_gui.errors import UsageError
from bimaco_gui.services.jobs import Job
from bimaco_gui.services.places import Places, places_of
from bimaco_gui.services.queue_events import (
    Added,
    Changed,
    JobState,
    PauseChanged,
    QueuedJob,
    QueueEvent,
    Removed,
    Reordered,
)
from bimaco_gui.services.queue_file import RunningRight, open_or_memory
from bimaco_gui.services.queue_rows import COLUMNS, insert, item_of, path_of

_SECONDS_BETWEEN_LOOKS = 0.1


class JobQueue:
    """Jobs in the order they came or were put into, shared by all threads of a program.

    Where a file cannot be opened, the queue lives in memory instead (`durable` is False) and the
    program goes on. A damaged file is kept beside the new one under the suffix ``.bad``.

    Args:
        path: The queue's file, whose folder is made if missing, or ``":memory:"``.
    """

    def __init__(self, path: Path | Literal[":memory:"] = ":memory:") -> None:
        self._lock = threading.Lock()
        self._observers: list[Callable[[QueueEvent], None]] = []
        self._connection = open_or_memory(path)
        row = self._connection.execute("PRAGMA database_list").fetchone()
        self.durable = bool(row[2])
        self._right = RunningRight(Path(path) if self.durable else None)
        self._paused = self._stored_pause()
        self._own_changes = 0
        self._version_seen = self._version_of_others()

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
            self._right.give_back()

    def observe(self, callback: Callable[[QueueEvent], None]) -> Callable[[], None]:
        """Call back with every change that this program makes.

        The call comes in the thread that made the change, after it is stored and outside of any
        lock; it must not raise.

        Returns:
            A function that ends it.
        """
        self._observers.append(callback)
        return lambda: self._observers.remove(callback)

    # ---- what is in it ----

    def jobs(self) -> list[QueuedJob]:
        """All jobs in their order."""
        return self.snapshot()[1]

    # ---- what other programs do to it ----

    @property
    def own_changes(self) -> int:
        """How many times this program has changed it; tells whether a `snapshot` is still true."""
        return self._own_changes

    def changed_elsewhere(self) -> bool:
        """Whether another program has changed it since this was asked last.

        Of a pause that began or ended there, observers are told at once.
        """
        with self._lock:
            seen, self._version_seen = self._version_seen, self._version_of_others()
        if self._version_seen == seen:
            return False
        self._look_at_pause()
        return True

    def snapshot(self) -> tuple[int, list[QueuedJob]]:
        """`own_changes` and all jobs in their order, both of the same moment."""
        with self._lock:
            return self._own_changes, self._rows("1")

    def places(self, job_id: str) -> Places:
        """Where the job's files were to be found when it was added."""
        with self._lock:
            row = self._connection.execute(
                "SELECT root, input_device FROM items WHERE id = ?", (job_id,)
            ).fetchone()
        return Places() if row is None else Places(path_of(row[0]), row[1])

    def counts(self) -> dict[JobState, int]:
        """How many jobs are in each state."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT state, COUNT(*) FROM items GROUP BY state"
            ).fetchall()
        found = {JobState(state): number for state, number in rows}
        return {state: found.get(state, 0) for state in JobState}

    # ---- changing the list ----

    def add(self, job: Job) -> None:
        """Put a job at the end, waiting."""
        self.add_all([job])

    def add_all(
        self, jobs: Iterable[Job], sizes: Iterable[tuple[int, int] | None] | None = None
    ) -> None:
        """Put several jobs at the end, all of them or, on an error, none.

        Args:
            jobs: Each one with an id that is not in the queue.
            sizes: Width and height of each input in pixels, as far as they are known.
        """
        jobs = list(jobs)
        known = [None] * len(jobs) if sizes is None else list(sizes)
        places = places_of(jobs)
        now = time.time()
        with self._changing() as connection:
            last = connection.execute("SELECT COALESCE(MAX(position), 0) FROM items").fetchone()[0]
            items = [
                QueuedJob(
                    job,
                    position=last + place,
                    width=None if size is None else size[0],
                    height=None if size is None else size[1],
                    added=now,
                )
                for place, (job, size) in enumerate(zip(jobs, known, strict=True), start=1)
            ]
            insert(connection, items, places)
        self._tell(Added(tuple(items)))

    def remove(self, *job_ids: str) -> list[QueuedJob]:
        """Forget these jobs, except the running one; gives those that are gone, for `put_back`."""
        return self._remove(
            f"state != 'running' AND id IN ({', '.join('?' * len(job_ids))})", *job_ids
        )

    def remove_finished(self) -> list[QueuedJob]:
        """Forget all jobs that are neither waiting nor running; gives them, for `put_back`."""
        return self._remove("state NOT IN ('waiting', 'running')")

    def put_back(self, items: Sequence[QueuedJob]) -> None:
        """Undo a `remove`: the same jobs in the same places and states."""
        places = places_of(item.job for item in items)
        with self._changing() as connection:
            insert(connection, items, places)
        self._tell(Added(tuple(items)))

    def reorder(self, order: Sequence[str]) -> None:
        """Put the jobs into this order; those not named keep their places after them.

        Args:
            order: Ids; unknown ones do not matter.
        """
        with self._changing() as connection:
            before = [
                row[0] for row in connection.execute("SELECT id FROM items ORDER BY position")
            ]
            known = set(before)
            named = [job_id for job_id in dict.fromkeys(order) if job_id in known]
            moved = set(named)
            after = named + [job_id for job_id in before if job_id not in moved]
            connection.executemany(
                "UPDATE items SET position = ? WHERE id = ?",
                [(float(place), job_id) for place, job_id in enumerate(after, start=1)],
            )
        if after != before:
            self._tell(Reordered(tuple(after)))

    # ---- states ----

    def next(self) -> Job | None:
        """The first waiting job, now running; None if none waits or the queue is paused.

        Raises:
            UsageError: Another program runs the jobs of this queue.
        """
        self.claim_or_fail()
        self._look_at_pause()
        if self._paused.paused:
            return None
        items = self._set(
            "state = 'running', began = ?, ended = NULL, title = NULL, message = NULL",
            "position = (SELECT MIN(position) FROM items WHERE state = 'waiting')"
            " AND state = 'waiting'",
            time.time(),
        )
        return items[0].job if items else None

    def mark_started(self, job_id: str, width: int, height: int) -> None:
        """The job's input was read, and is this large."""
        self._set("width = ?, height = ?", "id = ?", width, height, job_id)

    def mark_saving(self, job_id: str, part: Path, target: Path, stamp: FileStamp | None) -> None:
        """The result goes to `target`, by way of the file `part`.

        Noted before `part` is made, and again with its stamp once it is complete, so that
        `recover` knows what became of it.
        """
        with self._changing() as connection:
            connection.execute(
                "UPDATE items SET part = ?, target = ?, stamp = ? WHERE id = ?",
                (
                    os.fsencode(part),
                    os.fsencode(target),
                    None if stamp is None else json.dumps(stamp),
                    job_id,
                ),
            )

    def mark_done(
        self,
        job_id: str,
        result: Path,
        *,
        seconds: float | None = None,
        notes: Sequence[str] = (),
    ) -> None:
        """The job's result is complete in that file."""
        self._finish(
            job_id, JobState.DONE, result=result, seconds=seconds, notes=json.dumps(list(notes))
        )

    def mark_failed(self, job_id: str, title: str, message: str) -> None:
        """The job failed, and why."""
        self._finish(job_id, JobState.FAILED, title=title, message=message)

    def mark_skipped(self, job_id: str, title: str, message: str) -> None:
        """The job has nothing to do, and why."""
        self._finish(job_id, JobState.SKIPPED, title=title, message=message)

    def mark_cancelled(self, job_id: str) -> None:
        """The user stopped the job."""
        self._finish(job_id, JobState.CANCELLED)

    def mark_waiting(self, *job_ids: str) -> list[QueuedJob]:
        """The jobs are to run (again), in their old places: a retry, or an interruption.

        Returns:
            They as they are now, in order.
        """
        return self._set(
            "state = 'waiting', result = NULL, title = NULL, message = NULL, notes = '[]',"
            " began = NULL, ended = NULL, seconds = NULL, part = NULL, target = NULL, stamp = NULL",
            f"id IN ({', '.join('?' * len(job_ids))})",
            *job_ids,
        )

    def retry_failed(self) -> list[QueuedJob]:
        """All failed jobs wait again; gives them as they are now."""
        return self._set(
            "state = 'waiting', title = NULL, message = NULL, began = NULL, ended = NULL",
            "state = 'failed'",
        )

    def cancel_waiting(self, job_id: str | None = None) -> list[Job]:
        """Cancel that job if it still waits, or all that wait; gives those that were cancelled."""
        items = self._set(
            "state = 'cancelled'", "state = 'waiting' AND (? IS NULL OR id = ?)", job_id, job_id
        )
        return [item.job for item in items]

    # ---- pause ----

    @property
    def paused(self) -> bool:
        """No further job begins, and the running one stands still."""
        return self._paused.paused

    @property
    def pause_reason(self) -> str | None:
        """Why it is paused, where nobody asked for it."""
        return self._paused.reason

    def pause(self, reason: str | None = None) -> None:
        """Begin no further job until `resume`, in this run of the program and the next ones."""
        self._set_paused(PauseChanged(True, reason))

    def resume(self) -> None:
        """Go on after `pause`."""
        self._set_paused(PauseChanged(False))

    def wait_while_paused(self, cancel: threading.Event) -> None:
        """Return when the queue is not paused, or once `cancel` is set."""
        while self._paused.paused and not cancel.wait(_SECONDS_BETWEEN_LOOKS):
            self._look_at_pause()

    # ---- after a crash ----

    def claim(self) -> bool:
        """Become the program that runs the jobs; False where another one is.

        The right ends with `close`, or with the program, however it ends.
        """
        return self._right.take()

    def claim_or_fail(self) -> None:
        """Like `claim`.

        Raises:
            UsageError: Another program is at it.
        """
        if not self.claim():
            raise UsageError(
                "Queue in use", "Another window or program works through this queue already."
            )

    def recover(self) -> list[Job]:
        """Put in order what a program left that was killed; gives the jobs that wait again.

        Files that were being written are removed. A result that was complete and had its name,
        but was not noted, counts as done: nothing is done twice. Call it once, after opening the
        queue and before any job is taken from it.

        Raises:
            UsageError: Another program runs the jobs of this queue.
        """
        self.claim_or_fail()
        with self._lock:
            rows = self._connection.execute(
                "SELECT id, part, target, stamp FROM items WHERE state = 'running'"
                " ORDER BY position"
            ).fetchall()
        waiting = []
        for job_id, part, target, stamp in rows:
            finished = path_of(target) if stamp is not None else None
            # The link to the final name comes first, so the hidden name may still be there.
            if finished is not None and stamp_of(finished) == tuple(json.loads(stamp)):
                self.mark_done(job_id, finished)
            else:
                waiting.append(job_id)
            if part is not None:
                with contextlib.suppress(OSError):
                    Path(os.fsdecode(part)).unlink()
        if not waiting:
            return []
        return [item.job for item in self.mark_waiting(*waiting)]

    # ---- the database ----

    def _finish(self, job_id: str, state: JobState, **values: Any) -> None:
        result = values.get("result")
        if result is not None:
            values["result"] = os.fsencode(result)
        columns = "".join(f", {name} = ?" for name in values)
        self._set(
            "state = ?, ended = ?, part = NULL, target = NULL, stamp = NULL" + columns,
            "id = ?",
            state.value,
            time.time(),
            *values.values(),
            job_id,
        )

    def _set(self, change: str, where: str, *values: object) -> list[QueuedJob]:
        """Change the rows of a condition and tell of it; gives them as they are now, in order."""
        with self._changing() as connection:
            rows = connection.execute(
                f"UPDATE items SET {change} WHERE {where} RETURNING {COLUMNS}", values
            ).fetchall()
        items = sorted((item_of(row) for row in rows), key=lambda item: item.position)
        if items:
            self._tell(Changed(tuple(items)))
        return items

    def _remove(self, where: str, *values: object) -> list[QueuedJob]:
        with self._changing() as connection:
            rows = connection.execute(
                f"DELETE FROM items WHERE {where} RETURNING {COLUMNS}", values
            ).fetchall()
        items = sorted((item_of(row) for row in rows), key=lambda item: item.position)
        if items:
            self._tell(Removed(tuple(items)))
        return items

    def _rows(self, condition: str) -> list[QueuedJob]:
        rows = self._connection.execute(
            f"SELECT {COLUMNS} FROM items WHERE {condition} ORDER BY position"
        ).fetchall()
        return [item_of(row) for row in rows]

    def _version_of_others(self) -> int:
        """A number that SQLite changes with each commit of another connection, and only then."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def _look_at_pause(self) -> None:
        """Another program may have paused the queue, or ended the pause."""
        with self._lock:
            stored = self._stored_pause()
            changes, self._paused = self._paused != stored, stored
        if changes:
            self._tell(stored)

    def _stored_pause(self) -> PauseChanged:
        paused, reason = self._connection.execute("SELECT paused, reason FROM flags").fetchone()
        return PauseChanged(bool(paused), reason)

    def _set_paused(self, wanted: PauseChanged) -> None:
        with self._changing() as connection:
            connection.execute(
                "UPDATE flags SET paused = ?, reason = ?", (wanted.paused, wanted.reason)
            )
            changes, self._paused = self._paused != wanted, wanted
        if changes:
            self._tell(wanted)

    def _tell(self, event: QueueEvent) -> None:
        for observer in tuple(self._observers):
            observer(event)

    @contextlib.contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._connection:
            yield self._connection
            self._own_changes += 1
