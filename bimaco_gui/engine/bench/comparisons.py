"""The forms of the released network, and whole pictures against others' pipelines, raced."""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import bimaco_gui
from bimaco_gui.engine.bench import contestants
from bimaco_gui.engine.bench.contestants import Entry
from bimaco_gui.engine.bench.race import Contestant, Timing, race
from bimaco_gui.engine.bench.targets import Target
from bimaco_gui.errors import ModelError

TITLES: Final = {
    contestants.UNET_FULL: "UNet, full precision",
    contestants.UNET_SIMULATED: "UNet, binary simulated in fp32, as released",
    contestants.UNET_PACKED: "UNet, packed",
    contestants.AUTOENCODER: "autoencoder, full precision in all forms",
    contestants.BUNDLED: "bundled model",
    contestants.REFERENCE: "full-precision reference pipeline, random weights",
    contestants.REAL_ESRGAN: "Real-ESRGAN General x4 v3",
}

SIDE = 512
"""Of the picture that is enlarged, in pixels."""

LARGE = (1000, 750)
"""Width and height whose result has 12 megapixels."""

_TILE_MEGAPIXELS = 0.256**2
_SCALE = 4


@dataclass(frozen=True)
class RaceOptions:
    """What to measure.

    Attributes:
        command: Starts this program so that it takes part in a race; the entry, as JSON, follows.
        threads: Processor threads of each contestant.
        rounds: Timed runs of each.
        model: The installed model of the picture race; None for the default.
        peer: Path of Real-ESRGAN's network without its suffix; None for that of the checkout.
        side: Of the picture.
        large: Width and height of the picture whose memory is measured; None leaves it out.
        only: Keys of `TITLES` that take part; empty for all.
    """

    command: Sequence[str]
    threads: int = 2
    rounds: int = 3
    model: str | None = None
    peer: Path | None = None
    side: int = SIDE
    large: tuple[int, int] | None = LARGE
    only: frozenset[str] = frozenset()


def measure_networks(options: RaceOptions) -> dict[str, Any]:
    """Race the forms of the released UNet, and its autoencoder, on one tile; a JSON-able mapping.

    Raises:
        RuntimeError: a contestant ended early; its own message is on stderr.
    """
    keys = (
        contestants.UNET_FULL,
        contestants.UNET_SIMULATED,
        contestants.UNET_PACKED,
        contestants.AUTOENCODER,
    )
    chosen = _chosen(keys, options)
    timings = _race([Entry(key, options.threads) for key in chosen], options)
    found = dict(zip(chosen, timings, strict=True))
    packed, full = found.get(contestants.UNET_PACKED), found.get(contestants.UNET_FULL)
    return {
        "tile": "64x64 LR pixels, 256x256 of the result",
        "weights": "random",
        "baseline": f"{TITLES[contestants.UNET_FULL]} (torch fp32)",
        "rounds": options.rounds,
        "threads": options.threads,
        "rows": [{"key": key, **timing.to_dict()} for key, timing in found.items()],
        "profile": _profile(contestants.UNET_PACKED, chosen, options),
        "targets": [
            Target(
                "packed UNet against the full-precision one", "x", _ratio(full, packed), 5
            ).to_dict()
        ],
    }


def measure_pictures(options: RaceOptions) -> dict[str, Any]:
    """Race whole pipelines, from a picture in memory to a picture in memory; a JSON-able mapping.

    The reference pipeline runs on one tile, and its seconds are scaled to a megapixel.

    Raises:
        ModelError: there is no such model, or the peer's network is named but not there.
        RuntimeError: a contestant ended early; its own message is on stderr.
    """
    peer, why_not = _peer(options.peer)
    chosen = [
        key
        for key in _chosen(
            (contestants.BUNDLED, contestants.REFERENCE, contestants.REAL_ESRGAN), options
        )
        if key != contestants.REAL_ESRGAN or peer is not None
    ]
    entries = [_picture_entry(key, options, options.side, options.side, peer) for key in chosen]
    timings = dict(zip(chosen, _race(entries, options), strict=True))
    rows = []
    for key, timing in timings.items():
        of_tile = key == contestants.REFERENCE
        megapixels = _TILE_MEGAPIXELS if of_tile else (_SCALE * options.side) ** 2 / 1e6
        rows.append({"key": key, "megapixels": megapixels, **timing.to_dict()})
    per_megapixel = {row["key"]: row["median_s"] / row["megapixels"] for row in rows}
    peak = _peak_of_large(options)
    return {
        "picture": f"{options.side}x{options.side} to "
        f"{_SCALE * options.side}x{_SCALE * options.side} px; the reference: one tile of 64x64 "
        "to 256x256 px, scaled to a megapixel",
        "baseline": f"{TITLES[contestants.REFERENCE]}, {TITLES[contestants.REAL_ESRGAN]}",
        "rounds": options.rounds,
        "threads": options.threads,
        "rows": rows,
        "profile": _profile(contestants.BUNDLED, chosen, options),
        "left_out": [] if why_not is None else [why_not],
        "peak_of_large": None
        if peak is None or options.large is None
        else {
            "megapixels": _SCALE**2 * options.large[0] * options.large[1] / 1e6,
            **peak.to_dict(),
        },
        "targets": [target.to_dict() for target in _picture_targets(per_megapixel, peak)],
    }


