"""From inputs and an output to a plan: jobs whose results do not collide, and what they will take.

Everything that can be known before the work is found out here: what cannot be opened, what is
done already, whether the disk has room, how long it takes.
"""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from bimaco_gui.errors import AppError, Cancelled, UsageError
from bimaco_gui.services.collect import FoundPicture, find_pictures
from bimaco_gui.services.estimate import Experience
from bimaco_gui.services.formats import READABLE_SUFFIXES, SUFFIX_OF_FORMAT, format_of
from bimaco_gui.services.jobs import Job, JobOptions, model_name
from bimaco_gui.services.name_template import DEFAULT_TEMPLATE, NameFacts, NameTemplate
from bimaco_gui.services.naming import chosen_output, comparable, result_name
from bimaco_gui.services.places import device_of, existing_folder, free_bytes
from bimaco_gui.services.sizes import target_size

Size = tuple[int, int]
Look = Callable[[Path], Size]
"""Width and height of the upright picture in a file; AppError where it is none."""

Reason = Literal["unreadable", "exists", "large", "result", "filtered"]


@dataclass(frozen=True)
class Filters:
    """Which of the files found are taken; files that were named themselves always are.

    Attributes:
        suffixes: In lower case with the dot, such as ``.jpg``; None takes all pictures.
        smallest_bytes, largest_bytes: Of the file; None sets no limit.
    """

    suffixes: frozenset[str] | None = None
    smallest_bytes: int | None = None
    largest_bytes: int | None = None


@dataclass(frozen=True)
class BatchRequest:
    """What is to be upscaled, and where the results go.

    Attributes:
        inputs: Files and folders.
        options: Of all jobs.
        output: The results' folder, or one result's file, or None: beside each input. A path
            that does not exist is a file if it ends like a picture, and else a folder.
        output_is_folder: `output` is a folder, whatever it is called.
        recursive: Search folders in folders.
        mirrored: Folders found in a searched folder are made again below an output folder;
            otherwise all results go into it directly.
        filters: Which files are taken.
        skip_above: Leave out pictures whose longer side has more pixels; None takes all.
    """

    inputs: tuple[Path, ...]
    options: JobOptions = field(default_factory=JobOptions)
    output: Path | None = None
    output_is_folder: bool = False
    recursive: bool = False
    mirrored: bool = True
    filters: Filters = field(default_factory=Filters)
    skip_above: int | None = None


@dataclass(frozen=True)
class PlannedJob:
    """A job to come.

    Attributes:
        job: With the result's path.
        size: Width and height of the input in pixels.
        out_size: And of the result.
        output_bytes: About how large its file gets.
        seconds: About how long it takes; None where this machine was not measured yet.
    """

    job: Job
    size: Size
    out_size: Size
    output_bytes: int
    seconds: float | None


@dataclass(frozen=True)
class LeftOut:
    """A file that gets no job.

    Attributes:
        path: The file.
        reason: ``"unreadable"``: it cannot be opened; ``"exists"``: its result is there;
            ``"large"``: it is large enough already; ``"result"``: it is the result of a picture
            beside it; ``"filtered"``: it does not pass the filters.
        title, message: For people.
        job: The job it would have got, which fails with its reason.
    """

    path: Path
    reason: Reason
    title: str
    message: str
    job: Job | None = None


@dataclass(frozen=True)
class Disk:
    """One disk that results go to.

    Attributes:
        folder: A folder on it.
        needed_bytes: Of the results, about.
        free_bytes: None where the system does not tell.
    """

    folder: Path
    needed_bytes: int
    free_bytes: int | None

    @property
    def is_enough(self) -> bool:
        """Whether the results fit, as far as one can tell."""
        return self.free_bytes is None or self.needed_bytes <= self.free_bytes


