"""The fidelity control: its two ends, what lies between them, and what it never changes."""

import itertools
import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from torch.nn import functional as F

from bimaco_gui.engine import Picture, UpscaleOptions, Upscaler
from bimaco_gui.engine.anchor import low_frequencies
from bimaco_gui.engine.fidelity import FaithfulPicture, blended, with_fidelity
from bimaco_gui.engine.resample import resampled
from bimaco_gui.errors import Cancelled, UsageError
from tests.fixtures_models import BicubicModel, ContextModel

PHOTO = Path(__file__).resolve().parents[2] / "data" / "public_test" / "cid_10.png"
SETTINGS = (0.0, 0.25, 0.5, 0.75, 1.0)
KINDS = st.sampled_from([np.uint8, np.uint16])


def photo(height: int, width: int) -> np.ndarray:
    with Image.open(PHOTO) as image:
        return np.ascontiguousarray(np.asarray(image.convert("RGB"))[:height, :width])


def noise(seed: int, height: int, width: int, kind: type = np.uint8) -> np.ndarray:
    largest = np.iinfo(kind).max
    return np.random.default_rng(seed).integers(0, largest + 1, (height, width, 3), dtype=kind)


def as_tensor(pixels: np.ndarray) -> torch.Tensor:
    values = pixels.astype(np.float32) / np.iinfo(pixels.dtype).max
    return torch.from_numpy(values).permute(2, 0, 1)[None]


def drift(result: np.ndarray, source: np.ndarray) -> np.ndarray:
    """By how much low frequencies differ, of the whole range, for each input pixel and channel."""
    low, high = as_tensor(source), as_tensor(result)
    scale = high.shape[-1] // low.shape[-1]
    return low_frequencies(F.avg_pool2d(high, scale) - low).abs().numpy()


def enlarged(pixels: np.ndarray, seed: int = 0) -> np.ndarray:
    """What the engine makes of it with a model that invents a lot and drifts."""
    result = Upscaler(ContextModel(), "cpu").upscale(Picture(pixels), UpscaleOptions(seed=seed))
    return result.pixels


# ---- what it never changes ----


class TintingModel(BicubicModel):
    """Invents fine detail, and drifts in colour and brightness."""

    def forward(self, lq: torch.Tensor, noise: torch.Tensor) -> torch.Tensor:
        result = super().forward(lq, noise)
        detail = torch.from_numpy(noise_of_shape(result.shape))
        tint = torch.tensor([0.08, -0.06, 0.03])[:, None, None]
        slope = torch.linspace(-0.05, 0.05, result.shape[-1])
        return result + 0.4 * detail + tint + slope


