"""Finds and loads the native library through ctypes, and chooses an instruction set.

ctypes lets go of the interpreter's lock during a call. The library runs its work on torch's own
pool of threads, whose C entry point it is given here; without that it runs on one thread.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import importlib.metadata
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch

from bimaco_gui.errors import DeviceError

ABI_VERSION = 4
TORCH = "torch"

_PACKAGE = Path(__file__).resolve().parents[1]
_FILE_NAME = {"win32": "bimaco.dll", "darwin": "libbimaco.dylib"}.get(sys.platform, "libbimaco.so")
_TORCH_LIBRARY = {"win32": "torch_cpu.dll", "darwin": "libtorch_cpu.dylib"}.get(
    sys.platform, "libtorch_cpu.so"
)
_STATUS = {
    1: "an argument is out of range",
    2: "the memory is not enough",
    3: "the instruction set is not usable here",
    4: "an index is out of range",
}


class Layer(ctypes.Structure):
    """`bimaco_layer` of kernels/include/bimaco.h."""

    _fields_ = [
        ("x", ctypes.c_void_p),
        ("bits", ctypes.c_void_p),
        ("alpha", ctypes.c_void_p),
        ("bias", ctypes.c_void_p),
        ("pre_scale", ctypes.c_void_p),
        ("pre_shift", ctypes.c_void_p),
        ("slope", ctypes.c_void_p),
        ("after", ctypes.c_void_p),
        ("down", ctypes.c_void_p),
        ("up", ctypes.c_void_p),
        ("sparse_values", ctypes.c_void_p),
        ("sparse_out", ctypes.c_void_p),
        ("sparse_in", ctypes.c_void_p),
        ("residual", ctypes.c_void_p),
        ("y", ctypes.c_void_p),
        ("dots", ctypes.c_void_p),
        ("batch", ctypes.c_int64),
        ("in_channels", ctypes.c_int64),
        ("out_channels", ctypes.c_int64),
        ("height", ctypes.c_int64),
        ("width", ctypes.c_int64),
        ("rank", ctypes.c_int64),
        ("entries", ctypes.c_int64),
        ("pre_stride", ctypes.c_int64),
        ("negative_slope", ctypes.c_float),
        ("activation", ctypes.c_int32),
        ("kernel_size", ctypes.c_int32),
        ("stride", ctypes.c_int32),
        ("channels_innermost", ctypes.c_int32),
        ("per_tap", ctypes.c_int32),
        ("zero_is_zero", ctypes.c_int32),
        ("doubled", ctypes.c_int32),
        ("mean_shortcut", ctypes.c_int32),
        ("threads", ctypes.c_int32),
        ("isa", ctypes.c_int32),
    ]


class Norm(ctypes.Structure):
    """`bimaco_norm` of kernels/include/bimaco.h."""

    _fields_ = [
        ("x", ctypes.c_void_p),
        ("weight", ctypes.c_void_p),
        ("bias", ctypes.c_void_p),
        ("scale", ctypes.c_void_p),
        ("shift", ctypes.c_void_p),
        ("batch", ctypes.c_int64),
        ("channels", ctypes.c_int64),
        ("pixels", ctypes.c_int64),
        ("groups", ctypes.c_int64),
        ("eps", ctypes.c_double),
        ("isa", ctypes.c_int32),
    ]


class Convolution(ctypes.Structure):
    """`bimaco_convolution` of kernels/include/bimaco.h."""

    _fields_ = [
        ("x", ctypes.c_void_p),
        ("weight", ctypes.c_void_p),
        ("bias", ctypes.c_void_p),
        ("pre_scale", ctypes.c_void_p),
        ("pre_shift", ctypes.c_void_p),
        ("y", ctypes.c_void_p),
        ("batch", ctypes.c_int64),
        ("in_channels", ctypes.c_int64),
        ("out_channels", ctypes.c_int64),
        ("height", ctypes.c_int64),
        ("width", ctypes.c_int64),
        ("negative_slope", ctypes.c_float),
        ("isa", ctypes.c_int32),
    ]


class Attention(ctypes.Structure):
    """`bimaco_attention` of kernels/include/bimaco.h."""

    _fields_ = [
        ("qkv", ctypes.c_void_p),
        ("bias", ctypes.c_void_p),
        ("regions", ctypes.c_void_p),
        ("y", ctypes.c_void_p),
        ("batch", ctypes.c_int64),
        ("heads", ctypes.c_int64),
        ("depth", ctypes.c_int64),
        ("height", ctypes.c_int64),
        ("width", ctypes.c_int64),
        ("window", ctypes.c_int64),
        ("shift", ctypes.c_int64),
        ("apart", ctypes.c_float),
        ("isa", ctypes.c_int32),
    ]


@dataclass(frozen=True)
class Library:
    """The loaded library.

    Attributes:
        handle: Its functions.
        path: The file it came from.
        isas: Number of each instruction set that is usable here, by name, slowest first.
    """

    handle: ctypes.CDLL
    path: Path
    isas: dict[str, int]


class _NotLoaded(Exception):
    """Why there is no library."""


def candidates(file_name: str) -> Iterator[Path]:
    """Where a file that the build makes may be, the best place first."""
    yield _PACKAGE / "_native" / file_name
    # An editable installation keeps the sources here and the library in site-packages.
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        distribution = importlib.metadata.distribution("bimaco-gui")
        yield Path(str(distribution.locate_file(f"bimaco_gui/_native/{file_name}")))
    yield _PACKAGE.parent / "build" / "kernels" / file_name


def _find() -> Path:
    forced = os.environ.get("BIMACO_LIBRARY")
    if forced:
        if not Path(forced).is_file():
            raise _NotLoaded(f"BIMACO_LIBRARY names {forced}, which is not a file")
        return Path(forced)
    for path in candidates(_FILE_NAME):
        if path.is_file():
            return path
    raise _NotLoaded(f"{_FILE_NAME} is not built")


def _load() -> Library:
    path = _find()
    try:
        handle = ctypes.CDLL(str(path))
        handle.bimaco_abi_version.argtypes = ()
        version = handle.bimaco_abi_version()
        if version != ABI_VERSION:
            raise _NotLoaded(f"{path} has interface {version}, not {ABI_VERSION}; build it again")
        handle.bimaco_isa_name.argtypes = (ctypes.c_int32,)
        handle.bimaco_isa_name.restype = ctypes.c_char_p
        handle.bimaco_isa_usable.argtypes = (ctypes.c_int32,)
        handle.bimaco_set_parallel_for.argtypes = (ctypes.c_void_p,)
        handle.bimaco_set_parallel_for.restype = None
        handle.bimaco_binary_layer.argtypes = (ctypes.POINTER(Layer),)
        handle.bimaco_group_norm_affine.argtypes = (ctypes.POINTER(Norm),)
        handle.bimaco_full_convolution.argtypes = (ctypes.POINTER(Convolution),)
        handle.bimaco_window_attention.argtypes = (ctypes.POINTER(Attention),)
        isas = {
            handle.bimaco_isa_name(isa).decode(): isa
            for isa in range(handle.bimaco_isa_count())
            if handle.bimaco_isa_usable(isa)
        }
    except (OSError, AttributeError) as error:
        raise _NotLoaded(f"{path} cannot be loaded: {error}") from error
    handle.bimaco_set_parallel_for(_torch_parallel_for())
    return Library(handle, path, isas)


def _torch_parallel_for() -> int | None:
    """Address of torch's C function that splits a range over its threads; None in old versions."""
    try:
        library = ctypes.CDLL(str(Path(torch.__file__).parent / "lib" / _TORCH_LIBRARY))
        return ctypes.cast(library.torch_parallel_for, ctypes.c_void_p).value
    except (OSError, AttributeError):
        return None


