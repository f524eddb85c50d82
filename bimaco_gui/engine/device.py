"""Devices and threads: choosing them, and telling their failures apart."""

from __future__ import annotations

import contextlib
import math
from typing import Final

import torch

from bimaco_gui.errors import DeviceError, UsageError

_THREADS_AT_START = torch.get_num_threads()

_BYTES_OF_PIXEL: Final = 3000
"""Of GPU memory for each LR pixel of a tile, at the peak; see docs/kernels-cuda.md."""

_LEAST_SIDE, _LARGEST_SIDE = 256, 1536

_OUT_OF_HOST_MEMORY = (
    "can't allocate memory",
    "not enough memory: you tried to allocate",
    "std::bad_alloc",
)
"""How torch's allocators for the CPU say it; they have no exception of their own."""


def choose_device(name: str) -> torch.device:
    """The device of that name.

    Args:
        name: "cpu", "cuda", "cuda:N", or "auto" for the fastest one there is.

    Raises:
        DeviceError: It is not there, or no device is called so.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if name == "cpu":
        return torch.device("cpu")
    kind, _, index = name.partition(":")
    if kind != "cuda" or (index and not index.isdecimal()):
        raise DeviceError(
            "Unknown device", f"There is no device called “{name}”: choose auto, cpu or cuda."
        )
    if not torch.cuda.is_available():
        reason = "Its driver was not found." if torch.version.cuda else "This torch has no CUDA."
        raise DeviceError(
            "No such device", f"No NVIDIA GPU can be used here: choose “auto” or “cpu”. {reason}"
        )
    if index and int(index) >= torch.cuda.device_count():
        raise DeviceError(
            "No such device", f"There is no GPU {index}: there are {torch.cuda.device_count()}."
        )
    return torch.device(name)


def built_for_gpus() -> bool:
    """Whether this torch could use one. No driver is asked."""
    return bool(torch.backends.cuda.is_built())


def gpu_names() -> list[str]:
    """What the GPUs that can be used are called; "cuda:N" is the one at place N."""
    return [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())]


def threads() -> int:
    """How many processor threads the calling thread may use."""
    return torch.get_num_threads()


def set_threads(count: int | None) -> None:
    """Choose how many processor threads a picture may use from now on, from the calling thread.

    Args:
        count: At least 1; None is what torch chose at its start.

    Raises:
        UsageError: The count is below 1.
    """
    if count is not None and count < 1:
        raise UsageError("Unusable number of threads", f"{count} threads cannot compute anything.")
    torch.set_num_threads(_THREADS_AT_START if count is None else count)


def is_out_of_memory(error: Exception) -> bool:
    """Whether a smaller tile would help: the device or the host had too little memory."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(t in str(error) for t in _OUT_OF_HOST_MEMORY)


def roomy_side(free: int) -> int:
    """LR pixels that a tile may give along an axis where a GPU has so many bytes free.

    Large tiles waste little on halos. Where a model needs more than is foreseen here, running out
    of memory halves the tile.
    """
    return max(_LEAST_SIDE, min(_LARGEST_SIDE, math.isqrt(free // 2 // _BYTES_OF_PIXEL)))


def free_memory(device: torch.device) -> int:
    """Bytes that a CUDA device has left for tensors."""
    free, _ = torch.cuda.mem_get_info(device)
    known = torch.cuda.memory_stats(device)
    kept = known["reserved_bytes.all.current"] - known["allocated_bytes.all.current"]
    return int(free + kept)


def release_memory(device: torch.device) -> None:
    """Give cached memory back, so that a smaller tile has room."""
    if device.type == "cuda":
        with contextlib.suppress(RuntimeError):  # of a device that was lost
            torch.cuda.empty_cache()
