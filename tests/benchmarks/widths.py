"""Print what candidates for the bundled model's layout cost: seconds, bytes, context.

    python -m tests.benchmarks.widths [--write]

The networks are untrained and packed; they take turns on one tile.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import torch

from bimaco_gui.engine.bench import report
from bimaco_gui.engine.upscale import AUTOMATIC_TILE
from bimaco_gui.model import Form, OneStepUpscaler, UpscalerConfig, binarize, pack
from bimaco_gui.model.config import CodecConfig, UNetConfig
from bimaco_gui.training.ablation import packed_bytes
from tests.benchmarks import runners

SIDE = 256  # LR pixels of the tile
DOCUMENT = runners.ROOT / "docs" / "training.md"
HEADER = (
    "UNet",
    "encoder",
    "decoder",
    "MB",
    "context, LR px",
    "s per output MP",
    "on a large picture",
)


def folded(width: int, encoder: int, blocks: int) -> CodecConfig:
    """A codec that works at the latent's resolution alone."""
    return CodecConfig(
        latent_channels=12,
        fold=4,
        coarse_channels=width,
        encoder_channels=encoder,
        encoder_fine_blocks=0,
        decoder_coarse_blocks=blocks,
        decoder_fine_blocks=0,
        guided=True,
    )


def unet(channels: Sequence[int], down: Sequence[int], up: Sequence[int]) -> UNetConfig:
    """A denoiser without attention."""
    return UNetConfig(tuple(channels), tuple(down), tuple(up), swin_depth=0)


CANDIDATES = (
    UpscalerConfig(),
    UpscalerConfig(codec=folded(128, 64, 2), unet=unet((128, 256), (2, 2), (2, 2))),
    UpscalerConfig(codec=folded(96, 48, 2), unet=unet((96, 192), (2, 2), (2, 2))),
    UpscalerConfig(codec=folded(96, 48, 2), unet=unet((96, 256), (2, 2), (2, 2))),
    UpscalerConfig(codec=folded(96, 32, 3), unet=unet((96, 256), (1, 2), (2, 1))),
    UpscalerConfig(codec=folded(64, 64, 3), unet=unet((64, 192), (2, 2), (2, 2))),
    UpscalerConfig(codec=folded(96, 32, 3), unet=unet((96, 192, 384), (1, 1, 1), (1, 1, 1))),
    UpscalerConfig(codec=folded(64, 64, 2), unet=unet((64, 128, 256), (1, 2, 2), (2, 2, 1))),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.widths", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", type=Path, nargs="?", const=DOCUMENT, metavar="FILE")
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    rows = [_cells(*measured) for measured in _measure(CANDIDATES, options.rounds)]
    lines = [
        f"- Measured {report.today()} on {report.machine()}, {options.threads} threads"
        f"{report.load()}.",
        f"- Medians of {options.rounds} rounds in turn, a tile of {SIDE} LR pixels a side.",
        f"- On a large picture a tile gives {AUTOMATIC_TILE} and reads its context around that.",
        "",
    ]
    text = "\n".join([*lines, report.markdown_table(HEADER, rows)])
    print(text)
    if options.write:
        report.write_section(options.write, "widths", text)
    return 0


def _measure(configs: Sequence[UpscalerConfig], rounds: int) -> list[tuple[OneStepUpscaler, float]]:
    torch.manual_seed(0)
    models = [pack(binarize(OneStepUpscaler(c, Form.FULL).eval())).eval() for c in configs]
    seconds: list[list[float]] = [[] for _ in models]
    low = torch.rand(1, 3, SIDE, SIDE)
    with torch.inference_mode():
        for turn in range(rounds + 1):
            for model, taken in zip(models, seconds, strict=True):
                noise = torch.randn(1, model.latent_channels, SIDE, SIDE)
                started = time.perf_counter()
                model(low, noise)
                if turn:  # the first one warms up
                    taken.append(time.perf_counter() - started)
    return [(m, statistics.median(taken)) for m, taken in zip(models, seconds, strict=True)]


def _cells(model: OneStepUpscaler, seconds: float) -> list[str]:
    codec, net = model.config.codec, model.config.unet
    channels = "/".join(map(str, net.channels))
    blocks = "+".join(str(d + u) for d, u in zip(net.down_blocks, net.up_blocks, strict=True))
    swin = f", {net.swin_depth} Swin" if net.swin_depth else ""
    fine = f" and {codec.fine_channels} at twice" if codec.fold == 2 else ""
    per_megapixel = seconds / ((4 * SIDE) ** 2 / 1e6)
    reads = ((AUTOMATIC_TILE + 2 * model.context) / AUTOMATIC_TILE) ** 2
    return [
        f"{channels}, {blocks} blocks{swin}",
        f"{codec.encoder_channels or codec.coarse_channels}{fine}",
        f"{codec.coarse_channels}{fine}, {codec.decoder_coarse_blocks + codec.decoder_fine_blocks}",
        f"{packed_bytes(model) / 1e6:.2f}",
        str(model.context),
        f"{per_megapixel:.2f}",
        f"{per_megapixel * reads:.2f}",
    ]


if __name__ == "__main__":
    sys.exit(main())
