"""Loading a state dict with every key accounted for, whichever network it is for."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from torch import Tensor, nn


@dataclass(frozen=True)
class Misfits:
    """What keeps a state from being loaded.

    Attributes:
        missing: Keys that the network has and the state lacks, in order of their names.
        unexpected: Keys that the state has and the network lacks, likewise.
        misshapen: Keys of both whose shapes differ, in the network's order.
    """

    missing: tuple[str, ...]
    unexpected: tuple[str, ...]
    misshapen: tuple[str, ...]


def misfits(
    own: Mapping[str, Tensor], state: Mapping[str, Tensor], unread: Set[str] = frozenset()
) -> Misfits:
    """Compare a state with a network's own; keys in `unread` may be in it without a use."""
    return Misfits(
        missing=tuple(sorted(own.keys() - state.keys())),
        unexpected=tuple(sorted(state.keys() - own.keys() - unread)),
        misshapen=tuple(k for k in own if k in state and own[k].shape != state[k].shape),
    )


def fill(model: nn.Module, values: Mapping[str, Tensor]) -> None:
    """Load values that fit; on the meta device they take the place of the parameters."""
    on_meta = any(parameter.is_meta for parameter in model.parameters())
    model.load_state_dict(values, assign=on_meta)
