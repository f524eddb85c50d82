import itertools

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from bimaco_gui.engine.blend import blend_tiles, fade_in
from bimaco_gui.engine.tiles import FEATHER, Axis, Span, round_down, round_up

ALIGNMENTS = st.sampled_from([1, 4, 8, 16, 32])


@st.composite
def axes(draw: st.DrawFn) -> tuple[Axis, int, int, int]:
    alignment = draw(ALIGNMENTS)
    size = round_up(draw(st.integers(1, 700)), alignment)
    start = draw(st.integers(0, size - 1))
    stop = draw(st.integers(start + 1, size))
    tile = draw(st.integers(2 * FEATHER, 800))
    return Axis(size, alignment, draw(st.integers(0, 60))), start, stop, tile


@settings(deadline=None)
@given(axes())
def test_neighbours_share_exactly_a_feather_and_together_cover_the_stretch(
    case: tuple[Axis, int, int, int],
) -> None:
    axis, start, stop, tile = case
    spans = axis.split(start, stop, tile)
    assert spans[0].start == start
    assert spans[-1].stop == stop
    for before, after in itertools.pairwise(spans):
        assert before.stop - after.start == FEATHER
    for first, third in zip(spans[:-2], spans[2:], strict=True):
        assert first.stop <= third.start


@settings(deadline=None)
@given(axes())
def test_tiles_read_enough_on_the_grid_and_never_beyond_the_picture(
    case: tuple[Axis, int, int, int],
) -> None:
    axis, start, stop, tile = case
    for span in axis.split(start, stop, tile):
        assert span.read_start % axis.alignment == 0
        assert span.read_stop % axis.alignment == 0
        assert 0 <= span.read_start <= max(0, span.start - axis.reach)
        assert min(axis.size, span.stop + axis.reach) <= span.read_stop <= axis.size


@settings(deadline=None)
@given(st.integers(1, 700), st.integers(1, 30))
def test_no_part_of_a_whole_picture_is_larger_than_the_tile(size: int, tiles: int) -> None:
    axis = Axis(round_up(size, 16), 16, 45)
    tile = 16 * tiles
    for span in axis.split(0, axis.size, tile):
        assert span.stop - span.start <= tile + FEATHER


@settings(deadline=None)
@given(axes())
def test_a_stretch_is_always_cut_further_until_it_fits(case: tuple[Axis, int, int, int]) -> None:
    axis, start, stop, tile = case
    for span in axis.split(start, stop, tile):
        assert span.stop - span.start < stop - start or stop - start <= tile


@settings(deadline=None)
@given(st.integers(-1000, 1000), st.integers(1, 64))
def test_rounding_to_multiples(value: int, multiple: int) -> None:
    assert round_down(value, multiple) % multiple == 0
    assert 0 <= value - round_down(value, multiple) < multiple
    assert 0 <= round_up(value, multiple) - value < multiple


def test_the_fade_and_its_mirror_image_add_up_to_one() -> None:
    fade = fade_in(16)
    assert torch.allclose(fade + fade.flip(0), torch.ones(16), atol=1e-7)
    assert bool((fade.diff() > 0).all())
    assert 0 < float(fade[0]) < 0.01


@settings(deadline=None)
@given(axes(), axes())
def test_equal_tiles_blend_to_the_very_same_picture(
    vertical: tuple[Axis, int, int, int], horizontal: tuple[Axis, int, int, int]
) -> None:
    (rows_axis, top, bottom, tile_height), (columns_axis, left, right, tile_width) = (
        vertical,
        horizontal,
    )
    whole = torch.rand(1, rows_axis.size, columns_axis.size)
    result = torch.full_like(whole, -1)

    def tile(rows: Span, columns: Span) -> torch.Tensor:
        return whole[:, rows.start : rows.stop, columns.start : columns.stop].clone()

    def put(y: int, x: int, piece: torch.Tensor) -> None:
        place = result[:, y : y + piece.shape[1], x : x + piece.shape[2]]
        assert bool((place == -1).all()), "pieces must not overlap"
        place.copy_(piece)

    blend_tiles(
        rows_axis.split(top, bottom, tile_height),
        columns_axis.split(left, right, tile_width),
        1,
        tile,
        put,
    )
    assert torch.equal(result[:, top:bottom, left:right], whole[:, top:bottom, left:right])
    result[:, top:bottom, left:right] = -1
    assert bool((result == -1).all()), "nothing outside the stretch is touched"


def test_unequal_tiles_fade_into_each_other_without_a_step() -> None:
    axis = Axis(64, 16, 0)
    spans = axis.split(0, 64, 32)
    levels = {
        (r.start, c.start): float(i)
        for i, (r, c) in enumerate((r, c) for r in spans for c in spans)
    }
    result = torch.empty(1, 256, 256)

    def tile(rows: Span, columns: Span) -> torch.Tensor:
        size = ((rows.stop - rows.start) * 4, (columns.stop - columns.start) * 4)
        return torch.full((1, *size), levels[rows.start, columns.start])

    def put(y: int, x: int, piece: torch.Tensor) -> None:
        result[:, y : y + piece.shape[1], x : x + piece.shape[2]] = piece

    blend_tiles(spans, spans, 4, tile, put)
    steepest = float((fade_in(4 * FEATHER).diff()).max())
    assert float(result.diff(dim=2).abs().max()) <= 1 * steepest + 1e-6
    assert float(result.diff(dim=1).abs().max()) <= 2 * steepest + 1e-6
    # The corner where all four meet is their mean.
    assert abs(float(result[0, 127:129, 127:129].mean()) - 1.5) < 1e-5
