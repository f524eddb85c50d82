"""Is what the model gave a picture of the input at all?"""

from typing import Final

import torch
from torch import Tensor
from torch.nn import functional as F

from bimaco_gui.engine.anchor import low_frequencies

_LEAST_RANGE: Final = 0.5 / 255
"""A result that varies less than this is one flat colour."""

_VISIBLE_RANGE: Final = 16 / 255
"""An input whose blurred values vary more than this shows something; single specks do not."""

_FAR: Final = 0.5
"""Mean difference of low frequencies that no usable model comes near: half of the whole range."""


def defect(result: Tensor, lq: Tensor) -> str | None:
    """Say what is wrong with a model's result.

    Args:
        result: float32 [1, 3, s * h, s * w], as the model gave it.
        lq: float32 [1, 3, h, w], in 0..1, on the same device.

    Returns:
        The end of a sentence that begins with "the model's result", or None where all is well.
    """
    low, high = _extremes(result)
    if not bool(torch.isfinite(low + high).all()):  # NaN wins every comparison here
        return "contains values that are not numbers"
    blurred = low_frequencies(lq)
    if _spread(low, high) < _LEAST_RANGE and _spread(*_extremes(blurred)) > _VISIBLE_RANGE:
        return "is one flat colour, although the picture is not"
    reduced = low_frequencies(F.avg_pool2d(result, result.shape[-1] // lq.shape[-1]))
    if float((reduced - blurred).abs().mean()) > _FAR:
        return "does not resemble the picture"
    return None


def _extremes(x: Tensor) -> tuple[Tensor, Tensor]:
    """The least and the greatest value of each channel."""
    return x.amin(dim=(-2, -1)), x.amax(dim=(-2, -1))


def _spread(low: Tensor, high: Tensor) -> float:
    """The widest range of visible values in any channel."""
    return float((high.clamp(0, 1) - low.clamp(0, 1)).max())
