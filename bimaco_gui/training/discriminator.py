"""The adversary of the generative losses: judges patches of pictures as real or made."""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm


class PatchDiscriminator(nn.Module):
    """Strided convolutions with spectral normalization; one judgement per 8x8 pixels.

    Judges a picture together with its bicubic enlargement, so that texture has to fit the input.
    """

    def __init__(self, channels: int = 64) -> None:
        super().__init__()
        widths = (6, channels, 2 * channels, 4 * channels)
        layers: list[nn.Module] = []
        for narrow, wide in pairwise(widths):
            layers += [
                spectral_norm(nn.Conv2d(narrow, wide, 4, 2, 1)),
                nn.LeakyReLU(0.2, inplace=True),
            ]
        wide = widths[-1]
        layers += [
            spectral_norm(nn.Conv2d(wide, wide, 3, padding=1)),
            nn.LeakyReLU(0.2, inplace=True),
            spectral_norm(nn.Conv2d(wide, 1, 3, padding=1)),
        ]
        self.layers = nn.Sequential(*layers)

    def forward(self, pictures: Tensor) -> Tensor:
        """[N, 6, H, W] (picture and enlarged input, each -1..1) to scores [N, 1, H/8, W/8]."""
        return self.layers(pictures)  # type: ignore[no-any-return]
