"""How long a job takes and how large its result gets, learnt from what this machine did.

Seconds follow the pixels of the input. Large pictures are cut into tiles that overlap, so they
take longer a pixel than small ones: rates are kept for each size, in steps of four times as many
pixels, and an unknown step borrows from the nearest one.
"""

from __future__ import annotations

import json
import logging
import math
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bimaco_gui import paths
from bimaco_gui.atomic import new_file, stamp_of
from bimaco_gui.services.formats import DEFAULT_FORMAT, LOSSY_FORMATS, format_of
from bimaco_gui.services.jobs import Job, JobOptions, model_name
from bimaco_gui.services.queue_events import JobState, QueuedJob

_LOG = logging.getLogger(__name__)

_VERSION = 1
_SECONDS_BETWEEN_SAVES = 5.0
_NEWEST_SHARE = 0.3
"""How much the newest measurement counts against those before."""

CALIBRATION_SIDE = 192
"""Pixels each way of the picture that the speed is first measured with: one usual tile."""

OVERHEAD_SECONDS = 0.2
"""For reading and writing even the smallest picture."""

_BYTES_PER_PIXEL = {"png": 1.6, "tiff": 1.7, "jpg": 0.45, "webp": 0.24, "avif": 0.38}
"""Of 8 bit colour at quality 95, until results of this machine say better; these and the numbers
below are what ``python -m tests.benchmarks.result_sizes`` prints."""

_SIXTEEN_BITS = 3.1
"""Times as large: the low bytes are noise, which cannot be packed."""

_HIGH_QUALITY = 85
"""Down to it, ten steps of quality save more than half; below it, a quarter."""


@dataclass(frozen=True)
class Speed:
    """How fast this machine is with one model, device and number of threads.

    Attributes:
        rates: Seconds per megapixel of the input, by size: a picture of p pixels belongs to
            floor(log4(p)).
    """

    rates: dict[int, float]

    def seconds(self, width: int, height: int) -> float:
        """About how long an input of this size takes."""
        size = _size_class(width, height)
        nearest = min(self.rates, key=lambda known: (abs(known - size), known))
        return OVERHEAD_SECONDS + self.rates[nearest] * width * height / 1e6


@dataclass(frozen=True)
class Experience:
    """What was learnt so far. It never changes; `with_speed` and `with_bytes` give a new one.

    Attributes:
        rates: By `speed_key`, then by size as in `Speed`.
        bytes_per_pixel: Of results, by format, bits and quality.
    """

    rates: dict[str, dict[int, float]] = field(default_factory=dict)
    bytes_per_pixel: dict[str, float] = field(default_factory=dict)

    def speed(self, options: JobOptions) -> Speed | None:
        """How fast such jobs are here; None before the first one was measured."""
        rates = self.rates.get(speed_key(options))
        return Speed(rates) if rates else None

    def output_bytes(self, job: Job, out_width: int, out_height: int) -> int:
        """About how large the file of a result of this size gets."""
        format = output_format(job)
        known = self.bytes_per_pixel.get(_bytes_key(format, job.options))
        if known is None:
            known = _BYTES_PER_PIXEL[format]
            if format in LOSSY_FORMATS:
                quality = job.options.quality
                known *= 0.42 ** ((95 - max(quality, _HIGH_QUALITY)) / 10)
                known *= 0.75 ** ((_HIGH_QUALITY - min(quality, _HIGH_QUALITY)) / 10)
            elif job.options.bits == 16:
                known *= _SIXTEEN_BITS
        return round(known * out_width * out_height)

    def with_speed(self, options: JobOptions, size: tuple[int, int], seconds: float) -> Experience:
        """The same, and that an input of this size took so many seconds."""
        key, size_class = speed_key(options), _size_class(*size)
        rate = max(0.0, seconds - OVERHEAD_SECONDS) / (size[0] * size[1] / 1e6)
        of_key = dict(self.rates.get(key, {}))
        of_key[size_class] = _mixed(of_key.get(size_class), rate)
        return replace(self, rates={**self.rates, key: of_key})

    def with_bytes(self, job: Job, out_size: tuple[int, int], file_bytes: int) -> Experience:
        """The same, and that the file of a result of this size has so many bytes."""
        key = _bytes_key(output_format(job), job.options)
        share = _mixed(self.bytes_per_pixel.get(key), file_bytes / (out_size[0] * out_size[1]))
        return replace(self, bytes_per_pixel={**self.bytes_per_pixel, key: share})


