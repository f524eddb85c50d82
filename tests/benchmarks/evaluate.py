"""Print the quality table: bicubic, the packed model, the one before binarization, Real-ESRGAN.

    python tests/benchmarks/evaluate.py [--full-precision CHECKPOINT] [--markdown docs/benchmarks.md]

Photos of ``--data`` are degraded by the seeded script, upscaled, and compared with themselves.
Nothing is written unless ``--markdown`` or ``--pictures`` asks for it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import runners
import torch
from PIL import Image, ImageDraw

from bimaco_gui.errors import AppError
from bimaco_gui.training import report
from bimaco_gui.training.evaluate import Judge, Photo, Score, mean_score, read_photos, run_all
from bimaco_gui.training.evaluation_degradation import VERSION
from bimaco_gui.training.feature_distance import FeatureDistance
from bimaco_gui.training.niqe import Niqe
from bimaco_gui.training.peers import Runner, bicubic

LABEL_HEIGHT = 24
COLUMNS = ("Y-PSNR, dB", "feature distance", "NIQE", "s/picture")


@dataclass(frozen=True)
class Row:
    """One upscaler: what it made of each photo, and how good that is."""

    name: str
    results: list[np.ndarray]
    scores: list[Score]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status is 1 when a file is missing or wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=runners.PHOTOS, help="folder of PNG photos")
    parser.add_argument("--photos", type=int, help="only the first so many of them")
    parser.add_argument("--seed", type=int, default=0, help="of the degradation; the tables use 0")
    parser.add_argument("--model", help="name or file of the packed model (default: the bundled)")
    parser.add_argument("--full-precision", type=Path, help="checkpoint from before binarization")
    parser.add_argument("--peers-only", action="store_true", help="leave our own model out")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--verbose", action="store_true", help="a line for every picture")
    parser.add_argument("--markdown", type=Path, help="file whose quality section is rewritten")
    parser.add_argument("--pictures", type=Path, help="folder for strips to look at")
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    try:
        photos = read_photos(options.data, options.seed)[: options.photos]
        judge = Judge(FeatureDistance(runners.SQUEEZENET), Niqe.load(runners.NIQE_MODEL))
        upscalers, notes = _upscalers(options)
    except (AppError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    rows = [_row(name, runner, photos, judge) for name, runner in upscalers]
    original = mean_score([judge.score(photo.original, photo.original, 0.0) for photo in photos])
    text = _text(rows, original, photos, options, notes)
    if options.verbose:
        print(_per_picture(rows, photos), end="\n\n")
    print(text)
    if options.markdown:
        report.write_section(options.markdown, "quality", text)
    if options.pictures:
        _save_strips(options.pictures, rows, photos)
    return 0


def _upscalers(options: argparse.Namespace) -> tuple[list[tuple[str, Runner]], list[str]]:
    """The named upscalers in the order of the table, and a sentence on each of our files."""
    upscalers: list[tuple[str, Runner]] = [("bicubic", bicubic)]
    notes = []
    if not options.peers_only:
        from bimaco_gui.weights import load_model

        path = runners.model_file(options.model)
        upscalers.append(("this model, packed", runners.through_engine(load_model(path))))
        notes.append(f"packed model `{path.name}` (sha256 {report.file_hash(path)})")
    if options.full_precision:
        from bimaco_gui.training.checkpoints import load_model as load_checkpoint

        path = options.full_precision
        upscalers.append(
            ("this model, before binarization", runners.through_engine(load_checkpoint(path)))
        )
        notes.append(f"before binarization `{path.name}` (sha256 {report.file_hash(path)})")
    upscalers.append((runners.REAL_ESRGAN, runners.real_esrgan(options.threads)))
    return upscalers, notes


def _row(name: str, runner: Runner, photos: Sequence[Photo], judge: Judge) -> Row:
    results = run_all(runner, photos)
    scores = [
        judge.score(result, photo.original, seconds)
        for (result, seconds), photo in zip(results, photos, strict=True)
    ]
    return Row(name, [result for result, _ in results], scores)


def _text(
    rows: Sequence[Row],
    original: Score,
    photos: Sequence[Photo],
    options: argparse.Namespace,
    notes: Sequence[str],
) -> str:
    table = [[row.name, *_cells(mean_score(row.scores))] for row in rows]
    table.append(["the originals themselves", "-", "-", f"{original.niqe:.2f}", "-"])
    about = [
        f"{report.today()}, {report.machine()}, {options.threads} threads.",
        f"Means over {len(photos)} photos, x4, degradation version {VERSION}, seed {options.seed}.",
        *(f"{note[0].upper()}{note[1:]}." for note in notes),
    ]
    return "\n".join([*about, "", report.markdown_table(["upscaler", *COLUMNS], table)])


def _cells(score: Score) -> list[str]:
    return [
        f"{score.y_psnr:.2f}",
        f"{score.feature_distance:.3f}",
        f"{score.niqe:.2f}",
        f"{score.seconds:.3f}",
    ]


def _per_picture(rows: Sequence[Row], photos: Sequence[Photo]) -> str:
    table = [
        [photo.name, row.name, *_cells(row.scores[i])]
        for i, photo in enumerate(photos)
        for row in rows
    ]
    return report.markdown_table(["photo", "upscaler", *COLUMNS], table)


def _save_strips(folder: Path, rows: Sequence[Row], photos: Sequence[Photo]) -> None:
    """Save for each photo all results and the original side by side, at 100 %, with labels."""
    folder.mkdir(parents=True, exist_ok=True)
    for i, photo in enumerate(photos):
        height, width = photo.original.shape[:2]
        panels = [(row.name, row.results[i]) for row in rows] + [("original", photo.original)]
        strip = Image.new("RGB", (width * len(panels), height + LABEL_HEIGHT), "white")
        draw = ImageDraw.Draw(strip)
        for column, (name, pixels) in enumerate(panels):
            draw.text((column * width + 6, 6), name, fill="black")
            strip.paste(Image.fromarray(pixels), (column * width, LABEL_HEIGHT))
        strip.save(folder / f"{Path(photo.name).stem}_strip.png")


if __name__ == "__main__":
    sys.exit(main())
