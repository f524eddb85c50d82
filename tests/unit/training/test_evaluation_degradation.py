"""The evaluation's degradation: fixed for ever by name and seed, and of the promised kind."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bimaco_gui.training.evaluation_degradation import (
    BLUR_SIGMA,
    JPEG_QUALITY,
    NOISE_SIGMA,
    REDUCTIONS,
    Degradation,
    degrade,
    describe,
)


@pytest.fixture(scope="module")
def photo(repo: Path) -> np.ndarray:
    with Image.open(repo / "tests/data/public_test/cid_02.png") as opened:
        return np.asarray(opened.convert("RGB"))


def draws(count: int) -> list[Degradation]:
    return [Degradation.draw(f"{i}.png") for i in range(count)]


def test_name_and_seed_decide_all(photo: np.ndarray) -> None:
    first = degrade(photo, "a.png", 3)
    assert np.array_equal(first, degrade(photo, "a.png", 3))
    assert not np.array_equal(first, degrade(photo, "a.png", 4))
    assert not np.array_equal(first, degrade(photo, "b.png", 3))


def test_the_global_random_state_has_no_say(photo: np.ndarray) -> None:
    np.random.seed(1)
    first = degrade(photo, "a.png")
    np.random.seed(2)
    assert np.array_equal(first, degrade(photo, "a.png"))


def test_the_published_set_stays_what_it_is() -> None:
    """If this fails, the tables measured before are of another test set: raise VERSION."""
    drawn = Degradation.draw("cid_02.png", 0)
    assert (drawn.reduction, drawn.jpeg_quality, drawn.noise_seed) == (
        "area",
        62,
        11377166852376408330,
    )
    assert (drawn.blur_sigma, drawn.noise_sigma) == pytest.approx(
        (0.9477101272261415, 3.1806523005158853), abs=1e-12
    )


def test_the_description_names_every_range() -> None:
    numbers = [float(n) for n in re.findall(r"[\d.]+", describe().replace("4:2:0", ""))]
    assert numbers == [*BLUR_SIGMA, 4, *NOISE_SIGMA, 255, *JPEG_QUALITY]


@pytest.mark.parametrize(("height", "width"), [(64, 64), (100, 36), (4, 4), (8, 512)])
def test_a_quarter_of_each_side(photo: np.ndarray, height: int, width: int) -> None:
    small = degrade(photo[:height, :width], "a.png")
    assert small.shape == (height // 4, width // 4, 3)
    assert small.dtype == np.uint8


@pytest.mark.parametrize("shape", [(63, 64, 3), (64, 66, 3), (0, 64, 3), (64, 64), (64, 64, 4)])
def test_other_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"\d"):
        degrade(np.zeros(shape, np.uint8), "a.png")


def test_floats_are_refused() -> None:
    with pytest.raises(ValueError, match="uint8"):
        degrade(np.zeros((64, 64, 3), np.float32), "a.png")


def test_strengths_fill_their_ranges() -> None:
    drawn = draws(400)
    strengths: list[tuple[tuple[float, float], list[float]]] = [
        (BLUR_SIGMA, [d.blur_sigma for d in drawn]),
        (NOISE_SIGMA, [d.noise_sigma for d in drawn]),
        (JPEG_QUALITY, [d.jpeg_quality for d in drawn]),
    ]
    for (low, high), values in strengths:
        margin = 0.05 * (high - low)
        assert low <= min(values) < low + margin
        assert high - margin < max(values) <= high
    assert {d.reduction for d in drawn} == set(REDUCTIONS)
    assert len({d.noise_seed for d in drawn}) == len(drawn)


def test_noise_has_the_strength_that_was_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """On flat grey only noise is left; JPEG at quality 100 hardly touches it."""
    monkeypatch.setattr(Degradation, "draw", lambda _name, _seed: fixed(noise_sigma=5.0))
    small = degrade(np.full((512, 512, 3), 128, np.uint8), "a.png").astype(float)
    grey = small @ np.array([0.299, 0.587, 0.114])  # chroma is halved by the JPEG
    expected = 5.0 * np.sqrt(0.299**2 + 0.587**2 + 0.114**2)  # independent channels
    assert grey.std() == pytest.approx(expected, rel=0.05)
    assert grey.mean() == pytest.approx(128, abs=0.2)


@pytest.mark.parametrize("reduction", list(REDUCTIONS))
def test_more_blur_leaves_less_detail(
    photo: np.ndarray, reduction: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    detail = []
    for sigma in (0.6, 1.1, 1.6):
        drawn = fixed(blur_sigma=sigma, reduction=reduction)
        monkeypatch.setattr(Degradation, "draw", lambda _name, _seed, drawn=drawn: drawn)
        small = degrade(photo, "a.png").astype(float)
        detail.append(np.abs(np.diff(small, axis=1)).mean())
    assert detail[0] > detail[1] > detail[2]


def test_blur_is_a_gaussian_of_the_drawn_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """An edge through the area reduction is the step's integral, which erf gives exactly."""
    drawn = fixed(blur_sigma=1.6, reduction="area")
    monkeypatch.setattr(Degradation, "draw", lambda _name, _seed: drawn)
    step = np.zeros((64, 64, 3), np.uint8)
    step[:, 32:] = 200
    row = degrade(step, "a.png")[8, :, 1]
    assert row[:7].max() <= 1
    assert row[9:].min() >= 199
    # Mean of Phi(x / 1.6) over the four pixel centres 0.5, 1.5, 2.5, 3.5 beyond the edge.
    assert row[8] == pytest.approx(200 * np.mean([0.6227, 0.8257, 0.9409, 0.9857]), abs=1.5)
    assert row[7] + row[8] == pytest.approx(200, abs=2)


