import dataclasses

import numpy as np
import pytest
import torch
from PIL import Image

from bimaco_gui.training.degradation import (
    Degradation,
    DegradationConfig,
    gaussian_kernels,
    sinc_kernels,
)

HARMLESS = DegradationConfig(
    clean=0.0,
    blur=(0.01, 0.02),
    second_blur=(0.01, 0.02),
    sinc=0.0,
    noise=(0.0, 0.0),
    jpeg=(100.0, 100.0),
)


def degradation(config: DegradationConfig, seed: int = 0) -> Degradation:
    torch.manual_seed(seed)
    return Degradation(config, torch.Generator().manual_seed(seed))


def detailed(count: int = 4) -> torch.Tensor:
    generator = torch.Generator().manual_seed(9)
    return torch.rand(count, 3, 128, 160, generator=generator)


def test_results_have_a_quarter_of_the_side_and_eight_bits() -> None:
    low = degradation(DegradationConfig())(detailed(6))
    assert low.shape == (6, 3, 32, 40)
    assert float(low.min()) >= 0 and float(low.max()) <= 1
    levels = low * 255
    torch.testing.assert_close(levels, levels.round(), rtol=0, atol=1e-3)


def test_a_seed_repeats_it_and_another_does_not() -> None:
    pictures = detailed()
    first = degradation(DegradationConfig(), 3)(pictures)
    assert torch.equal(first, degradation(DegradationConfig(), 3)(pictures))
    assert not torch.equal(first, degradation(DegradationConfig(), 4)(pictures))


def test_a_flat_picture_keeps_its_colour_without_noise() -> None:
    colour = torch.tensor([0.2, 0.5, 0.8])[:, None, None].expand(3, 128, 128)
    low = degradation(HARMLESS)(colour.expand(4, -1, -1, -1))
    assert float((low - colour[:, :1, :1]).abs().max()) < 2 / 255


def test_noise_grows_with_its_range() -> None:
    grey = torch.full((8, 3, 128, 128), 128 / 255)
    spreads = []
    for noise in (0.0, 8.0, 40.0):
        config = dataclasses.replace(HARMLESS, noise=(noise, noise))
        spreads.append(float(degradation(config)(grey).std()))
    assert spreads[0] < 1e-3 < spreads[1] < spreads[2] / 2


def test_blur_removes_detail() -> None:
    pictures = detailed()
    blurred = dataclasses.replace(HARMLESS, blur=(3.0, 3.0), blur_probability=1.0)
    assert degradation(blurred)(pictures).std() < 0.7 * degradation(HARMLESS)(pictures).std()


def test_a_single_round_ends_in_jpeg_as_often_as_asked() -> None:
    """Where the final size is stored as JPEG, its blocks of 8 pixels hold few frequencies."""
    rough = dataclasses.replace(
        HARMLESS, second_order=0.0, resize=(0.5, 0.5), jpeg=(20.0, 20.0), groups=1
    )
    generator = torch.Generator().manual_seed(2)
    pictures = torch.rand(2, 3, 64, 64, generator=generator).repeat_interleave(4, 2)
    pictures = pictures.repeat_interleave(4, 3)
    steps = {}
    for share in (0.0, 1.0):
        low = degradation(dataclasses.replace(rough, final_jpeg=share))(pictures)
        jumps = (low[..., 1:] - low[..., :-1]).abs().mean((0, 1, 2))
        steps[share] = float(jumps[7::8].mean() / jumps.mean())
    assert steps[1.0] > 1.3 * steps[0.0], steps


def test_clean_pictures_are_reduced_and_nothing_else() -> None:
    pictures = detailed()
    low = degradation(DegradationConfig(clean=1.0))(pictures)
    with_pillow = Image.fromarray((pictures[0] * 255).byte().permute(1, 2, 0).numpy())
    wanted = np.asarray(with_pillow.resize((40, 32), Image.Resampling.BICUBIC))
    made = (low[0] * 255).permute(1, 2, 0).numpy()
    assert np.abs(made - wanted).max() < 1.6


def test_sinc_kernels_pass_flat_pictures_and_stop_what_is_above_the_cutoff() -> None:
    kernels = sinc_kernels(torch.tensor([1.2, 2.4]))
    torch.testing.assert_close(kernels.sum((1, 2)), torch.ones(2))
    wave = torch.cos(1.8 * (torch.arange(21.0) - 10)).expand(21, 21)
    stopped, passed = (kernels * wave).sum((1, 2)).tolist()
    assert abs(stopped) < 0.15 and passed > 0.85


def test_kernels_have_unit_sum_and_the_deviations_asked_for() -> None:
    along, across = torch.tensor([2.0, 1.0]), torch.tensor([1.0, 2.0])
    kernels = gaussian_kernels(along, across, torch.zeros(2))
    torch.testing.assert_close(kernels.sum((1, 2)), torch.ones(2))
    place = torch.arange(21.0) - 10
    widths = (kernels[0].sum(0) * place.square()).sum().sqrt()
    heights = (kernels[0].sum(1) * place.square()).sum().sqrt()
    assert float(widths) == pytest.approx(2, abs=0.02)
    assert float(heights) == pytest.approx(1, abs=0.02)
    turned = gaussian_kernels(along, across, torch.full((2,), torch.pi / 2))
    torch.testing.assert_close(turned[0], kernels[1], atol=1e-6, rtol=1e-4)
