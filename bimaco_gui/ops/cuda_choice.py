"""Whether the GPU kernels are used on a device: where they are right, and faster than torch.

Both are tried when a device is first used, in a fraction of a second, and the outcome is kept in a
file for this GPU, driver, torch and build of the kernels.
"""

from __future__ import annotations

import contextlib
import functools
import json
import statistics
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from bimaco_gui import paths
from bimaco_gui.atomic import new_file
from bimaco_gui.ops import cuda_driver, cuda_layers, reference
from bimaco_gui.ops.arguments import Epilogue, Product, Prologue
from bimaco_gui.ops.cuda_weights import WeightCache

_RIGHT = ((1, 40, 24, 9, 7, 3, 1), (2, 130, 20, 5, 6, 1, 1), (1, 96, 48, 10, 17, 3, 2))
"""Layers that are compared: pictures, channels in and out, height, width, kernel, stride."""

_TIMED = (1, 96, 96, 192, 192, 3, 1)
_RUNS = 5

Seconds = Callable[[Callable[[], object]], float]
"""How long a call takes."""


def gpu(device: torch.device) -> cuda_driver.Gpu | None:
    """The kernels on a CUDA device; None where they are not used there."""
    loaded = cuda_driver.gpu(device)
    return None if loaded is None or why_not(device) is not None else loaded


def why_not(device: torch.device) -> str | None:
    """Why the kernels are not used on a CUDA device, for people; None where they are."""
    loaded = cuda_driver.gpu(device)
    if loaded is None:
        return cuda_driver.why_not(device)
    if torch.cuda.is_current_stream_capturing():
        return None  # nothing can be tried now
    return _outcome(torch.cuda.current_device() if device.index is None else device.index)


@functools.cache
def _outcome(index: int) -> str | None:
    device = torch.device("cuda", index)
    loaded = cuda_driver.gpu(device)
    assert loaded is not None
    key = f"{torch.cuda.get_device_name(index)}, {loaded.build}, torch {torch.__version__}"
    with contextlib.suppress(OSError, ValueError, AttributeError):
        known = json.loads(_file().read_bytes()).get(key)
        if isinstance(known, str):
            return known or None
    with torch.inference_mode(), torch.cuda.device(index), torch.autocast("cuda", enabled=False):
        reason = objection(loaded, device, _seconds)
    with contextlib.suppress(OSError), new_file(_file(), overwrite=True) as file:
        file.write(json.dumps({key: reason or ""}).encode())
    return reason


def _file() -> Path:
    return paths.cache_folder() / "gpu.json"


def objection(launcher: cuda_layers.Launcher, device: torch.device, seconds: Seconds) -> str | None:
    """Compare the kernels with torch on some layers.

    Args:
        launcher: Runs the kernels.
        device: Where its tensors lie.
        seconds: Measures.

    Returns:
        What speaks against them, for people; None where nothing does.
    """
    for shape in _RIGHT:
        x, product = _layer(shape, device)
        cache = WeightCache()
        parts = (product, Prologue(), Epilogue())
        dots = cuda_layers.conv2d(launcher, cache, x, *parts, dots=True)
        size = (product.kernel_size, product.stride)
        if not torch.equal(dots, reference.binary_conv2d_dot(x, product.bits, *size)):
            return "its kernels compute something else than torch here"
    x, product = _layer(_TIMED, device)
    x = cuda_layers.innermost(x.half())
    layer = (product, Prologue(activation="leaky", negative_slope=0.2), Epilogue(residual=x))
    cache = WeightCache()
    own = seconds(lambda: cuda_layers.conv2d(launcher, cache, x, *layer))
    other = seconds(lambda: reference.binary_conv2d(x, *layer))
    return f"torch takes {other / own:.2f} of the kernels' time here" if own > other else None


def _layer(shape: tuple[int, ...], device: torch.device) -> tuple[Tensor, Product]:
    n, channels, out_channels, height, width, kernel, stride = shape
    chance = torch.Generator().manual_seed(0)
    x = torch.randn(n, channels, height, width, generator=chance).to(device)
    weight = torch.randn(out_channels, channels, kernel, kernel, generator=chance)
    bits = reference.pack_signs(weight).to(device)
    alpha = torch.full((out_channels,), 0.1, device=device)
    return x, Product(bits, alpha, alpha, kernel, stride)


def _seconds(call: Callable[[], object]) -> float:
    """Median by the device's clock."""
    call()
    times: list[float] = []
    for _ in range(_RUNS):
        begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        begin.record()
        call()
        end.record()
        end.synchronize()
        times.append(begin.elapsed_time(end))
    return statistics.median(times)
