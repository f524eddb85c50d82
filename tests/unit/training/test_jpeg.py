"""The tensor operation against libjpeg, through Pillow."""

import io
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from bimaco_gui.training.jpeg import jpeg


@pytest.fixture(scope="module")
def photo(repo: Path) -> np.ndarray:
    with Image.open(repo / "tests" / "data" / "public_test" / "cid_02.png") as image:
        return np.asarray(image.convert("RGB"))[100:220, 60:189]


def by_libjpeg(photo: np.ndarray, quality: int, subsample: bool) -> np.ndarray:
    buffer = io.BytesIO()
    Image.fromarray(photo).save(
        buffer, "JPEG", quality=quality, subsampling="4:2:0" if subsample else "4:4:4"
    )
    with Image.open(buffer) as image:
        return np.asarray(image).astype(np.float64) / 255


def by_tensor(photo: np.ndarray, quality: float, subsample: bool) -> np.ndarray:
    picture = torch.from_numpy(photo.astype(np.float32)).permute(2, 0, 1)[None] / 255
    result = jpeg(picture, torch.tensor([quality]), subsample)
    assert result.shape == picture.shape
    return result[0].permute(1, 2, 0).double().numpy()


@pytest.mark.parametrize("quality", [30, 60, 92])
@pytest.mark.parametrize("subsample", [False, True])
def test_it_loses_what_libjpeg_loses(photo: np.ndarray, quality: int, subsample: bool) -> None:
    ours, theirs = by_tensor(photo, quality, subsample), by_libjpeg(photo, quality, subsample)
    original = photo / 255
    between = np.abs(ours - theirs).mean()
    lost = np.abs(theirs - original).mean()
    rounding = 1 / 255  # libjpeg stores eight bits between its steps, the tensor does not
    assert between < 0.25 * lost + rounding, (between, lost)


def test_lower_quality_loses_more(photo: np.ndarray) -> None:
    losses = [np.abs(by_tensor(photo, q, True) - photo / 255).mean() for q in (95, 75, 50, 20)]
    assert losses == sorted(losses) and losses[0] < losses[-1] / 2


def test_each_picture_has_its_own_quality(photo: np.ndarray) -> None:
    picture = torch.from_numpy(photo.astype(np.float32)).permute(2, 0, 1)[None] / 255
    both = jpeg(picture.expand(2, -1, -1, -1), torch.tensor([20.0, 95.0]), False)
    torch.testing.assert_close(both[1:], jpeg(picture, torch.tensor([95.0]), False))
    assert not torch.allclose(both[0], both[1], atol=0.01)


def test_a_flat_picture_stays_flat() -> None:
    picture = torch.full((1, 3, 19, 7), 0.5)
    result = jpeg(picture, torch.tensor([50.0]), True)
    assert float((result - 0.5).abs().max()) < 0.01
