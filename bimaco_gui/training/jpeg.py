"""JPEG compression as a tensor operation, so that degradation stays on the training device.

It does what a baseline encoder and decoder do to the pixels (ITU-T T.81: colour transform,
optional 4:2:0 subsampling, 8x8 DCT, quantization with the Annex K tables scaled by quality),
without the entropy coding, which loses nothing.
"""

from __future__ import annotations

import functools
import math

import torch
from torch import Tensor
from torch.nn import functional as F

BLOCK = 8

# Annex K.1 and K.2 of ITU-T T.81.
LUMA_TABLE = (
    (16, 11, 10, 16, 24, 40, 51, 61),
    (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77),
    (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101),
    (72, 92, 95, 98, 112, 100, 103, 99),
)
CHROMA_TABLE = (
    (17, 18, 24, 47, 99, 99, 99, 99),
    (18, 21, 26, 66, 99, 99, 99, 99),
    (24, 26, 56, 99, 99, 99, 99, 99),
    (47, 66, 99, 99, 99, 99, 99, 99),
    *((99,) * 8,) * 4,
)
TO_YCBCR = (
    (0.299, 0.587, 0.114),
    (-0.168736, -0.331264, 0.5),
    (0.5, -0.418688, -0.081312),
)
TO_RGB = ((1.0, 0.0, 1.402), (1.0, -0.344136, -0.714136), (1.0, 1.772, 0.0))


@functools.cache
def _constant(values: tuple[tuple[float, ...], ...], device: torch.device) -> Tensor:
    return torch.tensor(values, device=device, dtype=torch.float32)


@functools.cache
def _dct_matrix(device: torch.device) -> Tensor:
    n = torch.arange(BLOCK, device=device, dtype=torch.float32)
    matrix = torch.cos((2 * n[None, :] + 1) * n[:, None] * math.pi / (2 * BLOCK)) * 0.5
    matrix[0] *= 2**-0.5
    return matrix


def _quantized(plane: Tensor, table: Tensor) -> Tensor:
    """One colour plane [N, H, W] (-128..127, sides multiples of 8) through DCT and rounding.

    `table` is [N, 8, 8].
    """
    n, h, w = plane.shape
    dct = _dct_matrix(plane.device)
    blocks = plane.view(n, h // BLOCK, BLOCK, w // BLOCK, BLOCK).transpose(2, 3)
    table = table[:, None, None]
    coefficients = torch.round(dct @ blocks @ dct.T / table) * table
    blocks = dct.T @ coefficients @ dct
    return blocks.transpose(2, 3).reshape(n, h, w)


def jpeg(pictures: Tensor, quality: Tensor, subsample: bool) -> Tensor:
    """Compress and decompress.

    Args:
        pictures: [N, 3, H, W] RGB in 0..1, any size.
        quality: [N], 1..100, libjpeg's scale.
        subsample: halve the resolution of the colour planes (4:2:0).

    Returns:
        The same shape, in 0..1.
    """
    h, w = pictures.shape[2:]
    device = pictures.device
    step = 2 * BLOCK
    padded = F.pad(pictures.float(), (0, -w % step, 0, -h % step), mode="replicate")
    ycc = torch.einsum("dc,nchw->ndhw", _constant(TO_YCBCR, device), padded) * 255
    factor = torch.where(quality < 50, 5000 / quality, 200 - 2 * quality)[:, None, None]
    factor = factor.to(device, non_blocking=True)

    def table(values: tuple[tuple[int, ...], ...]) -> Tensor:
        return ((_constant(values, device) * factor + 50) / 100).floor().clamp(1, 255)

    luma = _quantized(ycc[:, 0] - 128, table(LUMA_TABLE)) + 128
    chroma = ycc[:, 1:]
    if subsample:
        chroma = F.avg_pool2d(chroma, 2)
    planes = chroma.flatten(0, 1)
    tables = table(CHROMA_TABLE).repeat_interleave(2, 0)
    chroma = _quantized(planes, tables).view(chroma.shape)
    if subsample:
        chroma = F.interpolate(chroma, scale_factor=2.0, mode="bilinear", align_corners=False)
    whole = torch.cat((luma[:, None], chroma), 1)
    rgb = torch.einsum("dc,nchw->ndhw", _constant(TO_RGB, device), whole) / 255
    return rgb[:, :, :h, :w].clamp(0, 1)
