import pytest
import torch

from bimaco_gui.training.discriminator import PatchDiscriminator
from bimaco_gui.training.losses import Adversary, at_random_phase, picture_gradient
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
