"""Bicubic, and Real-ESRGAN through ncnn."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bimaco_gui.engine.bench.peers import RealEsrganGeneral, bicubic
from bimaco_gui.training.evaluation_degradation import degrade
from bimaco_gui.training.metrics import y_psnr


@pytest.fixture(scope="module")
def original(repo: Path) -> np.ndarray:
    with Image.open(repo / "tests/data/public_test/cid_23.png") as opened:
        return np.asarray(opened.convert("RGB"))[:384, :320]


@pytest.fixture(scope="module")
def small(original: np.ndarray) -> np.ndarray:
    return degrade(original, "cid_23.png")


def network(repo: Path, **sizes: int) -> RealEsrganGeneral:
    pytest.importorskip("ncnn")
    stem = repo / "tests" / "data" / "baselines" / "RealESRGAN_General_x4_v3"
    return RealEsrganGeneral(stem.with_suffix(".param"), stem.with_suffix(".bin"), 1, **sizes)


def test_bicubic_enlarges_four_times_and_keeps_a_flat_colour() -> None:
    flat = np.full((5, 7, 3), (10, 130, 250), np.uint8)
    assert np.array_equal(bicubic(flat), np.full((20, 28, 3), (10, 130, 250), np.uint8))


def test_bicubic_keeps_a_ramp() -> None:
    ramp = np.repeat(np.arange(0, 160, 8, dtype=np.uint8)[None, :, None], 8, 0).repeat(3, 2)
    found = bicubic(ramp)[0, 12:-12, 0].astype(float)
    expected = 8 * ((np.arange(80) + 0.5) / 4 - 0.5)
    assert np.abs(found - expected[12:-12]).max() <= 0.75


def test_real_esrgan_enlarges_the_same_picture(
    repo: Path, small: np.ndarray, original: np.ndarray
) -> None:
    result = network(repo)(small)
    assert result.shape == original.shape
    assert result.dtype == np.uint8
    assert result.mean(axis=(0, 1)) == pytest.approx(small.mean(axis=(0, 1)), abs=4)
    by_shift = {
        (down, right): y_psnr(np.roll(result, (down, right), (0, 1)), original)
        for down in (-1, 0, 1)
        for right in (-1, 0, 1)
    }
    assert max(by_shift, key=by_shift.__getitem__) == (0, 0)
    assert by_shift[0, 0] > 20


def test_real_esrgan_has_sharper_edges_than_bicubic(repo: Path, small: np.ndarray) -> None:
    def steepness(picture: np.ndarray) -> float:
        return float(np.quantile(np.abs(np.diff(picture.astype(int), axis=1)), 0.99))

    assert steepness(network(repo)(small)) > 1.5 * steepness(bicubic(small))


@pytest.mark.parametrize("level", [0, 255])
def test_values_beyond_the_range_are_cut_not_wrapped(repo: Path, level: int) -> None:
    flat = np.full((24, 24, 3), level, np.uint8)
    assert np.abs(network(repo)(flat).astype(int) - level).max() < 16


def test_the_same_picture_gives_the_same_result(repo: Path, small: np.ndarray) -> None:
    runner = network(repo)
    assert np.array_equal(runner(small), runner(small))


def test_channels_keep_their_order(repo: Path) -> None:
    flat = np.full((24, 24, 3), (200, 120, 40), np.uint8)
    assert network(repo)(flat).mean(axis=(0, 1)) == pytest.approx((200, 120, 40), abs=12)


@pytest.mark.parametrize("whole", [32, 50])
def test_tiles_give_what_the_whole_gives(repo: Path, small: np.ndarray, whole: int) -> None:
    """50 divides neither side, so the last tiles are narrower."""
    expected = network(repo)(small).astype(int)
    assert np.abs(network(repo, whole=whole)(small).astype(int) - expected).max() <= 2


def test_the_overlap_is_needed(repo: Path, small: np.ndarray) -> None:
    """The test above would see tiles that know nothing of their neighbours."""
    expected = network(repo)(small).astype(int)
    bare = network(repo, whole=32, overlap=0)(small).astype(int)
    assert np.abs(bare - expected).max() > 20


def test_a_missing_network_is_named(tmp_path: Path) -> None:
    pytest.importorskip("ncnn")
    with pytest.raises(FileNotFoundError, match=r"none\.param"):
        RealEsrganGeneral(tmp_path / "none.param", tmp_path / "none.bin", 1)
