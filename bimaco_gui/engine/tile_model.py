"""What the engine needs of a model, and how the model's tiles lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from torch import Tensor

from bimaco_gui.engine.anchor import ANCHOR_RADIUS
from bimaco_gui.engine.tiles import FEATHER


class TileModel(Protocol):
    """A x4 model that works on pieces of a picture.

    Attributes:
        scale: Output pixels per LR pixel and axis.
        alignment: Pieces are multiples of this many LR pixels long.
        context: No LR pixel farther away than this changes a result, if pieces start on multiples
            of the alignment.
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


@runtime_checkable
class WholeTileModel(Protocol):
    """A `TileModel` in which every pixel depends on the whole tile, as normalization makes it.

    Tiles of such a model differ a little wherever they meet, so they fade into each other over all
    that they share. Its `context` is the border that a cut makes unusable all the same.

    Attributes:
        usual_tile: LR pixels that a tile reads along an axis where the user chose none.
        overlap: LR pixels that neighbouring tiles both read.
    """

    @property
    def usual_tile(self) -> int: ...  # noqa: D102
    @property
    def overlap(self) -> int: ...  # noqa: D102


@dataclass(frozen=True)
class Tiling:
    """How tiles lie, in LR pixels.

    Attributes:
        alignment: What a tile reads is a multiple of this long.
        grid: And starts on a multiple of this.
        reach: How far beyond what it gives a tile must read.
        feather: Width over which neighbours fade into each other.
        usual: What a tile reads where the user chose nothing; None leaves it to the engine.
        anchored: Whether low frequencies follow the input. They are corrected from pixels around,
            which a model that depends on the whole tile does not promise, and whose authors
            correct nothing.
    """

    alignment: int
    grid: int
    reach: int
    feather: int = FEATHER
    usual: int | None = None
    anchored: bool = True

    @property
    def margin(self) -> int:
        """Pixels beyond what a tile gives that its correction and its checks look at."""
        return ANCHOR_RADIUS if self.anchored else 0


def tiling_of(model: TileModel) -> Tiling:
    """How the tiles of a model lie."""
    if isinstance(model, WholeTileModel):
        return Tiling(
            model.alignment,
            1,
            model.context,
            feather=model.overlap - 2 * model.context,
            usual=model.usual_tile,
            anchored=False,
        )
    return Tiling(model.alignment, model.alignment, model.context + ANCHOR_RADIUS)
