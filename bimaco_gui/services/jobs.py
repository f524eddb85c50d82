"""A job: one picture to upscale, where the result goes, and how."""

from __future__ import annotations

import json
import math
import uuid
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from bimaco_gui.engine.options import DEFAULT_FIDELITY, require_fidelity
from bimaco_gui.errors import UsageError
from bimaco_gui.services.formats import format_named

DEVICES = ("auto", "cpu", "cuda")
LARGEST_SCALE = 4.0
LARGEST_SEED = 2**63 - 1


def _new_id() -> str:
    return uuid.uuid4().hex


@dataclass(frozen=True)
class JobOptions:
    """How a picture is upscaled and saved.

    Attributes:
        model: Name of an installed model, or the path of a model file; None is the bundled one.
        device: ``"auto"``, ``"cpu"`` or ``"cuda"``.
        tile: Edge of a tile in pixels of the input, 16 or more; None chooses by itself.
        threads: Processor threads, 1 or more; None chooses by itself.
        seed: Of the model's noise, 0 or more. The same seed gives the same pixels.
        scale: Output edge over input edge, above 1 and up to 4.
        format: ``"png"``, ``"jpg"``, ``"webp"`` or ``"tiff"``; None follows the output's name,
            or else the input's.
        quality: Of lossy formats, 1 to 100.
        overwrite: Replace an existing output instead of choosing a numbered name.
        fidelity: 0 (faithful to the input) to 1 (all of the network's detail); see
            `engine.fidelity`. A result that is to be blended later is made with 1.

    Raises:
        UsageError: If a value is out of its range; the sentence says which and what fits.
    """

    model: str | None = None
    device: str = "auto"
    tile: int | None = None
    threads: int | None = None
    seed: int = 0
    scale: float = LARGEST_SCALE
    format: str | None = None
    quality: int = 95
    overwrite: bool = False
    fidelity: float = DEFAULT_FIDELITY

    def __post_init__(self) -> None:
        """Check the ranges."""
        _require(self.device in DEVICES, f"The device is one of {', '.join(DEVICES)}.")
        _require(
            math.isfinite(self.scale) and 1.0 < self.scale <= LARGEST_SCALE,
            f"The scale is above 1 and up to {LARGEST_SCALE:g}, not {self.scale:g}.",
        )
        _require(
            self.tile is None or self.tile >= SMALLEST_TILE,
            f"A tile is {SMALLEST_TILE} pixels or more, or “auto”.",
        )
        _require(self.threads is None or self.threads >= 1, "Threads are 1 or more.")
        _require(0 <= self.seed <= LARGEST_SEED, "The seed is a whole number from 0 up.")
        _require(1 <= self.quality <= 100, f"The quality is 1 to 100, not {self.quality}.")
        require_fidelity(self.fidelity)
        if self.format is not None and format_named(self.format) != self.format:
            raise UsageError("Unknown format", f"Write “{format_named(self.format)}”.")

    def to_json(self) -> str:
        """The options as JSON text, for storage."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> JobOptions:
        """The options that `to_json` wrote; names it does not know are left out."""
        known = {entry.name for entry in fields(cls)}
        return cls(**{name: value for name, value in json.loads(text).items() if name in known})


SMALLEST_TILE = 16


def _require(fits: bool, otherwise: str) -> None:
    if not fits:
        raise UsageError("Option out of range", otherwise)


@dataclass(frozen=True)
class Job:
    """One picture to upscale.

    Attributes:
        input: The picture's file.
        output: The result's file, or a folder to put it in; None is beside the input, named.
        options: How.
        id: Unique among all jobs.
    """

    input: Path
    output: Path | None = None
    options: JobOptions = field(default_factory=JobOptions)
    id: str = field(default_factory=_new_id)
