"""What each branch brings: the binary stage again with other side branches, all else equal.

``python -m bimaco_gui.training.ablation run STUDENT --steps N --out FOLDER ...`` trains every
variant from the same student for the same number of steps; ``--only`` names some of them, so that
several devices can share the work. ``... table STUDENT --out FOLDER`` prints the figures with the
size of each packed file and its time on this machine's CPU.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from bimaco_gui.engine.bench.report import markdown_table, write_section
from bimaco_gui.model import BlockConfig, Form, OneStepUpscaler, UpscalerConfig, pack
from bimaco_gui.training import train
from bimaco_gui.training.checkpoints import load_model, read_checkpoint
from bimaco_gui.weights import save_model

VARIANTS = {
    "all branches, rank 8": (8, 2),
    "no low rank": (0, 2),
    "no sparse": (8, 0),
    "binary alone": (0, 0),
    "rank 4": (4, 2),
    "rank 16": (16, 2),
}
"""Rank of the low-rank branch and entries a channel of the sparse one."""

CONFIG = Path(__file__).parent / "configs" / "photo_binary.toml"
COLUMNS = {
    "psnr": "Y-PSNR, dB",
    "ssim": "SSIM",
    "feature": "feature distance",
    "clean_psnr": "clean Y-PSNR",
    "clean_ssim": "clean SSIM",
}
MOST_MINUTES = 60  # of a variant, which ends by its steps unless an argument says otherwise
SIDE = 128  # LR pixels of the picture that is timed
RUNS = 5


def run(
    student: Path,
    out: Path,
    names: Sequence[str],
    steps: int,
    more: Sequence[str],
    config: Path = CONFIG,
) -> None:
    """Train variants one after the other.

    Args:
        out: One folder a variant is made in it.
        config: Of the binary stage.
        more: Further arguments of ``bimaco_gui.training.train``.
    """
    for name in names:
        rank, sparse = VARIANTS[name]
        folder = out / name.replace(", ", "-").replace(" ", "-")
        arguments = [str(config), "--start", str(student), "--out", str(folder)]
        arguments += ["--minutes", str(MOST_MINUTES), "--steps", str(steps)]
        arguments += ["--rank", str(rank), "--sparse-per-channel", str(sparse), *more]
        train.main(arguments)
        _, history = read_checkpoint(folder / "binary.safetensors")
        last = history[-1]
        result = {"name": name, "steps": last["steps"], "held_out": last["held_out"]}
        (out / f"{folder.name}.json").write_text(json.dumps(result), encoding="utf-8")


def table(student: Path, out: Path) -> str:
    """The table of all variants that were run.

    Raises:
        FileNotFoundError: there are none.
    """
    found = [json.loads(path.read_text(encoding="utf-8")) for path in out.glob("*.json")]
    if not found:
        raise FileNotFoundError(f"no variant was trained in {out}")
    results: dict[str, dict[str, Any]] = {result["name"]: result for result in found}
    config = load_model(student).config
    rows = []
    for name in VARIANTS:
        if name in results:
            figures = results[name]["held_out"]
            size, seconds = cost(_config(config, name))
            rows.append(
                (
                    name,
                    *(f"{figures[key]:.{2 if 'psnr' in key else 4}f}" for key in COLUMNS),
                    f"{size / 1e6:.3f}",
                    f"{seconds:.3f}",
                )
            )
    steps = ", ".join(sorted({str(result["steps"]) for result in found}))
    header = ("side branches", *COLUMNS.values(), "MB", "s per output MP")
    return f"{steps} steps each.\n\n{markdown_table(header, rows)}"


def cost(config: UpscalerConfig) -> tuple[int, float]:
    """Bytes of the packed file, and seconds a megapixel of output, median of `RUNS`."""
    torch.manual_seed(0)
    packed = pack(OneStepUpscaler(config, Form.BINARY))
    size = packed_bytes(packed)
    lq, noise = torch.rand(1, 3, SIDE, SIDE), torch.randn(1, packed.latent_channels, SIDE, SIDE)
    seconds = []
    with torch.inference_mode():
        packed(lq, noise)
        for _ in range(RUNS):
            started = time.perf_counter()
            packed(lq, noise)
            seconds.append(time.perf_counter() - started)
    return size, sorted(seconds)[RUNS // 2] / ((4 * SIDE) ** 2 / 1e6)


def packed_bytes(packed: OneStepUpscaler) -> int:
    """Size of the file of a packed model."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.safetensors"
        save_model(packed, path, title="measured", licence="none", provenance={})
        return path.stat().st_size


def _config(config: UpscalerConfig, name: str) -> UpscalerConfig:
    rank, sparse = VARIANTS[name]
    block: BlockConfig = dataclasses.replace(config.block, rank=rank, sparse_per_channel=sparse)
    return dataclasses.replace(config, block=block)


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="bimaco_gui.training.ablation", description=__doc__)
    parser.add_argument("what", choices=("run", "table"))
    parser.add_argument("student", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", nargs="+", choices=list(VARIANTS), default=list(VARIANTS))
    parser.add_argument("--steps", type=int, default=450)
    parser.add_argument("--config", type=Path, default=CONFIG, help="of the binary stage")
    parser.add_argument("--write", type=Path, help="put the table into this file's section")
    options, more = parser.parse_known_args(arguments)
    if options.what == "run":
        run(options.student, options.out, options.only, options.steps, more, options.config)
        return
    torch.set_num_threads(2)
    text = table(options.student, options.out)
    print(text)
    if options.write:
        write_section(options.write, "ablation", text)


if __name__ == "__main__":
    main()
