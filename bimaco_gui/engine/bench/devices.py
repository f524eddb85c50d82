"""Which module measures the kernels of a kind of device."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from bimaco_gui.errors import DeviceError

if TYPE_CHECKING:
    from bimaco_gui.engine.bench.kernels import KernelOptions

_MODULES: Final = {"cpu": "kernels"}
"""Each has a function ``measure(options)``; see `kernels.measure`."""


def kernel_bench(device: str) -> Callable[[KernelOptions], dict[str, Any]]:
    """The function that measures the kernels of a device.

    Args:
        device: "cpu", "cuda", "cuda:1", ...

    Raises:
        DeviceError: there are no kernels of ours for it.
    """
    kind = device.partition(":")[0]
    if kind not in _MODULES:
        raise DeviceError(
            "Nothing to measure",
            f"There are no kernels for {kind!r}, only for {', '.join(_MODULES)}.",
        )
    module = import_module(f"bimaco_gui.engine.bench.{_MODULES[kind]}")
    measure: Callable[[KernelOptions], dict[str, Any]] = module.measure
    return measure
