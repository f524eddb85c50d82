"""Small models for tests of the engine and of the services: quick, and each with one habit."""

import time

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class BicubicModel(nn.Module):
    """Plain bicubic enlargement: a result that everybody can compute."""

    scale = 4
    alignment = 16
    context = 3
    latent_channels = 2

    def forward(self, lq: Tensor, noise: Tensor) -> Tensor:
        require_fitting_inputs(self, lq, noise)
        return F.interpolate(lq, scale_factor=4.0, mode="bicubic", align_corners=False)


class NearestModel(BicubicModel):
    """Each LR pixel becomes 4x4 equal ones."""

    context = 1

    def forward(self, lq: Tensor, noise: Tensor) -> Tensor:
        require_fitting_inputs(self, lq, noise)
        return F.interpolate(lq, scale_factor=4.0, mode="nearest")


class ContextModel(nn.Module):
    """Depends on all that the real model depends on: far neighbours, windows, noise, zero padding.

    Each of `reach` 3x3 box filters pads with zeros, as convolutions do; the windows of `alignment`
    pixels are counted from the tile's start, as attention windows are.
    """

    scale = 4
    latent_channels = 3

    def __init__(self, alignment: int = 8, reach: int = 9) -> None:
        super().__init__()
        self.alignment, self.reach = alignment, reach
        self.context = reach + alignment + 2

    def forward(self, lq: Tensor, noise: Tensor) -> Tensor:
        require_fitting_inputs(self, lq, noise)
        x = torch.cat((lq, noise * 0.3), 1)
        for _ in range(self.reach):
            x = 0.5 * x + 0.5 * F.avg_pool2d(x, 3, stride=1, padding=1)
        window = F.avg_pool2d(x, self.alignment)
        x = x - 0.2 * F.interpolate(window, scale_factor=float(self.alignment), mode="nearest")
        colours = x[:, :3] + 0.3 * torch.sin(40 * x[:, :3]) + x[:, 3:]
        fine = F.interpolate(noise[:, :1], scale_factor=4.0, mode="nearest") * 0.05
        return F.interpolate(colours, scale_factor=4.0, mode="bicubic", align_corners=False) + fine


class FlatModel(BicubicModel):
    """Gives one value everywhere, like a driver that forgot to compute."""

    def __init__(self, value: float = 0.0) -> None:
        super().__init__()
        self.value = value

    def forward(self, lq: Tensor, noise: Tensor) -> Tensor:
        return torch.full_like(super().forward(lq, noise), self.value)


class NanModel(BicubicModel):
    """Gives one NaN, in each of its first `times` runs."""

    def __init__(self, times: int | None = None) -> None:
        super().__init__()
        self.times = times
        self.runs = 0

    def forward(self, lq: Tensor, noise: Tensor) -> Tensor:
        result = super().forward(lq, noise)
        self.runs += 1
        if self.times is None or self.runs <= self.times:
            result[:, 0, result.shape[2] // 2, result.shape[3] // 2] = float("nan")
        return result


class FarModel(BicubicModel):
    """Gives values far outside the range of colours."""

    def forward(self, lq: Tensor, noise: Tensor) -> Tensor:
        return super().forward(lq, noise) * 900


class HungryModel(BicubicModel):
    """Runs out of memory where it reads more than `most_pixels` LR pixels."""

    def __init__(self, most_pixels: int, error: Exception | None = None) -> None:
        super().__init__()
        self.most_pixels = most_pixels
        self.error = error or torch.OutOfMemoryError("out of memory")
        self.sizes: list[int] = []

    def forward(self, lq: Tensor, noise: Tensor) -> Tensor:
        self.sizes.append(lq.shape[2] * lq.shape[3])
        if self.sizes[-1] > self.most_pixels:
            raise self.error
        return super().forward(lq, noise)


class FailingModel(BicubicModel):
    """Raises RuntimeError in each of its first `times` runs on `device` ("" is any)."""

    def __init__(self, times: int, device: str = "") -> None:
        super().__init__()
        self.times, self.device = times, device
        self.failures = 0

    def forward(self, lq: Tensor, noise: Tensor) -> Tensor:
        if self.failures < self.times and lq.device.type.startswith(self.device):
            self.failures += 1
            raise RuntimeError("the device was lost")
        return super().forward(lq, noise)


class SlowModel(BicubicModel):
    """Takes `seconds` a tile, spread over `layers` layers."""

    def __init__(self, seconds: float = 0.5, layers: int = 10) -> None:
        super().__init__()
        self.layers = nn.Sequential(*(_Pause(seconds / layers) for _ in range(layers)))

    def forward(self, lq: Tensor, noise: Tensor) -> Tensor:
        return super().forward(self.layers(lq), noise)


class _Pause(nn.Module):
    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds

    def forward(self, x: Tensor) -> Tensor:
        time.sleep(self.seconds)
        return x


def require_fitting_inputs(model: BicubicModel | ContextModel, lq: Tensor, noise: Tensor) -> None:
    """Fail as the real model would where the engine hands over what it must not."""
    n, channels, height, width = lq.shape
    assert (n, channels) == (1, 3)
    assert lq.dtype == noise.dtype == torch.float32
    assert height % model.alignment == 0 and width % model.alignment == 0
    assert noise.shape == (1, model.latent_channels, height, width)
    assert float(lq.min()) >= 0 and float(lq.max()) <= 1
