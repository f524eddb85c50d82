import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from bimaco_gui.engine.noise import noise_by_torch, noise_on, noise_window

WHOLE = noise_window(7, 0, 0, 300, 310, 8)


@settings(deadline=None)
@given(st.data())
def test_any_window_is_bit_equal_to_that_part_of_the_plane(data: st.DataObject) -> None:
    top, left = data.draw(st.integers(0, 299)), data.draw(st.integers(0, 309))
    height, width = data.draw(st.integers(1, 300 - top)), data.draw(st.integers(1, 310 - left))
    channels = data.draw(st.integers(1, 8))
    window = noise_window(7, top, left, height, width, channels)
    expected = WHOLE[:channels, top : top + height, left : left + width]
    assert window.dtype == np.float32
    assert np.array_equal(window, expected)


def test_it_is_standard_normal() -> None:
    values = noise_window(0, 100, 40, 500, 500, 8).astype(np.float64)
    count = values.size
    assert abs(values.mean()) < 4 / count**0.5
    assert abs(values.std() - 1) < 0.002
    assert abs((values**3).mean()) < 0.01
    assert abs((values**4).mean() - 3) < 0.02
    inside = [(np.abs(values) < bound).mean() for bound in (1, 2, 3)]
    assert inside == pytest.approx([0.682689, 0.954500, 0.997300], abs=0.001)


@pytest.mark.parametrize(
    "shift", [(0, 0, 1), (0, 1, 0), (1, 0, 0), (2, 0, 0), (0, 1, 1), (0, 0, 7)]
)
def test_neighbours_are_independent(shift: tuple[int, int, int]) -> None:
    values = WHOLE.astype(np.float64)
    moved = np.roll(values, shift, axis=(0, 1, 2))
    limit = 5 / values.size**0.5
    assert abs((values * moved).mean()) < limit
    assert abs((values**2 * moved**2).mean() - 1) < 4 * limit


def test_there_is_no_pattern_in_its_spectrum() -> None:
    power = np.abs(np.fft.fft2(WHOLE[0, :256, :256])) ** 2 / 256**2
    # White noise has exponentially distributed power: the largest of 65536 is about 11.
    assert power.max() < 20
    assert power[0].mean() == pytest.approx(1, abs=0.3)
    assert power[:, 0].mean() == pytest.approx(1, abs=0.3)


@pytest.mark.parametrize("other", [8, 0, -7, 2**40 + 7, 2**64 - 1])
def test_seeds_give_unrelated_noise(other: int) -> None:
    values = noise_window(other, 0, 0, 300, 310, 8)
    assert abs((values.astype(np.float64) * WHOLE).mean()) < 5 / WHOLE.size**0.5


def test_far_places_still_have_their_own_noise() -> None:
    far = noise_window(7, 2**20, 2**20, 50, 50, 2)
    assert np.isfinite(far).all()
    assert not np.array_equal(far, noise_window(7, 2**20, 2**20 + 1, 50, 50, 2))


@pytest.mark.parametrize("seed", [0, 7, -3, 2**64 - 1])
def test_a_gpu_computes_the_same_noise_but_for_the_last_bit(seed: int) -> None:
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    window = (seed, 2**20 + 5, 311, 90, 70, 5)
    expected = noise_window(*window)
    mine = noise_by_torch(device, *window).cpu().numpy()
    assert mine.shape == expected.shape and mine.dtype == np.float32
    assert (np.abs(mine - expected) <= np.spacing(np.abs(expected))).all()
    assert (mine == expected).mean() > 0.999


def test_a_processor_gets_the_very_same_numbers() -> None:
    mine = noise_on(torch.device("cpu"), 7, 3, 4, 20, 30, 8)
    assert np.array_equal(mine.numpy(), WHOLE[:, 3:23, 4:34])