@functools.cache
def _loaded() -> tuple[Library | None, str | None]:
    try:
        return _load(), None
    except _NotLoaded as error:
        return None, str(error)


def library() -> Library | None:
    """The native library; None where it is missing or cannot be loaded."""
    return _loaded()[0]


def why_not_native() -> str | None:
    """Why the native library is not used, in a phrase for people; None where it is used."""
    if active_instruction_set() == TORCH and library() is not None:
        return f"BIMACO_ISA is {TORCH}"
    return _loaded()[1]


def library_path() -> Path | None:
    """The file of the native library in use; None where there is none."""
    loaded = library()
    return None if loaded is None else loaded.path


def library_warning() -> str | None:
    """What is wrong with the native library, in sentences for people; None where nothing is.

    In a checkout it also compares the library's time with that of the sources.
    """
    loaded, reason = _loaded()
    if loaded is None:
        return (
            f"The native kernels are not in use: {reason}. torch computes the binary layers, "
            "many times slower; docs/kernels.md says how to build the kernels."
        )
    newest = max(map(_changed, _sources()), default=0.0)
    if newest > _changed(loaded.path):
        return f"{loaded.path} is older than the sources of the kernels; build it again."
    return None


def _sources() -> Iterator[Path]:
    """The sources of the library, where the package lies in a checkout."""
    for folder in ("include", "src"):
        yield from (_PACKAGE.parent / "kernels" / folder).glob("*.*")


def _changed(path: Path) -> float:
    return path.stat().st_mtime


def native_available() -> bool:
    """Whether the native library is loaded."""
    return library() is not None


def instruction_sets() -> list[str]:
    """What ``BIMACO_ISA`` may name here, slowest first: "torch" and the library's own."""
    loaded = library()
    return [TORCH, *(loaded.isas if loaded else ())]


def active_instruction_set() -> str:
    """The instruction set in use: what ``BIMACO_ISA`` names, else the best one.

    Raises:
        DeviceError: ``BIMACO_ISA`` names none that is usable here.
    """
    forced = os.environ.get("BIMACO_ISA")
    usable = instruction_sets()
    if not forced:
        return usable[-1]
    if forced not in usable:
        reason = _loaded()[1]
        raise DeviceError(
            "Instruction set not usable",
            f"BIMACO_ISA is {forced!r}; here it may be one of {', '.join(usable)}."
            + (f" The native library is not in use: {reason}." if reason else ""),
        )
    return forced


def backend_name() -> str:
    """What does the work: "native", the library, or "torch"."""
    return TORCH if active_instruction_set() == TORCH else "native"


def check_status(status: int, name: str) -> None:
    """Raise what a call's status stands for.

    Raises:
        IndexError: an index is out of range.
        MemoryError: the memory was not enough.
        RuntimeError: any other failure.
    """
    if status:
        kind = {2: MemoryError, 4: IndexError}.get(status, RuntimeError)
        raise kind(f"{name}: {_STATUS.get(status, f'status {status}')}")