@dataclass(frozen=True)
class Plan:
    """What a batch would do.

    Attributes:
        jobs: In the order of the work.
        left_out: Which files get no job, and why.
        disks: That the results go to.
        queue: What goes into a queue, in the order of the work: the jobs with the sizes of their
            inputs, and among them those of unreadable files, which fail with their reasons.
    """

    jobs: tuple[PlannedJob, ...]
    left_out: tuple[LeftOut, ...]
    disks: tuple[Disk, ...]
    queue: tuple[tuple[Job, Size | None], ...]

    @property
    def output_bytes(self) -> int:
        """About how much disk space all results take."""
        return sum(planned.output_bytes for planned in self.jobs)

    @property
    def seconds(self) -> float | None:
        """About how long all of it takes; None where this machine was not measured yet."""
        each = [planned.seconds for planned in self.jobs]
        return None if None in each else sum(one for one in each if one is not None)

    @property
    def unreadable(self) -> tuple[LeftOut, ...]:
        """The files that cannot be opened."""
        return tuple(one for one in self.left_out if one.reason == "unreadable")


def preflight(
    request: BatchRequest,
    experience: Experience | None = None,
    *,
    look: Look | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancel: threading.Event | None = None,
) -> Plan:
    """Look at every picture's header and plan its job. Nothing is made on disk.

    Args:
        request: What is wanted.
        experience: What this machine can do.
        look: How to find a picture's size; the engine's way if None.
        progress: Called with how many files were looked at, and how many there are.
        cancel: Set by anyone to stop.

    Raises:
        UsageError: There is no picture, one file is to hold several results, or the output's
            name contradicts the format.
        Cancelled: `cancel` was set.
    """
    output, inputs = request.output, list(request.inputs)
    is_folder = output is not None and (request.output_is_folder or _is_folder(output))
    folder = output if is_folder else None
    found = find_pictures(
        inputs,
        recursive=request.recursive,
        leave_out=_separate_folder(folder, inputs),
        templates={DEFAULT_TEMPLATE, request.options.template},
    )
    if not found:
        raise _nothing_found(inputs, request.recursive)
    if output is not None and folder is None:
        request = replace(request, options=_options_for_file(output, request.options))
        if len(found) > 1:
            raise UsageError(
                "One output for several inputs",
                f"“{output}” is one file, but there are {len(found)} pictures: "
                "name a folder for the results.",
            )
    planner = _Planner(request, folder, found, look or _engine_look(), experience or Experience())
    for number, picture in enumerate(found, start=1):
        if cancel is not None and cancel.is_set():
            raise Cancelled
        planner.consider(picture)
        if progress is not None:
            progress(number, len(found))
    return planner.plan()


