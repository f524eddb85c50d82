"""Are the GPU kernels right on a real card? Layers of both models, random ones, whole pictures.

    python -m tests.benchmarks.cuda_check [--random 200] [--seed 0] [--skip-model]
    python -m tests.benchmarks.cuda_check --emulated --random 4 --skip-model   # without a card

Under the sanitizers, which are slow:

    compute-sanitizer --tool memcheck python -m tests.benchmarks.cuda_check --few --skip-model
    compute-sanitizer --tool racecheck python -m tests.benchmarks.cuda_check --few --skip-model

The kernels are built by ``cmake -S kernels -B build/kernels -DBIMACO_CUDA=ON``, or named by
BIMACO_CUDA_LIBRARY. The exit status is 1 where an integer is wrong. The table comes last.

A whole picture is no test of bits: one activation that rounds to the other side of zero moves
everything behind it. So the last rows say what a change of the input by a millionth does on the
processor alone, and the kernels should do no worse.
"""

from __future__ import annotations

import argparse
import copy
import math
import random
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from bimaco_gui.engine import read_picture
from bimaco_gui.engine.bench.report import markdown_table
from bimaco_gui.model import OneStepUpscaler
from bimaco_gui.ops import cuda_layers, reference
from bimaco_gui.ops.arguments import Epilogue, Product, Prologue
from bimaco_gui.ops.cuda_weights import WeightCache
from bimaco_gui.weights import find_model, load_model
from tests.benchmarks.cuda_layers import BUNDLED, RELEASED, Case, build, place, random_case
from tests.benchmarks.runners import ROOT

_FEW = (
    Case(1, 48, 48, 24, 20),
    RELEASED[6],
    Case(2, 70, 24, 9, 11, 3, 2),
    Case(1, 136, 16, 256, 256),  # blocks go on to further tiles, and through stages
)
_FAR = 1e-4
_SIDE = 192  # LR px of the picture for the whole model


@dataclass(frozen=True)
class Found:
    """What differs in one layer.

    Attributes:
        unequal: Integers that are not the reference's.
        far: Share of results farther off than a rounding explains; a sign that hung on one.
        worst: Largest difference over the largest result.
    """

    unequal: int
    far: float
    worst: float


def check(launcher: cuda_layers.Launcher, device: torch.device, case: Case) -> Found:
    """Compare a layer with the reference."""
    x, product, prologue, epilogue = build(case, device)
    cache = WeightCache()
    plain = Product(product.bits, product.alpha, product.bias, case.kernel, case.stride)
    dots = cuda_layers.conv2d(launcher, cache, x, plain, Prologue(), Epilogue(), dots=True)
    wanted = reference.binary_conv2d_dot(x, product.bits, case.kernel, case.stride)
    y = cuda_layers.conv2d(launcher, cache, x, product, prologue, epilogue)
    expected = reference.binary_conv2d(x, product, prologue, epilogue)
    difference = (y - expected).abs() / expected.abs().max()
    return Found(
        int((dots != wanted).sum()),
        float((difference > _FAR).float().mean()),
        float(difference.max()),
    )


def psnr(a: Tensor, b: Tensor) -> float:
    """Of pictures in 0..1, in dB."""
    error = float(((a.clamp(0, 1) - b.clamp(0, 1)) ** 2).mean())
    return math.inf if error == 0 else -10 * math.log10(error)


@torch.inference_mode()
def check_model(device: torch.device, side: int) -> list[list[str]]:
    """Rows of the table for the default model on a part of the sample photo."""
    model = load_model(find_model(None).path)
    pixels = read_picture(ROOT / "resources" / "samples" / "canyon.jpg").pixels
    lq = torch.from_numpy(pixels[:side, :side].astype(np.float32) / 255)
    lq = lq.permute(2, 0, 1)[None].contiguous()
    torch.manual_seed(0)
    noise = torch.randn(1, model.latent_channels, side, side)
    expected = model(lq, noise)
    moved = psnr(model(lq * (1 + 1e-6 * torch.randn_like(lq)), noise), expected)
    on_device = copy.deepcopy(model).to(device)

    def there(dtype: torch.dtype | None) -> float:
        with torch.autocast(device.type, dtype, enabled=dtype is not None):
            return psnr(_on(on_device, lq, noise, device), expected)

    return [
        ["whole model, float32, against the CPU", "60 dB", f"{there(None):.1f} dB"],
        ["whole model, half between layers", "-", f"{there(torch.float16):.1f} dB"],
        ["CPU alone, input moved by 1e-6", "-", f"{moved:.1f} dB"],
    ]


def _on(model: OneStepUpscaler, lq: Tensor, noise: Tensor, device: torch.device) -> Tensor:
    return model(lq.to(device), noise.to(device)).float().cpu()  # type: ignore[no-any-return]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--random", type=int, default=200, metavar="N", help="random layers")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--few", action="store_true", help="four layers alone")
    parser.add_argument("--skip-model", action="store_true")
    parser.add_argument("--emulated", action="store_true", help="small layers, without a card")
    arguments = parser.parse_args()

    launcher, device = place(arguments.emulated)
    torch.manual_seed(arguments.seed)
    chance = random.Random(arguments.seed)
    cases = list(_FEW)
    if not arguments.few:
        cases = [] if arguments.emulated else [*BUNDLED, *RELEASED]
        cases += [random_case(chance, arguments.emulated) for _ in range(arguments.random)]
    results = []
    for case in cases:
        found = check(launcher, device, case)
        results.append(found)
        if found.unequal or found.far > 1e-3:
            print(f"{case}: {found}", flush=True)
    unequal = sum(found.unequal > 0 for found in results)
    rows = [
        ["layers compared", "-", str(len(results))],
        ["layers with unequal integers", "0", str(unequal)],
        ["worst share of results far off", "-", f"{max(f.far for f in results):.1e}"],
        ["worst difference over largest", "-", f"{max(f.worst for f in results):.1e}"],
    ]
    if not arguments.skip_model:
        rows += check_model(device, 32 if arguments.emulated else _SIDE)
    where = "emulated" if arguments.emulated else torch.cuda.get_device_name()
    print(f"{where}, torch {torch.__version__}, seed {arguments.seed}")
    print(markdown_table(("", "wanted", "measured"), rows))
    raise SystemExit(1 if unequal else 0)


if __name__ == "__main__":
    main()
