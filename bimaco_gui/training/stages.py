"""The three stages of training: what is trained, from what, and the losses of a batch.

1. ``codec``: encoder and decoder, full precision, on sharp photos.
2. ``student``: the full-precision one-step model; its latents are drawn to those of the sharp
   photo, its pictures to the photo.
3. ``binary``: the three-branch binary model, initialised from the student (BiMaCoSR, section
   3.4), its latents drawn to the student's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bimaco_gui.model import Form, OneStepUpscaler, binarize
from bimaco_gui.training.run_config import RunConfig

LATENT_JITTER = 0.1  # makes the decoder forgive what the denoiser gets slightly wrong


@dataclass(frozen=True)
class Batch:
    """Sharp photos [N, 3, 4h, 4w], LR pictures [N, 3, h, w], both 0..1, and noise [N, L, h, w]."""

    sharp: Tensor
    low: Tensor
    noise: Tensor


@dataclass(frozen=True)
class Prediction:
    """Pictures 0..1 and the sum of the losses on latents."""

    picture: Tensor
    latent_loss: Tensor


@dataclass(frozen=True)
class Stage:
    """A model, its trainable parameters, and how a batch goes through it.

    Attributes:
        fixed: Parts that stay in evaluation mode throughout.
    """

    model: OneStepUpscaler
    parameters: list[nn.Parameter]
    fixed: list[nn.Module]
    predict: Callable[[Batch], Prediction]
    evaluate_codec: bool


def make_stage(config: RunConfig, start: OneStepUpscaler | None, device: torch.device) -> Stage:
    """Set up the stage that `config` names.

    Args:
        start: the model of the stage before; for ``binary`` also a binary model to go on from,
            in which case it is its own teacher no longer: only the photos teach it.

    Raises:
        ValueError: the stage needs a model to start from, or one of another form.
    """
    if config.stage == "codec":
        return _codec_stage(start or OneStepUpscaler(config.model, Form.FULL), device)
    if start is None:
        raise ValueError(f"stage {config.stage} starts from the stage before: give --start")
    if config.stage == "student":
        if start.form is not Form.FULL:
            raise ValueError("the student stage starts from a full-precision model")
        return _student_stage(start, device)
    return _binary_stage(start, device)


def _codec_stage(model: OneStepUpscaler, device: torch.device) -> Stage:
    model.to(device)

    def predict(batch: Batch) -> Prediction:
        latent = model.encoder(batch.sharp * 2 - 1)
        latent = latent + LATENT_JITTER * torch.randn_like(latent)
        picture = model.decoder(latent) * 0.5 + 0.5
        return Prediction(picture, picture.new_zeros(()))

    parameters = [*model.encoder.parameters(), *model.decoder.parameters()]
    return Stage(model, parameters, [], predict, evaluate_codec=True)


def _student_stage(model: OneStepUpscaler, device: torch.device) -> Stage:
    model.to(device)
    model.encoder.requires_grad_(False)

    def predict(batch: Batch) -> Prediction:
        with torch.no_grad():
            target = model.encoder(batch.sharp * 2 - 1)
        latent = model.predict_latent(batch.low, batch.noise)
        picture = model.decoder(latent) * 0.5 + 0.5
        return Prediction(picture, F.l1_loss(latent.float(), target.float()))

    parameters = [*model.unet.parameters(), *model.decoder.parameters()]
    # The encoder's latents are the targets, so they must not move.
    return Stage(model, parameters, [model.encoder], predict, evaluate_codec=False)


def _binary_stage(start: OneStepUpscaler, device: torch.device) -> Stage:
    teacher = start.to(device).eval().requires_grad_(False) if start.form is Form.FULL else None
    model = (binarize(start) if teacher is not None else start).to(device)

    def predict(batch: Batch) -> Prediction:
        latent = model.predict_latent(batch.low, batch.noise)
        picture = model.decoder(latent) * 0.5 + 0.5
        if teacher is None:
            return Prediction(picture, picture.new_zeros(()))
        enlarged = F.interpolate(batch.low * 2 - 1, scale_factor=4.0, mode="bicubic")
        with torch.no_grad():
            target = teacher.predict_latent(batch.low, batch.noise)
            encoded = teacher.encoder(enlarged)
        loss = F.l1_loss(latent.float(), target.float())
        loss = loss + F.l1_loss(model.encoder(enlarged).float(), encoded.float())
        return Prediction(picture, loss)

    return Stage(model, list(model.parameters()), [], predict, evaluate_codec=False)
