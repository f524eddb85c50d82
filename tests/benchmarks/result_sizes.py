"""Print how many bytes a pixel results take in each format: what estimates begin with.

    python -m tests.benchmarks.result_sizes

The photos of ``tests/data/public_test`` are reduced to a quarter, upscaled by the bundled model
with the usual options, and written in every format, with 8 and 16 bits where they hold them.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from bimaco_gui.engine import Picture, UpscaleOptions, Upscaler, write_picture
from bimaco_gui.engine.depth import with_bits
from bimaco_gui.engine.fidelity import with_fidelity
from bimaco_gui.engine.options import DEFAULT_FIDELITY
from bimaco_gui.weights import find_model, load_model

PHOTOS = Path(__file__).resolve().parents[1] / "data" / "public_test"
QUALITIES = (75, 85, 95)


def main() -> int:
    """Run the command."""
    upscaler = Upscaler(load_model(find_model(None).path), "cpu")
    totals: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for number, file in enumerate(sorted(PHOTOS.glob("*.png"))):
            with Image.open(file) as image:
                small = image.convert("RGB").reduce(4)
            source = with_bits(Picture(np.asarray(small)), 16)
            result = with_fidelity(
                source, upscaler.upscale(source, UpscaleOptions()), DEFAULT_FIDELITY
            )
            for name, picture, quality in _cases(result):
                format = name.split()[0]
                path = Path(folder) / f"{number}.{format}"
                write_picture(picture, path, quality=quality, overwrite=True)
                share = path.stat().st_size / (picture.width * picture.height)
                totals.setdefault(name, []).append(share)
    for name, shares in totals.items():
        print(
            f"{name:<12} {np.mean(shares):.2f} bytes a pixel"
            f" ({min(shares):.2f} to {max(shares):.2f}, {len(shares)} photos)"
        )
    return 0


def _cases(result: Picture) -> list[tuple[str, Picture, int]]:
    eight = with_bits(result, 8)
    cases = [("png 8", eight, 95), ("tiff 8", eight, 95)]
    cases += [("png 16", result, 95), ("tiff 16", result, 95)]
    for format in ("jpg", "webp", "avif"):
        cases += [(f"{format} q{quality}", eight, quality) for quality in QUALITIES]
    return cases


if __name__ == "__main__":
    sys.exit(main())
