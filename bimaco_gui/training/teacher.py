"""The multi-step teacher: residual-shifting diffusion in the codec's latent space (ResShift).

It is the one-step model with features that are shifted by step, so its last step, which starts
from the most noise, is where the one-step student begins.
"""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn

from bimaco_gui.model import DiffusionConfig, OneStepUpscaler
from bimaco_gui.model.blocks import Downsample
from bimaco_gui.model.released.diffusion import ReleasedDiffusion
from bimaco_gui.model.upscaler import centred_and_enlarged

STEPS = 15


def etas(config: DiffusionConfig, steps: int = STEPS) -> Tensor:
    """Shift at each step, rising, [steps]; the last one is the one-step model's."""
    schedule = ReleasedDiffusion(
        steps=steps, kappa=config.kappa, last_sqrt_eta=config.sqrt_eta
    ).sqrt_etas
    return torch.tensor(schedule).square()


class Teacher(nn.Module):
    """A full-precision model that knows which of its steps it is in.

    Attributes:
        model: Its networks; of their own they are the last step before shifts.
        shifts: For each level of the UNet what is added to its features, [steps, width].
    """

    eta: Tensor

    def __init__(self, model: OneStepUpscaler, steps: int = STEPS) -> None:
        super().__init__()
        self.model, self.steps = model, steps
        self.shifts = nn.ParameterList(
            nn.Parameter(torch.zeros(steps, width)) for width in model.config.unet.channels
        )
        self.register_buffer("eta", etas(model.config.diffusion, steps), persistent=False)

    def noisy(self, sharp: Tensor, encoded: Tensor, noise: Tensor, step: Tensor) -> Tensor:
        """z_t (ResShift, equation 2).

        Args:
            sharp: z_0, latents of the photos, [N, L, h, w].
            encoded: z_y, latents of the enlarged LR pictures.
            noise: Standard normal.
            step: int64 [N], 0 to steps - 1.
        """
        eta = self.eta[step][:, None, None, None]
        return (
            sharp + eta * (encoded - sharp) + self.model.config.diffusion.kappa * eta.sqrt() * noise
        )

    def denoise(self, noisy: Tensor, low: Tensor, step: Tensor) -> Tensor:
        """z_0 as predicted from z_t; `low` is the LR picture in -1..1."""
        kappa = self.model.config.diffusion.kappa
        scale = (kappa**2 * self.eta[step] + 1).rsqrt()[:, None, None, None]
        shifts = [table[step][:, :, None, None] for table in self.shifts]
        return self.model.unet(torch.cat((noisy * scale, low), 1), shifts)  # type: ignore[no-any-return]

    @torch.no_grad()
    def sample(self, lq: Tensor, noise: Tensor) -> Tensor:
        """z_0 reached in all steps, always the same for the same noise (SinSR, equation 6).

        Args:
            lq: [N, 3, h, w] in 0..1.
            noise: [N, L, h, w], standard normal.
        """
        low, enlarged = centred_and_enlarged(lq)
        encoded = self.model.encoder(enlarged).float()
        kappa = self.model.config.diffusion.kappa
        z = encoded + kappa * self.eta[-1].sqrt() * noise
        for index in reversed(range(self.steps)):
            step = torch.full((len(lq),), index, device=lq.device)
            clean = self.denoise(z, low, step).float()
            if index == 0:
                return clean
            eta, before = self.eta[index], self.eta[index - 1]
            carried = z - (1 - eta) * clean - eta * encoded
            z = (1 - before) * clean + before * encoded + (before / eta).sqrt() * carried
        raise AssertionError("there is no step")

    @torch.no_grad()
    def one_step(self) -> OneStepUpscaler:
        """The one-step model that computes what the last step does."""
        model = copy.deepcopy(self.model)
        layers = [model.unet.first, *(_convolution(d) for d in model.unet.downsample)]
        for layer, table in zip(layers, self.shifts, strict=True):
            assert layer.bias is not None
            layer.bias += table[-1]
        return model


class InAllSteps(nn.Module):
    """A teacher as a model for the engine: LR picture and noise to the picture, in all its steps.

    Attributes:
        context: What all steps together reach at the most, so pictures are cut only if large.
    """

    def __init__(self, teacher: Teacher) -> None:
        super().__init__()
        self.teacher = teacher
        model = teacher.model
        self.scale, self.alignment = model.scale, model.alignment
        self.latent_channels = model.latent_channels
        self.context = teacher.steps * model.context

    def forward(self, lq: Tensor, noise: Tensor) -> Tensor:
        """As `OneStepUpscaler.forward`."""
        return self.teacher.model.decode(self.teacher.sample(lq, noise), lq)


def _convolution(downsample: nn.Module) -> nn.Conv2d:
    assert isinstance(downsample, Downsample) and isinstance(downsample.conv, nn.Conv2d)
    return downsample.conv
