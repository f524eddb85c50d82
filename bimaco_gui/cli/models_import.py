"""`models import`: the authors' checkpoints of BiMaCoSR, packed into a model of this app."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bimaco_gui.cli.console import DONE, one_line
from bimaco_gui.cli.reporters import saying_steps

if TYPE_CHECKING:
    from bimaco_gui.services.importing import ImportReport

HELP = "pack a checkpoint of the released BiMaCoSR"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add = parser.add_argument
    add("unet", type=Path, metavar="UNET.pth", help="checkpoint of the binary UNet")
    add(
        "--autoencoder",
        type=Path,
        required=True,
        metavar="AE.pth",
        help="checkpoint of the VQ autoencoder",
    )
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
        metavar="NAME.safetensors",
        help="the result; without a folder it goes to your models, where --model NAME finds it",
    )
    add("--title", help="how the model is called in lists")
    add("--overwrite", action="store_true", help="replace a result that is there")


def run(arguments: argparse.Namespace) -> int:
    """Import, and print what came of it; the exit status."""
    from bimaco_gui.services.importing import import_model

    with saying_steps() as say:
        report = import_model(
            arguments.unet,
            arguments.autoencoder,
            arguments.config,
            arguments.output,
            title=arguments.title,
            overwrite=arguments.overwrite,
            say=say,
        )
    print(_table(report))
    print(
        f"\nPacked and unpacked, {report.layers} layers differ by {report.layer_difference:.1e} at "
        f"most, blocks by {report.block_difference:.1e} (relative L2). The whole network's results "
        f"differ by {report.whole_difference:.1e}; a change of its input as small as rounding "
        f"(3e-07) changes the unpacked one's by {report.own_difference:.1e}."
    )
    if report.peak_bytes is not None:
        print(f"Peak memory: {report.peak_bytes / 1e6:.0f} MB.")
    print(
        "The weights keep the licence of their authors: for non-commercial use, not to be passed "
        "on with this app."
    )
    print(one_line(f"Use it with: bimaco-gui upscale --model {report.model} PHOTO"))
    print(one_line(str(report.path)))
    return DONE


def _table(report: ImportReport) -> str:
    rows = [("", "numbers", "bytes")]
    rows += [(part.name, f"{part.numbers:,}", f"{part.file_bytes:,}") for part in report.parts]
    for part in (report.unet, report.autoencoder):
        rows.append((part.name, f"{part.numbers:,}", f"{part.file_bytes:,}"))
    rows.append(("file", "", f"{report.file_bytes:,}"))
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    lines = [f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:>{widths[2]}}" for row in rows]
    full = report.unet.full_bytes
    if full is not None:
        ratio = full / report.unet.file_bytes
        lines.append(
            f"\nThe UNet takes {report.unet.file_bytes / 1e6:.2f} MB, {ratio:.1f}x below the "
            f"{full / 1e6:.1f} MB of its full-precision form."
        )
    return "\n".join(lines)
