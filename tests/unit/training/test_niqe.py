"""NIQE: good photos score low, damaged ones higher, and its parts do what their names say."""

import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from bimaco_gui.training import niqe as module
from bimaco_gui.training.metrics import luma
from bimaco_gui.training.niqe import Niqe


@pytest.fixture(scope="module")
def niqe(repo: Path) -> Niqe:
    return Niqe.load(repo / "tests" / "data" / "metrics" / "niqe_pris_params.npz")


def read(repo: Path, name: str) -> np.ndarray:
    with Image.open(repo / "tests" / "data" / "public_test" / name) as opened:
        return np.asarray(opened.convert("RGB"))


def blurred(photo: np.ndarray, radius: float) -> np.ndarray:
    return np.asarray(Image.fromarray(photo).filter(ImageFilter.GaussianBlur(radius)))


def noisy(photo: np.ndarray, sigma: float) -> np.ndarray:
    noise = np.random.Generator(np.random.PCG64(1)).standard_normal(photo.shape)
    return np.clip(np.rint(photo + sigma * noise), 0, 255).astype(np.uint8)


def test_good_photos_score_three_to_five_in_the_mean(niqe: Niqe, repo: Path) -> None:
    folder = repo / "tests" / "data" / "public_test"
    scores = [niqe(read(repo, path.name)) for path in folder.glob("*.png")]
    assert 3 < np.mean(scores) < 5


def test_every_photo_scores_worse_when_blurred_or_noisy(niqe: Niqe, repo: Path) -> None:
    for path in (repo / "tests" / "data" / "public_test").glob("*.png"):
        photo = read(repo, path.name)
        good = niqe(photo)
        assert niqe(blurred(photo, 2)) > good, path.name
        assert niqe(noisy(photo, 25)) > good, path.name


def test_it_grows_with_blur_and_with_noise(niqe: Niqe, repo: Path) -> None:
    photo = read(repo, "cid_02.png")
    by_blur = [niqe(blurred(photo, radius)) for radius in (1, 2, 4)]
    by_noise = [niqe(noisy(photo, sigma)) for sigma in (10, 20, 40)]
    assert by_blur == sorted(by_blur)
    assert by_noise == sorted(by_noise)


def test_the_model_itself_is_at_distance_zero(niqe: Niqe, repo: Path) -> None:
    """A model whose mean is the photo's own leaves no distance."""
    photo = read(repo, "cid_02.png")[:192, :192]
    plane = np.rint(luma(photo))
    own = np.concatenate(
        [niqe._features(plane, 96), niqe._features(module._halve(plane), 48)], axis=1
    ).mean(axis=0)
    assert Niqe(own, niqe.covariance, niqe.window)(photo) == pytest.approx(0, abs=1e-6)


def test_the_distance_is_measured_in_deviations(niqe: Niqe, repo: Path) -> None:
    """A covariance four times as large on both sides would halve it; here one side is."""
    photo = read(repo, "cid_02.png")
    wide = Niqe(niqe.mean, niqe.covariance * 1e6, niqe.window)
    far = np.sqrt(1e6 / 2) * wide(photo)
    plane = np.rint(luma(photo[:480, :480]))
    mean = np.concatenate(
        [niqe._features(plane, 96), niqe._features(module._halve(plane), 48)], axis=1
    ).mean(axis=0)
    difference = mean - niqe.mean
    expected = np.sqrt(difference @ np.linalg.solve(niqe.covariance, difference))
    assert far == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize("shape", [0.8, 1.0, 2.0, 4.0])
def test_the_fit_finds_the_shape_of_a_generalized_gaussian(shape: float) -> None:
    generator = np.random.Generator(np.random.PCG64(2))
    size = 400_000
    scale = 1.7
    drawn = scale * generator.gamma(1 / shape, size=size) ** (1 / shape)
    drawn *= generator.choice([-1, 1], size=size)
    found, left, right = module._fit(drawn)
    assert found == pytest.approx(shape, rel=0.03)
    assert (left, right) == pytest.approx((scale, scale), rel=0.03)


def test_the_fit_tells_left_from_right() -> None:
    generator = np.random.Generator(np.random.PCG64(3))
    drawn = generator.standard_normal(400_000) * np.sqrt(2)
    # Densities must meet at zero: the wider side gets as many more draws as it is wider.
    sides = np.where(generator.random(400_000) < 0.25, -1.0, 3.0)
    found, left, right = module._fit(np.abs(drawn) * sides)
    assert (found, left, right) == pytest.approx((2, 2, 6), rel=0.05)


def test_the_eighteen_features_of_a_block() -> None:
    generator = np.random.Generator(np.random.PCG64(4))
    sides = np.where(generator.random((96, 96)) < 0.25, -1.0, 3.0)
    block = np.abs(generator.standard_normal((96, 96))) * sides
    shape, left, right = module._fit(block)
    expected = [shape, (left + right) / 2]
    for down, across in [(0, 1), (1, 0), (1, 1), (1, -1)]:
        # Each value times its neighbour to the left, above, and on both diagonals above.
        neighbour = [[block[r - down, (c - across) % 96] for c in range(96)] for r in range(96)]
        shape, left, right = module._fit(block * np.array(neighbour))
        mean = (right - left) * math.gamma(2 / shape) / math.gamma(1 / shape)
        expected += [shape, mean, left, right]
    assert module._block_features(block) == pytest.approx(expected)


def test_halving_is_a_bicubic_reduction() -> None:
    ramp = np.add.outer(3.0 * np.arange(96), 2.0 * np.arange(96))
    half = module._halve(ramp)
    assert half.shape == (48, 48)
    # A ramp stays a ramp, at the middle of each pair of pixels.
    expected = np.add.outer(3 * (2 * np.arange(48) + 0.5), 2 * (2 * np.arange(48) + 0.5))
    assert half[4:-4, 4:-4] == pytest.approx(expected[4:-4, 4:-4], abs=1e-3)


def test_the_filter_repeats_the_border() -> None:
    window = np.full((3, 3), 1 / 9)
    plane = np.zeros((5, 5))
    plane[0, 0] = 9.0
    found = module._filter(plane, window)
    assert found[0, 0] == pytest.approx(4)  # itself, beside, above and in the corner
    assert found[1, 1] == pytest.approx(1)
    assert found[3, 3] == 0


@pytest.mark.parametrize("shape", [(191, 400, 3), (400, 191, 3)])
def test_small_pictures_are_refused(niqe: Niqe, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="192"):
        niqe(np.zeros(shape, np.uint8))


def test_flat_pictures_are_refused(niqe: Niqe) -> None:
    with pytest.raises(ValueError, match="flat"):
        niqe(np.full((256, 256, 3), 80, np.uint8))
