"""`models binarize`: a three-branch checkpoint from a full-precision one, as training starts."""

from __future__ import annotations

import argparse
from pathlib import Path

from bimaco_gui.cli.console import DONE, one_line
from bimaco_gui.cli.reporters import saying_steps

HELP = "make a binary checkpoint from a full-precision UNet of SinSR's layout"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add = parser.add_argument
    add("full", type=Path, metavar="FULL.pth", help="checkpoint of the full-precision UNet")
    add(
        "--config",
        type=Path,
        metavar="CONFIG.yaml",
        help="the authors' configuration (default: that of the published checkpoints)",
    )
    add(
        "-o",
        "--output",
        required=True,
        metavar="FILE.safetensors",
        help="the binary checkpoint, which can be trained, or packed with “models import”",
    )
    add("--overwrite", action="store_true", help="replace a result that is there")


def run(arguments: argparse.Namespace) -> int:
    """Binarize, and print what came of it; the exit status."""
    from bimaco_gui.services.importing import binarize_model

    with saying_steps() as say:
        made = binarize_model(
            arguments.full,
            arguments.config,
            arguments.output,
            overwrite=arguments.overwrite,
            say=say,
        )
    print(
        f"{made.layers} layers are binary: {made.one_bit:,} weights whose signs count, and "
        f"{made.kept:,} other numbers; {made.file_bytes / 1e6:.1f} MB unpacked."
    )
    print(one_line(str(made.path)))
    return DONE
