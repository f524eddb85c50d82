"""The bundled model through the engine: the tile size changes time and memory, not the picture."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bimaco_gui.engine import Picture, UpscaleOptions, Upscaler
from bimaco_gui.weights import find_model, load_model


@pytest.fixture(scope="module")
def upscaler() -> Upscaler:
    return Upscaler(load_model(find_model(None).path), "cpu")


@pytest.fixture(scope="module")
def photo(repo: Path) -> np.ndarray:
    with Image.open(repo / "tests" / "data" / "public_test" / "cid_12.png") as image:
        return np.asarray(image.convert("RGB").resize((200, 200)))[20:157, 10:171]


def test_a_photo_gives_the_same_pixels_at_any_tile_size(
    upscaler: Upscaler, photo: np.ndarray
) -> None:
    whole = upscaler.upscale(Picture(photo), UpscaleOptions(tile=512)).pixels
    assert whole.shape == (4 * photo.shape[0], 4 * photo.shape[1], 3)
    for tile in (64, 112):
        tiled = upscaler.upscale(Picture(photo), UpscaleOptions(tile=tile)).pixels
        difference = np.abs(whole.astype(int) - tiled.astype(int)).max()
        assert difference == 0, f"tile {tile} changes a pixel by {difference}/255"


def test_the_seed_changes_detail_and_no_colour(upscaler: Upscaler, photo: np.ndarray) -> None:
    first, other = (
        upscaler.upscale(Picture(photo[:64, :64]), UpscaleOptions(seed=seed)).pixels.astype(float)
        for seed in (0, 1)
    )
    assert np.abs(first - other).max() > 2
    blocks = (first - other).reshape(8, 32, 8, 32, 3).mean((1, 3))
    assert np.abs(blocks).max() < 2
