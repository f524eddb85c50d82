"""Luma and Y-PSNR against values worked out by hand."""

import math

import numpy as np
import pytest

from bimaco_gui.training.metrics import luma, y_psnr


def flat(red: int, green: int, blue: int, side: int = 16) -> np.ndarray:
    return np.full((side, side, 3), (red, green, blue), np.uint8)


@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        ((0, 0, 0), 16.0),
        ((255, 255, 255), 235.0),
        ((255, 0, 0), 81.481),
        ((0, 255, 0), 144.553),
        ((0, 0, 255), 40.966),
        ((51, 102, 204), 16 + 0.2 * 65.481 + 0.4 * 128.553 + 0.8 * 24.966),
    ],
)
def test_luma_of_a_colour(colour: tuple[int, int, int], expected: float) -> None:
    assert luma(flat(*colour)) == pytest.approx(np.full((16, 16), expected), abs=1e-9)


def test_one_grey_level_everywhere() -> None:
    # A grey level is 219/255 of luma, so the error is its square and the peak 255.
    expected = 20 * math.log10(255 / (219 / 255))
    assert y_psnr(flat(101, 101, 101), flat(100, 100, 100)) == pytest.approx(expected, abs=1e-9)


def test_an_error_in_one_of_four_pixels() -> None:
    original = flat(0, 0, 0, 10)
    result = original.copy()
    result[4, 5] = (255, 0, 0)  # one of the 2 x 2 pixels inside the border of 4
    expected = 10 * math.log10(255**2 / (65.481**2 / 4))
    assert y_psnr(result, original) == pytest.approx(expected, abs=1e-9)


def test_equal_pictures_are_infinitely_good() -> None:
    assert y_psnr(flat(9, 8, 7), flat(9, 8, 7)) == math.inf


def test_the_border_does_not_count() -> None:
    original = flat(90, 90, 90)
    result = original.copy()
    result[:4], result[-4:], result[:, :4], result[:, -4:] = 0, 255, 3, 7
    assert y_psnr(result, original) == math.inf
    assert math.isfinite(y_psnr(result, original, border=3))
    assert math.isfinite(y_psnr(result, original, border=0))


def test_every_side_is_cut_alike() -> None:
    for place in [(4, 8), (11, 8), (8, 4), (8, 11)]:
        result = flat(90, 90, 90)
        result[place] = 0
        assert math.isfinite(y_psnr(result, flat(90, 90, 90))), place


@pytest.mark.parametrize(
    ("result", "original"),
    [
        (flat(0, 0, 0, 16), flat(0, 0, 0, 20)),
        (flat(0, 0, 0, 8), flat(0, 0, 0, 8)),
        (flat(0, 0, 0).astype(np.float32), flat(0, 0, 0).astype(np.float32)),
        (flat(0, 0, 0)[..., 0], flat(0, 0, 0)[..., 0]),
    ],
    ids=["other size", "nothing inside the border", "not bytes", "no colour"],
)
def test_what_cannot_be_compared_is_refused(result: np.ndarray, original: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"\("):
        y_psnr(result, original)
