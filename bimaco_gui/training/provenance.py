"""Print how a packed model was trained: ``python -m bimaco_gui.training.provenance MODEL``."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bimaco_gui.engine.bench.report import markdown_table
from bimaco_gui.weights import read_card

HEADER = (
    "stage",
    "steps",
    "minutes",
    "batch",
    "learning rate",
    "adversary",
    "Y-PSNR",
    "feature distance",
)


def stage_table(stages: Sequence[Mapping[str, Any]]) -> str:
    """One row for each run, with its held-out figures, and a row for bicubic at the end."""
    rows = []
    for record in stages:
        run, figures = record["run"], record["held_out"]
        rows.append(
            (
                run["stage"] if record["steps"] else f"{run['stage']}, normalization alone",
                str(record["steps"]),
                f"{record.get('seconds', 0.0) / 60:.1f}",
                str(run["batch"]),
                f"{run['learning_rate']:g}" if record["steps"] else "-",
                f"{run['loss']['adversarial']:g}" if record["steps"] else "-",
                f"{figures['psnr']:.2f}",
                f"{figures['feature']:.3f}",
            )
        )
    last = stages[-1]["held_out"]
    empty = ("-",) * (len(HEADER) - 3)
    bicubic = (f"{last['psnr_bicubic']:.2f}", f"{last['feature_bicubic']:.3f}")
    return markdown_table(HEADER, [*rows, ("bicubic", *empty, *bicubic)])


def main(arguments: list[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="bimaco_gui.training.provenance", description=__doc__)
    parser.add_argument("model", type=Path)
    card = read_card(parser.parse_args(arguments).model)
    print(f"{card.title}, {card.licence}, trained on {card.provenance['data']}\n")
    print(stage_table(card.provenance["stages"]))


if __name__ == "__main__":
    main()
