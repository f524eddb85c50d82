import itertools
import threading
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bimaco_gui.engine import Picture, Progress, UpscaleOptions, Upscaler
from bimaco_gui.engine.tile_model import TileModel
from bimaco_gui.errors import Cancelled, UsageError
from bimaco_gui.model import OneStepUpscaler, UpscalerConfig
from bimaco_gui.model.layers import Form
from tests.fixtures_models import BicubicModel, ContextModel, NearestModel, SlowModel

PHOTOS = Path(__file__).resolve().parents[2] / "data" / "public_test"


def photo(height: int, width: int) -> np.ndarray:
    with Image.open(PHOTOS / "cid_10.png") as image:
        return np.ascontiguousarray(np.asarray(image.convert("RGB"))[:height, :width])


def enlarge(picture: Picture, model: TileModel | None = None, **options: object) -> Picture:
    return Upscaler(model or ContextModel(), "cpu").upscale(picture, UpscaleOptions(**options))


def unlike(a: Picture, b: Picture) -> int:
    return int(np.abs(a.pixels.astype(int) - b.pixels).max())


# ---- the same picture at any tile size ----


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 150), st.integers(1, 150), st.integers(1, 160), st.integers(0, 2**64))
def test_the_tile_size_changes_not_one_bit(height: int, width: int, tile: int, seed: int) -> None:
    picture = Picture(photo(height, width))
    whole = enlarge(picture, tile=512, seed=seed)
    tiled = enlarge(picture, tile=tile, seed=seed)
    assert whole.pixels.shape == (4 * height, 4 * width, 3)
    assert np.array_equal(whole.pixels, tiled.pixels)


def test_the_model_of_that_test_depends_on_noise_windows_and_borders() -> None:
    # Else the test above would prove little.
    picture = Picture(photo(64, 64))
    moved = Picture(np.ascontiguousarray(photo(66, 66)[2:, 2:]))
    there = Picture(photo(66, 66))
    assert unlike(enlarge(picture, seed=0), enlarge(picture, seed=1)) > 5
    inner = enlarge(there).pixels[108:148, 108:148]
    assert np.abs(inner.astype(int) - enlarge(moved).pixels[100:140, 100:140]).max() > 5


def test_the_automatic_tile_gives_the_same_picture() -> None:
    picture = Picture(np.tile(photo(128, 64), (3, 1, 1)))  # longer than one automatic tile reads
    assert np.array_equal(enlarge(picture).pixels, enlarge(picture, tile=128).pixels)


@pytest.mark.slow
def test_the_real_architecture_gives_the_same_picture_at_any_tile_size() -> None:
    torch.manual_seed(0)
    model = OneStepUpscaler(UpscalerConfig(), Form.FULL)
    with torch.no_grad():
        for parameter in model.parameters():  # so that no branch is silent at its start
            parameter.add_(torch.randn_like(parameter) * 0.02)
    picture = Picture(photo(150, 90))
    whole = enlarge(picture, model, tile=160)
    tiled = enlarge(picture, model, tile=48)
    assert whole.pixels.std() > 3
    assert unlike(whole, tiled) <= 1
    assert (whole.pixels != tiled.pixels).mean() < 1e-3


def test_the_seed_decides_the_noise() -> None:
    picture = Picture(photo(40, 40))
    assert np.array_equal(enlarge(picture, seed=3).pixels, enlarge(picture, seed=3).pixels)
    assert not np.array_equal(enlarge(picture, seed=3).pixels, enlarge(picture, seed=4).pixels)


# ---- sizes ----


@pytest.mark.parametrize(("height", "width"), [(1, 1), (3, 5), (17, 40), (300, 2), (16, 16)])
@pytest.mark.parametrize("tile", [None, 16])
def test_any_size_works(height: int, width: int, tile: int | None) -> None:
    result = enlarge(Picture(photo(height, width)), NearestModel(), tile=tile)
    assert result.pixels.shape == (4 * height, 4 * width, 3)
    assert np.array_equal(result.pixels[::4, ::4], result.pixels[1::4, 2::4]) or height > 1


def test_one_pixel_becomes_sixteen_like_it() -> None:
    result = enlarge(Picture(np.array([[[10, 130, 250]]], np.uint8)), BicubicModel())
    assert result.pixels.reshape(-1, 3).tolist() == [[10, 130, 250]] * 16


def test_a_flat_picture_stays_exactly_flat() -> None:
    colour = np.array([200, 17, 90], np.uint8)
    result = enlarge(Picture(np.tile(colour, (90, 70, 1))), BicubicModel(), tile=32)
    assert bool((result.pixels == colour).all())


