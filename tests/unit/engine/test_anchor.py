import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from bimaco_gui.engine.anchor import ANCHOR_RADIUS, anchored, low_frequencies


def bicubic(x: torch.Tensor) -> torch.Tensor:
    return F.interpolate(x, scale_factor=4.0, mode="bicubic", align_corners=False)


@settings(deadline=None)
@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 40), st.integers(1, 40))
def test_a_flat_input_makes_a_flat_result_of_its_colour(
    colour: float, wrong: float, height: int, width: int
) -> None:
    lq = torch.full((1, 3, height, width), colour)
    result = anchored(torch.full((1, 3, 4 * height, 4 * width), wrong), lq)
    assert torch.allclose(result, torch.tensor(colour), atol=1e-6)


def test_a_drift_of_colours_and_brightness_is_taken_back() -> None:
    torch.manual_seed(0)
    lq = torch.rand(1, 3, 64, 64) * 0.5 + 0.25
    slope = torch.linspace(-0.1, 0.1, 256).view(1, 1, 1, 256)
    tint = torch.tensor([0.08, -0.05, 0.02]).view(1, 3, 1, 1)
    drifted = bicubic(lq) + slope + tint
    before = low_frequencies(F.avg_pool2d(drifted, 4) - lq).abs().max()
    after = low_frequencies(F.avg_pool2d(anchored(drifted, lq), 4) - lq).abs().max()
    assert float(before) > 0.1
    assert float(after) < 0.012


def test_detail_stays_the_results() -> None:
    torch.manual_seed(1)
    lq = torch.full((1, 3, 32, 32), 0.5)
    detail = torch.rand(1, 3, 128, 128) - 0.5
    detail = detail - F.interpolate(F.avg_pool2d(detail, 4), scale_factor=4.0, mode="nearest")
    result = anchored(0.5 + 0.3 * detail, lq)
    assert torch.allclose(result, 0.5 + 0.3 * detail, atol=1e-6)


def test_pixels_beyond_its_radius_do_not_matter() -> None:
    torch.manual_seed(2)
    lq, result = torch.rand(1, 3, 40, 40), torch.rand(1, 3, 160, 160)
    changed = lq.clone()
    changed[:, :, 20, 20] += 0.5
    places = (anchored(result, changed) != anchored(result, lq)).nonzero()
    distance = (places[:, 2:] // 4 - 20).abs().max()
    assert 0 < int(distance) <= ANCHOR_RADIUS


@pytest.mark.parametrize(("top", "left", "height", "width"), [(8, 12, 30, 24), (16, 0, 48, 33)])
def test_a_cut_gives_the_same_bits(top: int, left: int, height: int, width: int) -> None:
    torch.manual_seed(3)
    lq, result = torch.rand(1, 3, 64, 64), torch.rand(1, 3, 256, 256)
    whole = anchored(result, lq)
    rows, columns = slice(top, top + height), slice(left, left + width)
    cut = anchored(
        result[:, :, 4 * top : 4 * (top + height), 4 * left : 4 * (left + width)],
        lq[:, :, rows, columns],
    )
    r = ANCHOR_RADIUS
    inner_rows = slice(4 * r, 4 * (height - r))
    inner_columns = slice(4 * r, 4 * (width - r))
    there = whole[:, :, 4 * top : 4 * (top + height), 4 * left : 4 * (left + width)]
    assert torch.equal(cut[:, :, inner_rows, inner_columns], there[:, :, inner_rows, inner_columns])
