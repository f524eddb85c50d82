"""Parts of results before the whole is computed, for the loupe; the engine loads on first use.

One thread uses a `Previewer` at a time. It keeps a model of its own, so that a preview need not
wait for the job that runs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from bimaco_gui.atomic import stamp_of
from bimaco_gui.services.engine_tools import EngineTools, engine_tools
from bimaco_gui.services.estimate import CALIBRATION_SIDE, Estimator
from bimaco_gui.services.isolation.choice import preview_of
from bimaco_gui.services.isolation.upscaler import PartPreview
from bimaco_gui.services.jobs import JobOptions
from bimaco_gui.services.runner import Runner
from bimaco_gui.services.screen import ScreenImage, screen_image
from bimaco_gui.services.sizes import target_size
from bimaco_gui.services.torch_library import load_torch_library

_WARM_UP_SIDE = 48


class Previewer:
    """Computes parts of results and keeps the model and picture that it used last.

    Args:
        estimator: Learns how fast this machine is, before the first job.
        load_tools: Gives the engine, on first use.
    """

    def __init__(
        self,
        estimator: Estimator | None = None,
        load_tools: Callable[[], EngineTools] = engine_tools,
    ) -> None:
        self._estimator = estimator
        self._runner = Runner(load_tools)
        self._closing = threading.Event()
        self._preview: PartPreview | None = None
        self._of: tuple[object, ...] = ()

    def warm_up(self) -> None:
        """Load the engine and the bundled model and use them once, for the first time is slow.

        Raises:
            AppError: The model or the device cannot be used.
            Cancelled: `close` was called.
        """
        load_torch_library()
        self._runner.measure(JobOptions(), self._closing, _WARM_UP_SIDE)

    def close(self) -> None:
        """Give up warming up, whoever does that."""
        self._closing.set()

    def calibrate(self, options: JobOptions, cancel: threading.Event) -> bool:
        """Measure this machine where nothing is known of it yet; whether there is news.

        Raises:
            AppError: The model or the device cannot be used.
            Cancelled: `cancel` was set.
        """
        if self._estimator is None or self._estimator.experience.speed(options) is not None:
            return False
        load_torch_library()
        side = CALIBRATION_SIDE
        seconds = self._runner.measure(options, cancel)
        self._estimator.learn_speed(options, (side, side), seconds)
        return True

    def part(
        self,
        path: Path,
        options: JobOptions,
        window: tuple[int, int, int, int],
        cancel: threading.Event,
    ) -> ScreenImage:
        """The pixels that the result will have in a part of the picture.

        Args:
            path: The picture's file.
            options: As for the job.
            window: Left, top, width and height in the picture's pixels, inside it.
            cancel: Set by anyone to stop.

        Raises:
            Cancelled: `cancel` was set.
            AppError: The picture cannot be read, the options do not fit it, or the model failed.
        """
        load_torch_library()
        from bimaco_gui.engine.device import set_threads
        from bimaco_gui.engine.interrupt import stop_if
        from bimaco_gui.engine.options import UpscaleOptions
        from bimaco_gui.engine.preview import Window

        stop_if(cancel)
        set_threads(options.threads)
        preview = self._preview_of(path, options, cancel)
        out_size = target_size(options, preview.picture.width, preview.picture.height)
        made = preview.part(
            Window(*window), UpscaleOptions(size=out_size), options.fidelity, cancel
        )
        return screen_image(made)

    def _preview_of(self, path: Path, options: JobOptions, cancel: threading.Event) -> PartPreview:
        from bimaco_gui.engine.pictures import read_picture

        upscaler = self._runner.upscaler(options, cancel)
        wanted = (path, stamp_of(path), upscaler, options.seed)
        if self._preview is None or self._of != wanted:
            self._preview, self._of = None, ()
            self._preview = preview_of(upscaler, read_picture(path), options.seed)
            self._of = wanted
        return self._preview
