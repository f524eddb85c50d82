"""Low frequencies of the result follow the input, so that flat sky shows no seams or drift.

With D the mean over each LR pixel and G a Gaussian of a few LR pixels, the result becomes
result + enlarged(G(input - D(result))). What G lets pass is the input's then; detail stays the
model's. Every step looks at a few neighbours alone and adds them in a fixed order, so that the
correction of a pixel is the same bit for bit in any tile.
"""

import math
from functools import cache
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional as F

_GAUSS_RADIUS: Final = 4
_GAUSS_SIGMA: Final = 2.0

ANCHOR_RADIUS: Final = _GAUSS_RADIUS + 1
"""How far in LR pixels an LR pixel matters: the Gaussian, and the interpolation of its result."""


def anchored(result: Tensor, lq: Tensor) -> Tensor:
    """Give the result the low frequencies of the input.

    Args:
        result: float32 [1, C, s * h, s * w], in 0..1.
        lq: float32 [1, C, h, w], in 0..1.

    Returns:
        Like `result`, not clamped.
    """
    scale = result.shape[-1] // lq.shape[-1]
    drift = low_frequencies(lq - F.avg_pool2d(result, scale))
    return result + F.interpolate(
        drift, scale_factor=float(scale), mode="bilinear", align_corners=False
    )


def low_frequencies(x: Tensor) -> Tensor:
    """Blur [N, C, h, w] by the Gaussian; beyond the border, the border's values go on."""
    return _blurred(_blurred(x, -1), -2)


def _blurred(x: Tensor, axis: int) -> Tensor:
    size = x.shape[axis]
    r = _GAUSS_RADIUS
    padding = (r, r, 0, 0) if axis == -1 else (0, 0, r, r)
    padded = F.pad(x, padding, mode="replicate")
    total = torch.zeros_like(x)
    for k, weight in enumerate(_gauss()):
        total.add_(padded.narrow(axis, k, size), alpha=weight)
    return total


@cache
def _gauss() -> tuple[float, ...]:
    reach = range(-_GAUSS_RADIUS, _GAUSS_RADIUS + 1)
    weights = [math.exp(-0.5 * (k / _GAUSS_SIGMA) ** 2) for k in reach]
    return tuple(w / sum(weights) for w in weights)
