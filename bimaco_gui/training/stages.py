"""The four stages of training: what is trained, from what, and the losses of a batch.

1. ``codec``: encoder and decoder, full precision, on sharp photos.
2. ``teacher``: the denoiser of many steps in the codec's latent space.
3. ``student``: the full-precision one-step model. It starts where the teacher's last step does;
   its latents are drawn to those of the sharp photo and to what the teacher reaches in all its
   steps from the same noise, its pictures to the photo.
4. ``binary``: the three-branch binary model, initialised from the student (BiMaCoSR's
   initialisation), its latents drawn to the student's.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bimaco_gui.model import BlockConfig, Form, OneStepUpscaler, binarize
from bimaco_gui.model.diffusion import network_input, start_latent
from bimaco_gui.model.upscaler import centred_and_enlarged
from bimaco_gui.training.run_config import RunConfig
from bimaco_gui.training.teacher import Teacher

LATENT_JITTER = 0.1  # makes the decoder forgive what the denoiser gets slightly wrong
LAST_STEP_SHARE = 0.25  # of the teacher's pictures: the step that the student takes over

Network = OneStepUpscaler | Teacher


@dataclass(frozen=True)
class Batch:
    """Sharp photos [N, 3, 4h, 4w], LR pictures [N, 3, h, w], both 0..1, and noise [N, L, h, w]."""

    sharp: Tensor
    low: Tensor
    noise: Tensor


@dataclass(frozen=True)
class Prediction:
    """What a batch became.

    Attributes:
        picture: 0..1, or None where the stage is about latents alone.
        latent_losses: Scalars by the name of their weight in `LossConfig`.
    """

    picture: Tensor | None
    latent_losses: dict[str, Tensor]


@dataclass(frozen=True)
class Stage:
    """A network, its trainable parameters, and how a batch goes through it.

    Attributes:
        fixed: Parts that stay in evaluation mode throughout.
        render: Held-out pictures of a network like `network`.
        teacher: Whom `predict` asks, if there is one.
    """

    network: Network
    parameters: list[nn.Parameter]
    fixed: list[nn.Module]
    predict: Callable[[Batch], Prediction]
    render: Callable[[nn.Module, Batch], Tensor]
    teacher: nn.Module | None = None

    @property
    def networks(self) -> list[nn.Module]:
        """All that a batch goes through: who learns, and who teaches."""
        return [self.network] if self.teacher is None else [self.network, self.teacher]

    @property
    def latent_channels(self) -> int:
        """Channels of the noise of a batch."""
        network = self.network
        model = network.model if isinstance(network, Teacher) else network
        return model.latent_channels


def make_stage(
    config: RunConfig,
    start: Network | None,
    device: torch.device,
    teacher: Network | None = None,
) -> Stage:
    """Set up the stage that `config` names.

    Args:
        start: the network of the stage before, or one of this stage to go on from.
        teacher: who teaches a student or a binary model that is gone on with. Where `start` is
            of the stage before, it is the teacher unless another one is named; without any, the
            photos alone teach.

    Raises:
        ValueError: the stage needs a network to start from, or one of another form.
    """
    if config.stage == "codec":
        if isinstance(start, Teacher):
            raise ValueError("the codec stage does not start from a teacher")
        return _codec_stage(start or OneStepUpscaler(config.model, Form.FULL), device)
    if start is None:
        raise ValueError(f"stage {config.stage} starts from the stage before: give --start")
    if config.stage == "teacher":
        return _teacher_stage(start, device)
    if config.stage == "student":
        return _student_stage(start, teacher, config.distilled, device)
    return _binary_stage(start, teacher, config, device)


def _codec_stage(model: OneStepUpscaler, device: torch.device) -> Stage:
    model.to(device)

    def predict(batch: Batch) -> Prediction:
        latent = model.encoder(batch.sharp * 2 - 1)
        latent = latent + LATENT_JITTER * torch.randn_like(latent)
        return Prediction(model.decode(latent, batch.low), {})

    def render(network: nn.Module, batch: Batch) -> Tensor:
        assert isinstance(network, OneStepUpscaler)
        return network.decode(network.encoder(batch.sharp * 2 - 1), batch.low)

    parameters = [*model.encoder.parameters(), *model.decoder.parameters()]
    return Stage(model, parameters, [model.unet], predict, render)


def _teacher_stage(start: Network, device: torch.device) -> Stage:
    teacher = start if isinstance(start, Teacher) else Teacher(_full(start, "teacher"))
    teacher.to(device)
    model = teacher.model
    model.requires_grad_(False)
    model.unet.requires_grad_(True)

    def predict(batch: Batch) -> Prediction:
        count = len(batch.sharp)
        low, enlarged = centred_and_enlarged(batch.low)
        with torch.no_grad():
            sharp = model.encoder(batch.sharp * 2 - 1).float()
            encoded = model.encoder(enlarged).float()
        step = torch.randint(0, teacher.steps, (count,), device=sharp.device)
        step[: int(count * LAST_STEP_SHARE)] = teacher.steps - 1
        clean = teacher.denoise(teacher.noisy(sharp, encoded, batch.noise, step), low, step)
        return Prediction(None, {"latent": F.mse_loss(clean.float(), sharp)})

    def render(network: nn.Module, batch: Batch) -> Tensor:
        assert isinstance(network, Teacher)
        return network.model.decode(network.sample(batch.low, batch.noise), batch.low)

    parameters = [*model.unet.parameters(), *teacher.shifts]
    return Stage(teacher, parameters, [model.encoder, model.decoder], predict, render)


def _student_stage(
    start: Network, teacher: Network | None, distilled: int, device: torch.device
) -> Stage:
    if teacher is None and isinstance(start, Teacher):
        teacher = start
    if teacher is not None and not isinstance(teacher, Teacher):
        raise ValueError("the student's teacher is a network of many steps")
    model = start.one_step() if isinstance(start, Teacher) else _full(start, "student")
    model.to(device).requires_grad_(True)
    # The encoder's latents are the targets, so they must not move.
    model.encoder.requires_grad_(False)
    if teacher is not None:
        teacher.to(device).eval().requires_grad_(False)

    def predict(batch: Batch) -> Prediction:
        with torch.no_grad():
            target = model.encoder(batch.sharp * 2 - 1).float()
        passed = _pass(model, batch)
        losses = {"latent": F.l1_loss(passed.latent.float(), target)}
        if teacher is not None and distilled:
            reached = teacher.sample(batch.low[:distilled], batch.noise[:distilled])
            losses["distillation"] = F.l1_loss(passed.latent[:distilled].float(), reached)
        return Prediction(passed.picture, losses)

    parameters = [*model.unet.parameters(), *model.decoder.parameters()]
    return Stage(model, parameters, [model.encoder], predict, _one_step_picture, teacher)


def _binary_stage(
    start: Network, teacher: Network | None, config: RunConfig, device: torch.device
) -> Stage:
    if isinstance(start, Teacher) or isinstance(teacher, Teacher):
        raise ValueError("the binary stage starts from a one-step model and has one as a teacher")
    if start.form is Form.FULL:
        teacher = teacher or start
        model = binarize(start, _branches(start.config.block, config))
    else:
        model = start
    model.to(device)
    if teacher is not None:
        teacher.to(device).eval().requires_grad_(False)

    def predict(batch: Batch) -> Prediction:
        passed = _pass(model, batch)
        if teacher is None:
            return Prediction(passed.picture, {})
        with torch.no_grad():
            wanted = _pass(teacher, batch, decode=False)
        loss = F.l1_loss(passed.latent.float(), wanted.latent.float())
        loss = loss + F.l1_loss(passed.encoded.float(), wanted.encoded.float())
        return Prediction(passed.picture, {"latent": loss})

    return Stage(model, list(model.parameters()), [], predict, _one_step_picture, teacher)


@dataclass(frozen=True)
class _Passed:
    """What one pass made: the encoded LR picture, the clean latent and the picture in 0..1."""

    encoded: Tensor
    latent: Tensor
    picture: Tensor | None


def _pass(model: OneStepUpscaler, batch: Batch, *, decode: bool = True) -> _Passed:
    low, enlarged = centred_and_enlarged(batch.low)
    encoded = model.encoder(enlarged)
    noisy = start_latent(encoded, batch.noise, model.config.diffusion)
    latent = model.unet(torch.cat((network_input(noisy, model.config.diffusion), low), 1))
    picture = model.decoder(latent, low, enlarged) * 0.5 + 0.5 if decode else None
    return _Passed(encoded, latent, picture)


def _one_step_picture(network: nn.Module, batch: Batch) -> Tensor:
    picture: Tensor = network(batch.low, batch.noise)
    return picture


def _full(network: Network, stage: str) -> OneStepUpscaler:
    if isinstance(network, Teacher) or network.form is not Form.FULL:
        raise ValueError(f"the {stage} stage starts from a full-precision one-step model")
    return network


def _branches(block: BlockConfig, config: RunConfig) -> BlockConfig:
    rank = block.rank if config.rank is None else config.rank
    sparse = config.sparse_per_channel
    sparse = block.sparse_per_channel if sparse is None else sparse
    return dataclasses.replace(block, rank=rank, sparse_per_channel=sparse)
