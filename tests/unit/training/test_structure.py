from collections.abc import Callable

import numpy as np
import pytest
import torch

from bimaco_gui.training.losses import structure_loss
from bimaco_gui.training.structure import gmsd, ssim

Measure = Callable[..., float]


def picture(seed: int = 0, side: int = 48) -> np.ndarray:
    generator = np.random.Generator(np.random.PCG64(seed))
    rough = generator.uniform(0, 255, (side // 4, side // 4, 3)).repeat(4, 0).repeat(4, 1)
    return np.clip(rough + generator.normal(0, 8, rough.shape), 0, 255).astype(np.uint8)


def blurred(values: np.ndarray) -> np.ndarray:
    soft = sum(
        np.roll(values.astype(float), shift, axis) for axis in (0, 1) for shift in (-1, 0, 1)
    )
    return (soft / 6).astype(np.uint8)


def test_equal_pictures_are_perfect() -> None:
    assert ssim(picture(), picture()) == pytest.approx(1)
    assert gmsd(picture(), picture()) == 0


def test_blur_is_worse_and_more_blur_worse_still() -> None:
    once = blurred(picture())
    twice = blurred(blurred(once))
    assert 1 > ssim(once, picture()) > ssim(twice, picture()) > 0
    assert 0 < gmsd(once, picture()) < gmsd(twice, picture())


def test_ssim_is_that_of_the_loss() -> None:
    """Two implementations agree up to the ranges of luma: 219 of 255 against 255 of 255."""
    a, b = picture(), blurred(picture())
    tensors = [torch.from_numpy(x / 255).permute(2, 0, 1)[None] for x in (a, b)]
    assert ssim(a, b, border=0) == pytest.approx(1 - float(structure_loss(*tensors)), abs=0.01)


def test_gmsd_of_an_edge_by_hand() -> None:
    """A vertical edge that is missing in the result: similarity c / (g^2 + c) at the edge."""
    original = np.zeros((24, 24, 3), np.uint8)
    original[:, 12:] = 255
    flat = np.zeros_like(original)
    height = 219.0  # of luma
    there = 170 / (height**2 + 170)
    values = np.ones((10, 10))
    values[:, 4:6] = there
    assert gmsd(flat, original, border=0) == pytest.approx(values.std())


def test_a_shift_of_brightness_leaves_gradients_alone() -> None:
    dark = (picture() // 2).astype(np.uint8)
    assert gmsd(dark + 40, dark) == pytest.approx(0, abs=1e-12)
    assert ssim(dark + 40, dark) < 1


@pytest.mark.parametrize("measure", [ssim, gmsd])
def test_what_cannot_be_measured_is_refused(measure: Measure) -> None:
    with pytest.raises(ValueError, match="sizes differ"):
        measure(picture(), picture(side=44))
    with pytest.raises(ValueError, match="too little"):
        measure(picture(side=12), picture(side=12))
    with pytest.raises(ValueError, match="uint8"):
        measure(picture().astype(float), picture().astype(float))
