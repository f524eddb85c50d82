import pytest
import torch
from torch import Tensor

from bimaco_gui.engine import Picture, UpscaleOptions, Upscaler
from bimaco_gui.model import Form, OneStepUpscaler
from bimaco_gui.model.diffusion import network_input, start_latent
from bimaco_gui.model.upscaler import centred_and_enlarged
from bimaco_gui.training.teacher import STEPS, InAllSteps, Teacher, etas
from tests.unit.model.configs import FLAT


@pytest.fixture
def teacher() -> Teacher:
    torch.manual_seed(0)
    made = Teacher(OneStepUpscaler(FLAT, Form.FULL)).eval()
    for table in made.shifts:
        torch.nn.init.normal_(table, std=0.5)
    return made


def inputs(teacher: Teacher) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(1)
    lq = torch.rand(2, 3, 16, 16, generator=generator)
    return lq, torch.randn(2, teacher.model.latent_channels, 16, 16, generator=generator)


def test_the_shift_rises_to_that_of_the_one_step_model() -> None:
    eta = etas(FLAT.diffusion)
    assert len(eta) == STEPS and bool((eta.diff() > 0).all())
    assert float(eta[-1].sqrt()) == pytest.approx(FLAT.diffusion.sqrt_eta)
    assert float(eta[0]) < 0.002


def test_the_last_step_is_the_one_step_model(teacher: Teacher) -> None:
    lq, noise = inputs(teacher)
    low, enlarged = centred_and_enlarged(lq)
    with torch.no_grad():
        noisy = start_latent(teacher.model.encoder(enlarged), noise, FLAT.diffusion)
        step = torch.full((2,), STEPS - 1)
        # The teacher scales by the noise at its step; at the last one that is all but the model's.
        scaled = network_input(noisy, FLAT.diffusion)
        shifts = [table[step][:, :, None, None] for table in teacher.shifts]
        wanted = teacher.model.unet(torch.cat((scaled, low), 1), shifts)
        student = teacher.one_step().predict_latent(lq, noise)
        last = teacher.denoise(noisy, low, step)
    torch.testing.assert_close(student, wanted)
    torch.testing.assert_close(last, wanted)


def test_a_teacher_that_knows_the_photo_reaches_it(
    teacher: Teacher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every step keeps to z_t of the schedule with the noise it began with."""
    lq, noise = inputs(teacher)
    photo = torch.randn(noise.shape, generator=torch.Generator().manual_seed(5))
    encoded = teacher.model.encoder(centred_and_enlarged(lq)[1])
    seen = []

    def denoise(noisy: Tensor, low: Tensor, step: Tensor) -> Tensor:
        if step[0] < STEPS - 1:
            # The start has no photo in it, which the last eta, below 1, leaves a trace of.
            away = noisy - teacher.noisy(photo, encoded, noise, step)
            assert float(away.abs().max()) < (1 - teacher.eta[-1]) * 5
        seen.append(int(step[0]))
        return photo

    monkeypatch.setattr(teacher, "denoise", denoise)
    start = teacher.sample(lq, noise)
    torch.testing.assert_close(start, photo)
    assert seen == list(reversed(range(STEPS)))


def test_noise_decides_the_sample(teacher: Teacher) -> None:
    lq, noise = inputs(teacher)
    assert torch.equal(teacher.sample(lq, noise), teacher.sample(lq, noise))
    assert not torch.allclose(teacher.sample(lq, noise), teacher.sample(lq, noise.flip(3)))


def test_one_step_leaves_the_teacher_as_it_is(teacher: Teacher) -> None:
    before = teacher.model.unet.first.bias.clone()
    teacher.one_step()
    assert torch.equal(before, teacher.model.unet.first.bias)
    assert teacher.model.config == FLAT


def test_the_engine_can_run_all_steps_of_a_teacher(teacher: Teacher) -> None:
    lq = torch.rand(1, 3, 16, 16, generator=torch.Generator().manual_seed(2))
    picture = Picture((lq[0] * 255).round().byte().permute(1, 2, 0).numpy())
    made = Upscaler(InAllSteps(teacher), "cpu").upscale(picture, UpscaleOptions(seed=3))
    assert made.pixels.shape == (64, 64, 3)
    seen: list[Tensor] = []
    original = teacher.denoise

    def denoise(noisy: Tensor, low: Tensor, step: Tensor) -> Tensor:
        seen.append(step)
        return original(noisy, low, step)

    teacher.denoise = denoise  # type: ignore[method-assign]
    again = Upscaler(InAllSteps(teacher), "cpu").upscale(picture, UpscaleOptions(seed=3))
    assert [int(step[0]) for step in seen] == list(reversed(range(STEPS)))
    assert (made.pixels == again.pixels).all()
