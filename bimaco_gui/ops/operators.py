"""Registers functions as torch's operators in the namespace ``bimaco``.

`torch.library.custom_op` does so too, but the first call of any of its operators imports torch's
compiler and sympy: more than a second at each start of the program, for nothing it uses. Here the
function is what torch calls.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

_NAMESPACE = "bimaco"
_LIBRARY = torch.library.Library(_NAMESPACE, "DEF")


def operator(function: Callable[..., Any]) -> torch._ops.OpOverload:
    """The operator of `function`'s name and signature; it changes none of its arguments.

    It runs on every device. It has no derivative: layers that train do not call it.
    """
    name = function.__name__
    _LIBRARY.define(name + torch.library.infer_schema(function, mutates_args=()))
    _LIBRARY.impl(name, function, "CompositeExplicitAutograd")
    overload: torch._ops.OpOverload = getattr(getattr(torch.ops, _NAMESPACE), name).default
    overload.__doc__ = function.__doc__
    return overload


def fake(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorates what computes shape and type of operator `name`'s result, without data."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        torch.library.register_fake(f"{_NAMESPACE}::{name}", function, lib=_LIBRARY)
        return function

    return register
