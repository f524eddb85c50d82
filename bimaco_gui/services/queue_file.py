"""The queue's SQLite file: opening, its schema and its migration, and who may run its jobs."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from pathlib import Path
from typing import Literal

_LOG = logging.getLogger(__name__)

_SCHEMA_VERSION = 3
_SECONDS_TO_WAIT_FOR_LOCK = 5.0
# Paths are kept as bytes: a file name need not be valid text.
_SCHEMA = """
CREATE TABLE items (
    id TEXT PRIMARY KEY,
    position REAL NOT NULL,
    input BLOB NOT NULL,
    output BLOB,
    options TEXT NOT NULL,
    state TEXT NOT NULL,
    result BLOB,
    title TEXT,
    message TEXT,
    notes TEXT NOT NULL DEFAULT '[]',
    width INTEGER,
    height INTEGER,
    added REAL NOT NULL DEFAULT 0,
    began REAL,
    ended REAL,
    seconds REAL,
    part BLOB,
    target BLOB,
    stamp TEXT,
    root BLOB,
    input_device INTEGER
);
CREATE INDEX items_by_state ON items (state, position);
CREATE TABLE flags (paused INTEGER NOT NULL, reason TEXT);
INSERT INTO flags VALUES (0, NULL);
"""
_FROM_VERSION_1 = """
INSERT INTO items (id, position, input, output, options, state, result, title, message)
SELECT id, position, input, output, options, state, result, title, message FROM jobs;
DROP TABLE jobs;
"""

_FROM_VERSION_2 = """
ALTER TABLE items ADD COLUMN root BLOB;
ALTER TABLE items ADD COLUMN input_device INTEGER;
"""
_STEPS = {0: _SCHEMA, 1: _SCHEMA + _FROM_VERSION_1, 2: _FROM_VERSION_2}
"""By the version that is found: what brings it to the present one."""

Place = Path | Literal[":memory:"]


class _Unusable(Exception):
    """The queue's file is damaged, or of a newer version."""


def open_or_memory(path: Place) -> sqlite3.Connection:
    """The queue at this place, brought to the present schema.

    A damaged file is kept beside a new one under the suffix ``.bad``; where no file can be, the
    queue is in memory.
    """
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


class RunningRight:
    """The right to run the jobs of a file, which one program at a time holds.

    It is the lock on a small file beside the queue, which the system takes back from a program
    that is killed.

    Args:
        path: The queue's file; None where the queue is in memory, and the right is free.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = None if path is None else path.with_name(f"{path.name}.lock")
        self._lock: sqlite3.Connection | None = None

    def take(self) -> bool:
        """Take the right, if it is free or held already."""
        if self._path is None or self._lock is not None:
            return True
        lock = sqlite3.connect(self._path, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error:
            lock.close()
            return False
        self._lock = lock
        return True

    def give_back(self) -> None:
        """Let another program have it."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def _connect(path: Place) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_SECONDS_TO_WAIT_FOR_LOCK, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        _bring_up_to_date(connection)
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


def _bring_up_to_date(connection: sqlite3.Connection) -> None:
    if _version(connection) == _SCHEMA_VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection)  # another program may have been quicker
        if version > _SCHEMA_VERSION:
            raise _Unusable(f"it is of version {version}, newer than {_SCHEMA_VERSION}")
        if version < _SCHEMA_VERSION:
            for statement in _STEPS[version].split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")
        connection.commit()
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            connection.rollback()
        raise


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _set_aside(path: Path) -> None:
    path.replace(path.with_name(f"{path.name}.bad"))
    for suffix in ("-wal", "-shm"):
        path.with_name(f"{path.name}{suffix}").unlink(missing_ok=True)
