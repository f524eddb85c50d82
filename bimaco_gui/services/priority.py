"""Working in the background: the rest of the computer stays quick."""

from __future__ import annotations

import contextlib
import os
import sys
import threading

_NICER = 5
_BELOW_NORMAL = -1


def lower_priority() -> None:
    """Let the calling thread, and the threads that it starts, give way to other programs.

    Where the system has no such thing for single threads, nothing happens.
    """
    with contextlib.suppress(OSError, AttributeError):
        if sys.platform == "linux":
            thread = threading.get_native_id()
            before = os.getpriority(os.PRIO_PROCESS, thread)
            os.setpriority(os.PRIO_PROCESS, thread, max(before, _NICER))
        elif sys.platform == "win32":
            import ctypes

            kernel = ctypes.windll.kernel32
            kernel.SetThreadPriority(kernel.GetCurrentThread(), _BELOW_NORMAL)
