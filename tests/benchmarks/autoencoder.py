"""Print what each change gives the released autoencoder's decoder, in CPU seconds of one thread.

    python -m tests.benchmarks.autoencoder [--side N] [--write]

CPU seconds of one thread are disturbed little by other programs.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from unittest import mock

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bimaco_gui.engine.bench import report
from bimaco_gui.engine.bench.networks import random_autoencoder
from bimaco_gui.engine.host_memory import keep_freed_memory
from bimaco_gui.model.released.autoencoder import Attention, Upsample
from tests.benchmarks.reference import DOCUMENT

RUNS = 3
SIDES = (32, 64, 96)


def as_released(layer: Upsample, x: Tensor) -> Tensor:
    """Double by repeating pixels, then convolve with all nine taps."""
    y: Tensor = layer.conv(F.interpolate(x, scale_factor=2.0, mode="nearest"))
    return y


def spent(call: Callable[[], Tensor]) -> tuple[float, Tensor]:
    """Least CPU seconds of some calls after a warm-up, and the result."""
    result = call()
    seconds = []
    for _ in range(RUNS):
        began = time.thread_time()
        call()
        seconds.append(time.thread_time() - began)
    return min(seconds), result


@torch.inference_mode()
def table(side: int) -> str:
    """The figures as markdown."""
    torch.set_num_threads(1)
    keep_freed_memory()
    autoencoder = random_autoencoder()
    latent = torch.randn(1, 3, side, side, generator=torch.Generator().manual_seed(0))
    with mock.patch.object(Upsample, "forward", as_released):
        plain, expected = spent(lambda: autoencoder.decode(latent))
    rows = [("as released", plain, 0.0)]

    def add(name: str) -> None:
        seconds, result = spent(lambda: autoencoder.decode(latent))
        difference = float((result - expected).norm() / expected.norm())
        rows.append((name, seconds, difference))

    add("doubling with merged taps")
    for part in (autoencoder.decoder, autoencoder.encoder, autoencoder.post_quant_conv):
        part.to(memory_format=torch.channels_last)
    add("and channels innermost")

    x = torch.randn(1, 128, 8 * side, 8 * side)
    norm = nn.GroupNorm(32, 128)
    fused, _ = spent(lambda: F.silu(norm(x)))
    attention = [
        spent(lambda s=s: Attention(512)(torch.randn(1, 512, s, s)))[0]  # type: ignore[misc]
        for s in SIDES
    ]
    decoder = report.markdown_table(
        (f"decoder, {side}x{side} latent", "CPU s", "ratio", "relative difference"),
        [(n, f"{s:.2f}", f"{plain / s:.2f}x", f"{d:.1e}") for n, s, d in rows],
    )
    tiles = report.markdown_table(
        ("attention of one half, by tile", *(f"{s}x{s}" for s in SIDES)),
        [
            ("CPU s", *(f"{seconds:.2f}" for seconds in attention)),
            (
                "CPU ms for 100 pixels",
                *(f"{1e5 * t / s**2:.1f}" for t, s in zip(attention, SIDES, strict=True)),
            ),
        ],
    )
    return "\n\n".join(
        [
            decoder,
            tiles,
            f"Normalization and activation of 128 maps of {8 * side}x{8 * side} together take "
            f"{fused * 1e3:.0f} ms. One thread; {report.machine()}; {report.today()}.",
        ]
    )


def main(arguments: list[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.autoencoder")
    parser.add_argument("--side", type=int, default=32, help="of the latent that is decoded")
    parser.add_argument("--write", action="store_true", help="rewrite the section of docs/model.md")
    options = parser.parse_args(arguments)
    text = table(options.side)
    print(text)
    if options.write:
        report.write_section(DOCUMENT, "autoencoder", text)


if __name__ == "__main__":
    main()
