"""Stopping and watching inside a tile, so that tiles may be as large as is fast."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from torch import nn

from bimaco_gui.errors import Cancelled


def stop_if(cancel: threading.Event | None) -> None:
    """Raise Cancelled once `cancel` is set."""
    if cancel is not None and cancel.is_set():
        raise Cancelled


@contextmanager
def watched(
    model: object, cancel: threading.Event | None, working: Callable[[float], None] | None
) -> Iterator[None]:
    """Make a module raise Cancelled before its next layer, and tell how far it is.

    A model that is no module runs on to the end of its tile in silence.

    Args:
        model: What runs inside the block, once.
        cancel: Set by anyone to stop.
        working: Called before each layer with the share of layers that are done, 0 to below 1.
    """
    if not isinstance(model, nn.Module):
        yield
        return
    layers = [module for module in model.modules() if not any(module.children())]
    begun = 0

    def before_layer(*_: Any) -> None:
        nonlocal begun
        stop_if(cancel)
        if working is not None:
            working(min(begun, len(layers) - 1) / len(layers))
        begun += 1

    hooks = [layer.register_forward_pre_hook(before_layer) for layer in layers]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()
