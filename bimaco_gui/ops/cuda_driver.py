"""Loads the GPU kernels through the CUDA driver and launches them on torch's current stream.

The fat binary holds machine code for several GPUs. No compiler, runtime library or torch interface
is involved, so one file serves every Python, torch and CUDA version.
"""

from __future__ import annotations

import ctypes
import functools
import hashlib
import os
import sys
from pathlib import Path

import torch

from bimaco_gui.ops import native

FILE_NAME = "bimaco_cuda.fatbin"

_OLDEST = (8, 0)
"""Compute capability that the kernels need. From 10.0 on they multiply bytes, as the matrix units
of those GPUs no longer count ones."""

_DRIVER = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
_MOST_SHARED_ATTRIBUTE = 97  # CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN
_DYNAMIC_SHARED = 8  # CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES
_USUAL_SHARED = 48 * 1024

_OVERLAPPING = (9, 0)
"""From this compute capability on a kernel may begin while the one before it ends."""

_OVERLAP_DRIVER = 12030  # the first whose graphs keep that
_OVERLAP_ATTRIBUTE = 6  # CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION


class _Attribute(ctypes.Structure):
    """CUlaunchAttribute, as far as a number says it all."""

    _fields_ = [
        ("identity", ctypes.c_int),
        ("padding", ctypes.c_int),
        ("value", ctypes.c_int),
        ("rest", ctypes.c_char * 60),
    ]


class _Launch(ctypes.Structure):
    """CUlaunchConfig."""

    _fields_ = [
        ("grid", ctypes.c_uint * 3),
        ("block", ctypes.c_uint * 3),
        ("shared", ctypes.c_uint),
        ("stream", ctypes.c_void_p),
        ("attributes", ctypes.POINTER(_Attribute)),
        ("attribute_count", ctypes.c_uint),
    ]


class _Unavailable(Exception):
    """Why there are no GPU kernels."""


def _file() -> Path:
    forced = os.environ.get("BIMACO_CUDA_LIBRARY")
    if forced:
        if not Path(forced).is_file():
            raise _Unavailable(f"BIMACO_CUDA_LIBRARY names {forced}, which is not a file")
        return Path(forced)
    for path in native.candidates(FILE_NAME):
        if path.is_file():
            return path
    raise _Unavailable(f"{FILE_NAME} is not built")


class Gpu:
    """The kernels on one device; a `Launcher`.

    Args:
        index: The device's, as torch counts.
        image: The fat binary.

    Attributes:
        processors: Its multiprocessors.
        most_shared: Bytes of shared memory that a block may have.
        build: Names the driver and the kernels.
    """

    def __init__(self, index: int, image: bytes) -> None:
        self._index = index
        try:
            self._driver = ctypes.CDLL(_DRIVER)
        except OSError as error:
            raise _Unavailable(f"the CUDA driver cannot be loaded: {error}") from error
        try:
            self._driver.cuLaunchKernelEx.argtypes = (
                ctypes.POINTER(_Launch),
                *(ctypes.c_void_p,) * 3,
            )
        except AttributeError:
            raise _Unavailable("the CUDA driver is older than 11.8") from None
        with torch.cuda.device(index):
            torch.cuda.current_stream().synchronize()  # makes torch's context
            self._module = ctypes.c_void_p()
            status = self._driver.cuModuleLoadData(ctypes.byref(self._module), image)
        if status:
            raise _Unavailable(f"the driver refuses the kernels: {self._explain(status)}")
        self._image = image
        self._functions: dict[str, tuple[ctypes.c_void_p, int]] = {}
        self.processors = torch.cuda.get_device_properties(index).multi_processor_count
        most = ctypes.c_int()
        self._check(
            self._driver.cuDeviceGetAttribute(
                ctypes.byref(most), _MOST_SHARED_ATTRIBUTE, self._device()
            )
        )
        self.most_shared = most.value
        version = ctypes.c_int()
        self._check(self._driver.cuDriverGetVersion(ctypes.byref(version)))
        overlaps = (
            torch.cuda.get_device_capability(index) >= _OVERLAPPING
            and version.value >= _OVERLAP_DRIVER
        )
        self._attributes = (_Attribute * 1)(_Attribute(_OVERLAP_ATTRIBUTE, 0, 1))
        self._attribute_count = int(overlaps)
        self.build = f"driver {version.value}, kernels {hashlib.sha256(image).hexdigest()[:16]}"

    def _device(self) -> int:
        device = ctypes.c_int()
        with torch.cuda.device(self._index):
            self._check(self._driver.cuCtxGetDevice(ctypes.byref(device)))
        return device.value

    def _explain(self, status: int) -> str:
        text = ctypes.c_char_p()
        self._driver.cuGetErrorString(status, ctypes.byref(text))
        return text.value.decode() if text.value else f"error {status}"

    def _check(self, status: int) -> None:
        if status:
            raise RuntimeError(f"CUDA error: {self._explain(status)}")

    def _function(self, name: str, shared: int) -> ctypes.c_void_p:
        function, allowed = self._functions.get(name, (None, _USUAL_SHARED))
        if function is None:
            function = ctypes.c_void_p()
            self._check(
                self._driver.cuModuleGetFunction(
                    ctypes.byref(function), self._module, name.encode()
                )
            )
        if shared > allowed:
            self._check(self._driver.cuFuncSetAttribute(function, _DYNAMIC_SHARED, shared))
            allowed = shared
        self._functions[name] = (function, allowed)
        return function

    def launch(
        self,
        kernel: str,
        arguments: ctypes.Structure,
        grid: tuple[int, int],
        threads: int,
        shared: int,
    ) -> None:
        """Start a kernel on the current stream of its device.

        Raises:
            RuntimeError: the driver refuses.
        """
        with torch.cuda.device(self._index):
            function = self._function(kernel, shared)
            stream = torch.cuda.current_stream().cuda_stream
            launch = _Launch(
                (*grid, 1), (threads, 1, 1), shared, stream, self._attributes, self._attribute_count
            )
            # The driver copies the arguments during the call.
            values = (ctypes.c_void_p * 1)(ctypes.addressof(arguments))
            self._check(self._driver.cuLaunchKernelEx(ctypes.byref(launch), function, values, None))


@functools.cache
def _loaded(index: int) -> tuple[Gpu | None, str | None]:
    capability = torch.cuda.get_device_capability(index)
    try:
        if capability < _OLDEST:
            major, minor = capability
            raise _Unavailable(f"compute capability {major}.{minor} is too old for them")
        return Gpu(index, _file().read_bytes()), None
    except (_Unavailable, OSError) as error:
        return None, str(error)


def gpu(device: torch.device) -> Gpu | None:
    """The kernels on a CUDA device; None where they cannot be used there."""
    return _loaded(_index(device))[0]


def why_not(device: torch.device) -> str | None:
    """Why the kernels are not used on a CUDA device, for people; None where they are."""
    return _loaded(_index(device))[1]


def _index(device: torch.device) -> int:
    return torch.cuda.current_device() if device.index is None else device.index
