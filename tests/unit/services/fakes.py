"""A small engine that stands in for the real one: it repeats pixels, in as many tiles as asked."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from bimaco_gui.atomic import Journal, new_file
from bimaco_gui.errors import Cancelled, ModelError, OutputError, PictureError
from bimaco_gui.services.engine_tools import EngineTools
from bimaco_gui.services.events import CancelledEvent, Done, Event, Failed, Started, TileDone
from bimaco_gui.services.jobs import Job, JobOptions


@dataclass
class FakePicture:
    pixels: np.ndarray
    notes: tuple[str, ...] = ()


@dataclass
class FakeProgress:
    tiles_done: int
    tiles_total: int
    remaining: float | None
    fraction: float


@dataclass
class FakeEngine:
    tiles: int = 3
    tells_inside_tiles: bool = False
    on_tile: Callable[[int], None] = lambda number: None
    loads: list[tuple[str | None, str]] = field(default_factory=list)
    threads: list[int | None] = field(default_factory=list)
    seen_options: list[JobOptions] = field(default_factory=list)
    checked: list[tuple[Path, int, int, str | None]] = field(default_factory=list)
    fidelities: list[float] = field(default_factory=list)
    written: list[Path] = field(default_factory=list)
    before_write: Callable[[Path], None] = lambda path: None

    def tools(self) -> EngineTools:
        def as_it_is(options: JobOptions, size: tuple[int, int]) -> Any:
            return options

        return EngineTools(
            load=self._load,  # type: ignore[arg-type]
            read=self._read,  # type: ignore[arg-type]
            write=self._write,  # type: ignore[arg-type]
            check_writable=self._check_writable,
            losses=lambda picture, path, format: (),
            with_bits=lambda picture, bits: picture,
            finished=lambda picture, options, made_by: picture,
            set_threads=self.threads.append,
            with_fidelity=self._with_fidelity,  # type: ignore[arg-type]
            sample=_sample,  # type: ignore[arg-type]
            upscale_options=as_it_is,
        )

    def _load(self, model: str | None, device: str, cancel: threading.Event | None) -> "FakeEngine":
        if model == "missing":
            raise ModelError("No such model", "There is no model “missing”.")
        self.loads.append((model, device))
        return self

    def _read(self, path: Path) -> FakePicture:
        try:
            with Image.open(path) as image:
                return FakePicture(np.asarray(image.convert("RGB")))
        except OSError as error:
            raise PictureError("Cannot read", f"{path.name} is no picture.") from error

    def _write(
        self,
        picture: FakePicture,
        path: Path,
        *,
        format: str | None,
        quality: int,
        overwrite: bool,
        journal: Journal | None = None,
    ) -> Path:
        self.before_write(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not overwrite:
            raise OutputError("Exists", f"{path.name} exists.")
        with new_file(path, overwrite=overwrite, journal=journal) as file:
            Image.fromarray(picture.pixels).save(file, {"jpg": "JPEG"}.get(format or "", format))
        self.written.append(path)
        return path

    def _check_writable(self, path: Path, width: int, height: int, format: str | None) -> None:
        self.checked.append((path, width, height, format))
        if path.parent.is_file():
            raise OutputError("Cannot save", f"{path.parent.name} is a file.")

    def _with_fidelity(
        self, source: FakePicture, result: FakePicture, fidelity: float, cancel: threading.Event
    ) -> FakePicture:
        self.fidelities.append(fidelity)
        return result

    def upscale(
        self,
        picture: FakePicture,
        options: JobOptions,
        progress: Callable[[FakeProgress], None] | None,
        cancel: threading.Event,
    ) -> FakePicture:
        self.seen_options.append(options)
        for number in range(1, self.tiles + 1):
            if cancel.is_set():
                raise Cancelled
            self.on_tile(number)
            left = float(self.tiles - number)
            if progress is None:
                continue
            if self.tells_inside_tiles:
                inside = (number - 0.5) / self.tiles
                progress(FakeProgress(number - 1, self.tiles, left + 0.5, inside))
            progress(FakeProgress(number, self.tiles, left, number / self.tiles))
        factor = int(options.scale)
        return FakePicture(picture.pixels.repeat(factor, axis=0).repeat(factor, axis=1))


def _sample(side: int) -> FakePicture:
    return FakePicture(np.zeros((side, side, 3), np.uint8))


class ScriptedRunner:
    """Runs no engine: each job tells what its input's name says."""

    def __init__(self, until: threading.Event | None = None) -> None:
        self.began = threading.Event()
        self.until = until
        self.thread_names: set[str] = set()

    def prepare(self, options: JobOptions) -> None:
        pass

    def run_job(self, job: Job, emit: Callable[[Event], None], cancel: threading.Event) -> None:
        self.thread_names.add(threading.current_thread().name)
        self.began.set()
        emit(Started(job, 8, 6, 32, 24))
        match job.input.stem:
            case "wrong":
                emit(Failed(job, "Wrong", "It is wrong."))
            case "raises":
                raise ValueError("nobody foresaw this")
            case "exits":
                raise SystemExit(3)
            case "silent":
                return
            case "late":
                emit(Done(job, job.input, 32, 24, 0.1))
                raise ValueError("too late to matter")
            case "long":
                stopped = cancel.wait(20)
                emit(CancelledEvent(job) if stopped else Done(job, job.input, 32, 24, 20.0))
            case "deaf":
                assert self.until is not None
                self.until.wait(20)
                emit(CancelledEvent(job))
            case _:
                emit(TileDone(job, 1, 2, 0.1, 0.1))
                emit(TileDone(job, 2, 2, 0.2, 0.0))
                emit(Done(job, job.input.with_suffix(".out"), 32, 24, 0.2))


def save_picture(path: Path, size: tuple[int, int] = (8, 6), colour: str = "navy") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path)
    return path