def noise_of_shape(shape: torch.Size) -> np.ndarray:
    values = np.random.default_rng(5).random(shape, np.float32) - 0.5
    low = values.reshape(*shape[:2], shape[2] // 4, 4, shape[3] // 4, 4).mean((3, 5))
    return values - low.repeat(4, 2).repeat(4, 3)


@settings(deadline=None, max_examples=25)
@given(st.floats(0, 1), st.integers(1, 40), st.integers(1, 40))
def test_low_frequencies_are_the_inputs_at_every_setting(
    fidelity: float, height: int, width: int
) -> None:
    # Away from black and white: what is cut off there is no matter of this module.
    source = (photo(height, width) // 2 + 64).astype(np.uint8)
    result = Upscaler(TintingModel(), "cpu").upscale(Picture(source), UpscaleOptions()).pixels
    assert np.abs(result.astype(int) - bicubic(source)).max() > 30  # there is detail to blend
    picture = with_fidelity(Picture(source), Picture(result), fidelity)
    assert drift(picture.pixels, source).max() < 0.012


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 99), st.integers(1, 30), st.integers(1, 30))
def test_the_faithful_end_has_them_even_where_the_result_is_of_another_picture(
    seed: int, height: int, width: int
) -> None:
    source = (photo(height, width) // 2 + 64).astype(np.uint8)
    faithful = FaithfulPicture(source, noise(seed, 4 * height, 4 * width))
    assert drift(faithful.part(0, 0, 4 * height, 4 * width), source).max() < 0.03


def bicubic(source: np.ndarray) -> np.ndarray:
    model = Upscaler(BicubicModel(), "cpu")
    return model.upscale(Picture(source), UpscaleOptions()).pixels


@settings(deadline=None)
@given(st.integers(0, 255), st.floats(0, 1), st.integers(1, 20), st.integers(1, 20))
def test_a_flat_picture_stays_flat_at_the_faithful_end_whatever_the_network_saw(
    colour: int, mean: float, height: int, width: int
) -> None:
    source = np.full((height, width, 3), colour, np.uint8)
    invented = (noise(1, 4 * height, 4 * width) * mean).astype(np.uint8)
    assert (FaithfulPicture(source, invented).part(0, 0, 4 * height, 4 * width) == colour).all()


def test_an_edge_is_sharper_than_bicubic_and_has_no_halo() -> None:
    source = np.full((16, 16, 3), 60, np.uint8)
    source[:, 8:] = 200
    sharp = source.repeat(4, 0).repeat(4, 1)
    faithful = FaithfulPicture(source, sharp).part(0, 0, 64, 64).astype(int)
    soft = bicubic(source).astype(int)
    assert np.diff(faithful[32, :, 0]).max() > 1.5 * np.diff(soft[32, :, 0]).max()
    assert (soft.min(), soft.max()) < (58, 202)  # bicubic overshoots
    assert faithful.min() >= 59
    assert faithful.max() <= 201


@given(KINDS, st.integers(0, 9))
def test_opacity_metadata_and_kind_stay(kind: type, seed: int) -> None:
    source = noise(seed, 6, 9, kind)
    alpha = noise(seed + 1, 24, 36, kind)[:, :, 0]
    low_alpha = np.ascontiguousarray(alpha[::4, ::4])
    result = Picture(noise(seed + 2, 24, 36, kind), alpha, exif=b"exif", dpi=(72, 72))
    changed = with_fidelity(Picture(source, low_alpha), result, 0.3)
    assert changed.alpha is alpha
    assert (changed.exif, changed.dpi) == (b"exif", (72, 72))
    assert changed.pixels.dtype == kind
    assert changed.pixels.shape == result.pixels.shape


def test_grey_stays_grey() -> None:
    grey = photo(20, 24)[:, :, :1].repeat(3, 2)
    result = enlarged(grey)[:, :, :1].repeat(3, 2)
    changed = with_fidelity(Picture(grey, grey=True), Picture(result, grey=True), 0.2).pixels
    assert np.array_equal(changed[:, :, 0], changed[:, :, 1])
    assert np.array_equal(changed[:, :, 0], changed[:, :, 2])


def test_hidden_colours_of_transparent_pixels_do_not_bleed() -> None:
    alpha = np.full((12, 12), 255, np.uint8)
    alpha[:, 6:] = 0
    red, hidden = np.full((12, 12, 3), 90, np.uint8), np.full((12, 12, 3), 90, np.uint8)
    hidden[:, 6:] = (0, 255, 0)
    result = Picture(np.full((48, 48, 3), 90, np.uint8), alpha.repeat(4, 0).repeat(4, 1))
    plain = with_fidelity(Picture(red, alpha), result, 0.0)
    assert np.array_equal(with_fidelity(Picture(hidden, alpha), result, 0.0).pixels, plain.pixels)


# ---- the ends, and between them ----


@settings(deadline=None)
@given(KINDS, st.integers(0, 99))
def test_the_ends_are_exact(kind: type, seed: int) -> None:
    source, result = noise(seed, 7, 5, kind), noise(seed + 1, 28, 20, kind)
    picture = Picture(result)
    assert with_fidelity(Picture(source), picture, 1.0) is picture
    faithful = FaithfulPicture(source, result).part(0, 0, 28, 20)
    assert np.array_equal(with_fidelity(Picture(source), picture, 0.0).pixels, faithful)
    assert np.array_equal(blended(faithful, result, 0.0), faithful)
    assert np.array_equal(blended(faithful, result, 1.0), result)


@given(KINDS, st.lists(st.floats(0, 1), min_size=2, max_size=8))
def test_every_pixel_goes_one_way_only(kind: type, asked: list[float]) -> None:
    faithful, result = noise(3, 12, 10, kind), noise(4, 12, 10, kind)
    direction = np.sign(result.astype(int) - faithful)
    path = [blended(faithful, result, x).astype(int) for x in sorted(asked)]
    for earlier, later in itertools.pairwise(path):
        assert ((later - earlier) * direction >= 0).all()
    assert ((path[0] - faithful) * direction >= 0).all()


def test_more_is_more_detail_on_a_photo() -> None:
    source = photo(64, 64)
    result = enlarged(source)
    plain = bicubic(source).astype(float)
    added = [
        float(np.square(with_fidelity(Picture(source), Picture(result), x).pixels - plain).mean())
        for x in SETTINGS
    ]
    assert added == sorted(added)
    assert added[0] < 0.5 * added[-1]


@pytest.mark.parametrize("wrong", [-0.01, 1.01, float("nan"), float("inf")])
def test_other_numbers_are_refused(wrong: float) -> None:
    source, result = noise(0, 4, 4), noise(1, 16, 16)
    with pytest.raises(UsageError, match="from 0 \\(faithful\\) to 1"):
        with_fidelity(Picture(source), Picture(result), wrong)
    with pytest.raises(UsageError):
        blended(result, result, wrong)


# ---- parts, sizes, strips ----


@settings(deadline=None, max_examples=40)
@given(st.data(), KINDS, st.integers(1, 24), st.integers(1, 24), st.sampled_from([1, 1.7, 2, 4, 6]))
def test_a_part_has_the_bits_of_the_whole(
    data: st.DataObject, kind: type, height: int, width: int, scale: float
) -> None:
    high, wide = round(height * scale), round(width * scale)
    faithful = FaithfulPicture(noise(0, height, width, kind), noise(1, high, wide, kind))
    whole = faithful.part(0, 0, high, wide)
    top, left = data.draw(st.integers(0, high - 1)), data.draw(st.integers(0, wide - 1))
    part_height = data.draw(st.integers(1, high - top))
    part_width = data.draw(st.integers(1, wide - left))
    part = faithful.part(top, left, part_height, part_width)
    assert np.array_equal(part, whole[top : top + part_height, left : left + part_width])


def test_a_picture_of_many_strips_is_one_picture() -> None:
    source, result = noise(0, 150, 20), noise(1, 600, 80)
    told: list[float] = []
    strips = with_fidelity(Picture(source), Picture(result), 0.4, told.append)
    whole = blended(FaithfulPicture(source, result).part(0, 0, 600, 80), result, 0.4)
    assert np.array_equal(strips.pixels, whole)
    assert len(told) > 2
    assert told == sorted(told)
    assert told[-1] == 1


def test_a_fourth_channel_and_another_order_of_colours_change_nothing() -> None:
    source, result = noise(0, 9, 9, np.uint8), noise(1, 36, 36, np.uint8)
    plain = FaithfulPicture(source, result).part(3, 5, 20, 17)

    def as_shown(pixels: np.ndarray) -> np.ndarray:
        return np.dstack([pixels[:, :, ::-1], np.full(pixels.shape[:2], 255, np.uint8)])

    shown = FaithfulPicture(as_shown(source), as_shown(result)).part(3, 5, 20, 17)
    assert np.array_equal(shown[:, :, ::-1], plain)


def test_a_result_reduced_to_twice_the_size_works_too() -> None:
    source = photo(48, 40)
    result = resampled(enlarged(source), 80, 96)
    picture = with_fidelity(Picture(source), Picture(result), 0.0).pixels
    assert picture.shape == (96, 80, 3)
    assert drift(picture, source).max() < 0.02


def test_a_result_smaller_than_its_input_is_left_alone() -> None:
    small = Picture(noise(0, 8, 30))
    assert with_fidelity(Picture(noise(1, 10, 10)), small, 0.0) is small
    with pytest.raises(ValueError, match="smaller"):
        FaithfulPicture(noise(1, 10, 10), small.pixels)


def test_it_stops_between_strips() -> None:
    cancel = threading.Event()
    told: list[float] = []

    def stop_after_the_first(done: float) -> None:
        told.append(done)
        cancel.set()

    source, result = Picture(noise(0, 200, 4)), Picture(noise(1, 800, 16))
    with pytest.raises(Cancelled):
        with_fidelity(source, result, 0.5, stop_after_the_first, cancel)
    assert len(told) == 1


@pytest.mark.parametrize(("height", "scale"), [(300, 4), (70, 16), (5, 4)])
def test_in_place_gives_the_same_bits(height: int, scale: int) -> None:
    source, result = noise(0, height, 6), noise(1, height * scale, 6 * scale)
    apart = with_fidelity(Picture(source), Picture(result.copy()), 0.4)
    within = with_fidelity(Picture(source), Picture(result), 0.4, in_place=True)
    assert np.array_equal(apart.pixels, within.pixels)
    assert within.pixels is result