class _Planner:
    """Gives one picture after the other its job, or the reason why it gets none."""

    def __init__(
        self,
        request: BatchRequest,
        folder: Path | None,
        found: list[FoundPicture],
        look: Look,
        experience: Experience,
    ) -> None:
        self._request, self._options, self._folder = request, request.options, folder
        self._look, self._experience = look, experience
        self._template = NameTemplate(request.options.template)
        self._speed = experience.speed(request.options)
        # A result of an earlier run is no input: it may be what "skip" and "overwrite" look for.
        self._taken = {comparable(picture.path) for picture in found if picture.result_of is None}
        self._today = datetime.date.today()
        self._jobs: list[PlannedJob] = []
        self._left_out: list[LeftOut] = []
        self._queue: list[tuple[Job, Size | None]] = []

    def plan(self) -> Plan:
        """All of it."""
        return Plan(
            jobs=tuple(self._jobs),
            left_out=tuple(self._left_out),
            disks=tuple(_disks(self._jobs)),
            queue=tuple(self._queue),
        )

    def consider(self, picture: FoundPicture) -> None:
        """Plan this picture's job."""
        path = picture.path
        if picture.result_of is not None:
            message = f"“{path.name}” is the result of “{picture.result_of}”."
            self._leave_out(path, "result", "Result of another picture", message)
            return
        if not self._passes(picture):
            message = f"“{path.name}” does not pass the filters."
            self._leave_out(path, "filtered", "Filtered out", message)
            return
        try:
            size = self._look(path)
        except AppError as error:
            job = Job(path, self._target(picture, None, None), self._options)
            self._queue.append((job, None))
            self._leave_out(path, "unreadable", error.title, error.message, job)
            return
        limit = self._request.skip_above
        if limit is not None and max(size) > limit:
            message = f"“{path.name}” has {size[0]} × {size[1]} pixels, more than {limit}."
            self._leave_out(path, "large", "Large enough already", message)
            return
        try:
            out_size = target_size(self._options, *size)
        except UsageError as error:
            self._leave_out(path, "large", error.title, error.message)
            return
        target = self._target(picture, size, out_size)
        if target is None:
            message = f"The result of “{path.name}” exists already."
            self._leave_out(path, "exists", "Done before", message)
            return
        self._taken.add(comparable(target))
        job = Job(path, target, self._options)
        self._queue.append((job, size))
        self._jobs.append(
            PlannedJob(
                job,
                size,
                out_size,
                self._experience.output_bytes(job, *out_size),
                None if self._speed is None else self._speed.seconds(*size),
            )
        )

    def _leave_out(
        self, path: Path, reason: Reason, title: str, message: str, job: Job | None = None
    ) -> None:
        self._left_out.append(LeftOut(path, reason, title, message, job))

    def _passes(self, picture: FoundPicture) -> bool:
        filters, path = self._request.filters, picture.path
        if any(comparable(path) == comparable(given) for given in self._named_files()):
            return True
        if filters.suffixes is not None and path.suffix.lower() not in filters.suffixes:
            return False
        if filters.smallest_bytes is None and filters.largest_bytes is None:
            return True
        try:
            size = path.stat().st_size
        except OSError:
            return True
        return (filters.smallest_bytes is None or size >= filters.smallest_bytes) and (
            filters.largest_bytes is None or size <= filters.largest_bytes
        )

    def _named_files(self) -> Collection[Path]:
        if self._request.filters == Filters():
            return ()
        return [given for given in self._request.inputs if not given.is_dir()]

    def _target(
        self, picture: FoundPicture, size: Size | None, out_size: Size | None
    ) -> Path | None:
        source, request = picture.path, self._request
        if request.output is not None and self._folder is None:
            wanted = request.output
        else:
            out_width, out_height = out_size or (0, 0)
            facts = NameFacts(
                name=source.stem,
                scale=self._options.scale if size is None else out_width / size[0],
                model=model_name(self._options.model),
                width=out_width,
                height=out_height,
                counter=len(self._jobs) + 1,
                date=self._today,
            )
            folder = source.parent
            if self._folder is not None:
                folder = self._folder / picture.folder if request.mirrored else self._folder
            wanted = folder / result_name(source, self._options.format, self._template, facts)
        return chosen_output(source, wanted, self._options.existing, self._taken)


def _disks(jobs: list[PlannedJob]) -> list[Disk]:
    needed: dict[int | None, int] = {}
    folders: dict[int | None, Path] = {}
    devices: dict[Path, int | None] = {}
    for planned in jobs:
        assert planned.job.output is not None
        parent = planned.job.output.absolute().parent
        if parent not in devices:
            existing = existing_folder(parent)
            devices[parent] = device_of(existing)
            folders.setdefault(devices[parent], existing)
        device = devices[parent]
        needed[device] = needed.get(device, 0) + planned.output_bytes
    return [
        Disk(folders[device], size, free_bytes(folders[device])) for device, size in needed.items()
    ]


def _engine_look() -> Look:
    from bimaco_gui.engine.pictures import picture_size

    return picture_size


def _is_folder(output: Path) -> bool:
    if output.exists():
        return output.is_dir()
    return output.suffix.lower() not in READABLE_SUFFIXES


def _separate_folder(folder: Path | None, inputs: list[Path]) -> Path | None:
    """The folder of results, unless its pictures were asked for by name."""
    if folder is None or comparable(folder) in map(comparable, inputs):
        return None
    return folder


def _options_for_file(output: Path, options: JobOptions) -> JobOptions:
    named = format_of(output)
    if named is None and options.format is None:
        raise UsageError(
            "Unknown format",
            f"A result cannot be written as “{output.name}”: "
            f"end the name in {', '.join(SUFFIX_OF_FORMAT.values())}, or choose a format.",
        )
    if named is not None and options.format is not None and named != options.format:
        raise UsageError(
            "Name and format differ",
            f"“{output.name}” does not end like a {options.format} file: "
            "leave the format out or change the name.",
        )
    return replace(options, format=options.format or named)


def _nothing_found(inputs: list[Path], recursive: bool) -> UsageError:
    names = ", ".join(f"“{path}”" for path in inputs)
    advice = "" if recursive else " Folders inside folders are searched only if you ask for it."
    return UsageError("No pictures", f"There is no picture in {names}.{advice}")