def test_lower_quality_is_further_from_the_picture(
    photo: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = {}
    for quality in (30, 60, 100):
        drawn = fixed(jpeg_quality=quality)
        monkeypatch.setattr(Degradation, "draw", lambda _name, _seed, drawn=drawn: drawn)
        results[quality] = degrade(photo, "a.png").astype(float)
    coarse, fine = (np.abs(results[q] - results[100]).mean() for q in (30, 60))
    assert coarse > fine > 0


def test_chroma_is_halved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stripes of equal luma, one small pixel wide, lose their colour in 4:2:0."""
    drawn = fixed(blur_sigma=0.1, reduction="area")
    monkeypatch.setattr(Degradation, "draw", lambda _name, _seed: drawn)
    stripes = np.full((128, 128, 3), 128, np.uint8)
    bands = np.arange(128) // 4 % 2 == 0
    stripes[:, bands] = (178, 102, 128)  # 0.299 * 50 = 0.587 * 26 to within a grey level
    small = degrade(stripes, "a.png").astype(int)
    assert np.abs(np.diff(small[8, :, 0])).max() < 10  # of 50 before


def test_the_command_writes_what_the_function_returns(
    photo: np.ndarray, repo: Path, tmp_path: Path
) -> None:
    photos, out = tmp_path / "photos", tmp_path / "out"
    photos.mkdir()
    Image.fromarray(photo[:64, :64]).save(photos / "a.png")
    command = [sys.executable, "-m", "bimaco_gui.training.evaluation_degradation"]
    done = subprocess.run(
        [*command, photos, out, "--seed", "5"], cwd=repo, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "a.png" in done.stdout
    with Image.open(out / "a.png") as written:
        assert np.array_equal(np.asarray(written), degrade(photo[:64, :64], "a.png", 5))


def fixed(
    *,
    blur_sigma: float = 0.6,
    reduction: str = "bicubic",
    noise_sigma: float = 0.0,
    jpeg_quality: int = 100,
) -> Degradation:
    return Degradation(blur_sigma, reduction, noise_sigma, jpeg_quality, noise_seed=1)
