import math

import numpy as np
import pytest
import torch

from bimaco_gui.training.discriminator import PatchDiscriminator
from bimaco_gui.training.losses import (
    GRID_WINDOW,
    Adversary,
    at_random_phase,
    grid_loss,
    picture_gradient,
    structure_loss,
)
from bimaco_gui.training.metrics import LUMA
from bimaco_gui.training.stages import Batch


@pytest.fixture
def batch() -> Batch:
    torch.manual_seed(0)
    sharp = torch.rand(2, 3, 32, 32)
    return Batch(sharp, torch.rand(2, 3, 8, 8), torch.zeros(2, 4, 8, 8))


def test_without_an_adversary_it_is_the_reconstructions_gradient(batch: Batch) -> None:
    picture = torch.rand(2, 3, 32, 32, requires_grad=True)
    loss = (picture - batch.sharp).square().sum()
    gradient, figures = picture_gradient(picture, batch, loss, None, 0.0)
    torch.testing.assert_close(gradient, 2 * (picture - batch.sharp).detach())
    assert figures == {}


def test_the_adversarys_share_is_kept_whatever_its_scale(batch: Batch) -> None:
    adversary = Adversary(PatchDiscriminator(channels=8), 1e-3)
    picture = torch.rand(2, 3, 32, 32, requires_grad=True)
    alone, _ = picture_gradient(picture, batch, (picture - batch.sharp).abs().mean(), None, 0.0)
    for size in (1.0, 100.0):
        loss = (picture - batch.sharp).abs().mean() * size
        both, _ = picture_gradient(picture, batch, loss, adversary, 0.25)
        push = both - alone * size
        assert float(push.norm() / (alone * size).norm()) == pytest.approx(0.25, rel=1e-3)


def test_the_adversary_learns_to_tell_photos_from_noise(batch: Batch) -> None:
    torch.manual_seed(1)
    adversary = Adversary(PatchDiscriminator(channels=8), 1e-2)
    real = torch.full((2, 3, 32, 32), 0.5)
    losses = [float(adversary.learn(real, torch.rand(2, 3, 32, 32), batch.low)) for _ in range(30)]
    assert losses[-1] < 0.5 * losses[0]
    made = adversary.judge(torch.rand(2, 3, 32, 32), batch.low).mean()
    assert adversary.judge(real, batch.low).mean() > made


def test_pictures_are_cut_alike_and_at_every_phase() -> None:
    place = torch.arange(40.0)[:, None] * 100 + torch.arange(48.0)
    first = place[None, None]
    generator = torch.Generator().manual_seed(0)
    corners = set()
    for _ in range(600):
        a, b = at_random_phase((first, -first), generator)
        assert a.shape == (1, 1, 24, 32)
        assert torch.equal(a, -b)
        corners.add(int(a[0, 0, 0, 0]))
    assert {corner % 100 % 16 for corner in corners} == set(range(16))
    assert {corner // 100 % 16 for corner in corners} == set(range(16))


def test_structure_loss_is_one_minus_ssim_as_in_its_definition() -> None:
    """Against the plain formula in one window, in float64."""
    generator = torch.Generator().manual_seed(4)
    first, second = torch.rand(2, 1, 3, 11, 11, generator=generator)
    weights = np.array(LUMA) / sum(LUMA)
    a, b = ((x[0].double().permute(1, 2, 0).numpy() @ weights) for x in (first, second))
    line = np.exp(-0.5 * (np.arange(11) - 5.0) ** 2 / 1.5**2)
    window = np.outer(line, line) / np.outer(line, line).sum()
    mean_a, mean_b = (window * a).sum(), (window * b).sum()
    var_a, var_b = (window * (a - mean_a) ** 2).sum(), (window * (b - mean_b) ** 2).sum()
    both = (window * (a - mean_a) * (b - mean_b)).sum()
    ssim = (2 * mean_a * mean_b + 1e-4) * (2 * both + 9e-4)
    ssim /= (mean_a**2 + mean_b**2 + 1e-4) * (var_a + var_b + 9e-4)
    assert float(structure_loss(first, second)) == pytest.approx(1 - ssim, abs=1e-5)
    assert float(structure_loss(first, first)) == pytest.approx(0, abs=1e-6)


def test_grid_loss_sees_a_pattern_of_four_pixels_whole_and_noise_averaged() -> None:
    photo = torch.rand(2, 3, 192, 192, generator=torch.Generator().manual_seed(1))
    dots = torch.zeros(192, 192)
    dots[::4, ::4] = 0.16
    noise = 0.04 * torch.randn(2, 3, 192, 192, generator=torch.Generator().manual_seed(2))
    pattern, random = (float(grid_loss(photo + x, photo)) for x in (dots, noise))
    assert pattern == pytest.approx(0.16 / 16, rel=1e-3)
    # The mean of so many normal deviates of 0.04.
    assert random == pytest.approx(0.04 * math.sqrt(2 / math.pi) / GRID_WINDOW, rel=0.02)
    assert float(grid_loss(photo, photo)) == 0


def test_grid_loss_sees_a_pattern_that_few_pixels_share() -> None:
    """Textures came out as dots that changed their sign every few LR pixels."""
    dots = torch.zeros(192, 192)
    dots[::4, ::4] = 0.16
    block = torch.ones(4 * GRID_WINDOW, 4 * GRID_WINDOW)
    board = (torch.arange(16)[:, None] + torch.arange(16)) % 2
    signs = torch.kron(1 - 2 * board, block)
    changing = (dots * signs)[None, None].expand(1, 3, -1, -1)
    photo = torch.full((1, 3, 192, 192), 0.5)
    assert float(grid_loss(photo + changing, photo)) == pytest.approx(0.16 / 16, rel=1e-3)
