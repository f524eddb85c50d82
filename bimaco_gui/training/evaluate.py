"""Measure upscalers on degraded photos whose originals are known.

An upscaler comes in as a plain function (``peers.Runner``), so this module knows no engine; the
command that brings all of them together is ``python -m tests.benchmarks.evaluate``.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from bimaco_gui.engine.bench.peers import Runner
from bimaco_gui.training.evaluation_degradation import degrade, reduce_cleanly
from bimaco_gui.training.feature_distance import FeatureDistance
from bimaco_gui.training.metrics import y_psnr
from bimaco_gui.training.niqe import Niqe
from bimaco_gui.training.structure import gmsd, ssim


@dataclass(frozen=True)
class Photo:
    """A photo and its degraded form.

    Attributes:
        name: The file's name.
        original: uint8 [4h, 4w, 3], RGB.
        degraded: uint8 [h, w, 3], RGB.
    """

    name: str
    original: np.ndarray
    degraded: np.ndarray


@dataclass(frozen=True)
class Score:
    """One result, or the mean of many.

    Attributes:
        y_psnr: Decibels, higher is closer to the original.
        ssim: Structural similarity, higher is closer, at most 1.
        gmsd: Deviation of gradients, lower is closer.
        feature_distance: Lower is closer to the original.
        niqe: Lower is more like a good photo; knows no original.
        seconds_per_megapixel: Time over the megapixels of the result.
    """

    y_psnr: float
    ssim: float
    gmsd: float
    feature_distance: float
    niqe: float
    seconds_per_megapixel: float


COLUMNS = ("Y-PSNR, dB", "SSIM", "GMSD", "feature distance", "NIQE", "s per output MP")
"""Headings of a score's figures."""

_DIGITS = (2, 4, 4, 3, 2, 3)


def cells(score: Score) -> list[str]:
    """The figures of a score as they stand in a table under `COLUMNS`."""
    return [f"{value:.{digits}f}" for value, digits in zip(astuple(score), _DIGITS, strict=True)]


@dataclass(frozen=True)
class Judge:
    """The measures that need a model of their own."""

    distance: FeatureDistance
    niqe: Niqe

    def score(self, result: np.ndarray, original: np.ndarray, seconds: float) -> Score:
        """Compare ``result`` with ``original``, both uint8 [H, W, 3] RGB.

        Args:
            result: What an upscaler made.
            original: The photo it should have made.
            seconds: How long it took.
        """
        with torch.inference_mode():
            distance = float(self.distance(_as_tensor(result), _as_tensor(original)))
        megapixels = result.shape[0] * result.shape[1] / 1e6
        return Score(
            y_psnr=y_psnr(result, original),
            ssim=ssim(result, original),
            gmsd=gmsd(result, original),
            feature_distance=distance,
            niqe=self.niqe(result),
            seconds_per_megapixel=seconds / megapixels,
        )


def read_photos(folder: Path, seed: int = 0) -> list[Photo]:
    """Read every PNG of ``folder`` in the order of their names, and degrade it.

    Raises:
        FileNotFoundError: There is none.
    """
    photos = []
    for path in sorted(folder.glob("*.png")):
        with Image.open(path) as opened:
            original = np.asarray(opened.convert("RGB"))
        photos.append(Photo(path.name, original, degrade(original, path.name, seed)))
    if not photos:
        raise FileNotFoundError(f"there are no PNG photos in {folder}")
    return photos


def clean(photos: Sequence[Photo]) -> list[Photo]:
    """The same photos, reduced by clean bicubic interpolation instead."""
    return [replace(photo, degraded=reduce_cleanly(photo.original)) for photo in photos]


def run_all(runner: Runner, photos: Sequence[Photo]) -> list[tuple[np.ndarray, float]]:
    """Upscale the degraded photos; the first of them once before, so that nothing is cold.

    Returns:
        For each photo the result, uint8 [4h, 4w, 3], and the seconds it took.

    Raises:
        ValueError: A result has the wrong size.
    """
    runner(photos[0].degraded)
    results = []
    for photo in photos:
        started = time.perf_counter()
        result = runner(photo.degraded)
        seconds = time.perf_counter() - started
        if result.shape != photo.original.shape:
            raise ValueError(f"{photo.name}: got {result.shape}, expected {photo.original.shape}")
        results.append((result, seconds))
    return results


def mean_score(scores: Sequence[Score]) -> Score:
    """Return the mean of each figure over the photos."""
    return Score(*np.mean([astuple(score) for score in scores], axis=0).tolist())


def spread(means: Sequence[Score]) -> Score:
    """Return how far apart the least and the greatest of each figure are."""
    return Score(*np.ptp([astuple(score) for score in means], axis=0).tolist())


def _as_tensor(picture: np.ndarray) -> Tensor:
    return torch.from_numpy(picture.astype(np.float32)).permute(2, 0, 1)[None] / 255.0
