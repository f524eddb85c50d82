"""Colours under fully transparent pixels, which mean nothing but would bleed into the edges."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional as F


def filled_colours(pixels: npt.NDArray[Any], alpha: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Give fully transparent pixels the colours of the nearest visible ones, smoothly.

    Args:
        pixels: [H, W, 3].
        alpha: [H, W].

    Returns:
        Like `pixels`; visible pixels keep their colours. Where nothing is visible, it is black.
    """
    visible = alpha > 0
    if visible.all():
        return pixels
    known = torch.from_numpy(visible.astype(np.float32))[None, None]
    colours = torch.from_numpy(pixels.astype(np.float32)).permute(2, 0, 1)[None] * known
    spread = _spread(colours, known)[0].permute(1, 2, 0).numpy()
    return np.where(visible[:, :, None], pixels, np.rint(spread).astype(pixels.dtype))


def _spread(colours: Tensor, known: Tensor) -> Tensor:
    """Fill what is unknown from the next coarser level, where 2x2 pixels are one.

    Args:
        colours: [1, 3, h, w], 0 where unknown.
        known: [1, 1, h, w], 0 or 1.
    """
    height, width = known.shape[-2:]
    if height == 1 and width == 1:
        return colours
    share = F.avg_pool2d(known, 2, ceil_mode=True)
    mean = F.avg_pool2d(colours, 2, ceil_mode=True) / share.clamp(min=torch.finfo().tiny)
    coarse = _spread(mean, (share > 0).float())
    enlarged = F.interpolate(coarse, size=(height, width), mode="bilinear", align_corners=False)
    return torch.where(known > 0, colours, enlarged)
