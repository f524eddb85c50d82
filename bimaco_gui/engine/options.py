"""What may be chosen for one upscaling."""

from dataclasses import dataclass

from bimaco_gui.errors import UsageError

LARGEST_SCALE = 4.0


@dataclass(frozen=True)
class UpscaleOptions:
    """Choices for one picture.

    Attributes:
        tile: Side in LR pixels of the part that is computed at once, rounded up to the model's
            alignment; None leaves it to the engine. It changes time and memory, not the result.
        seed: Any integer; the same seed gives the same picture.
        scale: Output width over input width, above 1 and up to 4. Below 4 the x4 result is
            reduced.

    Raises:
        UsageError: A value is out of its range.
    """

    tile: int | None = None
    seed: int = 0
    scale: float = LARGEST_SCALE

    def __post_init__(self) -> None:
        if self.tile is not None and self.tile < 1:
            raise UsageError("Unusable tile size", f"A tile of {self.tile} pixels is too small.")
        if not 1 < self.scale <= LARGEST_SCALE:
            raise UsageError(
                "Unusable scale",
                f"The scale is {self.scale:g}, but it must be above 1 and at most 4.",
            )
