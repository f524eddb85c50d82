"""Resampling along an axis, against torch and numpy."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from bimaco_gui.engine.taps import Taps, cubic_taps, gauss_taps, linear_taps, mean_taps


def across(taps: Taps, x: np.ndarray) -> np.ndarray:
    return taps.applied(x, -1, (0, len(taps.first)), 0)


@pytest.mark.parametrize(("low", "high"), [(17, 68), (9, 9), (1, 4), (10, 27)])
@pytest.mark.parametrize(("make", "mode"), [(cubic_taps, "bicubic"), (linear_taps, "bilinear")])
def test_enlarging_is_what_torch_does(make: object, mode: str, low: int, high: int) -> None:
    x = np.random.default_rng(0).random((3, 5, low), np.float32)
    expected = F.interpolate(
        torch.from_numpy(x)[None], size=(5, high), mode=mode, align_corners=False
    )[0]
    assert np.allclose(across(make(low, high), x), expected, atol=1e-5)  # type: ignore[operator]


@given(st.integers(1, 30), st.integers(0, 60))
def test_a_mean_covers_every_pixel_alike(low: int, more: int) -> None:
    high = low + more
    x = np.random.default_rng(1).random((1, 1, high), np.float32)
    # Each fine pixel cut into `low` equal pieces: then each coarse one covers `high` of them.
    pieces = np.repeat(x[0, 0].astype(np.float64), low).reshape(low, high)
    assert np.allclose(across(mean_taps(high, low), x)[0, 0], pieces.mean(1), atol=1e-5)


def test_a_blur_keeps_what_is_flat_and_spreads_a_point() -> None:
    taps = gauss_taps(21, 2.0, 4)
    assert np.allclose(across(taps, np.full((1, 1, 21), 0.3, np.float32)), 0.3)
    point = np.zeros((1, 1, 21), np.float32)
    point[0, 0, 10] = 1
    spread = across(taps, point)[0, 0]
    assert spread.argmax() == 10
    assert np.flatnonzero(spread).tolist() == list(range(6, 15))
    assert np.allclose(spread, spread[::-1])


@settings(max_examples=60)
@given(st.data(), st.integers(1, 40), st.integers(0, 90))
def test_a_part_has_the_bits_of_the_whole(data: st.DataObject, low: int, more: int) -> None:
    high = low + more
    make = data.draw(st.sampled_from([cubic_taps, linear_taps, mean_taps]))
    taps = mean_taps(high, low) if make is mean_taps else make(low, high)
    x = np.random.default_rng(2).random((2, 3, taps.size), np.float32)
    start = data.draw(st.integers(0, len(taps.first) - 1))
    stop = data.draw(st.integers(start + 1, len(taps.first)))
    first, end = taps.reads(start, stop)
    part = taps.applied(x[..., first:end], -1, (start, stop), first)
    assert np.array_equal(part, across(taps, x)[..., start:stop])
    turned = taps.applied(x[..., first:end].swapaxes(1, 2), -2, (start, stop), first)
    assert np.array_equal(turned.swapaxes(1, 2), part)
