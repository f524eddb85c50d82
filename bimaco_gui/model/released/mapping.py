"""Reading the authors' configuration mappings, with every fault named."""

from __future__ import annotations

import logging
import math
from collections.abc import Collection, Mapping
from typing import Any

from bimaco_gui.errors import ModelError

TITLE = "Not the released model"

_LOG = logging.getLogger(__name__)


def check_names(mapping: Any, needed: Collection[str], known: Collection[str], where: str) -> None:
    """Check that a mapping has the names that decide about the network.

    Names that are neither needed nor known are left alone, and named in the log: configurations
    carry much that matters to training only.

    Args:
        mapping: What was read.
        needed: Names without which the network is not described.
        known: Names that may be there.
        where: The mapping's name, for people.

    Raises:
        ModelError: names every missing one, or says that it is no mapping.
    """
    if not isinstance(mapping, Mapping):
        raise ModelError(TITLE, f"{where} is not a mapping of names to values.")
    missing = sorted(set(needed) - set(mapping))
    if missing:
        raise ModelError(TITLE, f"{where} lacks {', '.join(missing)}.")
    strange = sorted(map(str, set(mapping) - set(needed) - set(known)))
    if strange:
        _LOG.warning("%s has what is not looked at: %s", where, ", ".join(strange))


def fixed_values(mapping: Mapping[str, Any], fixed: Mapping[str, Any], where: str) -> None:
    """Check values that the released model never varies, where they are given.

    Raises:
        ModelError: a value is another; all of them are named.
    """
    faults = [
        f"{name} = {mapping[name]!r} instead of {value!r}"
        for name, value in fixed.items()
        if name in mapping and mapping[name] != value
    ]
    if faults:
        raise ModelError(TITLE, f"{where} has {', '.join(faults)}.")


def whole_number(mapping: Mapping[str, Any], name: str, where: str) -> int:
    """A whole number of at least 1.

    Raises:
        ModelError: it is something else.
    """
    value = mapping[name]
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ModelError(TITLE, f"{where} has {name} = {value!r}, not a whole number above 0.")
    return value


def whole_numbers(mapping: Mapping[str, Any], name: str, where: str) -> tuple[int, ...]:
    """A non-empty list of whole numbers of at least 1.

    Raises:
        ModelError: it is something else.
    """
    values = mapping[name]
    if not isinstance(values, list | tuple) or not values:
        raise ModelError(TITLE, f"{where} has {name} = {values!r}, not a list of whole numbers.")
    return tuple(whole_number({name: value}, name, where) for value in values)


def number(mapping: Mapping[str, Any], name: str, where: str) -> float:
    """A finite number above 0.

    Raises:
        ModelError: it is something else.
    """
    value = mapping[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
        raise ModelError(TITLE, f"{where} has {name} = {value!r}, not a number above 0.")
    return float(value)
