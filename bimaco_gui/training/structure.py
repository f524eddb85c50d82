"""How well a result keeps the structure of its original: SSIM and GMSD of the luma."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bimaco_gui.training.metrics import BORDER, luma

_Map = npt.NDArray[np.float64]

SSIM_WINDOW, SSIM_SIGMA = 11, 1.5
_SSIM_C1, _SSIM_C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
_GMSD_C = 170.0  # of the paper, for luma of 0 to 255
_PREWITT = np.array([1.0, 0.0, -1.0]) / 3.0


def ssim(result: np.ndarray, original: np.ndarray, border: int = BORDER) -> float:
    """Structural similarity (Wang et al. 2004), the mean over all windows; 1 for equal pictures.

    A Gaussian window of 11 px and sigma 1.5, constants for a peak of 255.

    Args:
        result: uint8 [H, W, 3], RGB.
        original: The same size.
        border: Pixels left out at every side.

    Raises:
        ValueError: The sizes differ, no window fits inside the border, or not uint8 RGB.
    """
    a, b = _inside(result, original, border, SSIM_WINDOW)
    offsets = np.arange(SSIM_WINDOW) - SSIM_WINDOW // 2
    window = np.exp(-(offsets**2) / (2 * SSIM_SIGMA**2))
    window /= window.sum()
    mean_a, mean_b = _filtered(a, window, window), _filtered(b, window, window)
    variance_a = _filtered(a * a, window, window) - mean_a**2
    variance_b = _filtered(b * b, window, window) - mean_b**2
    covariance = _filtered(a * b, window, window) - mean_a * mean_b
    likeness = (2 * mean_a * mean_b + _SSIM_C1) * (2 * covariance + _SSIM_C2)
    scale = (mean_a**2 + mean_b**2 + _SSIM_C1) * (variance_a + variance_b + _SSIM_C2)
    return float((likeness / scale).mean())


def gmsd(result: np.ndarray, original: np.ndarray, border: int = BORDER) -> float:
    """Gradient magnitude similarity deviation (Xue et al. 2014); 0 for equal pictures.

    Both lumas are halved by 2x2 means; the measure is the standard deviation of the similarity of
    their gradient magnitudes (Prewitt).

    Args:
        result: uint8 [H, W, 3], RGB.
        original: The same size.
        border: Pixels left out at every side.

    Raises:
        ValueError: The sizes differ, too little is left inside the border, or not uint8 RGB.
    """
    a, b = (_halved(values) for values in _inside(result, original, border, 6))
    first, second = _gradient(a), _gradient(b)
    similarity = (2 * first * second + _GMSD_C) / (first**2 + second**2 + _GMSD_C)
    return float(similarity.std())


def _inside(result: np.ndarray, original: np.ndarray, border: int, least: int) -> tuple[_Map, _Map]:
    """Both lumas without their borders, `least` pixels or more a side."""
    if result.shape != original.shape:
        raise ValueError(f"sizes differ: {result.shape} and {original.shape}")
    if min(result.shape[:2]) < 2 * border + least:
        raise ValueError(f"{result.shape[:2]} leaves too little inside a border of {border}")
    inside = slice(border, -border or None)
    return luma(result)[inside, inside], luma(original)[inside, inside]


def _filtered(values: _Map, column: npt.ArrayLike, row: npt.ArrayLike) -> _Map:
    """Weighted sums of [H, W] over windows that lie inside it wholly."""
    column, row = np.asarray(column), np.asarray(row)
    across = np.lib.stride_tricks.sliding_window_view(values, len(row), axis=1) @ row
    down: _Map = np.lib.stride_tricks.sliding_window_view(across, len(column), axis=0) @ column
    return down


def _halved(values: _Map) -> _Map:
    height, width = (length // 2 * 2 for length in values.shape)
    means: _Map = values[:height, :width].reshape(height // 2, 2, width // 2, 2).mean((1, 3))
    return means


def _gradient(values: _Map) -> _Map:
    ones = np.ones(3)
    result: _Map = np.hypot(_filtered(values, ones, _PREWITT), _filtered(values, _PREWITT, ones))
    return result
