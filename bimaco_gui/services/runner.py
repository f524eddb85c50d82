"""Running a job: the one way from a picture file to a larger one, for window and command line."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bimaco_gui.atomic import FileStamp
from bimaco_gui.errors import AppError, Cancelled, OutputError, PlaceError
from bimaco_gui.services.engine_tools import EngineTools, PictureUpscaler, engine_tools
from bimaco_gui.services.estimate import CALIBRATION_SIDE, Experience
from bimaco_gui.services.events import (
    CancelledEvent,
    Done,
    Event,
    Failed,
    LastEvent,
    Saving,
    Skipped,
    Started,
    TileDone,
    Working,
)
from bimaco_gui.services.formats import format_of
from bimaco_gui.services.jobs import Job, JobOptions, model_name
from bimaco_gui.services.name_template import NameFacts, NameTemplate
from bimaco_gui.services.naming import chosen_output, result_name
from bimaco_gui.services.places import require_kept, require_room
from bimaco_gui.services.sizes import target_size

if TYPE_CHECKING:
    from bimaco_gui.engine.pictures import Picture
    from bimaco_gui.engine.progress import Progress

_LOG = logging.getLogger(__name__)

_ATTEMPTS_TO_NAME = 20


class _ResultThere(Exception):
    """The result exists already, and the job is to be skipped then."""


class JobRunner(Protocol):
    """Whoever runs jobs: `Runner`, or a stand-in."""

    def run_job(self, job: Job, emit: Callable[[Event], None], cancel: threading.Event) -> None:
        """Run one job to its end and tell what happens; see the order in ``events``."""
        ...


class Runner:
    """Runs jobs one after the other, and keeps the model that it used last.

    Args:
        load_tools: Gives the engine, on first use.
    """

    def __init__(self, load_tools: Callable[[], EngineTools] = engine_tools) -> None:
        self._load_tools = load_tools
        self._tools: EngineTools | None = None
        self._upscaler: PictureUpscaler | None = None
        self._loaded: tuple[str | None, str] | None = None
        self._loading = 0.0

    def prepare(self, options: JobOptions) -> None:
        """Load the engine and the model that these options name, so that a mistake shows at once.

        Raises:
            AppError: If the model or the device cannot be used.
        """
        self.upscaler(options)

    def upscaler(
        self, options: JobOptions, cancel: threading.Event | None = None
    ) -> PictureUpscaler:
        """The model that these options name, on their device.

        Raises:
            AppError: If the model or the device cannot be used.
            Cancelled: `cancel` was set.
        """
        return self._upscaler_for(self._engine(), options, cancel)

    def run_job(self, job: Job, emit: Callable[[Event], None], cancel: threading.Event) -> None:
        """Run one job to its end. It raises nothing: a failure is an event.

        Args:
            job: What to do.
            emit: Called with each event, in this thread.
            cancel: Set by anyone to stop; looked at between tiles.
        """
        emit(self._outcome(job, emit, cancel, time.monotonic()))

    def measure(
        self, options: JobOptions, cancel: threading.Event, side: int = CALIBRATION_SIDE
    ) -> float:
        """Seconds that a picture takes, `side` pixels wide and high.

        Raises:
            AppError: If the model or the device cannot be used.
            Cancelled: `cancel` was set.
        """
        tools = self._engine()
        upscaler = self._upscaler_for(tools, options, cancel)
        tools.set_threads(options.threads)
        began = time.monotonic()
        upscaler.upscale(
            tools.sample(side), tools.upscale_options(options, (4 * side, 4 * side)), None, cancel
        )
        return time.monotonic() - began

    def _outcome(
        self, job: Job, emit: Callable[[Event], None], cancel: threading.Event, began: float
    ) -> LastEvent:
        try:
            self._loading = 0.0
            output, width, height, notes = self._run(job, emit, cancel, began)
        except Cancelled:
            return CancelledEvent(job, time.monotonic() - began)
        except _ResultThere:
            return Skipped(
                job, "Done before", "Its result exists already.", time.monotonic() - began
            )
        except Exception as error:
            return failure(job, error, time.monotonic() - began)
        seconds = time.monotonic() - began
        return Done(job, output, width, height, seconds, self._loading, notes)

    def _run(
        self, job: Job, emit: Callable[[Event], None], cancel: threading.Event, began: float
    ) -> tuple[Path, int, int, tuple[str, ...]]:
        _stop_if(cancel)
        tools = self._engine()
        # What is to have 16 bits has them from the start, so that nothing is rounded on the way.
        picture = tools.read(job.input)
        if job.options.bits == 16:
            picture = tools.with_bits(picture, 16)
        width, height = size = _size(picture)
        out_width, out_height = out_size = target_size(job.options, width, height)
        target = _target(job, size, out_size)
        # Before minutes of work, not after them.
        tools.check_writable(target, out_width, out_height, _format(job, target))
        require_kept(target)
        require_room(target, Experience().output_bytes(replace(job, output=target), *out_size))
        emit(Started(job, width, height, out_width, out_height))
        _stop_if(cancel)
        upscaler = self._upscaler_for(tools, job.options, cancel)
        tools.set_threads(job.options.threads)

        tiles_told = 0

        def on_progress(progress: Progress) -> None:
            nonlocal tiles_told
            seconds = time.monotonic() - began
            done, total = progress.tiles_done, progress.tiles_total
            if done > tiles_told:
                tiles_told = done
                emit(TileDone(job, done, total, seconds, progress.remaining))
            else:
                emit(Working(job, progress.fraction, seconds, progress.remaining))

        result = upscaler.upscale(
            picture, tools.upscale_options(job.options, out_size), on_progress, cancel
        )
        _stop_if(cancel)
        result = tools.with_fidelity(picture, result, job.options.fidelity, cancel)
        result = tools.with_bits(result, job.options.bits)
        result = tools.finished(result, job.options, made_by(job.options, width, out_width))
        output = _write(tools, result, job, size, emit)
        # What the engine says of this result may be its news as well.
        notes = dict.fromkeys((*result.notes, *tools.news()))
        losses = tools.losses(result, output, _format(job, output))
        return output, *_size(result), (*notes, *losses)

    def _engine(self) -> EngineTools:
        if self._tools is None:
            began = time.monotonic()
            self._tools = self._load_tools()
            self._loading += time.monotonic() - began
        return self._tools

    def _upscaler_for(
        self, tools: EngineTools, options: JobOptions, cancel: threading.Event | None
    ) -> PictureUpscaler:
        wanted = (options.model, options.device)
        if self._upscaler is None or self._loaded != wanted:
            # Two models at once may not fit into memory.
            self._upscaler = self._loaded = None
            began = time.monotonic()
            self._upscaler = tools.load(*wanted, cancel)
            self._loading += time.monotonic() - began
            self._loaded = wanted
        return self._upscaler


def failure(job: Job, error: BaseException, seconds: float = 0.0) -> Failed:
    """The event for an error, in a sentence for people. What nobody foresaw goes to the log."""
    if isinstance(error, AppError):
        return Failed(job, error.title, error.message, seconds, isinstance(error, PlaceError))
    _LOG.error("Upscaling %s failed", job.input, exc_info=error)
    if isinstance(error, MemoryError):
        return Failed(
            job,
            "Not enough memory",
            "The picture does not fit into the memory that is free: "
            "close other programs, or choose a smaller scale.",
            seconds,
        )
    return Failed(
        job,
        "Something went wrong",
        f"An unexpected problem stopped the work ({type(error).__name__}: {error}). "
        "The log has the details.",
        seconds,
    )


def _stop_if(cancel: threading.Event) -> None:
    if cancel.is_set():
        raise Cancelled


def made_by(options: JobOptions, width: int, out_width: int) -> str:
    """How a result came to be, for its metadata."""
    model = model_name(options.model)
    return f"upscaled {out_width / width:.4g} times by the model {model}"


def _size(picture: Picture) -> tuple[int, int]:
    height, width = picture.pixels.shape[:2]
    return width, height


def _target(job: Job, size: tuple[int, int], out_size: tuple[int, int]) -> Path:
    options, output = job.options, job.output
    if output is not None and not output.is_dir():
        wanted = output
    else:
        facts = NameFacts(
            name=job.input.stem,
            scale=out_size[0] / size[0],
            model=model_name(options.model),
            width=out_size[0],
            height=out_size[1],
        )
        folder = job.input.parent if output is None else output
        name = result_name(job.input, options.format, NameTemplate(options.template), facts)
        wanted = folder / name
    target = chosen_output(job.input, wanted, options.existing)
    if target is None:
        raise _ResultThere
    return target


def _format(job: Job, target: Path) -> str | None:
    return job.options.format or format_of(target)


def _write(
    tools: EngineTools,
    result: Picture,
    job: Job,
    size: tuple[int, int],
    emit: Callable[[Event], None],
) -> Path:
    options = job.options
    overwrite = options.existing == "overwrite"

    def journal(part: Path, output: Path, stamp: FileStamp | None) -> None:
        emit(Saving(job, output, part, stamp))

    for attempt in range(1, _ATTEMPTS_TO_NAME + 1):
        target = _target(job, size, _size(result))
        try:
            return tools.write(
                result,
                target,
                format=_format(job, target),
                quality=options.quality,
                overwrite=overwrite,
                journal=journal,
            )
        except OutputError:
            # Another program may have taken the name meanwhile: then the next number is free.
            taken_meanwhile = not overwrite and os.path.lexists(target)
            if not taken_meanwhile or attempt == _ATTEMPTS_TO_NAME:
                raise
    raise AssertionError("the last attempt returns or raises")
