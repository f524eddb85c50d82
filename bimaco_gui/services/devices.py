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


def list_gpus() -> list[Gpu]:
    """The graphics cards; it loads the engine, which takes a second the first time."""
    load_torch_library()
    from bimaco_gui.engine.device import gpu_names

    names = gpu_names()
    several = len(names) > 1
    return [Gpu(f"cuda:{number}" if several else "cuda", name) for number, name in enumerate(names)]
