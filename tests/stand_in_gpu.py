"""An engine whose "graphics card" is the processor under another name, and can crash like one.

The engine's process loads it by its name, as it does the real one. What it does is the name of the
model, such as "crashes". A name may go on with a colon and a file, where its tiles are noted.
Most models need no torch, whose import would take most of a test's time.
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bimaco_gui.engine.options import UpscaleOptions
from bimaco_gui.engine.pictures import Picture
from bimaco_gui.engine.progress import Progress
from bimaco_gui.errors import Cancelled, DeviceError, ModelError
from bimaco_gui.services.isolation.choice import Isolation
from bimaco_gui.services.isolation.process import EngineProcess

if TYPE_CHECKING:
    from bimaco_gui.engine.resample import NewArray

ENGINE = "tests.stand_in_gpu:StandInEngine"
TILES = 5


def crash() -> None:
    """What a driver does that follows a wild pointer."""
    ctypes.string_at(0)


def hang() -> None:
    """What a driver does that waits for its card."""
    while True:
        time.sleep(1)


def hang_hard() -> None:
    """The same with Python's lock, so that no other thread runs."""
    ctypes.PyDLL(None).sleep(100_000)


def raise_unforeseen() -> None:
    raise ZeroDivisionError("nobody foresaw this")


def talk() -> None:
    print("a library prints this")
    warnings.warn("a library warns of this", stacklevel=1)
    logging.getLogger("bimaco_gui.engine").warning("a line for the log %d", os.getpid())


def open_socket() -> None:
    import socket

    socket.socket(socket.AF_INET).close()


ACTS: dict[str, Callable[[], object]] = {
    "crashes": crash,
    "is killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "aborts": os.abort,
    "exits": lambda: os._exit(3),
    "leaves": lambda: sys.exit(3),
    "hangs": hang,
    "hangs hard": hang_hard,
    "unforeseen": raise_unforeseen,
    "talks": talk,
    "socket": open_socket,
}


class RepeatingModel:
    """Repeats each pixel four times each way, in five tiles, and acts before its third tile."""

    def __init__(self, name: str, new_array: NewArray = np.empty) -> None:
        act, _, self.notes = name.partition(":")
        self.act, self.new_array = ACTS.get(act, lambda: None), new_array
        self.is_on_cpu = act == "without a card"
        self.falls_back = act == "falls back"

    def upscale(
        self,
        picture: Picture,
        options: UpscaleOptions,
        progress: Callable[[Progress], None] | None = None,
        cancel: threading.Event | None = None,
    ) -> Picture:
        large = picture.pixels.repeat(4, axis=0).repeat(4, axis=1)
        result = self.new_array(large.shape, large.dtype)
        rows = len(large) // TILES + 1
        for tile in range(TILES):
            if cancel is not None and cancel.is_set():
                raise Cancelled
            if self.notes:
                with Path(self.notes).open("a") as file:
                    file.write(f"tile {tile}\n")
            if tile == 2:
                self.is_on_cpu |= self.falls_back
                self.act()
            result[tile * rows : (tile + 1) * rows] = large[tile * rows : (tile + 1) * rows]
            if progress is not None:
                done = (tile + 1) / TILES
                progress(Progress(tile + 1, TILES, 0.1 * done, 0.1 * (1 - done), done))
        return Picture(result, grey=picture.grey)


def real_upscaler(name: str, device: str, new_array: NewArray) -> Any:
    """The real engine with a small network; "cuda" computes as "cpu" does, and is another one."""
    import torch

    from bimaco_gui.engine.upscale import Upscaler
    from tests import fixtures_models

    torch.set_num_threads(2)

    makers: dict[str, Callable[[], Any]] = {
        "network": fixtures_models.ContextModel,
        "hungry": lambda: fixtures_models.HungryModel(most_pixels=64 * 64),
        "fails": lambda: fixtures_models.FailingModel(times=10**9),
        "slow": lambda: fixtures_models.SlowModel(5.0, layers=500),
    }
    card = torch.device("cpu") if device == "cpu" else torch.device("cpu", 0)
    return Upscaler(makers[name](), card, new_array)


NETWORKS = ("network", "hungry", "fails", "slow")


class StandInEngine:
    """See `serving.Engine`."""

    def load(self, model: str | None, device: str, new_array: NewArray) -> Any:
        name = model or "photo"
        if name in NETWORKS:
            return real_upscaler(name, device, new_array)
        match name:
            case "crashes while it loads":
                crash()
            case "hangs while it loads":
                hang()
            case "does not fit":
                raise RuntimeError("CUDA error: an illegal memory access was encountered")
            case "missing":
                raise ModelError("No such model", "There is no model called “missing”.")
        if device == "cuda:7":
            raise DeviceError("No such device", "There is no GPU 7: there are 1.")
        return RepeatingModel(name, new_array)

    def gpu_names(self) -> list[str]:
        return ["Stand-in 2000"]

    def facts(self) -> list[tuple[str, str]]:
        return [("Devices", "cpu, Stand-in 2000")]

    def set_threads(self, count: int | None) -> None:
        if "torch" in sys.modules and count is not None:
            sys.modules["torch"].set_num_threads(count)


class GatedEngine(StandInEngine):
    """With one network, whatever the model is called, that hangs where the user's folder says so.

    A file `hang` there makes a tile hang, after as many others as it says, and `hang-loading` a
    model. `hung` holds the number of the process then.
    """

    def load(self, model: str | None, device: str, new_array: NewArray) -> Any:
        self._hang_if("hang-loading")
        made = real_upscaler("network", device, new_array)
        made.computer.model.register_forward_pre_hook(lambda *_: self._hang_if("hang"))
        return made

    def _hang_if(self, name: str) -> None:
        home = Path(os.environ["BIMACO_HOME"])
        if not (home / name).exists():
            return
        others = int((home / name).read_text() or 0)
        if others > 0:
            (home / name).write_text(str(others - 1))
        else:
            (home / "hung.part").write_text(str(os.getpid()))
            (home / "hung.part").replace(home / "hung")
            hang()


class DeadEngine(StandInEngine):
    """Of which every question is the last."""

    def gpu_names(self) -> list[str]:
        crash()
        return []

    def facts(self) -> list[tuple[str, str]]:
        crash()
        return []


class WatchedEngine(StandInEngine):
    """Ends the process where a socket is opened."""

    def __init__(self) -> None:
        def watch(event: str, _arguments: object) -> None:
            if event.startswith("socket."):
                os._exit(97)

        sys.addaudithook(watch)


def gated_isolation() -> Isolation:
    """For a whole program: one network, of which that of `GatedEngine` may hang."""
    process = EngineProcess("tests.stand_in_gpu:GatedEngine", grace_seconds=0.5)
    return Isolation(
        lambda model, device: real_upscaler("network", "cpu", np.empty),
        process,
        lambda device: device != "cpu",
    )


def load_here(model: str | None, device: str) -> Any:
    """The model of that name in the app's own process, where none misbehaves."""
    if model in NETWORKS:
        return real_upscaler(model, "cpu", np.empty)
    return RepeatingModel("photo")


def isolation(
    engine: str = ENGINE, *, silence_seconds: float = 300.0, grace_seconds: float = 100.0
) -> Isolation:
    """Models on the stand-in in a process of their own, which is patient unless told otherwise."""
    process = EngineProcess(engine, silence_seconds, grace_seconds)
    return Isolation(load_here, process, lambda device: device != "cpu")


def is_running(pid: int) -> bool:
    """Whether there is such a process that has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition: Callable[[], bool], seconds: float = 120.0) -> None:
    """Wait for what is sure to happen, but for a bug."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)
