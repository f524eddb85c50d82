"""A job: one picture to upscale, where the result goes, and how."""

from __future__ import annotations

import json
import math
import re
import uuid
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from bimaco_gui.engine.options import DEFAULT_FIDELITY, require_fidelity
from bimaco_gui.errors import UsageError
from bimaco_gui.services.formats import format_named
from bimaco_gui.services.name_template import DEFAULT_TEMPLATE, NameTemplate

DEVICES = ("auto", "cpu", "cuda", "cuda:N")
"""What a device may be called; N counts NVIDIA GPUs from 0, and without it the first is meant."""

EXISTING = ("number", "skip", "overwrite")
BITS = (8, 16)
SMALLEST_SCALE = 1.0
LARGEST_SCALE = 16.0
LARGEST_SIDE = 200_000
LARGEST_SEED = 2**63 - 1
SMALLEST_TILE = 16
DEFAULT_MODEL = "photo"
MODEL_SUFFIX = ".safetensors"


def _new_id() -> str:
    return uuid.uuid4().hex


def is_device(name: str) -> bool:
    """Whether a device may be called so, wherever it is."""
    return re.fullmatch(r"auto|cpu|cuda(:\d+)?", name) is not None


@dataclass(frozen=True)
class JobOptions:
    """How a picture is upscaled and saved.

    Attributes:
        model: Name of an installed model, or the path of a model file; None is the bundled one.
        device: ``"auto"``, ``"cpu"`` or ``"cuda"``.
        tile: Edge of a tile in pixels of the input, 16 or more; None chooses by itself.
        threads: Processor threads, 1 or more; None chooses by itself.
        seed: Of the model's noise, 0 or more. The same seed gives the same pixels.
        scale: Output edge over input edge, 1 to 16. The model makes 4x; every other factor is
            resampled from that. It does not count where a size in pixels is given.
        longest_side: The result's longer side in pixels, 1 or more, instead of `scale`.
        width, height: The result's size in pixels, instead of `scale`; of one alone the other
            follows. Both together may change the picture's proportions.
        format: ``"png"``, ``"jpg"``, ``"webp"``, ``"avif"`` or ``"tiff"``; None follows the
            output's name, or else the input's.
        quality: Of lossy formats, 1 to 100.
        fidelity: 0 (faithful to the input) to 1 (all of the network's detail); see
            `engine.fidelity`. A result that is to be blended later is made with 1.
        bits: Per channel, 8 or 16, as far as the format holds them; None keeps the input's.
        existing: What happens where the output exists: ``"number"`` chooses a numbered name,
            ``"skip"`` leaves the picture out, ``"overwrite"`` replaces the file.
        template: Of the result's name where a folder or nothing is given as the output; see
            `name_template`.
        strip_gps: Leave out where the photo was taken.
        provenance: Say in the result's metadata that this program made it, with which model.

    Raises:
        UsageError: If a value is out of its range; the sentence says which and what fits.
    """

    model: str | None = None
    device: str = "auto"
    tile: int | None = None
    threads: int | None = None
    seed: int = 0
    scale: float = 4.0
    longest_side: int | None = None
    width: int | None = None
    height: int | None = None
    format: str | None = None
    quality: int = 95
    fidelity: float = DEFAULT_FIDELITY
    bits: int | None = None
    existing: str = "number"
    template: str = DEFAULT_TEMPLATE
    strip_gps: bool = False
    provenance: bool = True

    def __post_init__(self) -> None:
        """Check the ranges."""
        _require(is_device(self.device), f"The device is one of {', '.join(DEVICES)}.")
        _require(
            math.isfinite(self.scale) and SMALLEST_SCALE <= self.scale <= LARGEST_SCALE,
            f"The scale is {SMALLEST_SCALE:g} to {LARGEST_SCALE:g}, not {self.scale:g}.",
        )
        for side in (self.longest_side, self.width, self.height):
            _require(
                side is None or 1 <= side <= LARGEST_SIDE,
                f"A side of the result is 1 to {LARGEST_SIDE} pixels, not {side}.",
            )
        _require(
            self.longest_side is None or (self.width is None and self.height is None),
            "Give either the longest side or width and height.",
        )
        _require(
            self.tile is None or self.tile >= SMALLEST_TILE,
            f"A tile is {SMALLEST_TILE} pixels or more, or “auto”.",
        )
        _require(self.threads is None or self.threads >= 1, "Threads are 1 or more.")
        _require(0 <= self.seed <= LARGEST_SEED, "The seed is a whole number from 0 up.")
        _require(1 <= self.quality <= 100, f"The quality is 1 to 100, not {self.quality}.")
        require_fidelity(self.fidelity)
        _require(self.bits in (None, *BITS), f"The bits per channel are 8 or 16, not {self.bits}.")
        _require(
            self.existing in EXISTING,
            f"What happens to an existing result is one of {', '.join(EXISTING)}.",
        )
        NameTemplate(self.template)
        if self.format is not None and format_named(self.format) != self.format:
            raise UsageError("Unknown format", f"Write “{format_named(self.format)}”.")

    def to_json(self) -> str:
        """The options as JSON text, for storage."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> JobOptions:
        """The options that `to_json` wrote; names it does not know are left out."""
        stored = json.loads(text)
        if stored.get("overwrite"):  # as versions up to 0.1.0 wrote it
            stored["existing"] = "overwrite"
        known = {entry.name for entry in fields(cls)}
        return cls(**{name: value for name, value in stored.items() if name in known})


def _require(fits: bool, otherwise: str) -> None:
    if not fits:
        raise UsageError("Option out of range", otherwise)


def model_name(model: str | None) -> str:
    """What to call the model of `JobOptions.model` in a file's name."""
    if model is None:
        return DEFAULT_MODEL
    return Path(model).stem if model.endswith(MODEL_SUFFIX) else model


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
