"""Degradation on the training device: sharp pictures to believable LR ones.

A group of pictures goes one of three ways: clean bicubic reduction, so that good photos stay good;
one round of blur, reduction, noise and JPEG, as a camera's small picture; or two rounds with a
resize in between (the second-order degradation of Real-ESRGAN), as pictures that have been around.
Blur, noise and JPEG differ from picture to picture; the resize is shared by the group, which keeps
tensors rectangular.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from bimaco_gui.training.jpeg import jpeg

KERNEL = 21


@dataclass(frozen=True)
class DegradationConfig:
    """Ranges to draw from; standard deviations of blur in pixels, of noise in 1/255.

    Attributes:
        clean: Probability of a bicubic reduction and nothing else, per group.
        second_order: Probability of two rounds, per group.
        blur, second_blur: Standard deviation along each axis of the Gaussian.
        blur_probability: Of each blur, per picture.
        sinc: Probability that a blur is a sinc filter instead, which rings, per picture.
        cutoff: Its cutoff in radians a pixel.
        resize, second_resize: Scale factors of the two rounds, before the final size is met.
        final_jpeg: Probability of JPEG at the final size, per group.
        noise, jpeg: Ranges of all rounds.
        groups: Groups a batch is split into.
    """

    clean: float = 0.35
    second_order: float = 0.3
    blur: tuple[float, float] = (0.2, 2.4)
    second_blur: tuple[float, float] = (0.2, 1.2)
    blur_probability: float = 0.85
    sinc: float = 0.1
    cutoff: tuple[float, float] = (1.05, 3.14)
    resize: tuple[float, float] = (0.3, 1.1)
    second_resize: tuple[float, float] = (0.6, 1.2)
    final_jpeg: float = 0.85
    noise: tuple[float, float] = (0.0, 9.0)
    jpeg: tuple[float, float] = (50.0, 98.0)
    groups: int = 4


class Degradation:
    """Draws degradations from a seeded generator on the CPU."""

    def __init__(self, config: DegradationConfig, generator: torch.Generator) -> None:
        self.config = config
        self._generator = generator

    def __call__(self, pictures: Tensor, scale: int = 4) -> Tensor:
        """[N, 3, H, W] in 0..1 to LR pictures [N, 3, H/scale, W/scale] in 0..1."""
        size = (pictures.shape[2] // scale, pictures.shape[3] // scale)
        groups = pictures.float().chunk(self.config.groups)
        return torch.cat([self._degrade(group, size) for group in groups])

    def _degrade(self, x: Tensor, size: tuple[int, int]) -> Tensor:
        config = self.config
        way = float(self._uniform(1).item())
        if way < config.clean:
            x = F.interpolate(x, size=size, mode="bicubic", antialias=True)
        elif way < config.clean + config.second_order:
            x = self._blur(x, config.blur)
            x = self._resize(x, self._between(config.resize))
            x = self._jpeg(self._noise(x))
            x = self._blur(x, config.second_blur)
            x = self._resize(x, self._between(config.second_resize) * size[0] / x.shape[2])
            x = self._noise(x)
            x = self._exactly(x, size)
            if self._chance(config.final_jpeg):
                x = self._jpeg(x)
        else:
            x = self._noise(self._exactly(self._blur(x, config.blur), size))
            if self._chance(config.final_jpeg):
                x = self._jpeg(x)
        # A camera or a web page stores the picture in eight bits.
        return (x * 255).round().clamp(0, 255) / 255

    def _uniform(self, *shape: int) -> Tensor:
        return torch.rand(shape, generator=self._generator)

    def _chance(self, probability: float) -> bool:
        return bool(self._uniform(1).item() < probability)

    def _between(self, bounds: tuple[float, float]) -> float:
        low, high = bounds
        return low + (high - low) * float(self._uniform(1).item())

    def _blur(self, x: Tensor, deviation: tuple[float, float]) -> Tensor:
        n, channels, h, w = x.shape
        low, high = deviation
        along, across = low + (high - low) * self._uniform(2, n)
        across = torch.where(self._uniform(n) < 0.5, along, across)
        angle = self._uniform(n) * math.pi
        kernels = gaussian_kernels(along, across, angle)
        rings = (self._uniform(n) < self.config.sinc)[:, None, None]
        low, high = self.config.cutoff
        kernels = torch.where(rings, sinc_kernels(low + (high - low) * self._uniform(n)), kernels)
        delta = torch.zeros(KERNEL, KERNEL)
        delta[KERNEL // 2, KERNEL // 2] = 1
        keep = (self._uniform(n) < self.config.blur_probability)[:, None, None]
        kernels = torch.where(keep, kernels, delta).to(x.device, non_blocking=True)
        padded = F.pad(x, (KERNEL // 2,) * 4, mode="reflect")
        weight = kernels.repeat_interleave(channels, 0)[:, None]
        flat = padded.reshape(1, n * channels, *padded.shape[2:])
        return F.conv2d(flat, weight, groups=n * channels).view(n, channels, h, w)

    def _resize(self, x: Tensor, factor: float) -> Tensor:
        height, width = (max(KERNEL, round(side * factor)) for side in x.shape[2:])
        return self._exactly(x, (height, width))

    def _exactly(self, x: Tensor, size: tuple[int, int]) -> Tensor:
        draw = float(self._uniform(1).item())
        if draw < 0.4:
            mode = "bicubic"
        elif draw < 0.7:
            mode = "bilinear"
        else:
            return F.interpolate(x, size=size, mode="area")
        return F.interpolate(x, size=size, mode=mode, antialias=True).clamp(0, 1)

    def _noise(self, x: Tensor) -> Tensor:
        n = x.shape[0]
        low, high = self.config.noise
        # The square favours weak noise, which is what most photos have.
        level = low + (high - low) * self._uniform(n, 1, 1, 1).square()
        grey = (self._uniform(n, 1, 1, 1) < 0.4).to(x.device, non_blocking=True)
        shot = (self._uniform(n, 1, 1, 1) < 0.4).to(x.device, non_blocking=True)
        noise = torch.randn(x.shape, device=x.device)
        noise = torch.where(grey, noise[:, :1], noise) * (level / 255).to(
            x.device, non_blocking=True
        )
        return (x + torch.where(shot, noise * (2 * x).sqrt(), noise)).clamp(0, 1)

    def _jpeg(self, x: Tensor) -> Tensor:
        low, high = self.config.jpeg
        quality = low + (high - low) * self._uniform(x.shape[0])
        return jpeg(x, quality, subsample=self._chance(0.7))


def sinc_kernels(cutoff: Tensor) -> Tensor:
    """Circular low-pass kernels [N, KERNEL, KERNEL] of unit sum, cut to the square.

    Args:
        cutoff: in radians a pixel, [N].
    """
    axis = torch.arange(KERNEL, dtype=torch.float32) - KERNEL // 2
    distance = torch.hypot(axis[:, None], axis[None, :])
    radius = cutoff[:, None, None] * distance.clamp_min(1e-3)
    # J1(c r) c / (2 pi r), whose limit in the middle is c^2 / (4 pi).
    bessel: Tensor = torch.special.bessel_j1(radius)
    kernels = cutoff[:, None, None] ** 2 * bessel / (2 * math.pi * radius)
    return kernels / kernels.sum((1, 2), keepdim=True)


def gaussian_kernels(along: Tensor, across: Tensor, angle: Tensor) -> Tensor:
    """Rotated Gaussian kernels [N, KERNEL, KERNEL] of unit sum.

    Args:
        along, across: standard deviations in pixels, [N].
        angle: of the first axis, in radians, [N].
    """
    axis = torch.arange(KERNEL, dtype=torch.float32) - KERNEL // 2
    v, u = torch.meshgrid(axis, axis, indexing="ij")
    cos, sin = angle.cos()[:, None, None], angle.sin()[:, None, None]
    first = (cos * u + sin * v) / along[:, None, None]
    second = (cos * v - sin * u) / across[:, None, None]
    kernels = torch.exp(-0.5 * (first.square() + second.square()))
    return kernels / kernels.sum((1, 2), keepdim=True)
