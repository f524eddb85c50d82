"""Models in which every pixel depends on the whole tile, as the released one."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional as F

from bimaco_gui.engine import Picture, UpscaleOptions, Upscaler
from bimaco_gui.engine.tiles import Axis, round_up
from tests.unit.engine.test_upscale import photo


class NormalizingModel(nn.Module):
    """Enlarges, and shifts every tile a little by its own mean."""

    scale, alignment, context, latent_channels = 4, 16, 2, 3
    usual_tile, overlap = 64, 16

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[tuple[int, int]] = []

    def forward(self, lq: Tensor, noise: Tensor) -> Tensor:
        self.sizes.append((lq.shape[2], lq.shape[3]))
        assert noise.shape == (1, 3, *lq.shape[2:])
        return F.interpolate(lq, scale_factor=4.0, mode="bilinear") + 0.1 * (lq.mean() - 0.5)


def upscaled(model: NormalizingModel, pixels: np.ndarray, tile: int | None = None) -> np.ndarray:
    result: np.ndarray = (
        Upscaler(model, "cpu").upscale(Picture(pixels), UpscaleOptions(tile=tile)).pixels
    )
    return result


def test_a_picture_of_one_tile_is_what_the_model_gives() -> None:
    pixels = photo(64, 48)
    lq = torch.from_numpy(pixels).permute(2, 0, 1)[None] / 255
    alone = NormalizingModel()(lq, torch.zeros_like(lq)).clamp(0, 1)
    expected = (alone[0].permute(1, 2, 0) * 255).round().to(torch.uint8).numpy()
    found = upscaled(NormalizingModel(), pixels)
    assert int(np.abs(found.astype(int) - expected).max()) <= 1


@pytest.mark.parametrize(("tile", "read"), [(None, 64), (48, 48), (70, 80)])
def test_tiles_read_what_was_chosen(tile: int | None, read: int) -> None:
    model = NormalizingModel()
    upscaled(model, photo(150, 200), tile)
    assert len(model.sizes) > 1
    assert max(max(size) for size in model.sizes) == read
    assert all(side % 16 == 0 for size in model.sizes for side in size)


def test_tiles_fade_into_each_other_over_what_they_share() -> None:
    ramp = np.linspace(0, 255, 160).astype(np.uint8)
    pixels = np.broadcast_to(ramp[None, :, None], (64, 160, 3)).copy()
    rows = upscaled(NormalizingModel(), pixels)[128, :, 0].astype(int)
    steps = np.abs(np.diff(rows))
    # Tiles differ by up to 0.1 * 255 here; without the fade that would be one step.
    assert steps.max() <= 3


@given(st.integers(1, 60), st.integers(32, 120), st.integers(0, 6), st.integers(0, 8))
def test_reads_have_the_right_length_and_reach(
    sixteens: int, tile: int, reach: int, half: int
) -> None:
    size = 16 * sixteens
    axis = Axis(size, 16, reach, 1, 2 * half)
    spans = axis.split(0, size, tile)
    for span in spans:
        assert (span.read_stop - span.read_start) % 16 == 0
        assert 0 <= span.read_start <= max(0, span.start - reach)
        assert min(size, span.stop + reach) <= span.read_stop <= size
        assert span.read_stop - span.read_start <= round_up(tile + 2 * half + 2 * reach + 1, 16)
    assert spans[0].start == 0 and spans[-1].stop == size
    for left, right in pairwise(spans):
        assert left.stop - right.start == 2 * half
