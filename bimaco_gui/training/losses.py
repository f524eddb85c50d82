"""The gradient a picture receives: reconstruction losses, and an adversary of equal footing.

The adversary's gradient is scaled to a fixed share of the reconstruction's at the pixels, so its
weight means the same at every point of the training (the idea of VQGAN's adaptive weight, taken
at the picture instead of the last layer).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from bimaco_gui.training.discriminator import PatchDiscriminator
from bimaco_gui.training.metrics import LUMA
from bimaco_gui.training.stages import Batch

DISCRIMINATOR_RATE = 0.3  # of the model's learning rate
FEATURE_STRIDE = 16  # of all reductions of the feature network together
GRID_WINDOW = 3  # LR pixels: a pattern that only a few of them share is seen too
SSIM_C1, SSIM_C2 = 0.01**2, 0.03**2  # of a range of 1


class Adversary:
    """A discriminator and its optimizer, trained with the hinge loss."""

    def __init__(self, discriminator: PatchDiscriminator, learning_rate: float) -> None:
        self.discriminator = discriminator
        self._optimizer = torch.optim.AdamW(
            discriminator.parameters(),
            lr=learning_rate * DISCRIMINATOR_RATE,
            betas=(0.5, 0.99),
            weight_decay=0.0,
        )

    def judge(self, pictures: Tensor, low: Tensor) -> Tensor:
        """Scores of pictures given their LR pictures; high means real."""
        enlarged = F.interpolate(low, scale_factor=4.0, mode="bicubic", align_corners=False)
        with torch.autocast(pictures.device.type, torch.bfloat16):
            return self.discriminator(torch.cat((pictures, enlarged), 1) * 2 - 1)  # type: ignore[no-any-return]

    def learn(self, real: Tensor, made: Tensor, low: Tensor) -> Tensor:
        """One update; returns the hinge loss."""
        scores = self.judge(torch.cat((real, made)), torch.cat((low, low))).float()
        good, bad = scores.chunk(2)
        loss = F.relu(1 - good).mean() + F.relu(1 + bad).mean()
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self._optimizer.step()
        return loss.detach()


def picture_gradient(
    picture: Tensor,
    batch: Batch,
    reconstruction: Tensor,
    adversary: Adversary | None,
    share: float,
) -> tuple[Tensor, dict[str, Tensor]]:
    """Gradient with respect to `picture` (a leaf), and figures for the log.

    Args:
        reconstruction: a scalar computed from `picture`.
        share: norm of the adversary's gradient relative to the reconstruction's.
    """
    (gradient,) = torch.autograd.grad(reconstruction, picture)
    if adversary is None:
        return gradient, {}
    score = adversary.judge(picture, batch.low).float().mean()
    (push,) = torch.autograd.grad(-score, picture)
    norm = gradient.norm() / push.norm().clamp_min(1e-12)
    gradient = gradient + push * (share * norm)
    loss = adversary.learn(batch.sharp, picture.detach(), batch.low)
    return gradient, {"score": score.detach(), "adversary": loss}


def structure_loss(first: Tensor, second: Tensor) -> Tensor:
    """1 - SSIM of the luma of pictures [N, 3, H, W] in 0..1, a scalar.

    The usual Gaussian window of 11 pixels, sigma 1.5 (Wang et al. 2004), without borders.
    """
    with torch.autocast(first.device.type, enabled=False):
        a, b = _luma(first.float()), _luma(second.float())
        means = _window_means(torch.cat((a, b, a * a, b * b, a * b), 1))
        mean_a, mean_b, square_a, square_b, product = means.unbind(1)
        both = mean_a * mean_b
        squares = mean_a.square() + mean_b.square()
        likeness = (2 * both + SSIM_C1) * (2 * (product - both) + SSIM_C2)
        scale = (squares + SSIM_C1) * (square_a + square_b - squares + SSIM_C2)
        return 1 - (likeness / scale).mean()


def _luma(pictures: Tensor) -> Tensor:
    weights = torch.tensor(LUMA, device=pictures.device)[:, None, None] / sum(LUMA)
    return (pictures * weights).sum(1, keepdim=True)


def _window_means(maps: Tensor) -> Tensor:
    """Gaussian means [N, C, H - 10, W - 10] of maps [N, C, H, W]."""
    channels = maps.shape[1]
    offset = torch.arange(11, device=maps.device) - 5.0
    window = torch.exp(-0.5 * offset.square() / 1.5**2)
    column = (window / window.sum()).view(1, 1, 11, 1).repeat(channels, 1, 1, 1)
    rows = F.conv2d(maps, column, groups=channels)
    return F.conv2d(rows, column.transpose(2, 3), groups=channels)


def grid_loss(picture: Tensor, photo: Tensor) -> Tensor:
    """Mean absolute local mean of the error at each place of the x4 grid, a scalar.

    The error is averaged over windows of `GRID_WINDOW` LR pixels, apart for each of the 4 x 4
    places inside an LR pixel. What survives is a colour cast or a pattern of period 4.

    Args:
        picture, photo: [N, 3, H, W], sides multiples of 4; what no whole window covers is left out.
    """
    places = F.pixel_unshuffle(picture.float() - photo.float(), 4)
    return F.avg_pool2d(places, GRID_WINDOW).abs().mean()


def at_random_phase(pictures: Sequence[Tensor], generator: torch.Generator) -> list[Tensor]:
    """Cut pictures [N, C, H, W] to [N, C, H - 16, W - 16], all at one random place.

    At a fixed phase of its strides a feature network cannot see a grid of their period, and
    training would draw one.
    """
    top, left = torch.randint(0, FEATURE_STRIDE + 1, (2,), generator=generator).tolist()
    height, width = (side - FEATURE_STRIDE for side in pictures[0].shape[-2:])
    return [x[..., top : top + height, left : left + width] for x in pictures]
