"""Loading torch without holding up the window."""

from __future__ import annotations

import ctypes
import importlib.util
import sys
import threading
from pathlib import Path

_RTLD_NOW = 2
_LOADING = threading.Lock()


def load_torch_library() -> None:
    """Load torch's libraries without holding Python's lock.

    An import holds the lock while the system loads a library, which takes a third of a second for
    this one, and the window stands still meanwhile. A foreign function releases it. Where this
    does not work, the import does the same later.

    One thread does it, and the others wait: one that imported torch meanwhile would hold Python's
    lock and wait for the system's loader, and what is being loaded may want Python's lock.
    """
    with _LOADING:
        if "torch" in sys.modules or not sys.platform.startswith("linux"):
            return
        spec = importlib.util.find_spec("torch")
        if spec is None or spec.origin is None:
            return
        library = Path(spec.origin).parent / "lib" / "libtorch_python.so"
        if library.exists():
            dlopen = ctypes.CDLL(None).dlopen
            dlopen.restype, dlopen.argtypes = ctypes.c_void_p, [ctypes.c_char_p, ctypes.c_int]
            dlopen(str(library).encode(), _RTLD_NOW)
