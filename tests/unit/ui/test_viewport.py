import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bimaco_gui.ui.viewport import MAX_SCALE, Viewport

sizes = st.integers(1, 20_000)


def shown(width: int, height: int, view: tuple[int, int] = (800, 600)) -> Viewport:
    empty = Viewport(view_width=view[0], view_height=view[1])
    return empty.with_content(width, height, fit_limit=1.0)


def test_fitting_shows_all_of_a_large_picture_centred() -> None:
    view = shown(1600, 600)
    assert view.scale == 0.5
    assert (view.x, view.y) == (0, 150)


def test_fitting_does_not_enlarge_beyond_the_limit() -> None:
    view = shown(100, 50)
    assert view.scale == 1.0
    assert (view.x, view.y) == (350, 275)


# The first draw may wait for the processor; that says nothing about the draws.
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(sizes, sizes, sizes, sizes)
def test_a_fitted_picture_lies_within_the_view(w: int, h: int, vw: int, vh: int) -> None:
    view = shown(w, h, (vw, vh))
    assert w * view.scale <= vw + 1e-6
    assert h * view.scale <= vh + 1e-6


@given(st.floats(0, 800), st.floats(0, 600), st.lists(st.floats(0.8, 1.5), min_size=1, max_size=6))
def test_zooming_in_keeps_the_pixel_under_the_pointer(
    x: float, y: float, factors: list[float]
) -> None:
    view = shown(4000, 3000).at_scale(1.0, 400, 300)
    before = view.to_content(x, y)
    for factor in factors:
        closer = view.zoomed(max(1.0, factor), x, y)
        assert closer.to_content(x, y) == pytest.approx(before, abs=1e-6)
        view = closer


@given(sizes, sizes, st.floats(-1e5, 1e5), st.floats(-1e5, 1e5), st.floats(0.01, 40))
def test_panning_leaves_no_gap(w: int, h: int, dx: float, dy: float, factor: float) -> None:
    view = shown(w, h).zoomed(factor, 400, 300).panned(dx, dy)
    for start, length, room in (
        (view.x, w * view.scale, view.view_width),
        (view.y, h * view.scale, view.view_height),
    ):
        if length >= room:
            assert start <= 1e-6
            assert start + length >= room - 1e-6
        else:
            assert start == pytest.approx((room - length) / 2)


def test_zoom_has_an_end_in_both_directions() -> None:
    view = shown(4000, 3000)
    assert view.zoomed(1e9, 1, 1).scale == MAX_SCALE
    assert view.zoomed(1e-9, 1, 1).scale > 0.01


def test_a_fitted_picture_stays_fitted_when_the_view_grows() -> None:
    assert shown(1600, 1200).resized(1600, 1200).scale == 1.0


def test_a_zoomed_picture_keeps_its_scale_and_middle_when_the_view_grows() -> None:
    view = shown(4000, 3000).at_scale(1.0, 400, 300)
    middle = view.to_content(400, 300)
    grown = view.resized(1000, 700)
    assert grown.scale == 1.0
    assert grown.to_content(500, 350) == pytest.approx(middle)


def test_a_result_with_more_pixels_takes_the_place_of_its_photo() -> None:
    photo = shown(1000, 750).at_scale(2.0, 123, 456)
    result = photo.rescaled_content(4000, 3000, 1.0)
    assert result.scale == 0.5
    assert result.drawn_rect() == pytest.approx(photo.drawn_rect())


def test_at_100_per_cent_the_picture_starts_on_a_whole_device_pixel() -> None:
    left, top, width, height = shown(333, 251, (800, 600)).drawn_rect()
    assert (width, height) == (333, 251)
    assert isinstance(left, int)
    assert isinstance(top, int)


def test_the_visible_part_is_where_view_and_picture_meet() -> None:
    assert shown(400, 300).visible_rect() == (200, 150, 600, 450)
    assert shown(4000, 3000).at_scale(1.0, 0, 0).visible_rect() == (0, 0, 800, 600)


def test_a_fitted_picture_keeps_clear_of_the_foot() -> None:
    view = Viewport(view_width=400, view_height=300, margin=10, foot=40, fit_limit=1.0)
    shown = view.with_content(1000, 1000, 1.0)
    left, top, right, bottom = shown.visible_rect()
    assert (top, bottom) == (10, 250)
    assert right - left == 240
    assert shown.panned(5, 30).visible_rect() == shown.visible_rect()


@given(scale=st.floats(0.05, 4.0), foot=st.integers(0, 100))
def test_zooming_past_the_foot_leaves_no_gap_and_no_jump(scale: float, foot: int) -> None:
    view = Viewport(view_width=400, view_height=300, margin=10, foot=foot)
    shown = view.with_content(1000, 200, 1.0).at_scale(scale, 200, 150)
    _left, top, _right, bottom = shown.visible_rect()
    height = 200 * shown.scale
    if height >= 300:
        assert (top, bottom) == (0, 300)
    else:
        assert top == pytest.approx(max(0, (300 - foot - height) / 2), abs=1)
