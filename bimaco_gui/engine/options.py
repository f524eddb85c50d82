"""What may be chosen for one upscaling."""

from dataclasses import dataclass
from typing import Final

from bimaco_gui.errors import UsageError

LARGEST_SCALE = 16.0

DEFAULT_FIDELITY: Final = 0.5
"""Where the feature distance to the originals is least, degraded and clean photos together, and the
mean square error still below that of the network's own result (docs/fidelity.md)."""


@dataclass(frozen=True)
class UpscaleOptions:
    """Choices for one picture.

    Attributes:
        tile: Side in LR pixels of the part that is computed at once, rounded up to the model's
            alignment; None leaves it to the engine. It changes time and memory, not the result.
        seed: Any integer; the same seed gives the same picture.
        scale: Output width over input width, 1 to 16. The x4 result is resampled to it.
        size: Width and height of the output in pixels, instead of what `scale` gives.

    Raises:
        UsageError: A value is out of its range.
    """

    tile: int | None = None
    seed: int = 0
    scale: float = 4.0
    size: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        if self.tile is not None and self.tile < 1:
            raise UsageError("Unusable tile size", f"A tile of {self.tile} pixels is too small.")
        if not 1 <= self.scale <= LARGEST_SCALE:
            raise UsageError(
                "Unusable scale",
                f"The scale is {self.scale:g}, but it must be from 1 to {LARGEST_SCALE:g}.",
            )
        if self.size is not None and min(self.size) < 1:
            raise UsageError("Unusable size", f"{self.size[0]} × {self.size[1]} is no size.")

    def output_size(self, width: int, height: int) -> tuple[int, int]:
        """Width and height of the output for an input of this size."""
        if self.size is not None:
            return self.size
        return max(1, round(width * self.scale)), max(1, round(height * self.scale))


def require_fidelity(fidelity: float) -> None:
    """Refuse what is not a number from 0 to 1.

    Raises:
        UsageError: It is not.
    """
    if not 0 <= fidelity <= 1:
        raise UsageError(
            "Unusable fidelity",
            f"The fidelity is {fidelity:g}, but it goes from 0 (faithful) to 1 (most detail).",
        )
