"""NIQE, a score without reference: how far a picture's statistics lie from those of good photos.

Mittal, Soundararajan, Bovik: Making a "Completely Blind" Image Quality Analyzer, 2013. Lower is
better. It is made for sharp natural photos and rewards invented texture, so it never stands alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from bimaco_gui.training.metrics import luma

BLOCK = 96  # px at full resolution

_NEIGHBOURS = ((0, 1), (1, 0), (1, 1), (1, -1))  # (down, right) of the paired products
_SHAPES = np.arange(0.2, 10.001, 0.001)
_LOG_GAMMA = np.vectorize(math.lgamma, otypes=[float])
_RATIOS = np.exp(2.0 * _LOG_GAMMA(2 / _SHAPES) - _LOG_GAMMA(1 / _SHAPES) - _LOG_GAMMA(3 / _SHAPES))


@dataclass(frozen=True)
class Niqe:
    """The model of good photos.

    Attributes:
        mean: [36], mean of the features.
        covariance: [36, 36], their covariance.
        window: [7, 7], Gaussian window of the local mean and deviation.
    """

    mean: np.ndarray
    covariance: np.ndarray
    window: np.ndarray

    @classmethod
    def load(cls, path: Path) -> Niqe:
        """Read ``mu_pris_param``, ``cov_pris_param`` and ``gaussian_window`` of an ``.npz``."""
        with np.load(path) as stored:
            return cls(
                stored["mu_pris_param"].reshape(-1),
                stored["cov_pris_param"],
                stored["gaussian_window"],
            )

    def __call__(self, picture: np.ndarray) -> float:
        """Return the score of a picture; lower is better, good photos mostly have 3 to 5.

        Args:
            picture: uint8 [H, W, 3] RGB, sides of at least 192 px so that there are blocks to
                take a covariance of.

        Raises:
            ValueError: The picture is too small, flat, or not uint8 RGB.
        """
        rows, columns = picture.shape[0] // BLOCK, picture.shape[1] // BLOCK
        if min(rows, columns) < 2:
            raise ValueError(f"NIQE needs sides of {2 * BLOCK} px or more, got {picture.shape[:2]}")
        plane = np.rint(luma(picture[: rows * BLOCK, : columns * BLOCK]))
        fine = self._features(plane, BLOCK)
        coarse = self._features(_halve(plane), BLOCK // 2)
        features = np.concatenate([fine, coarse], axis=1)
        features = features[np.isfinite(features).all(axis=1)]
        if len(features) < 2:
            raise ValueError("the picture is too flat for NIQE")
        difference = self.mean - features.mean(axis=0)
        pooled = (self.covariance + np.cov(features, rowvar=False)) / 2.0
        return float(np.sqrt(difference @ np.linalg.pinv(pooled) @ difference))

    def _features(self, plane: np.ndarray, block: int) -> np.ndarray:
        """The 18 features of every block of ``plane`` [H, W]: [blocks, 18]; NaN where flat."""
        mean = _filter(plane, self.window)
        deviation = np.sqrt(np.abs(_filter(plane**2, self.window) - mean**2))
        normalized = (plane - mean) / (deviation + 1.0)
        rows, columns = plane.shape[0] // block, plane.shape[1] // block
        return np.array(
            [
                _block_features(normalized[r * block :, c * block :][:block, :block])
                for c in range(columns)
                for r in range(rows)
            ]
        )


def _block_features(block: np.ndarray) -> list[float]:
    shape, left, right = _fit(block)
    features = [shape, (left + right) / 2.0]
    for shift in _NEIGHBOURS:
        shape, left, right = _fit(block * np.roll(block, shift, axis=(0, 1)))
        centre = (right - left) * math.exp(math.lgamma(2 / shape) - math.lgamma(1 / shape))
        features += [shape, centre, left, right]
    return features


def _fit(values: np.ndarray) -> tuple[float, float, float]:
    """Shape and the two scales of an asymmetric generalized Gaussian, by matching moments."""
    below, above = values[values < 0], values[values > 0]
    if below.size == 0 or above.size == 0:
        return math.nan, math.nan, math.nan
    left, right = math.sqrt(float(np.mean(below**2))), math.sqrt(float(np.mean(above**2)))
    skew = left / right
    ratio = float(np.mean(np.abs(values)) ** 2 / np.mean(values**2))
    ratio *= (skew**3 + 1) * (skew + 1) / (skew**2 + 1) ** 2
    shape = float(_SHAPES[np.argmin((_RATIOS - ratio) ** 2)])
    to_scale = math.exp((math.lgamma(1 / shape) - math.lgamma(3 / shape)) / 2.0)
    return shape, left * to_scale, right * to_scale


def _filter(plane: np.ndarray, window: np.ndarray) -> np.ndarray:
    """Convolution with the symmetric ``window``, the border repeated."""
    radius = window.shape[0] // 2
    padded = np.pad(plane, radius, mode="edge")
    height, width = plane.shape
    result = np.zeros_like(plane)
    for (row, column), weight in np.ndenumerate(window):
        result += weight * padded[row : row + height, column : column + width]
    return result


def _halve(plane: np.ndarray) -> np.ndarray:
    """Bicubic reduction to half size with mirrored borders, as MATLAB's ``imresize``."""
    margin = 8
    padded = np.pad(plane, margin, mode="symmetric").astype(np.float32)
    size = (padded.shape[1] // 2, padded.shape[0] // 2)
    half = np.asarray(Image.fromarray(padded).resize(size, Image.Resampling.BICUBIC))
    inside = slice(margin // 2, -margin // 2)
    return half[inside, inside].astype(np.float64)
