"""How the layers of a measurement of kernels are grouped, and what each group should reach."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

ONE_SCALE, PER_TAP, LAYER = "one_scale", "per_tap", "layer"
"""Variants: the scale after the sum, a scale for each tap, the layer with all around it."""

Layer = Mapping[str, Any]
"""An entry of ``layers`` in a report."""


@dataclass(frozen=True)
class Group:
    """Layers that are told of together.

    Attributes:
        key: For file names.
        title: For people.
        variant: Which of the variants.
        fits: Whether a layer belongs to it.
        target: The least median ratio it should have, if any.
    """

    key: str
    title: str
    variant: str
    fits: Callable[[Layer], bool]
    target: float | None = None

    def of(self, layers: Iterable[Layer]) -> list[Layer]:
        """Those of `layers` that belong to it."""
        return [layer for layer in layers if self.fits(layer)]

    def ratios(self, layers: Iterable[Layer]) -> list[float]:
        """How many times faster than the baseline each of them is."""
        return [layer["variants"][self.variant]["ratio"] for layer in self.of(layers)]


def _is_3x3(layer: Layer) -> bool:
    return bool(layer["kernel_size"] == 3)


def _is_wide_pointwise(layer: Layer) -> bool:
    channels = min(layer["in_channels"], layer["out_channels"])
    return bool(layer["kernel_size"] < 3 and layer["positions"] >= 4096 and channels >= 160)


def _is_other_pointwise(layer: Layer) -> bool:
    return bool(layer["kernel_size"] < 3) and not _is_wide_pointwise(layer)


GROUPS: Final = (
    Group("one_scale", "3x3, scale after the sum", ONE_SCALE, _is_3x3, 11),
    Group("per_tap", "3x3, a scale for each tap", PER_TAP, _is_3x3, 7),
    Group(
        "pointwise",
        "1x1 and linear, from 4096 rows and 160 channels on",
        ONE_SCALE,
        _is_wide_pointwise,
        7,
    ),
    Group("small_pointwise", "1x1 and linear, smaller", ONE_SCALE, _is_other_pointwise),
    Group(
        "layer",
        "3x3 layers as the models run them, against the same steps in torch",
        LAYER,
        _is_3x3,
    ),
)