def test_a_bicubic_model_gives_the_bicubic_picture() -> None:
    source = photo(64, 48)
    result = enlarge(Picture(source), BicubicModel(), tile=32)
    x = torch.from_numpy(source).permute(2, 0, 1)[None].float() / 255
    expected = torch.nn.functional.interpolate(x, scale_factor=4.0, mode="bicubic").clamp(0, 1)
    difference = np.abs(result.pixels / 255 - expected[0].permute(1, 2, 0).numpy())
    # The anchor adds what bicubic enlargement took from low frequencies.
    assert float(difference.mean()) < 0.004


def test_no_seam_is_steeper_than_what_lies_beside_it() -> None:
    y, x = np.mgrid[0:96, 0:160]
    sky = np.stack([90 + x / 4, 120 + y / 3, 200 + (x + y) / 8], -1).round().astype(np.uint8)
    steps = np.abs(np.diff(enlarge(Picture(sky), tile=32).pixels.astype(int), axis=1)).mean((0, 2))
    seams = [4 * 32 * i - 1 for i in range(1, 5)]
    beside = [s + 4 * d for s in seams for d in range(-3, 4) if d]  # at borders of LR pixels too
    assert steps[seams].mean() <= steps[beside].mean() * 1.25


# ---- what a picture carries ----


def test_metadata_goes_along() -> None:
    picture = Picture(photo(8, 8), icc_profile=b"icc", exif=b"exif", dpi=(300.0, 300.0))
    result = enlarge(picture, BicubicModel())
    assert (result.icc_profile, result.exif, result.dpi) == (b"icc", b"exif", (300.0, 300.0))


def test_alpha_is_enlarged_beside_the_colours() -> None:
    alpha = np.zeros((40, 60), np.uint8)
    alpha[:, 30:] = 255
    pixels = photo(40, 60)
    result = enlarge(Picture(pixels, alpha), BicubicModel(), tile=16)
    assert result.alpha is not None
    assert result.alpha.shape == (160, 240)
    assert bool((result.alpha[:, :110] == 0).all())
    assert bool((result.alpha[:, 130:] == 255).all())
    assert bool((np.diff(result.alpha[50, 118:122].astype(int)) > 0).all())
    whole = enlarge(Picture(pixels, alpha), BicubicModel())
    assert whole.alpha is not None
    assert np.array_equal(result.alpha, whole.alpha)


def test_colours_of_transparent_pixels_do_not_bleed() -> None:
    pixels = np.full((40, 40, 3), (0, 255, 0), np.uint8)
    pixels[10:30, 10:30] = (200, 40, 40)
    alpha = np.zeros((40, 40), np.uint8)
    alpha[10:30, 10:30] = 255
    result = enlarge(Picture(pixels, alpha), BicubicModel())
    assert result.alpha is not None
    visible = result.pixels[result.alpha > 0].astype(int)
    assert np.abs(visible - (200, 40, 40)).max() <= 1


def test_grey_stays_grey_and_sixteen_bit_stays_sixteen_bit() -> None:
    levels = (photo(32, 32)[:, :, :1].astype(np.uint16) * 256 + 77).repeat(3, 2)
    result = enlarge(Picture(levels, grey=True))
    assert result.grey
    assert result.pixels.dtype == np.uint16
    assert np.array_equal(result.pixels[:, :, 0], result.pixels[:, :, 2])
    assert len(np.unique(result.pixels)) > 1000


def test_sixteen_bit_values_are_those_of_eight_bit() -> None:
    eight = enlarge(Picture(photo(32, 32)), BicubicModel()).pixels
    sixteen = enlarge(Picture(photo(32, 32).astype(np.uint16) * 257), BicubicModel()).pixels
    assert np.abs(sixteen / 257 - eight).max() < 0.51


# ---- scale ----


@pytest.mark.parametrize(("scale", "size"), [(2, (66, 100)), (3.0, (99, 150)), (1.5, (50, 75))])
@pytest.mark.parametrize("deep", [False, True])
def test_smaller_scales_reduce_the_result(scale: float, size: tuple[int, int], deep: bool) -> None:
    source = photo(33, 50)
    if deep:
        source = source.astype(np.uint16) * 257
    alpha = np.full((33, 50), np.iinfo(source.dtype).max, source.dtype)
    alpha[0, 0] = 0
    result = enlarge(Picture(source, alpha), BicubicModel(), scale=scale)
    assert result.pixels.shape == (*size, 3)
    assert result.pixels.dtype == source.dtype
    assert result.alpha is not None
    assert result.alpha.shape == size
    if not deep:
        whole = Image.fromarray(enlarge(Picture(source, alpha), BicubicModel()).pixels)
        expected = np.asarray(whole.resize(size[::-1], Image.Resampling.LANCZOS))
        assert np.abs(result.pixels.astype(int) - expected).max() <= 1


