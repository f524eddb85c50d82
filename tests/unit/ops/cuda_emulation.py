"""Builds the CUDA kernels for this processor (tests/cuda_emulator), and launches them so."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT / "tests" / "cuda_emulator" / "library.cpp"


class EmulatedGpu:
    """A `Launcher` for tensors in this machine's memory."""

    processors = 2
    most_shared = 227 * 1024

    def __init__(self, library: Path) -> None:
        self._library = ctypes.CDLL(str(library))
        self._emulate = self._library.bimaco_emulate
        self._emulate.restype = ctypes.c_char_p
        self._emulate.argtypes = (
            *(ctypes.c_void_p, ctypes.c_void_p),
            *(ctypes.c_uint32, ctypes.c_uint32, ctypes.c_uint32, ctypes.c_uint64),
        )
        self.launched: list[str] = []

    def launch(
        self,
        kernel: str,
        arguments: ctypes.Structure,
        grid: tuple[int, int],
        threads: int,
        shared: int,
    ) -> None:
        address = ctypes.cast(getattr(self._library, kernel), ctypes.c_void_p)
        problem = self._emulate(address, ctypes.byref(arguments), *grid, threads, shared)
        assert problem is None, f"{kernel}: {problem.decode()}"
        self.launched.append(kernel)


def build(folder: Path) -> Path:
    """The kernels as a shared library in `folder`."""
    compiler = shutil.which("g++") or shutil.which("clang++")
    if compiler is None:
        pytest.fail("a C++ compiler is needed to run the GPU kernels on this processor")
    library = folder / "libbimaco_emulated.so"
    options = ("-std=c++20", "-O1", "-shared", "-fPIC", "-ffp-contract=off")
    subprocess.run([compiler, *options, str(SOURCE), "-o", str(library)], check=True)
    return library
