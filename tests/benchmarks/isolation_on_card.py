"""Try the engine's process on a real graphics card, and print what it costs there.

    python -m tests.benchmarks.isolation_on_card [--device cuda]

The bundled model makes the same picture in this process and in another one, whose pixels must be
equal. Then the other process is killed at its first report, and the processor finishes the picture;
`auto` must leave the card alone from then on, and the card must work again when asked for by name.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import sys
import time
from collections.abc import Sequence

import numpy as np
import torch

from bimaco_gui.engine.bench import report
from bimaco_gui.engine.options import UpscaleOptions
from bimaco_gui.engine.pictures import Picture
from bimaco_gui.engine.progress import Progress
from bimaco_gui.engine.upscale import Upscaler
from bimaco_gui.services.engine_tools import PictureUpscaler, load_here
from bimaco_gui.services.isolation.choice import Isolation
from bimaco_gui.services.isolation.upscaler import LOST_NOTE, IsolatedUpscaler

ROUNDS = 5
SIZE = (750, 1000)
SMALL = (96, 128)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; fails where something is not as it should be."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--device", default="cuda", help="cuda or cuda:N")
    device = parser.parse_args(arguments).device
    isolation = Isolation(load_here)
    try:
        _compare(isolation, device)
        _kill(isolation, device)
    finally:
        isolation.close()
    return 0


def _compare(isolation: Isolation, device: str) -> None:
    here = load_here(None, device)
    picture = _picture(*SIZE)
    ours, seconds_here = _measured(here, picture)
    free_before, _ = torch.cuda.mem_get_info(here.device)
    began = time.monotonic()
    there = isolation.load(None, device)
    start = time.monotonic() - began
    assert isinstance(there, IsolatedUpscaler), "the device is no card"
    free_after, _ = torch.cuda.mem_get_info(here.device)
    theirs, seconds_there = _measured(there, picture)
    print(f"- Measured {report.today()} on {torch.cuda.get_device_name(here.device)}.")
    print(f"- The process starts, loads torch and the model in {start:.1f} s.")
    print(f"- It takes {(free_before - free_after) / 2**20:.0f} MiB of the card for its context.")
    print(f"- {16 * SIZE[0] * SIZE[1] / 1e6:.0f} megapixels, here: {seconds_here:.3f} s")
    print(f"- {16 * SIZE[0] * SIZE[1] / 1e6:.0f} megapixels, apart: {seconds_there:.3f} s")
    assert np.array_equal(ours.pixels, theirs.pixels), "the pixels differ"
    print("- The pixels are equal.")


def _kill(isolation: Isolation, device: str) -> None:
    picture, killed = _picture(*SMALL), []

    def kill_once(_progress: Progress) -> None:
        process = isolation.process.pid
        if process is not None and not killed:
            killed.append(process)
            os.kill(process, signal.SIGSEGV)

    # The work waits for the report to be taken in, so the process dies in the middle.
    result = isolation.load(None, device).upscale(picture, UpscaleOptions(tile=32), kill_once)
    assert killed and result.notes == (LOST_NOTE,), result.notes
    print("- Killed in the middle, the picture was finished by the processor, which said so.")
    assert isinstance(isolation.load(None, "auto"), Upscaler)
    again = isolation.load(None, device).upscale(picture, UpscaleOptions())
    assert again.notes == () and isolation.process.pid is not None
    print("- By itself the card is left alone; asked for by name, it computed again.")


def _measured(upscaler: PictureUpscaler, picture: Picture) -> tuple[Picture, float]:
    result = upscaler.upscale(picture, UpscaleOptions())
    seconds = []
    for _ in range(ROUNDS):
        began = time.monotonic()
        result = upscaler.upscale(picture, UpscaleOptions())
        seconds.append(time.monotonic() - began)
    return result, statistics.median(seconds)


def _picture(height: int, width: int) -> Picture:
    slope = np.linspace(40, 215, width)[None, :, None] + np.linspace(-30, 30, height)[:, None, None]
    grain = np.random.default_rng(0).normal(0, 10, (height, width, 3))
    return Picture((slope + grain).clip(0, 255).astype(np.uint8))


if __name__ == "__main__":
    sys.exit(main())
