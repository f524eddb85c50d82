"""Fidelity of a result against its original: luma and Y-PSNR as in super-resolution papers."""

from __future__ import annotations

import math

import numpy as np

LUMA = (65.481, 128.553, 24.966)  # of red, green and blue, BT.601 in studio range
BORDER = 4  # px left out at every side: the scale, as in the papers


def luma(picture: np.ndarray) -> np.ndarray:
    """Return the BT.601 luma in studio range, as MATLAB's ``rgb2ycbcr`` does but not rounded.

    Args:
        picture: uint8 [H, W, 3], RGB.

    Returns:
        float64 [H, W], 16 (black) to 235 (white).

    Raises:
        ValueError: The picture is not uint8 RGB.
    """
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3:
        raise ValueError(f"expected uint8 [H, W, 3], got {picture.dtype} {picture.shape}")
    weights = np.array(LUMA) / 255.0
    result: np.ndarray = 16.0 + picture.astype(np.float64) @ weights
    return result


def y_psnr(result: np.ndarray, original: np.ndarray, border: int = BORDER) -> float:
    """Return the peak signal-to-noise ratio of the luma in dB, peak 255.

    Args:
        result: uint8 [H, W, 3], RGB.
        original: The same size.
        border: Pixels left out at every side.

    Returns:
        Decibels; infinity for equal pictures.

    Raises:
        ValueError: The sizes differ, nothing is left inside the border, or not uint8 RGB.
    """
    if result.shape != original.shape:
        raise ValueError(f"sizes differ: {result.shape} and {original.shape}")
    if min(result.shape[:2]) <= 2 * border:
        raise ValueError(f"{result.shape[:2]} leaves nothing inside a border of {border}")
    inside = slice(border, -border or None)
    difference = (luma(result) - luma(original))[inside, inside]
    error = float(np.mean(difference**2))
    return math.inf if error == 0.0 else 10.0 * math.log10(255.0**2 / error)