@pytest.mark.parametrize("scale", [0.99, 0.5, 16.01, -2, float("nan"), float("inf")])
def test_impossible_scales_are_refused(scale: float) -> None:
    with pytest.raises(UsageError):
        UpscaleOptions(scale=scale)


@pytest.mark.parametrize("tile", [0, -16])
def test_impossible_tiles_are_refused(tile: int) -> None:
    with pytest.raises(UsageError):
        UpscaleOptions(tile=tile)


# ---- progress and stopping ----


def test_progress_rises_to_the_end_with_a_finite_estimate() -> None:
    seen: list[Progress] = []
    model = SlowModel(seconds=0.02, layers=1)
    picture = Picture(photo(70, 100))
    Upscaler(model, "cpu").upscale(picture, UpscaleOptions(tile=32), seen.append)
    assert all(a.fraction <= b.fraction for a, b in itertools.pairwise(seen))
    assert seen[-1].fraction == 1
    seen = [p for p, before in zip(seen, [None, *seen], strict=False) if _another(p, before)]
    assert [p.tiles_done for p in seen] == list(range(1, 13))
    assert {p.tiles_total for p in seen} == {12}
    assert all(a.seconds < b.seconds for a, b in itertools.pairwise(seen))
    remaining = [p.remaining for p in seen]
    assert all(r is not None and 0 <= r < 60 for r in remaining)
    assert remaining[-1] == 0
    assert remaining[0] is not None
    assert remaining[0] == pytest.approx(0.02 * 11, rel=5)


def _another(progress: Progress, before: Progress | None) -> bool:
    return progress.tiles_done > (0 if before is None else before.tiles_done)


def test_a_long_tile_tells_how_far_it_is() -> None:
    seen: list[Progress] = []
    model = SlowModel(seconds=1.5, layers=50)
    Upscaler(model, "cpu").upscale(Picture(photo(16, 16)), UpscaleOptions(), seen.append)
    inside = [p for p in seen if p.tiles_done == 0]
    assert len(inside) >= 5
    assert all(0 <= a.fraction < b.fraction < 1 for a, b in itertools.pairwise(inside))
    assert inside[0].remaining is None
    middle = min(inside, key=lambda p: abs(p.fraction - 0.5))
    assert middle.remaining == pytest.approx(seen[-1].seconds - middle.seconds, rel=0.5)
    assert seen[-1] == Progress(1, 1, seen[-1].seconds, 0, 1)


def test_stopping_between_tiles_ends_at_once() -> None:
    cancel = threading.Event()
    seen: list[Progress] = []

    def stop_after_two(progress: Progress) -> None:
        seen.append(progress)
        if progress.tiles_done == 2:
            cancel.set()

    with pytest.raises(Cancelled):
        Upscaler(BicubicModel(), "cpu").upscale(
            Picture(photo(100, 100)), UpscaleOptions(tile=16), stop_after_two, cancel
        )
    assert len(seen) == 2


def test_stopping_before_the_start_computes_nothing() -> None:
    cancel = threading.Event()
    cancel.set()
    seen: list[Progress] = []
    with pytest.raises(Cancelled):
        Upscaler(BicubicModel(), "cpu").upscale(
            Picture(photo(8, 8)), UpscaleOptions(), seen.append, cancel
        )
    assert not seen


def test_stopping_inside_a_tile_ends_it_before_the_next_layer_and_leaves_the_model() -> None:
    cancel = threading.Event()
    model = SlowModel(seconds=0, layers=200)
    done: list[torch.nn.Module] = []

    def count(layer: torch.nn.Module, *_: object) -> None:
        done.append(layer)
        if len(done) == 5:
            cancel.set()

    for layer in model.layers:
        layer.register_forward_hook(count)
    with pytest.raises(Cancelled):
        Upscaler(model, "cpu").upscale(Picture(photo(16, 16)), UpscaleOptions(), None, cancel)
    assert len(done) == 5
    assert not any(module._forward_pre_hooks for module in model.modules())


# ---- memory ----


def test_memory_is_that_of_the_result_and_a_few_tiles() -> None:
    height, width = 1200, 1600  # 31 million pixels of result
    picture = Picture(np.tile(photo(400, 400), (3, 4, 1)))
    assert picture.pixels.shape == (height, width, 3)
    tracemalloc.start()
    try:
        result = Upscaler(NearestModel(), "cpu").upscale(picture, UpscaleOptions(tile=128))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert result.pixels.nbytes == 16 * height * width * 3
    # What numpy holds; torch's own tensors are a few tiles of 1.2 MB.
    assert peak < result.pixels.nbytes + 40e6
