"""Every plan of a layer on a real card, and the one that `cuda_plan` chooses by itself.

    python -m tests.benchmarks.cuda_time [--plans 200] [--json FILE]
    python -m tests.benchmarks.cuda_time --emulated   # tiny sizes, without a card

Each layer's two kernels are timed alone, in CUDA graphs. "own plan" is what the app would choose;
a large gap to "best" says that `cuda_plan.estimate` is to be put right. Speeds against torch come
from ``bimaco-gui bench kernels --device cuda``.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from bimaco_gui.engine.bench.gpu_clock import GpuClock
from bimaco_gui.engine.bench.report import markdown_table
from bimaco_gui.ops import cuda_layers, cuda_plan
from bimaco_gui.ops.cuda_weights import WeightCache
from tests.benchmarks.cuda_layers import Case, build, channels_last, place, released

_INPUTS = 3  # in turn, so that a layer does not find its input in the cache
_BARE = {"scaled": False, "activation": "none", "branches": "none", "finished": False}
_FLOAT, _HALF, _BFLOAT = torch.float32, torch.float16, torch.bfloat16

LAYERS = (
    (Case(1, 320, 320, 512, 512, **_BARE), _BFLOAT),
    (Case(1, 320, 320, 64, 64, **_BARE), _BFLOAT),
    (Case(1, 320, 320, 512, 512), _BFLOAT),
    (Case(1, 320, 320, 64, 64), _BFLOAT),
    (Case(1, 96, 96, 512, 512), _HALF),
    (Case(1, 96, 96, 512, 512), _FLOAT),
    (Case(1, 96, 96, 128, 128), _HALF),
    (Case(1, 256, 256, 256, 256), _HALF),
    (Case(1, 256, 256, 256, 256), _FLOAT),
    (Case(1, 256, 256, 64, 64), _FLOAT),
    (Case(1, 48, 48, 512, 512), _FLOAT),
    (Case(1, 96, 256, 512, 512, stride=2, finished=False), _FLOAT),
    (Case(1, 256, 96, 256, 256, doubled=True), _FLOAT),
    (Case(1, 192, 768, 64, 64, 1), _HALF),
    (Case(1, 768, 192, 64, 64, 1), _HALF),
    *(
        (released(case), _HALF)
        for case in (
            Case(1, 160, 160, 64, 64),
            Case(1, 320, 320, 32, 32),
            Case(1, 640, 320, 32, 32),
            Case(1, 640, 640, 16, 16),
            Case(1, 1280, 640, 8, 8),
            Case(16, 160, 160, 64, 64),
            Case(16, 320, 320, 32, 32),
            Case(16, 640, 640, 16, 16),
            Case(1, 480, 160, 64, 64, 1),
            Case(1, 640, 160, 64, 64, 1),
            Case(16, 192, 768, 64, 64, 1),
            Case(16, 768, 192, 64, 64, 1),
            Case(16, 192, 192, 64, 64, 1),
            Case(16, 320, 160, 64, 64, 1),
            Case(16, 192, 768, 32, 32, 1),
            Case(1, 640, 640, 1, 1, 1),
        )
    ),
)
"""Layers, and their maps' type."""

_TINY = ((Case(1, 48, 48, 12, 12), _HALF),)


@dataclasses.dataclass(frozen=True)
class Timed:
    """A layer's times in seconds: of the first kernel, and of the second by plan."""

    case: Case
    dtype: torch.dtype
    layer: cuda_plan.Layer
    prepare: float
    plans: list[tuple[cuda_plan.Plan, float]]

    def row(self) -> list[str]:
        """Of the table."""
        own, (best, least) = self.plans[0][1], min(self.plans, key=lambda plan: plan[1])
        return [
            self.case.title,
            str(self.dtype).removeprefix("torch."),
            *(f"{seconds * 1e6:.1f}" for seconds in (self.prepare, least, own)),
            f"{own / least:.2f}",
            _told(best),
        ]

    def to_dict(self) -> dict[str, Any]:
        """JSON-able."""
        plans = [{**dataclasses.asdict(plan), "seconds": t} for plan, t in self.plans]
        layer = {**dataclasses.asdict(self.layer), "dtype": str(self.layer.dtype)}
        return {"layer": layer, "prepare": self.prepare, "plans": plans}


def time_layer(
    launcher: cuda_layers.Launcher, clock: GpuClock, case: Case, dtype: torch.dtype, most: int
) -> Timed:
    """Time a layer; plans in the order in which `cuda_plan` would choose them."""
    x, product, prologue, epilogue = build(case, clock.device, dtype)
    product = replace(product, per_tap=product.per_tap and case.kernel > 1)
    inputs = [x, *(torch.randn_like(x) for _ in range(_INPUTS - 1))]
    size = (case.batch, case.height, case.width)
    layer = cuda_layers.layer_of(size, case.channels, dtype, product, prologue, epilogue)
    weights = WeightCache().of(product, epilogue, case.channels, dtype)
    wanted = cuda_layers.wanted_of(product, epilogue)
    pixels = case.height * case.width

    def prepare(i: int) -> cuda_layers.Signs:
        return cuda_layers.prepare(
            launcher,
            inputs[i % _INPUTS],
            case.channels,
            prologue,
            pixels,
            wanted,
        )

    signs = [prepare(i) for i in range(_INPUTS)]
    seen = (1, 1, case.batch * pixels) if cuda_layers.is_flat(product, prologue) else size
    y = channels_last((case.batch, case.out_channels, *case.out_size), clock.device).to(dtype)

    def convolve(plan: cuda_plan.Plan, i: int) -> None:
        at = (seen, prologue.doubled, epilogue, y)
        cuda_layers.convolve(launcher, plan, layer, signs[i % _INPUTS], weights, *at)

    def estimate(plan: cuda_plan.Plan) -> float:
        return cuda_plan.estimate(layer, plan, launcher.processors)

    plans = sorted(
        cuda_plan.candidates(layer, launcher.processors, launcher.most_shared), key=estimate
    )
    timed = [
        (plan, clock.graphed(lambda i, plan=plan: convolve(plan, i)))  # type: ignore[misc]
        for plan in plans[:most]
    ]
    return Timed(case, dtype, layer, clock.graphed(prepare), timed)


def _told(plan: cuda_plan.Plan) -> str:
    return (
        f"{plan.variant.m}x{plan.variant.n}, warps {plan.warps_m}x{plan.warps_n}, "
        f"{plan.blocks_x}x{plan.blocks_y} blocks, {plan.shared // 1024} KB"
    )


@torch.inference_mode()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plans", type=int, default=200, help="plans tried of each layer at most")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all times there")
    parser.add_argument("--emulated", action="store_true", help="tiny sizes, without a card")
    arguments = parser.parse_args()

    launcher, device = place(arguments.emulated)
    torch.manual_seed(0)
    clock = GpuClock(device)
    print("emulated" if arguments.emulated else torch.cuda.get_device_name(), torch.__version__)
    found = []
    for case, dtype in _TINY if arguments.emulated else LAYERS:
        found.append(time_layer(launcher, clock, case, dtype, arguments.plans))
        print(" | ".join(found[-1].row()), flush=True)
    header = ("layer", "maps", "prepare", "best", "own plan", "own / best", "best plan")
    print("\nmicroseconds")
    print(markdown_table(header, [timed.row() for timed in found]))
    if arguments.json is not None:
        arguments.json.write_text(json.dumps([timed.to_dict() for timed in found]))


if __name__ == "__main__":
    main()
