"""Stopping inside a tile, so that tiles may be as large as is fast."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from torch import nn

from bimaco_gui.errors import Cancelled


def stop_if(cancel: threading.Event | None) -> None:
    """Raise Cancelled once `cancel` is set."""
    if cancel is not None and cancel.is_set():
        raise Cancelled


@contextmanager
def interruptible(model: object, cancel: threading.Event | None) -> Iterator[None]:
    """Make a module raise Cancelled before its next layer once `cancel` is set.

    A model that is no module runs on to the end of its tile.
    """
    if cancel is None or not isinstance(model, nn.Module):
        yield
        return

    def before_layer(*_: Any) -> None:
        stop_if(cancel)

    hooks = [module.register_forward_pre_hook(before_layer) for module in model.modules()]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()
