"""Which module measures on a kind of device."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from bimaco_gui.errors import DeviceError

if TYPE_CHECKING:
    from bimaco_gui.engine.bench.kernels import KernelOptions

_PLACES: Final = {
    ("cpu", "kernels"): ("kernels", "measure"),
    ("cuda", "kernels"): ("gpu", "measure"),
    ("cuda", "model"): ("gpu_networks", "measure_networks"),
    ("cuda", "image"): ("gpu_networks", "measure_pictures"),
}
"""Module and function for a kind of device and of measurement; see `kernels.measure`."""


def bench_on(device: str, kind: str) -> Callable[[KernelOptions], dict[str, Any]]:
    """The function that measures on a device.

    Args:
        device: "cpu", "cuda", "cuda:1", ...
        kind: "kernels"; on a GPU "model" and "image" too.

    Raises:
        DeviceError: there are no kernels of ours for it.
    """
    name = device.partition(":")[0]
    place = _PLACES.get((name, kind))
    if place is None:
        names = sorted({known for known, measured in _PLACES if measured == kind})
        raise DeviceError(
            "Nothing to measure",
            f"There are no kernels for {name!r}, only for {', '.join(names)}.",
        )
    module = import_module(f"bimaco_gui.engine.bench.{place[0]}")
    measure: Callable[[KernelOptions], dict[str, Any]] = getattr(module, place[1])
    return measure
