"""Where photos and results lie, and whether that place is still there.

A disk that was pulled out must not make hundreds of jobs fail, nor results be written to the folder
that it was mounted on.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bimaco_gui.errors import OutputError, PlaceError
from bimaco_gui.services.desktop.sandbox import loses
from bimaco_gui.services.jobs import Job


@dataclass(frozen=True)
class Places:
    """What was there when a job was put into the queue.

    Attributes:
        root: The folder nearest to the result that existed.
        input_device: The system's number of the disk that the input lay on.
    """

    root: Path | None = None
    input_device: int | None = None


def places_of(jobs: Iterable[Job]) -> list[Places]:
    """The places of each job, each folder being looked at once."""
    roots: dict[Path, Path] = {}
    devices: dict[Path, int | None] = {}
    found = []
    for job in jobs:
        source = job.input.absolute().parent
        parent = source if job.output is None else job.output.absolute().parent
        if parent not in roots:
            roots[parent] = existing_folder(parent)
        if source not in devices:
            devices[source] = device_of(source)
        found.append(Places(roots[parent], devices[source]))
    return found


def require_places(job: Job, places: Places) -> None:
    """Make sure that the job's disks and folders are there.

    Raises:
        PlaceError: One is gone; the sentence names it.
    """
    root = places.root
    if root is not None and not root.is_dir():
        raise PlaceError(
            "The folder is gone",
            f"The folder for the results, “{root}”, is not there any more: bring it back, or "
            "choose another one.",
        )
    source = job.input.absolute().parent
    if places.input_device is not None and not source.exists():
        now = device_of(existing_folder(source))
        if now is not None and now != places.input_device:
            raise PlaceError("The disk is gone", f"The disk with “{source}” is not there any more.")


def require_room(target: Path, needed_bytes: int) -> None:
    """Make sure that the disk has room for a result.

    Args:
        target: Where the result goes.
        needed_bytes: An estimate, which may be twice too large.

    Raises:
        PlaceError: There is clearly too little.
    """
    free = free_bytes(existing_folder(target.absolute().parent))
    if free is not None and free < needed_bytes / 2:
        raise PlaceError(
            "The disk is full",
            f"The result needs about {needed_bytes / 1e6:.0f} MB, but only {free / 1e6:.0f} MB are "
            f"free on the disk of “{target.parent}”.",
        )


def require_kept(target: Path) -> None:
    """Make sure that a result stays when the program has ended.

    Raises:
        OutputError: A sandbox would throw it away.
    """
    if loses(target):
        raise OutputError(
            "Would be lost",
            f"The app's sandbox would lose what is written to “{target.absolute().parent}”: choose "
            "another folder for the results.",
        )


def existing_folder(folder: Path) -> Path:
    """The folder itself, or the nearest one above it that exists."""
    return next((one for one in (folder, *folder.parents) if os.path.lexists(one)), folder)


def device_of(folder: Path) -> int | None:
    """The system's number of the disk that a folder lies on."""
    try:
        return folder.stat().st_dev
    except OSError:
        return None


def free_bytes(folder: Path) -> int | None:
    """Free space on the disk of a folder; None where the system does not tell."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
