import dataclasses

import pytest
import torch

from bimaco_gui.model import Form, OneStepUpscaler
from bimaco_gui.model.binary_layers import BinaryConv2d
from bimaco_gui.training.run_config import RunConfig
from bimaco_gui.training.stages import Batch, Stage, make_stage
from bimaco_gui.training.teacher import Teacher
from tests.unit.model.configs import FLAT, TINY

CPU = torch.device("cpu")
CONFIG = RunConfig(stage="codec", model=TINY)


def batch() -> Batch:
    torch.manual_seed(0)
    return Batch(torch.rand(2, 3, 64, 64), torch.rand(2, 3, 16, 16), torch.randn(2, 4, 16, 16))


def trained_parts(stage: Stage) -> set[str]:
    """Networks that a step of the stage's losses changes."""
    prediction = stage.predict(batch())
    heads = list(prediction.latent_losses.values())
    if prediction.picture is not None:
        heads.append(prediction.picture.square().sum())
    torch.stack(heads).sum().backward()
    learning = {id(p) for p in stage.parameters if p.grad is not None and bool(p.grad.any())}
    names = {n for n, p in stage.network.named_parameters() if id(p) in learning}
    return {name.removeprefix("model.").split(".")[0] for name in names}


def test_the_codec_learns_alone() -> None:
    stage = make_stage(CONFIG, None, CPU)
    assert isinstance(stage.network, OneStepUpscaler) and stage.network.form is Form.FULL
    assert trained_parts(stage) == {"encoder", "decoder"}
    picture = stage.predict(batch()).picture
    assert picture is not None and picture.shape == (2, 3, 64, 64)


def test_the_teacher_learns_in_the_codecs_latent_space() -> None:
    config = dataclasses.replace(CONFIG, stage="teacher")
    stage = make_stage(config, OneStepUpscaler(TINY, Form.FULL), CPU)
    assert trained_parts(stage) == {"unet", "shifts"}
    assert stage.predict(batch()).picture is None
    assert stage.render(stage.network, batch()).shape == (2, 3, 64, 64)


def test_the_student_starts_as_the_teachers_last_step_and_learns_from_all() -> None:
    teacher = Teacher(OneStepUpscaler(FLAT, Form.FULL))
    torch.nn.init.normal_(teacher.shifts[0])
    config = dataclasses.replace(CONFIG, stage="student", distilled=1)
    stage = make_stage(config, teacher, CPU)
    student = stage.network
    assert isinstance(student, OneStepUpscaler)
    difference = student.unet.first.bias - teacher.model.unet.first.bias
    torch.testing.assert_close(difference, teacher.shifts[0][-1])
    losses = stage.predict(batch()).latent_losses
    assert set(losses) == {"latent", "distillation"}
    assert trained_parts(stage) == {"unet", "decoder"}
    assert all(p.grad is None for p in teacher.parameters())


def test_the_student_leaves_the_encoder_alone() -> None:
    config = dataclasses.replace(CONFIG, stage="student")
    stage = make_stage(config, OneStepUpscaler(TINY, Form.FULL), CPU)
    assert trained_parts(stage) == {"unet", "decoder"}
    assert isinstance(stage.network, OneStepUpscaler)
    assert stage.fixed == [stage.network.encoder]
    assert float(stage.predict(batch()).latent_losses["latent"].detach()) > 0


def test_the_binary_model_starts_from_the_student_and_learns_whole() -> None:
    config = dataclasses.replace(CONFIG, stage="binary")
    student = OneStepUpscaler(TINY, Form.FULL)
    stage = make_stage(config, student, CPU)
    assert isinstance(stage.network, OneStepUpscaler) and stage.network.form is Form.BINARY
    conv = stage.network.get_submodule("unet.down.0.0.conv1")
    assert isinstance(conv, BinaryConv2d)
    whole = student.get_submodule("unet.down.0.0.conv1").weight
    assert torch.equal(conv.weight[:, :, 0], whole[:, :, 0])
    assert trained_parts(stage) == {"encoder", "unet", "decoder"}
    assert all(p.grad is None for p in student.parameters())


def test_a_binary_model_goes_on_without_a_teacher() -> None:
    config = dataclasses.replace(CONFIG, stage="binary")
    start = OneStepUpscaler(TINY, Form.BINARY)
    stage = make_stage(config, start, CPU)
    assert stage.network is start
    assert not stage.predict(batch()).latent_losses


def test_a_binary_model_goes_on_with_a_teacher_that_is_named() -> None:
    config = dataclasses.replace(CONFIG, stage="binary")
    start, student = OneStepUpscaler(TINY, Form.BINARY), OneStepUpscaler(TINY, Form.FULL)
    stage = make_stage(config, start, CPU, student)
    assert stage.network is start
    assert float(stage.predict(batch()).latent_losses["latent"].detach()) > 0
    assert all(not p.requires_grad for p in student.parameters())


def test_the_binary_stage_can_leave_branches_out() -> None:
    config = dataclasses.replace(CONFIG, stage="binary", rank=0, sparse_per_channel=0)
    stage = make_stage(config, OneStepUpscaler(TINY, Form.FULL), CPU)
    conv = stage.network.get_submodule("unet.down.0.0.conv1")
    assert isinstance(conv, BinaryConv2d)
    assert conv.low_rank.up.numel() == conv.sparse.values.numel() == 0
    assert trained_parts(stage) == {"encoder", "unet", "decoder"}


@pytest.mark.parametrize("stage", ["teacher", "student", "binary"])
def test_later_stages_need_the_one_before(stage: str) -> None:
    with pytest.raises(ValueError, match="--start"):
        make_stage(dataclasses.replace(CONFIG, stage=stage), None, CPU)


def test_a_student_cannot_start_from_a_binary_model() -> None:
    config = dataclasses.replace(CONFIG, stage="student")
    with pytest.raises(ValueError, match="full-precision"):
        make_stage(config, OneStepUpscaler(TINY, Form.BINARY), CPU)
