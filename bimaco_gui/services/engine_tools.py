"""The engine as the services use it: a few functions, loaded when the first one is called.

Whoever needs no torch, or a test that wants a quick stand-in, gives `Runner` other functions.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bimaco_gui.services.isolation.choice import Isolation
from bimaco_gui.services.torch_library import load_torch_library

if TYPE_CHECKING:
    from bimaco_gui.atomic import Journal
    from bimaco_gui.engine.options import UpscaleOptions
    from bimaco_gui.engine.pictures import Picture
    from bimaco_gui.engine.progress import Progress
    from bimaco_gui.engine.upscale import Upscaler
    from bimaco_gui.services.jobs import JobOptions


class PictureUpscaler(Protocol):
    """A loaded model on its device."""

    def upscale(
        self,
        picture: Picture,
        options: UpscaleOptions,
        progress: Callable[[Progress], None] | None = None,
        cancel: threading.Event | None = None,
    ) -> Picture:
        """The picture, larger. Raises Cancelled between tiles once `cancel` is set."""
        ...


class ReadPicture(Protocol):
    """Reads a picture file."""

    def __call__(self, path: Path) -> Picture:
        """The picture; PictureError with its reason."""
        ...


class WritePicture(Protocol):
    """Writes a picture file, completely or not at all."""

    def __call__(
        self,
        picture: Picture,
        path: Path,
        *,
        format: str | None,
        quality: int,
        overwrite: bool,
        journal: Journal | None = None,
    ) -> Path:
        """The file written; OutputError with its reason. `journal` is that of `new_file`."""
        ...


@dataclass(frozen=True)
class EngineTools:
    """What a runner needs of the engine.

    Attributes:
        load: From a model's name (None is the default) and a device's, the loaded model;
            Cancelled once the event is set, where loading can be given up.
        read: From a file to a picture.
        write: From a picture to a file.
        check_writable: Whether a result of this width, height and format can be written to a
            file; OutputError with the reason if not.
        losses: What a file of that name and format cannot hold of a picture, in sentences.
        with_bits: A picture with that many bits a channel; None leaves it as it is.
        finished: A result with the metadata that the options ask for; the text says how it was
            made.
        set_threads: How many processor threads to use from now on; None is the engine's choice.
        with_fidelity: From an input and the network's result, the result with the detail that
            the number from 0 to 1 asks for; Cancelled once the event is set.
        sample: A picture of that many pixels each way, to measure the speed with.
        upscale_options: The engine's options for a job's, and for the result's width and height.
        news: What happened to the engine since it was asked last, in sentences for people.
    """

    load: Callable[[str | None, str, threading.Event | None], PictureUpscaler]
    read: ReadPicture
    write: WritePicture
    check_writable: Callable[[Path, int, int, str | None], None]
    losses: Callable[[Picture, Path, str | None], tuple[str, ...]]
    with_bits: Callable[[Picture, int | None], Picture]
    finished: Callable[[Picture, JobOptions, str], Picture]
    set_threads: Callable[[int | None], None]
    with_fidelity: Callable[[Picture, Picture, float, threading.Event], Picture]
    sample: Callable[[int], Picture]
    upscale_options: Callable[[JobOptions, tuple[int, int]], UpscaleOptions]
    news: Callable[[], tuple[str, ...]] = tuple


def engine_tools(isolation: Isolation | None = None) -> EngineTools:
    """The real engine. Importing it takes seconds, because torch comes with it.

    Args:
        isolation: Loads the models; one of its own if None.
    """
    isolation = isolation or Isolation(load_here)
    load_torch_library()
    from bimaco_gui.engine.depth import with_bits
    from bimaco_gui.engine.device import set_threads
    from bimaco_gui.engine.fidelity import with_fidelity
    from bimaco_gui.engine.options import UpscaleOptions
    from bimaco_gui.engine.pictures import read_picture
    from bimaco_gui.engine.write import check_writable, losses, write_picture

    def upscale_options(options: JobOptions, size: tuple[int, int]) -> UpscaleOptions:
        return UpscaleOptions(tile=options.tile, seed=options.seed, size=size)

    return EngineTools(
        load=isolation.load,
        read=read_picture,
        write=write_picture,
        check_writable=check_writable,
        losses=losses,
        with_bits=with_bits,
        finished=with_metadata,
        set_threads=set_threads,
        with_fidelity=lambda source, result, fidelity, cancel: with_fidelity(
            source, result, fidelity, cancel=cancel, in_place=True
        ),
        sample=_sample,
        upscale_options=upscale_options,
        news=isolation.news,
    )


def with_metadata(picture: Picture, options: JobOptions, made_by: str) -> Picture:
    """A result with the metadata that the options ask for; `made_by` says how it was made."""
    from bimaco_gui import __version__
    from bimaco_gui.engine.metadata import with_provenance, without_gps

    if options.strip_gps:
        picture = without_gps(picture)
    if options.provenance:
        picture = with_provenance(picture, f"BiMaCo {__version__}", made_by)
    return picture


def _sample(side: int) -> Picture:
    import numpy as np

    from bimaco_gui.engine.pictures import Picture

    # Slopes with grain: a flat picture would not pass as one.
    slope = np.linspace(40, 215, side)
    grain = np.random.default_rng(0).normal(0, 10, (side, side, 3))
    values = (slope[:, None, None] + slope[None, :, None]) / 2 + grain
    return Picture(values.clip(0, 255).astype(np.uint8))


def load_here(model: str | None, device: str) -> Upscaler:
    """A model (None is the default) on a device, in this process.

    Raises:
        AppError: The model or the device cannot be used.
    """
    from bimaco_gui.engine.device import choose_device
    from bimaco_gui.engine.upscale import Upscaler
    from bimaco_gui.weights import find_model, load_upscaler

    chosen = choose_device(device)
    return Upscaler(load_upscaler(find_model(model).path), chosen)
