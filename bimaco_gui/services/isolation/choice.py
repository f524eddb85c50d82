"""Which models are loaded in a process of their own: those on graphics cards."""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bimaco_gui.services.isolation.process import EngineProcess
from bimaco_gui.services.isolation.running import ProcessLost
from bimaco_gui.services.isolation.upscaler import (
    LOST_NOTE,
    IsolatedPreview,
    IsolatedUpscaler,
    PartPreview,
)
from bimaco_gui.services.torch_library import load_torch_library

if TYPE_CHECKING:
    from bimaco_gui.engine.pictures import Picture
    from bimaco_gui.engine.upscale import Upscaler
    from bimaco_gui.services.engine_tools import PictureUpscaler

LoadHere = Callable[[str | None, str], "Upscaler"]


class Isolation:
    """Loads models here or in the engine's process; all who load share it.

    Args:
        load_here: Loads a model on a device in this process.
        process: Where models on graphics cards are loaded.
        may_be_gpu: Whether the device of that name could be a graphics card.
    """

    def __init__(
        self,
        load_here: LoadHere,
        process: EngineProcess | None = None,
        may_be_gpu: Callable[[str], bool] | None = None,
    ) -> None:
        self._load_here = load_here
        self.process = EngineProcess() if process is None else process
        self._may_be_gpu = may_be_gpu or _may_be_gpu
        self._auto_is_cpu = False

    def load(
        self, model: str | None, device: str, cancel: threading.Event | None = None
    ) -> PictureUpscaler:
        """A model on a device; see `EngineTools.load`.

        A card whose process was lost is used again only where it is asked for by name.

        Raises:
            AppError: The model or the device cannot be used.
            Cancelled: `cancel` was set.
        """
        is_auto = device == "auto"
        if is_auto and (self._auto_is_cpu or self.process.was_lost):
            device = "cpu"
        if not self._may_be_gpu(device):
            return self._load_here(model, device)
        upscaler = IsolatedUpscaler(
            self.process, model, device, lambda: self._load_here(model, "cpu")
        )
        try:
            on_gpu = upscaler.load(cancel)
        except ProcessLost as error:
            upscaler.give_up(error)
            return upscaler
        if on_gpu:
            return upscaler
        # A driver without a card that can be used: nothing to be afraid of here.
        self._auto_is_cpu = self._auto_is_cpu or is_auto
        self.process.close()
        return self._load_here(model, "cpu")

    def gpu_names(self, cancel: threading.Event) -> list[str]:
        """What the graphics cards that can be used are called; none where asking crashes.

        Raises:
            Cancelled: `cancel` was set.
        """
        if not self._may_be_gpu("auto"):
            return []
        session = self.process.session()
        try:
            names: list[str] = session.call("gpu_names", cancel=cancel, abandons=True)
        except ProcessLost:
            return []
        finally:
            session.forget()
        return names

    def news(self) -> tuple[str, ...]:
        """A sentence for people where a card failed, whoever used it; each time once."""
        return (LOST_NOTE,) if self.process.take_news() else ()

    def close(self) -> None:
        """End the process, if there is one."""
        self.process.close()


def preview_of(upscaler: PictureUpscaler, picture: Picture, seed: int) -> PartPreview:
    """Parts of a picture's result by a model, wherever that is."""
    if isinstance(upscaler, IsolatedUpscaler):
        return IsolatedPreview(picture, upscaler, seed)
    from bimaco_gui.engine.preview import PicturePreview
    from bimaco_gui.engine.upscale import Upscaler

    assert isinstance(upscaler, Upscaler)
    return PicturePreview(picture, upscaler, seed)


def _may_be_gpu(device: str) -> bool:
    return device != "cpu" and has_gpu_driver()


@cache
def has_gpu_driver() -> bool:
    """Whether there is a driver that could crash here. None is called for that."""
    load_torch_library()
    from bimaco_gui.engine.device import built_for_gpus

    if sys.platform not in ("linux", "win32") or not built_for_gpus():
        return False
    if Path("/dev/kfd").exists():  # AMD's
        return True
    try:
        ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return False
    return True