def _picture_targets(per_megapixel: dict[str, float], peak: Timing | None) -> list[Target]:
    own = per_megapixel.get(contestants.BUNDLED)

    def over_own(key: str) -> float | None:
        other = per_megapixel.get(key)
        return None if own is None or other is None else other / own

    reference, peer = over_own(contestants.REFERENCE), over_own(contestants.REAL_ESRGAN)
    peak_bytes = None if peak is None else peak.peak_bytes
    return [
        Target("against the full-precision reference pipeline", "x", reference, 27.4),
        Target("against the full-precision reference pipeline, the aim", "x", reference, 150),
        Target(
            "seconds per megapixel over those of Real-ESRGAN General x4 v3",
            "",
            None if peer is None else 1 / peer,
            1.0,
            at_least=False,
        ),
        Target(
            "peak memory for a result of 12 megapixels",
            "GB",
            None if peak_bytes is None else peak_bytes / 1e9,
            1.2,
            at_least=False,
        ),
    ]


def _peak_of_large(options: RaceOptions) -> Timing | None:
    """The bundled model alone, once, on the large picture."""
    if options.large is None:
        return None
    entry = _picture_entry(contestants.BUNDLED, options, *options.large, None)
    (timing,) = _race([entry], options, runs=1)
    return timing


def _profile(key: str, chosen: Sequence[str], options: RaceOptions) -> list[dict[str, Any]]:
    """Where the time of a contestant goes; nothing where it does not take part."""
    if key not in chosen:
        return []
    entry = _picture_entry(key, options, options.side, options.side, None)
    (timing,) = _race([dataclasses.replace(entry, profiled=True)], options, runs=1)
    rows: list[dict[str, Any]] = json.loads(timing.note)
    return rows


def _picture_entry(
    key: str, options: RaceOptions, width: int, height: int, peer: Path | None
) -> Entry:
    return Entry(
        key, options.threads, width, height, options.model, "" if peer is None else str(peer)
    )


def _chosen(keys: Sequence[str], options: RaceOptions) -> list[str]:
    return [key for key in keys if not options.only or key in options.only]


def _peer(path: Path | None) -> tuple[Path | None, str | None]:
    """Where Real-ESRGAN's network is; None, and why it does not take part."""
    title = TITLES[contestants.REAL_ESRGAN]
    if importlib.util.find_spec("ncnn") is None:
        return None, f"{title} did not take part: the package ncnn is not installed."
    if path is not None:
        if not path.with_suffix(".param").is_file():
            raise ModelError("Network missing", f"There is no {path.with_suffix('.param')}.")
        return path, None
    checkout = Path(bimaco_gui.__file__).resolve().parents[1]
    path = checkout / "tests" / "data" / "baselines" / "RealESRGAN_General_x4_v3"
    if not path.with_suffix(".param").is_file():
        return None, f"{title} did not take part: name its network with --real-esrgan."
    return path, None


def _race(entries: Sequence[Entry], options: RaceOptions, runs: int | None = None) -> list[Timing]:
    # The processes find this very package, wherever they are started.
    package = str(Path(bimaco_gui.__file__).resolve().parents[1])
    found = os.pathsep.join([package, *filter(None, [os.environ.get("PYTHONPATH")])])
    return race(
        [
            Contestant(
                TITLES[entry.name], [*options.command, entry.to_json()], {"PYTHONPATH": found}
            )
            for entry in entries
        ],
        options.rounds if runs is None else runs,
    )


def _ratio(one: Timing | None, other: Timing | None) -> float | None:
    return None if one is None or other is None else one.median / other.median
