"""Memory of the host between layers: kept while a picture is computed, given back afterwards.

A layer's feature maps take tens of megabytes. glibc fetches such blocks from the system and gives
them back each time, and the system clears every page anew: that doubled the time of a tile.
"""

import ctypes
import platform
import sys
from functools import cache

# From malloc.h.
_TRIM_THRESHOLD = -1
_MMAP_THRESHOLD = -3

_FEATURE_MAP_BYTES = 1 << 27
"""Larger blocks are whole results, which do go back as soon as they are not needed."""

_NEVER = 2**31 - 1


@cache
def keep_freed_memory() -> None:
    """Let freed feature maps stay with the process, where the C library is glibc."""
    libc = _glibc()
    if libc is not None:
        libc.mallopt(_MMAP_THRESHOLD, _FEATURE_MAP_BYTES)
        libc.mallopt(_TRIM_THRESHOLD, _NEVER)


def return_freed_memory() -> None:
    """Give back to the system what is kept and not in use."""
    libc = _glibc()
    if libc is not None:
        libc.malloc_trim(0)


@cache
def _glibc() -> ctypes.CDLL | None:
    if sys.platform != "linux" or platform.libc_ver()[0] != "glibc":
        return None
    libc = ctypes.CDLL(None)
    libc.malloc_trim.argtypes = [ctypes.c_size_t]
    return libc
