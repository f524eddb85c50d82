"""What the loupe shows is, byte for byte, what the finished picture holds there."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bimaco_gui.engine.fidelity import with_fidelity
from bimaco_gui.engine.options import UpscaleOptions
from bimaco_gui.engine.pictures import Picture, read_picture
from bimaco_gui.engine.preview import PicturePreview, Window
from bimaco_gui.engine.resample import resampled
from bimaco_gui.engine.upscale import Upscaler
from bimaco_gui.weights import find_model, load_model
from tests.fixtures_models import BicubicModel, FailingModel

SIZE = (150, 130)
CORNERS_AND_MIDDLES = [
    Window(0, 0, 40, 30),
    Window(61, 37, 40, 30),
    Window(110, 100, 40, 30),
    Window(17, 99, 33, 31),
]


@pytest.fixture(scope="module")
def upscaler() -> Upscaler:
    return Upscaler(load_model(find_model(None).path), "cpu")


@pytest.fixture(scope="module")
def photo(repo: Path) -> Picture:
    whole = read_picture(repo / "tests" / "data" / "public_test" / "cid_12.png")
    return Picture(np.ascontiguousarray(whole.pixels[100 : 100 + SIZE[1], 200 : 200 + SIZE[0]]))


@pytest.fixture(scope="module")
def result(upscaler: Upscaler, photo: Picture) -> Picture:
    """In tiles, as large photos are."""
    return upscaler.upscale(photo, UpscaleOptions(tile=64, seed=3))


def cut(picture: Picture, window: Window, photo: Picture) -> np.ndarray:
    sizes = (photo.width, photo.height), (picture.width, picture.height)
    there = window.scaled(*sizes)
    return picture.pixels[
        there.top : there.top + there.height, there.left : there.left + there.width
    ]


@pytest.mark.parametrize("window", CORNERS_AND_MIDDLES)
def test_a_part_is_the_same_part_of_the_whole(
    upscaler: Upscaler, photo: Picture, result: Picture, window: Window
) -> None:
    part = PicturePreview(photo, upscaler, 3).part(window, UpscaleOptions(), 1.0)
    assert np.array_equal(part.pixels, cut(result, window, photo))


@pytest.mark.parametrize("size", [(300, 260), (450, 390), (800, 650)])
@pytest.mark.parametrize("fidelity", [0.0, 0.5, 1.0])
def test_at_other_sizes_and_details_too(
    upscaler: Upscaler, photo: Picture, result: Picture, size: tuple[int, int], fidelity: float
) -> None:

    resized = replace(result, pixels=resampled(result.pixels, *size))
    whole = with_fidelity(photo, resized, fidelity)
    preview = PicturePreview(photo, upscaler, 3)
    for window in CORNERS_AND_MIDDLES[1:3]:
        part = preview.part(window, UpscaleOptions(size=size), fidelity)
        assert np.array_equal(part.pixels, cut(whole, window, photo))


def test_what_was_computed_serves_other_sizes_and_details(
    upscaler: Upscaler, photo: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = PicturePreview(photo, upscaler, 3)
    preview.part(CORNERS_AND_MIDDLES[1], UpscaleOptions(), 0.5)

    def forbidden(*_: object) -> None:
        raise AssertionError("the model ran again")

    monkeypatch.setattr("bimaco_gui.engine.preview.TileRunner", forbidden)
    for fidelity in (0.0, 1.0):
        preview.part(CORNERS_AND_MIDDLES[1], UpscaleOptions(size=(300, 260)), fidelity)


def test_transparency_is_part_of_it(upscaler: Upscaler, photo: Picture) -> None:
    alpha = np.tile(np.linspace(0, 255, SIZE[0]).astype(np.uint8), (SIZE[1], 1))
    clear = Picture(photo.pixels, alpha)
    window = CORNERS_AND_MIDDLES[1]
    whole = upscaler.upscale(clear, UpscaleOptions())
    part = PicturePreview(clear, upscaler, 0).part(window, UpscaleOptions(), 1.0)
    assert whole.alpha is not None
    rows = slice(4 * window.top, 4 * (window.top + window.height))
    columns = slice(4 * window.left, 4 * (window.left + window.width))
    assert part.alpha is not None
    assert np.array_equal(part.alpha, whole.alpha[rows, columns])
    assert np.array_equal(part.pixels, whole.pixels[rows, columns])


def test_a_device_that_fails_is_replaced_under_the_loupe_too(photo: Picture) -> None:
    window, options = Window(5, 7, 40, 30), UpscaleOptions()
    there = Upscaler(FailingModel(times=10**9, device="meta"), "meta")
    part = PicturePreview(photo, there, 3).part(window, options, 1.0)
    expected = PicturePreview(photo, Upscaler(BicubicModel(), "cpu"), 3).part(window, options, 1.0)
    assert np.array_equal(part.pixels, expected.pixels)
    assert there.device.type == "cpu"
