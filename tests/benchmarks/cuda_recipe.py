"""The network of the training recipe, with random weights, on a GPU: seconds, and how near the CPU.

    python -m tests.benchmarks.cuda_recipe

Its cost and its rounding do not depend on what a training would make of it. Random weights of
residual branches that a training begins with zeros are small, so that all parts matter.
"""

from __future__ import annotations

import argparse
import copy
import statistics
import tomllib
from pathlib import Path

import torch

import bimaco_gui
from bimaco_gui.engine import Picture, UpscaleOptions, Upscaler
from bimaco_gui.engine.bench.contestants import sample
from bimaco_gui.engine.bench.gpu_networks import HEIGHT, WIDTH, picture_seconds
from bimaco_gui.engine.bench.report import markdown_table
from bimaco_gui.model import Form, OneStepUpscaler, UpscalerConfig, binarize
from bimaco_gui.model.config import CodecConfig, UNetConfig
from bimaco_gui.model.convert import pack
from tests.benchmarks.cuda_check import psnr

RECIPE = Path(bimaco_gui.__file__).parent / "training" / "configs" / "photo_codec.toml"
_SIDE = 192  # of the picture that the CPU computes too
_ROUNDS = 9


def recipe_model() -> OneStepUpscaler:
    """The packed network of `RECIPE`, with random weights."""
    model = tomllib.loads(RECIPE.read_text(encoding="utf-8"))["model"]
    unet = {k: tuple(v) if isinstance(v, list) else v for k, v in model["unet"].items()}
    config = UpscalerConfig(codec=CodecConfig(**model["codec"]), unet=UNetConfig(**unet))
    torch.manual_seed(0)
    full = OneStepUpscaler(config, Form.FULL).eval()
    with torch.no_grad():
        for parameter in full.parameters():
            if parameter.ndim > 1 and not parameter.any():
                parameter.normal_(0, 0.002)
    return pack(binarize(full).eval()).eval()


def _values(upscaler: Upscaler, picture: Picture) -> torch.Tensor:
    return torch.from_numpy(upscaler.upscale(picture, UpscaleOptions()).pixels) / 255


def main() -> None:
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    if not torch.cuda.is_available():
        raise SystemExit("No NVIDIA GPU can be used here.")
    model, small = recipe_model(), Picture(sample(_SIDE, _SIDE))
    wanted = _values(Upscaler(copy.deepcopy(model), "cpu"), small)
    rows = []
    for name, half in (("float32", False), ("half", True)):
        upscaler = Upscaler(copy.deepcopy(model), "cuda")
        with torch.autocast("cuda", torch.float16, enabled=half):
            seconds = statistics.median(picture_seconds(upscaler, WIDTH, HEIGHT, _ROUNDS))
            near = psnr(_values(upscaler, small), wanted)
        rows.append([name, f"{seconds * 1e3:.1f}", f"{near:.1f}"])
    print(f"{torch.cuda.get_device_name()}, torch {torch.__version__}; 12 megapixels of the result")
    print(markdown_table(("maps", "ms, picture to picture", "dB from the CPU's picture"), rows))


if __name__ == "__main__":
    main()
