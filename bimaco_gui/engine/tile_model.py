"""What the engine needs of a model, and no more."""

from typing import Protocol

from torch import Tensor


class TileModel(Protocol):
    """A x4 model that works on pieces of a picture.

    Attributes:
        scale: Output pixels per LR pixel and axis.
        alignment: Pieces start and end on multiples of this many LR pixels.
        context: No LR pixel farther away than this changes a result.
        latent_channels: Channels of the noise.
    """

    @property
    def scale(self) -> int: ...  # noqa: D102
    @property
    def alignment(self) -> int: ...  # noqa: D102
    @property
    def context(self) -> int: ...  # noqa: D102
    @property
    def latent_channels(self) -> int: ...  # noqa: D102

    def __call__(self, lq: Tensor, noise: Tensor, /) -> Tensor:
        """Upscale [1, 3, h, w] RGB in 0..1 with noise [1, latent_channels, h, w].

        Returns:
            [1, 3, scale * h, scale * w], nominally 0..1.
        """
        ...
