"""Pack a trained binary model for the app.

``python -m bimaco_gui.training.export CHECKPOINT -o resources/models/photo.safetensors``
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import torch

from bimaco_gui.model import Form, OneStepUpscaler, UpscalerConfig, pack
from bimaco_gui.training.checkpoints import read_checkpoint
from bimaco_gui.weights import read_card, save_model

DATA = (
    "174 photos: CID22 by Cloudinary (CC BY-SA 4.0), Unsplash (Unsplash licence), CC0, and one by "
    "Dirk Hohndel (CC BY 3.0); credits in docs/training_photos.csv"
)


def export(checkpoint: Path, output: Path, title: str) -> None:
    """Write the packed form of a binary checkpoint, with its history as provenance.

    Raises:
        ModelError: the checkpoint is not readable.
        ValueError: it holds no binary model.
    """
    model, history = read_checkpoint(checkpoint)
    if model.form is not Form.BINARY:
        raise ValueError(f"{checkpoint} holds a {model.form.value} model, not a binary one")
    provenance: dict[str, Any] = {
        "method": "BiMaCoSR (ICML 2025): binary, low-rank and sparse branches, one step",
        "trained_by": "bimaco_gui.training",
        "data": DATA,
        "stages": history,
    }
    save_model(pack(model), output, title=title, licence="Apache-2.0", provenance=provenance)


def fp32_bytes(config: UpscalerConfig) -> int:
    """Bytes of the full-precision network of a configuration, codec included, 4 a parameter."""
    with torch.device("meta"):
        full = OneStepUpscaler(config, Form.FULL)
    return 4 * sum(parameter.numel() for parameter in full.parameters())


def main(arguments: list[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="bimaco_gui.training.export", description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--title", default="Photo x4")
    options = parser.parse_args(arguments)
    export(options.checkpoint, options.output, options.title)
    card = read_card(options.output)
    size = options.output.stat().st_size
    print(
        f"{options.output}: {size} bytes, {card.parameters} weights, "
        f"{100 * card.one_bit / card.parameters:.1f} % of them one bit; the network in fp32 is "
        f"{fp32_bytes(card.config) / size:.1f} times larger"
    )


if __name__ == "__main__":
    main()
