"""Print what the released pipeline's three forms take on one tile: seconds by part, and memory.

    python -m tests.benchmarks.reference [--rounds N] [--write]

One tile of 256x256 pixels from 64x64. Full precision, binary simulated in fp32 as the released code
does it, and packed, with the quick autoencoder: each in a process of its own, one after the other.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from bimaco_gui import ops
from bimaco_gui.engine.bench import report
from bimaco_gui.engine.bench.networks import LATENT, random_autoencoder, random_unet
from bimaco_gui.engine.bench.race import peak_memory
from bimaco_gui.engine.host_memory import keep_freed_memory
from bimaco_gui.model import Form

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "model.md"
TITLES = {
    "full": "full precision",
    "binary": "binary, simulated as released",
    "packed": "packed, quick autoencoder",
}
PARTS = ("UNet", "encoder", "decoder")
Figures = dict[str, float]


@torch.inference_mode()
def measure(form: str, rounds: int, threads: int) -> Figures:
    """Median seconds of each part, CPU seconds of this process for them, and peak memory."""
    torch.set_num_threads(threads)
    keep_freed_memory()
    unet, autoencoder = random_unet(Form(form)), random_autoencoder()
    if form == "packed":
        autoencoder.quicken()
    generator = torch.Generator().manual_seed(0)
    latent, lq = (torch.randn(1, 3, LATENT, LATENT, generator=generator) for _ in range(2))
    side = LATENT * autoencoder.config.reduction
    picture = torch.rand(1, 3, side, side, generator=generator) * 2 - 1
    last = torch.tensor([14])
    calls: dict[str, Callable[[], Tensor]] = {
        "UNet": lambda: unet(latent, last, lq),
        "encoder": lambda: autoencoder.encode(picture),
        "decoder": lambda: autoencoder.decode(latent),
    }
    figures: Figures = {}
    for part, call in calls.items():
        call()
        wall, spent = [], []
        for _ in range(rounds):
            began, worked = time.perf_counter(), time.process_time()
            call()
            wall.append(time.perf_counter() - began)
            spent.append(time.process_time() - worked)
        figures[part] = statistics.median(wall)
        figures[f"{part} CPU"] = statistics.median(spent)
    return {**figures, "peak": float(peak_memory() or 0)}


def table(found: dict[str, Figures], rounds: int, threads: int) -> str:
    """The figures as markdown, with the circumstances."""
    rows = []
    for form, figures in found.items():
        total = sum(figures[part] for part in PARTS)
        spent = sum(figures[f"{part} CPU"] for part in PARTS)
        seconds = [f"{figures[part]:.2f} ({figures[f'{part} CPU']:.2f})" for part in PARTS]
        memory = f"{figures['peak'] / 1e6:.0f}"
        rows.append((TITLES[form], *seconds, f"{total:.2f} ({spent:.2f})", memory))
    header = ("pipeline", "UNet, s", "encoder, s", "decoder, s", "all, s", "peak memory, MB")
    full, packed = found["full"], found["packed"]
    ratio, ratio_cpu = (full[part] / packed[part] for part in ("UNet", "UNet CPU"))
    return "\n\n".join(
        [
            report.markdown_table(header, rows),
            f"Packed, the UNet is {ratio:.1f}x as fast as in full precision by the clock, and "
            f"{ratio_cpu:.1f}x by CPU time.",
            f"Medians of {rounds} after a warm-up, random weights, {threads} threads; in brackets "
            f"CPU seconds, which other programs disturb less. {report.machine()}; kernels: "
            f"{ops.backend_name()}, {ops.active_instruction_set()}{report.load()}; "
            f"{report.today()}.",
        ]
    )


def main(arguments: list[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.reference")
    parser.add_argument("--rounds", type=int, default=3, help="timed runs of each part")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="rewrite the section of docs/model.md")
    parser.add_argument("--form", choices=TITLES, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.form:
        print(json.dumps(measure(options.form, options.rounds, options.threads)))
        return
    found = {form: _in_a_process(form, options) for form in TITLES}
    text = table(found, options.rounds, options.threads)
    print(text)
    if options.write:
        report.write_section(DOCUMENT, "reference", text)


def _in_a_process(form: str, options: argparse.Namespace) -> Figures:
    command = [sys.executable, "-m", "tests.benchmarks.reference", "--form", form]
    command += ["--rounds", str(options.rounds), "--threads", str(options.threads)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


if __name__ == "__main__":
    main()
