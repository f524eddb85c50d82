"""Print the quality table: bicubic, this model packed and before binarization, Real-ESRGAN.

    python -m tests.benchmarks.evaluate [--write] [--crops]

The photos of ``tests/data/public_test`` are degraded by the seeded script, upscaled, and compared
with themselves. Nothing is written unless ``--write`` or ``--crops`` asks for it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from bimaco_gui.engine.bench import report
from bimaco_gui.errors import AppError
from bimaco_gui.training.evaluate import Judge, Photo, Score, mean_score, read_photos, run_all
from bimaco_gui.training.evaluation_degradation import VERSION, describe
from bimaco_gui.training.feature_distance import FeatureDistance
from bimaco_gui.training.metrics import BORDER
from bimaco_gui.training.niqe import Niqe
from tests.benchmarks import runners
from tests.benchmarks.crops import contact_sheet

SHEET = runners.ROOT / "docs" / "images" / "crops.png"
COLUMNS = ("Y-PSNR, dB", "SqueezeNet feature distance", "NIQE", "s per output MP")


@dataclass(frozen=True)
class Row:
    """One upscaler: what it made of each photo, and how good that is."""

    title: str
    results: list[np.ndarray]
    scores: list[Score]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status is 1 when something is missing or fails."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.evaluate", description=(__doc__ or "").splitlines()[0]
    )
    runners.add_arguments(parser, list(runners.TITLES))
    parser.add_argument("--data", type=Path, default=runners.PHOTOS, help="folder of PNG photos")
    parser.add_argument("--photos", type=int, help="only the first so many of them")
    parser.add_argument("--seed", type=int, default=0, help="of the degradation; the tables use 0")
    parser.add_argument(
        "--crops",
        type=Path,
        nargs="?",
        const=SHEET,
        metavar="FILE",
        help="draw the contact sheet docs/images/crops.png, or another file",
    )
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    try:
        photos = read_photos(options.data, options.seed)[: options.photos]
        judge = Judge(FeatureDistance(runners.SQUEEZENET), Niqe.load(runners.NIQE_MODEL))
        about = runners.files_used(options)
        rows = [
            _measure(key, photos, judge, options) for key in runners.TITLES if key in options.only
        ]
    except (AppError, OSError, ImportError) as error:
        print(error, file=sys.stderr)
        return 1
    originals = [judge.niqe(photo.original) for photo in photos]
    text = _text(rows, photos, float(np.mean(originals)), about, options)
    print(text)
    if options.write:
        report.write_section(options.write, "quality", text)
    if options.crops:
        options.crops.parent.mkdir(parents=True, exist_ok=True)
        _sheet(rows, photos).save(options.crops, optimize=True)
    return 0


def _measure(key: str, photos: Sequence[Photo], judge: Judge, options: argparse.Namespace) -> Row:
    results = run_all(runners.make_runner(key, options), photos)
    scores = [
        judge.score(result, photo.original, seconds)
        for (result, seconds), photo in zip(results, photos, strict=True)
    ]
    return Row(runners.TITLES[key], [result for result, _ in results], scores)


def _text(
    rows: Sequence[Row],
    photos: Sequence[Photo],
    niqe_of_originals: float,
    about: Sequence[str],
    options: argparse.Namespace,
) -> str:
    lines = [
        f"- Measured {report.today()} on {report.machine()}, {options.threads} threads"
        f"{report.load()}.",
        f"- Means over {len(photos)} photos. Y-PSNR leaves out {BORDER} px at every side.",
        f"- Degradation version {VERSION}, seed {options.seed}: {describe()}.",
        *(f"- {sentence}" for sentence in about),
        f"- NIQE of the originals themselves: {niqe_of_originals:.2f}.",
        "",
        report.markdown_table(
            ["", *COLUMNS], [[row.title, *_cells(mean_score(row.scores))] for row in rows]
        ),
        "",
        "<details>",
        "<summary>Photo by photo</summary>",
        "",
        "SqueezeNet feature distance:",
        "",
        _by_photo(rows, photos, [[f"{s.feature_distance:.3f}" for s in r.scores] for r in rows]),
        "",
        "Y-PSNR, dB:",
        "",
        _by_photo(rows, photos, [[f"{s.y_psnr:.2f}" for s in r.scores] for r in rows]),
        "",
        "</details>",
    ]
    return "\n".join(lines)


def _cells(score: Score) -> list[str]:
    return [
        f"{score.y_psnr:.2f}",
        f"{score.feature_distance:.3f}",
        f"{score.niqe:.2f}",
        f"{score.seconds_per_megapixel:.3f}",
    ]


def _by_photo(rows: Sequence[Row], photos: Sequence[Photo], cells: Sequence[Sequence[str]]) -> str:
    """A table with a line for each photo and a column for each of ``rows``, as ``cells`` are."""
    header = ["photo", *(row.title for row in rows)]
    lines = [[photo.name, *(of_row[i] for of_row in cells)] for i, photo in enumerate(photos)]
    return report.markdown_table(header, lines)


def _sheet(rows: Sequence[Row], photos: Sequence[Photo]) -> Image.Image:
    names = [photo.name for photo in photos]
    columns = [(row.title, dict(zip(names, row.results, strict=True))) for row in rows]
    originals = {photo.name: photo.original for photo in photos}
    return contact_sheet([*columns, ("original", originals)])


if __name__ == "__main__":
    sys.exit(main())
