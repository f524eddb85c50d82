import dataclasses

import pytest
import torch

from bimaco_gui.model import Form, OneStepUpscaler
from bimaco_gui.model.binary_layers import BinaryConv2d
from bimaco_gui.training.run_config import RunConfig
from bimaco_gui.training.stages import Batch, Stage, make_stage
from tests.unit.model.configs import TINY

CPU = torch.device("cpu")
CONFIG = RunConfig(stage="codec", model=TINY)


def batch() -> Batch:
    torch.manual_seed(0)
    return Batch(torch.rand(2, 3, 64, 64), torch.rand(2, 3, 16, 16), torch.randn(2, 4, 16, 16))


def trained_parts(stage: Stage) -> set[str]:
    """Networks that a step of the stage's losses changes."""
    prediction = stage.predict(batch())
    (prediction.picture.sum() + prediction.latent_loss).backward()
    learning = {id(p) for p in stage.parameters if p.grad is not None and bool(p.grad.any())}
    return {n.split(".")[0] for n, p in stage.model.named_parameters() if id(p) in learning}


def test_the_codec_learns_alone() -> None:
    stage = make_stage(CONFIG, None, CPU)
    assert stage.model.form is Form.FULL and stage.evaluate_codec
    assert trained_parts(stage) == {"encoder", "decoder"}
    assert stage.predict(batch()).picture.shape == (2, 3, 64, 64)


def test_the_student_leaves_the_encoder_alone() -> None:
    config = dataclasses.replace(CONFIG, stage="student")
    stage = make_stage(config, OneStepUpscaler(TINY, Form.FULL), CPU)
    assert trained_parts(stage) == {"unet", "decoder"}
    assert stage.fixed == [stage.model.encoder]
    assert float(stage.predict(batch()).latent_loss.detach()) > 0


def test_the_binary_model_starts_from_the_student_and_learns_whole() -> None:
    config = dataclasses.replace(CONFIG, stage="binary")
    student = OneStepUpscaler(TINY, Form.FULL)
    stage = make_stage(config, student, CPU)
    assert stage.model.form is Form.BINARY
    conv = stage.model.get_submodule("unet.down.0.0.conv1")
    assert isinstance(conv, BinaryConv2d)
    whole = student.get_submodule("unet.down.0.0.conv1").weight
    assert torch.equal(conv.weight[:, :, 0], whole[:, :, 0])
    assert trained_parts(stage) == {"encoder", "unet", "decoder"}
    assert all(p.grad is None for p in student.parameters())


def test_a_binary_model_goes_on_without_a_teacher() -> None:
    config = dataclasses.replace(CONFIG, stage="binary")
    start = OneStepUpscaler(TINY, Form.BINARY)
    stage = make_stage(config, start, CPU)
    assert stage.model is start
    assert float(stage.predict(batch()).latent_loss) == 0


@pytest.mark.parametrize("stage", ["student", "binary"])
def test_later_stages_need_the_one_before(stage: str) -> None:
    with pytest.raises(ValueError, match="--start"):
        make_stage(dataclasses.replace(CONFIG, stage=stage), None, CPU)


def test_a_student_cannot_start_from_a_binary_model() -> None:
    config = dataclasses.replace(CONFIG, stage="student")
    with pytest.raises(ValueError, match="full-precision"):
        make_stage(config, OneStepUpscaler(TINY, Form.BINARY), CPU)
