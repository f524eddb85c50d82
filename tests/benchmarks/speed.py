"""Print size and speed: file size, share of 1-bit weights, seconds per output megapixel, memory.

    python tests/benchmarks/speed.py [--markdown docs/benchmarks.md]

The packed model through the app's engine, native and forced to torch, and Real-ESRGAN General x4
through ncnn upscale the same 256x256 picture in turn, each in a process of its own.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import runners
from PIL import Image

from bimaco_gui.errors import AppError
from bimaco_gui.training import report
from bimaco_gui.training.benchmark import Contestant, Timing, race, serve

PICTURE = runners.PHOTOS / "cid_02.png"
SIDE = 256  # px of the input
MEGAPIXELS = (4 * SIDE) ** 2 / 1e6
HEADER = ("upscaler", "s/MP, median", "s/MP, best", "peak memory, MiB", "runs on")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status is 1 when something is missing or fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", help="name or file of the packed model (default: the bundled)")
    parser.add_argument("--peers-only", action="store_true", help="leave our own model out")
    parser.add_argument("--no-torch", action="store_true", help="leave the torch operators out")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=3, help="timed runs of each, after a warm-up")
    parser.add_argument("--markdown", type=Path, help="file whose speed section is rewritten")
    parser.add_argument("--serve", choices=("model", "peer"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    try:
        if options.serve:
            _serve(options)
            return 0
        about = [] if options.peers_only else [_about_model(options.model)]
        timings = race(_contestants(options), options.runs)
    except (AppError, OSError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 1
    text = _text(timings, about, options)
    print(text)
    if options.markdown:
        report.write_section(options.markdown, "speed", text)
    return 0


def _contestants(options: argparse.Namespace) -> list[Contestant]:
    command = [sys.executable, str(Path(__file__).resolve()), f"--threads={options.threads}"]
    ours = [*command, "--serve=model"] + ([f"--model={options.model}"] if options.model else [])
    contestants = []
    if not options.peers_only:
        contestants.append(Contestant("this model, packed", ours, {}))
        if not options.no_torch:
            contestants.append(
                Contestant("this model, torch operators", ours, {"BIMACO_ISA": "torch"})
            )
    contestants.append(Contestant(runners.REAL_ESRGAN, [*command, "--serve=peer"], {}))
    return contestants


def _serve(options: argparse.Namespace) -> None:
    """Be one contestant of the race, in a process of its own."""
    picture = _picture()
    if options.serve == "peer":
        serve(runners.real_esrgan(options.threads), picture, "ncnn, fp32")
        return
    import torch

    from bimaco_gui.ops import backend_name
    from bimaco_gui.weights import load_model

    torch.set_num_threads(options.threads)
    model = load_model(runners.model_file(options.model))
    serve(runners.through_engine(model), picture, backend_name())


def _picture() -> np.ndarray:
    with Image.open(PICTURE) as photo:
        return np.asarray(photo.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BOX))


def _about_model(name_or_path: str | None) -> str:
    from bimaco_gui.weights import find_model, installed_models

    path = runners.model_file(name_or_path)
    known = [model for model in installed_models() if model.path.resolve() == path.resolve()]
    size = path.stat().st_size
    sentence = (
        f"Packed model `{path.name}` (sha256 {report.file_hash(path)}): "
        f"{size / 1e6:.2f} MB ({size:,} bytes)"
    )
    if known or name_or_path is None:
        model = known[0] if known else find_model(None)
        sentence += (
            f", {model.parameters:,} parameters, {100 * model.one_bit_share:.1f} % of the "
            "weights are 1 bit"
        )
    return sentence + "."


def _text(timings: Sequence[Timing], about: Sequence[str], options: argparse.Namespace) -> str:
    lines = [
        f"{report.today()}, {report.machine()}, {options.threads} threads{_load()}.",
        *about,
        f"{SIDE}x{SIDE} to {4 * SIDE}x{4 * SIDE} px, median and best of {options.runs} runs in "
        "turn after one warm-up, loading not counted.",
    ]
    rows = [
        [
            timing.name,
            f"{timing.median / MEGAPIXELS:.3f}",
            f"{timing.best / MEGAPIXELS:.3f}",
            "-" if timing.peak_bytes is None else f"{timing.peak_bytes / 2**20:.0f}",
            timing.note,
        ]
        for timing in timings
    ]
    return "\n".join([*lines, "", report.markdown_table(HEADER, rows)])


def _load() -> str:
    """What else the machine was doing; figures taken under load say so."""
    if not hasattr(os, "getloadavg"):
        return ""
    return f", load {os.getloadavg()[0]:.1f} at the end"


if __name__ == "__main__":
    sys.exit(main())
