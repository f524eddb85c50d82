"""The devices that can compute here, in plain values."""

from __future__ import annotations

from dataclasses import dataclass

from bimaco_gui.services.torch_library import load_torch_library


@dataclass(frozen=True)
class Gpu:
    """A graphics card that can be used.

    Attributes:
        device: For ``--device`` and the settings: ``cuda`` where there is one, else ``cuda:N``.
        name: What its maker calls it.
    """

    device: str
    name: str


def list_gpus(names: list[str] | None = None) -> list[Gpu]:
    """The graphics cards.

    Args:
        names: What they are called. If None, this process asks the driver, and loads the engine
            for that, which takes a second the first time.
    """
    if names is None:
        load_torch_library()
        from bimaco_gui.engine.device import gpu_names

        names = gpu_names()
    several = len(names) > 1
    return [Gpu(f"cuda:{number}" if several else "cuda", name) for number, name in enumerate(names)]
