"""Print the quality tables: bicubic, Lanczos, this model in its forms, Real-ESRGAN.

    python -m tests.benchmarks.evaluate [--write] [--crops]

The photos of ``tests/data/public_test`` are reduced twice, by the seeded degradation and by clean
bicubic, upscaled, and compared with themselves. What draws noise does so with several seeds: its
figures are the means over them, and how far they move is told. Nothing is written unless
``--write`` or ``--crops`` asks for it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from bimaco_gui.engine.bench import report
from bimaco_gui.errors import AppError
from bimaco_gui.training.evaluate import (
    COLUMNS,
    Judge,
    Photo,
    Score,
    cells,
    clean,
    mean_score,
    read_photos,
    run_all,
    spread,
)
from bimaco_gui.training.evaluation_degradation import VERSION, describe
from bimaco_gui.training.feature_distance import FeatureDistance
from bimaco_gui.training.metrics import BORDER
from bimaco_gui.training.niqe import Niqe
from tests.benchmarks import runners
from tests.benchmarks.crops import contact_sheet

SHEET = runners.ROOT / "docs" / "images" / "crops.webp"
SHOWN = ("bicubic", "app", "packed", "real-esrgan")  # as many as a page is wide
SETTINGS = ("Degraded", "Clean")

Results = list[tuple[np.ndarray, float]]
"""What an upscaler made of each photo, and the seconds it took."""


@dataclass(frozen=True)
class Row:
    """One upscaler: what it made of each photo, and how good that is.

    Attributes:
        results: With the first seed.
        scores: Of each photo, for each seed.
    """

    title: str
    results: list[np.ndarray]
    scores: list[list[Score]]

    @property
    def mean(self) -> Score:
        """Over photos and seeds."""
        return mean_score([score for of_seed in self.scores for score in of_seed])

    @property
    def by_photo(self) -> list[Score]:
        """Means over the seeds."""
        return [mean_score(of_photo) for of_photo in zip(*self.scores, strict=True)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status is 1 when something is missing or fails."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.evaluate", description=(__doc__ or "").splitlines()[0]
    )
    runners.add_arguments(parser, list(runners.TITLES))
    parser.add_argument("--data", type=Path, default=runners.PHOTOS, help="folder of PNG photos")
    parser.add_argument("--photos", type=int, help="only the first so many of them")
    parser.add_argument("--seed", type=int, default=0, help="of the degradation; the tables use 0")
    parser.add_argument("--noise-seeds", type=int, default=3, help="how many, from 0 on")
    parser.add_argument(
        "--crops",
        type=Path,
        nargs="?",
        const=SHEET,
        metavar="FILE",
        help="draw the contact sheet docs/images/crops.webp, or another file",
    )
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    try:
        photos = read_photos(options.data, options.seed)[: options.photos]
        judge = Judge(FeatureDistance(runners.SQUEEZENET), Niqe.load(runners.NIQE_MODEL))
        keys = runners.chosen(options, list(runners.TITLES))
        about = runners.files_used(options, keys)
        settings = dict(zip(SETTINGS, (photos, clean(photos)), strict=True))
        tables = {
            setting: _measure(keys, reduced, judge, options)
            for setting, reduced in settings.items()
        }
    except (AppError, OSError, ImportError) as error:
        print(error, file=sys.stderr)
        return 1
    originals = [judge.niqe(photo.original) for photo in photos]
    text = _text(tables, photos, float(np.mean(originals)), about, options)
    print(text)
    if options.write:
        report.write_section(options.write, "quality", text)
    if options.crops:
        options.crops.parent.mkdir(parents=True, exist_ok=True)
        sheet = _sheet(tables[SETTINGS[0]], photos)
        sheet.save(options.crops, quality=92, method=6)
    return 0


def _measure(
    keys: Sequence[str], photos: Sequence[Photo], judge: Judge, options: argparse.Namespace
) -> list[Row]:
    made: dict[str, list[Results]] = {}
    rows = []
    for key in keys:
        source = "packed" if key == "app" else key
        if source not in made:
            seeds = range(options.noise_seeds if source in runners.SEEDED else 1)
            made[source] = [
                run_all(runners.make_runner(source, options, seed), photos) for seed in seeds
            ]
        of_seeds = made[source]
        if key == "app":
            of_seeds = [_at_default_fidelity(results, photos) for results in of_seeds]
        scores = [
            [
                judge.score(result, photo.original, seconds)
                for (result, seconds), photo in zip(results, photos, strict=True)
            ]
            for results in of_seeds
        ]
        rows.append(Row(runners.TITLES[key], [result for result, _ in of_seeds[0]], scores))
    return rows


def _at_default_fidelity(results: Results, photos: Sequence[Photo]) -> Results:
    blended = []
    for (result, seconds), photo in zip(results, photos, strict=True):
        started = time.perf_counter()
        picture = runners.at_default_fidelity(photo.degraded, result)
        blended.append((picture, seconds + time.perf_counter() - started))
    return blended


def _text(
    tables: Mapping[str, Sequence[Row]],
    photos: Sequence[Photo],
    niqe_of_originals: float,
    about: Sequence[str],
    options: argparse.Namespace,
) -> str:
    lines = [
        f"- Measured {report.today()} on {report.machine()}, {options.threads} threads"
        f"{report.load()}.",
        f"- Means over {len(photos)} photos. Y-PSNR, SSIM and GMSD leave out {BORDER} px at every "
        "side.",
        f"- Degradation version {VERSION}, seed {options.seed}: {describe()}.",
        *(f"- {sentence}" for sentence in about),
        f"- NIQE of the originals themselves: {niqe_of_originals:.2f}.",
    ]
    for setting, rows in tables.items():
        lines += ["", f"{setting}:", "", _table(rows), *_spreads(rows)]
    degraded = tables[SETTINGS[0]]
    columns = {
        "SqueezeNet feature distance": lambda score: f"{score.feature_distance:.3f}",
        "Y-PSNR, dB": lambda score: f"{score.y_psnr:.2f}",
    }
    lines += ["", "<details>", "<summary>Degraded, photo by photo</summary>"]
    for heading, cell in columns.items():
        found = [[cell(score) for score in row.by_photo] for row in degraded]
        lines += ["", f"{heading}:", "", _by_photo(degraded, photos, found)]
    return "\n".join([*lines, "", "</details>"])


def _table(rows: Sequence[Row]) -> str:
    return report.markdown_table(["", *COLUMNS], [[row.title, *cells(row.mean)] for row in rows])


def _spreads(rows: Sequence[Row]) -> list[str]:
    """A sentence for each row that drew noise with several seeds."""
    sentences = []
    for row in rows:
        if len(row.scores) > 1:
            apart = spread([mean_score(of_seed) for of_seed in row.scores])
            figures = ", ".join(
                f"{heading} {cell}"
                for heading, cell in zip(COLUMNS[:-1], cells(apart)[:-1], strict=True)
            )
            sentences += ["", f"Apart over {len(row.scores)} seeds, {row.title}: {figures}."]
    return sentences


def _by_photo(rows: Sequence[Row], photos: Sequence[Photo], cells: Sequence[Sequence[str]]) -> str:
    """A table with a line for each photo and a column for each of ``rows``, as ``cells`` are."""
    header = ["photo", *(row.title for row in rows)]
    lines = [[photo.name, *(of_row[i] for of_row in cells)] for i, photo in enumerate(photos)]
    return report.markdown_table(header, lines)


def _sheet(rows: Sequence[Row], photos: Sequence[Photo]) -> Image.Image:
    names = [photo.name for photo in photos]
    titles = {runners.TITLES[key] for key in SHOWN}
    columns = [
        (row.title, dict(zip(names, row.results, strict=True)))
        for row in rows
        if row.title in titles
    ]
    originals = {photo.name: photo.original for photo in photos}
    return contact_sheet([*columns, ("original", originals)])


if __name__ == "__main__":
    sys.exit(main())
