"""Print what each setting of the fidelity control costs and gives, beside the peers.

    python -m tests.benchmarks.fidelity [--write]

The photos of ``tests/data/public_test`` are reduced twice, by the seeded degradation and by clean
bicubic, upscaled once by the bundled model, and blended at every setting. The default setting and
the share of detail that the faithful end keeps were chosen from this table.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch

from bimaco_gui.engine.bench import report
from bimaco_gui.engine.bench.peers import bicubic
from bimaco_gui.engine.fidelity import FaithfulPicture, blended
from bimaco_gui.engine.options import DEFAULT_FIDELITY
from bimaco_gui.errors import AppError
from bimaco_gui.training.evaluate import (
    COLUMNS,
    Judge,
    Photo,
    cells,
    clean,
    mean_score,
    read_photos,
    run_all,
)
from bimaco_gui.training.feature_distance import FeatureDistance
from bimaco_gui.training.niqe import Niqe
from tests.benchmarks import runners

SETTINGS = (0.0, 0.25, 0.5, 0.75, 1.0)
SHARES = (0.25, 0.5, 0.75)
PEERS = ("bicubic", "real-esrgan")
DOCUMENT = runners.ROOT / "docs" / "fidelity.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status is 1 when something is missing or fails."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.fidelity", description=(__doc__ or "").splitlines()[0]
    )
    runners.add_arguments(parser, [*PEERS, "packed"], DOCUMENT)
    parser.add_argument("--data", type=Path, default=runners.PHOTOS, help="folder of PNG photos")
    parser.add_argument("--photos", type=int, help="only the first so many of them")
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    try:
        degraded = read_photos(options.data)[: options.photos]
        keys = ["packed", *runners.chosen(options, PEERS)]
        upscalers = {key: runners.make_runner(key, options) for key in keys}
        judge = Judge(FeatureDistance(runners.SQUEEZENET), Niqe.load(runners.NIQE_MODEL))
        about = runners.files_used(options, keys)
    except (AppError, OSError, ImportError) as error:
        print(error, file=sys.stderr)
        return 1
    parts = [f"- Measured {report.today()} on {len(degraded)} photos.", *(f"- {s}" for s in about)]
    parts.append(f"- The default is {DEFAULT_FIDELITY:g}; 1 is the network's own result.")
    for title, photos in (("Degraded", degraded), ("Clean", clean(degraded))):
        parts += ["", f"{title}:", "", _table(photos, upscalers, judge)]
    text = "\n".join(parts)
    print(text)
    if options.write:
        report.write_section(options.write, "fidelity", text)
    return 0


def _table(photos: Sequence[Photo], upscalers: Mapping[str, runners.Runner], judge: Judge) -> str:
    made = {
        key: [result for result, _ in run_all(runner, photos)] for key, runner in upscalers.items()
    }
    results = made.pop("packed")
    started = time.perf_counter()
    ends = [
        FaithfulPicture(photo.degraded, result).part(0, 0, *result.shape[:2])
        for photo, result in zip(photos, results, strict=True)
    ]
    megapixels = sum(result.shape[0] * result.shape[1] for result in results) / 1e6
    seconds = (time.perf_counter() - started) / megapixels

    def row(title: str, pictures: Sequence[np.ndarray]) -> list[str]:
        scores = [
            judge.score(x, photo.original, 0.0) for x, photo in zip(pictures, photos, strict=True)
        ]
        return [title, *cells(mean_score(scores))[:-1]]

    rows = [row(runners.TITLES[key], pictures) for key, pictures in made.items()]
    plain = [bicubic(photo.degraded) for photo in photos]
    for share in SHARES:
        pictures = [blended(b, r, share) for b, r in zip(plain, results, strict=True)]
        rows.append(row(f"bicubic and {share:g} of the detail", pictures))
    for setting in SETTINGS:
        pictures = [blended(f, r, setting) for f, r in zip(ends, results, strict=True)]
        rows.append(row(f"fidelity {setting:g}", pictures))
    table = report.markdown_table(["", *COLUMNS[:-1]], rows)
    return f"{table}\n\nThe faithful end took {seconds:.2f} s per output megapixel."


if __name__ == "__main__":
    sys.exit(main())
