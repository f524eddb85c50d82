"""Print what each setting of the fidelity control costs and gives: bicubic, 0, ..., 1.

    python -m tests.benchmarks.fidelity [--write]

The photos of ``tests/data/public_test`` are reduced twice, by the seeded degradation and by clean
bicubic, upscaled once by the bundled model, and blended at every setting. The default setting and
the share of detail that the faithful end keeps were chosen from this table.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from bimaco_gui.engine.bench import report
from bimaco_gui.engine.bench.peers import bicubic
from bimaco_gui.engine.fidelity import FaithfulPicture, blended
from bimaco_gui.engine.options import DEFAULT_FIDELITY
from bimaco_gui.errors import AppError
from bimaco_gui.training.evaluate import Judge, Photo, mean_score, read_photos
from bimaco_gui.training.feature_distance import FeatureDistance
from bimaco_gui.training.niqe import Niqe
from tests.benchmarks import runners

SETTINGS = (0.0, 0.25, 0.5, 0.75, 1.0)
SHARES = (0.25, 0.5, 0.75)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status is 1 when something is missing or fails."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.fidelity", description=(__doc__ or "").splitlines()[0]
    )
    runners.add_arguments(parser, ["packed"])
    parser.add_argument("--data", type=Path, default=runners.PHOTOS, help="folder of PNG photos")
    parser.add_argument("--photos", type=int, help="only the first so many of them")
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    try:
        degraded = read_photos(options.data)[: options.photos]
        runner = runners.make_runner("packed", options)
        judge = Judge(FeatureDistance(runners.SQUEEZENET), Niqe.load(runners.NIQE_MODEL))
        about = runners.files_used(options)
    except (AppError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    parts = [f"- Measured {report.today()} on {len(degraded)} photos.", *(f"- {s}" for s in about)]
    parts.append(f"- The default is {DEFAULT_FIDELITY:g}; 1 is the network's own result.")
    for title, photos in (("Degraded", degraded), ("Clean", [_clean(p) for p in degraded])):
        parts += ["", f"{title}:", "", _table(photos, runner, judge)]
    text = "\n".join(parts)
    print(text)
    if options.write:
        report.write_section(options.write, "fidelity", text)
    return 0


def _table(photos: Sequence[Photo], runner: runners.Runner, judge: Judge) -> str:
    results = [runner(photo.degraded) for photo in photos]
    started = time.perf_counter()
    ends = [
        FaithfulPicture(photo.degraded, result).part(0, 0, *result.shape[:2])
        for photo, result in zip(photos, results, strict=True)
    ]
    megapixels = sum(result.shape[0] * result.shape[1] for result in results) / 1e6
    seconds = (time.perf_counter() - started) / megapixels

    def row(title: str, pictures: Sequence[np.ndarray]) -> list[str]:
        score = mean_score(
            [judge.score(x, photo.original, 0.0) for x, photo in zip(pictures, photos, strict=True)]
        )
        return [
            title,
            f"{score.y_psnr:.2f}",
            f"{score.feature_distance:.3f}",
            f"{score.niqe:.2f}",
        ]

    plain = [bicubic(photo.degraded) for photo in photos]
    rows = [row("bicubic", plain)]
    for share in SHARES:
        pictures = [blended(b, r, share) for b, r in zip(plain, results, strict=True)]
        rows.append(row(f"bicubic and {share:g} of the detail", pictures))
    for setting in SETTINGS:
        pictures = [blended(f, r, setting) for f, r in zip(ends, results, strict=True)]
        rows.append(row(f"fidelity {setting:g}", pictures))
    table = report.markdown_table(["", "Y-PSNR, dB", "feature distance", "NIQE"], rows)
    return f"{table}\n\nThe faithful end took {seconds:.2f} s per output megapixel."


def _clean(photo: Photo) -> Photo:
    height, width = photo.original.shape[:2]
    small = Image.fromarray(photo.original).resize(
        (width // 4, height // 4), Image.Resampling.BICUBIC
    )
    return replace(photo, degraded=np.asarray(small).copy())


if __name__ == "__main__":
    sys.exit(main())