class Estimator:
    """Learns from every finished job, and keeps it for the next run of the program.

    It may be used from any thread.

    Args:
        path: Where it is kept; None is the user's folder.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._experience = load_experience(path)
        self._saved = -math.inf

    @property
    def experience(self) -> Experience:
        """All that is known now."""
        return self._experience

    def learn_speed(self, options: JobOptions, size: tuple[int, int], seconds: float) -> None:
        """An input of this size took so long."""
        with self._lock:
            self._keep(self._experience.with_speed(options, size, seconds))

    def learn_job(
        self,
        job: Job,
        size: tuple[int, int],
        output: Path,
        out_size: tuple[int, int],
        seconds: float,
    ) -> None:
        """A job of this input and output took so long."""
        stamp = stamp_of(output)
        with self._lock:
            learnt = self._experience.with_speed(job.options, size, seconds)
            if stamp is not None:
                learnt = learnt.with_bytes(job, out_size, stamp[0])
            self._keep(learnt)

    def _keep(self, experience: Experience) -> None:
        self._experience = experience
        if time.monotonic() - self._saved >= _SECONDS_BETWEEN_SAVES:
            self._saved = time.monotonic()
            save_experience(experience, self._path)


def remaining_seconds(
    items: Iterable[QueuedJob], experience: Experience, running: float | None = None
) -> float | None:
    """About how long the waiting and running jobs of a queue still take together.

    Args:
        items: All jobs.
        experience: Of this machine.
        running: Seconds that the running job still takes, from its last progress; None counts
            it as not begun.

    Returns:
        None where nothing can be said yet; 0 where nothing is to be done.
    """
    known, unknown = [], 0
    for item in items:
        if item.state is JobState.RUNNING and running is not None:
            known.append(running)
        elif item.state in (JobState.WAITING, JobState.RUNNING):
            speed = experience.speed(item.job.options)
            if speed is None or item.width is None or item.height is None:
                unknown += 1
            else:
                known.append(speed.seconds(item.width, item.height))
    if not known:
        return None if unknown else 0.0
    # Jobs of unknown size are taken to be like the others.
    return sum(known) * (1 + unknown / len(known))


def speed_key(options: JobOptions) -> str:
    """What speed depends on, beside the size: model, device and threads."""
    threads = "all" if options.threads is None else options.threads
    return f"{model_name(options.model)}|{options.device}|{threads}"


def output_format(job: Job) -> str:
    """The format that the job's result will have."""
    named = None if job.output is None else format_of(job.output)
    return job.options.format or named or format_of(job.input) or DEFAULT_FORMAT


def load_experience(path: Path | None = None) -> Experience:
    """What was learnt in earlier runs; nothing where the file is missing or damaged."""
    path = paths.experience_file() if path is None else path
    try:
        stored = json.loads(path.read_bytes())
        if stored["version"] != _VERSION:
            return Experience()
        return Experience(
            rates={
                str(key): {int(size): _positive(rate) for size, rate in rates.items()}
                for key, rates in stored["rates"].items()
            },
            bytes_per_pixel={
                str(key): _positive(share) for key, share in stored["bytes_per_pixel"].items()
            },
        )
    except FileNotFoundError:
        return Experience()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        _LOG.warning("The times measured before, in %s, are not used: %s", path, error)
        return Experience()


def save_experience(experience: Experience, path: Path | None = None) -> None:
    """Keep what was learnt; where that cannot be, the log says so."""
    path = paths.experience_file() if path is None else path
    text = json.dumps(
        {
            "version": _VERSION,
            "rates": experience.rates,
            "bytes_per_pixel": experience.bytes_per_pixel,
        },
        indent=2,
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with new_file(path, overwrite=True) as file:
            file.write(text.encode())
    except OSError as error:
        _LOG.warning("The times measured cannot be written to %s: %s", path, error)


def _size_class(width: int, height: int) -> int:
    return math.floor(math.log2(max(1, width * height)) / 2)


def _bytes_key(format: str, options: JobOptions) -> str:
    quality = f"|q{options.quality}" if format in LOSSY_FORMATS else ""
    return f"{format}|{options.bits or 'like input'}{quality}"


def _mixed(before: float | None, newest: float) -> float:
    return newest if before is None else before + _NEWEST_SHARE * (newest - before)


def _positive(value: Any) -> float:
    number = float(value)
    if not (math.isfinite(number) and number >= 0):
        raise ValueError(f"{value!r} is no measurement")
    return number
