"""Print size and speed: file sizes, 1-bit weights, seconds per output megapixel, peak memory.

    python -m tests.benchmarks.speed [--write]

The packed model and the one before binarization, both through the app's engine, and Real-ESRGAN
General x4 v3 through ncnn upscale the same photo in turn, each in a process of its own.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

import numpy as np
from PIL import Image

from bimaco_gui.engine.bench import report
from bimaco_gui.engine.bench.peers import SCALE
from bimaco_gui.engine.bench.race import Contestant, Timing, race, serve
from bimaco_gui.errors import AppError
from tests.benchmarks import runners

PHOTO = runners.PHOTOS / "cid_02.png"
ROWS = ("packed", "student", "real-esrgan")
HEADER = ("", "s per output MP, median", "fastest to slowest", "peak memory, MiB", "computed by")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status is 1 when something is missing or fails."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.speed", description=(__doc__ or "").splitlines()[0]
    )
    runners.add_arguments(parser, ROWS)
    parser.add_argument("--runs", type=int, default=5, help="timed runs of each, after a warm-up")
    parser.add_argument("--side", type=int, default=512, help="the photo's middle, px a side")
    parser.add_argument("--serve", choices=ROWS, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    try:
        photo = _photo(options.side)
        if options.serve:
            runner = runners.make_runner(options.serve, options)
            serve(lambda: runner(photo), _computed_by(options.serve))
            return 0
        keys = runners.chosen(options, ROWS)
        about = [*runners.files_used(options, keys), *_sizes(options, keys)]
        timings = race(_contestants(options, keys), options.runs)
    except (AppError, OSError, ImportError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 1
    text = _text(timings, photo.shape[1], photo.shape[0], about, options)
    print(text)
    if options.write:
        report.write_section(options.write, "speed", text)
    return 0


def _contestants(options: argparse.Namespace, keys: Sequence[str]) -> list[Contestant]:
    command = [sys.executable, "-m", "tests.benchmarks.speed"]
    command += [f"--threads={options.threads}", f"--side={options.side}"]
    command += [f"--student={options.student}"] if options.student else []
    command += [f"--packed={options.packed}"] if options.packed else []
    found = os.pathsep.join([str(runners.ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return [
        Contestant(runners.TITLES[key], [*command, f"--serve={key}"], {"PYTHONPATH": found})
        for key in keys
    ]


def _photo(side: int) -> np.ndarray:
    """The middle of the photo, uint8 [side, side, 3] or all there is."""
    with Image.open(PHOTO) as opened:
        pixels = np.asarray(opened.convert("RGB"))
    top, left = (max(0, (length - side) // 2) for length in pixels.shape[:2])
    return pixels[top : top + side, left : left + side]


def _computed_by(key: str) -> str:
    if key == "real-esrgan":
        return "ncnn"
    if key == "student":
        return "torch"
    from bimaco_gui.ops import active_instruction_set, backend_name

    return f"{backend_name()}, {active_instruction_set()}"


def _sizes(options: argparse.Namespace, keys: Sequence[str]) -> list[str]:
    """A sentence on the size of each of our models."""
    sentences = []
    if "packed" in keys:
        from bimaco_gui.training.export import fp32_bytes
        from bimaco_gui.weights import read_card

        path = runners.packed_file(options.packed)
        size, card = path.stat().st_size, read_card(path)
        sentences.append(
            f"Packed: {size / 1e6:.2f} MB, {card.parameters:,} parameters; "
            f"{card.one_bit:,} of them, {100 * card.one_bit / card.parameters:.1f} %, are one bit."
        )
        full = fp32_bytes(card.config)
        sentences.append(
            f"The same network in fp32, autoencoder included, has {full / 1e6:.1f} MB, "
            f"{full / size:.1f} times as much."
        )
    if "student" in keys:
        from bimaco_gui.training.checkpoints import load_model as load_checkpoint

        path = options.student
        count = sum(value.numel() for value in load_checkpoint(path).parameters())
        sentences.append(
            f"Before binarization: {path.stat().st_size / 1e6:.2f} MB (16 bits a weight), "
            f"{count:,} parameters."
        )
    return sentences


def _text(
    timings: Sequence[Timing],
    width: int,
    height: int,
    about: Sequence[str],
    options: argparse.Namespace,
) -> str:
    megapixels = SCALE * width * SCALE * height / 1e6
    lines = [
        f"- Measured {report.today()} on {report.machine()}, {options.threads} threads"
        f"{report.load()}.",
        *(f"- {sentence}" for sentence in about),
        f"- `{PHOTO.name}` from {width}x{height} to {SCALE * width}x{SCALE * height} px, "
        f"{options.runs} runs of each in turn after a warm-up, loading not counted.",
        "",
    ]
    rows = [
        [
            timing.name,
            f"{timing.median / megapixels:.2f}",
            " to ".join(f"{seconds / megapixels:.2f}" for seconds in timing.spread),
            "-" if timing.peak_bytes is None else f"{timing.peak_bytes / 2**20:.0f}",
            timing.note,
        ]
        for timing in timings
    ]
    return "\n".join([*lines, report.markdown_table(HEADER, rows)])


if __name__ == "__main__":
    sys.exit(main())
