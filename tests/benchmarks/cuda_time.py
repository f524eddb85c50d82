"""How fast are the GPU kernels on a real card? Layers, networks and a whole picture.

    python -m tests.benchmarks.cuda_time [--only ceilings layers networks picture] [--plans 200]
    python -m tests.benchmarks.cuda_time --emulated --plans 2    # tries the script without a card

Kernels are found as ``cuda_check`` says. Layers are timed inside a CUDA graph of ten calls, packing
and all that follows the product included, median of nine replays by device events, against cuDNN's
bfloat16 convolution alone, timed likewise. Every plan that fits is tried: "own" is the one that the
program would take, so a large gap says that `cuda_plan.estimate` is to be put right. The table of
targets comes last. Emulated times mean nothing.
"""

from __future__ import annotations

import argparse
import copy
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bimaco_gui.engine import Picture, UpscaleOptions, Upscaler
from bimaco_gui.engine.bench.networks import LATENT, random_pipeline, random_unet
from bimaco_gui.engine.bench.report import markdown_table
from bimaco_gui.model import Form
from bimaco_gui.model.released.packed_layers import PackedReleasedLayer
from bimaco_gui.model.released.unet import pack_unet
from bimaco_gui.ops import cuda_layers, cuda_plan
from bimaco_gui.ops.cuda_weights import WeightCache
from bimaco_gui.weights import find_model, load_model
from tests.benchmarks.cuda_floors import B1_CEILING
from tests.benchmarks.cuda_layers import Case, build, channels_last, place, released

SECTIONS = ("ceilings", "layers", "networks", "picture")

_INPUTS = 3  # in turn, so that a layer does not find its input in the cache
_CALLS, _REPLAYS = 10, 9
_BARE = {"scaled": False, "activation": "none", "branches": "none", "finished": False}

LAYERS = (
    (Case(1, 320, 320, 512, 512, **_BARE), torch.bfloat16, 3.0),
    (Case(1, 320, 320, 512, 512), torch.bfloat16, None),
    (Case(1, 320, 320, 64, 64, **_BARE), torch.bfloat16, 1.5),
    (Case(1, 320, 320, 64, 64), torch.bfloat16, None),
    (Case(16, 320, 320, 64, 64), torch.bfloat16, None),
    (Case(1, 160, 160, 64, 64), torch.bfloat16, None),
    (Case(1, 48, 48, 512, 512), torch.float16, None),
    (Case(1, 96, 96, 256, 256), torch.float16, None),
    (Case(1, 192, 192, 128, 128), torch.float16, None),
    (Case(1, 192, 768, 128, 128, 1), torch.float16, None),
    (Case(1, 768, 192, 128, 128, 1), torch.float16, None),
    (released(Case(1, 160, 160, 64, 64)), torch.float16, None),
    (released(Case(1, 320, 320, 32, 32)), torch.float16, None),
    (released(Case(1, 640, 640, 16, 16)), torch.float16, None),
    (released(Case(1, 1280, 640, 8, 8)), torch.float16, None),
)
"""Layers, their maps' type, and how many times faster than cuDNN they should be, if said."""

_TINY = ((Case(1, 48, 48, 12, 12), torch.float16, None),)


@dataclass(frozen=True)
class Clock:
    """Measures calls on a device.

    Attributes:
        device: Where they run.
        calls: In one graph.
        replays: Of it.
    """

    device: torch.device
    calls: int = _CALLS
    replays: int = _REPLAYS

    def graphed(self, call: Callable[[int], object]) -> float:
        """Median seconds of a call inside a CUDA graph; it gets the number of the call."""
        if self.device.type != "cuda":
            return self.plain(lambda: call(0))
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for i in range(_INPUTS):
                call(i)
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            for i in range(self.calls):
                call(i)
        graph.replay()
        return self._events(graph.replay) / self.calls

    def plain(self, call: Callable[[], object]) -> float:
        """Median seconds of a call, launched by Python."""
        if self.device.type != "cuda":
            began = time.perf_counter()
            call()
            return time.perf_counter() - began
        for _ in range(3):
            call()
        return self._events(call)

    def _events(self, call: Callable[[], object]) -> float:
        seconds = []
        torch.cuda.synchronize()
        for _ in range(self.replays):
            begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
            begin.record()
            call()
            end.record()
            end.synchronize()
            seconds.append(begin.elapsed_time(end) / 1e3)
        return statistics.median(seconds)


@dataclass(frozen=True)
class Goal:
    """A row of the last table: what, how much is wanted, how much it is."""

    what: str
    wanted: float
    measured: float
    unit: str = "x"
    at_least: bool = True

    def row(self) -> list[str]:
        met = self.measured >= self.wanted if self.at_least else self.measured <= self.wanted
        sign = "at least" if self.at_least else "at most"
        return [
            self.what,
            f"{sign} {self.wanted:g}{self.unit}",
            f"{self.measured:.3g}{self.unit}",
            "met" if met else "missed",
        ]


# ---- ceilings and layers ----


def time_ceilings(clock: Clock) -> None:
    source = torch.empty(1 << (30 if clock.device.type == "cuda" else 20), dtype=torch.uint8)
    source = source.to(clock.device)
    target = torch.empty_like(source)
    seconds = clock.graphed(lambda _: target.copy_(source))
    print(f"copy: {2 * source.numel() / seconds / 1e12:.2f} TB/s, read and written", flush=True)


def time_layers(
    launcher: cuda_layers.Launcher,
    clock: Clock,
    layers: Sequence[tuple[Case, torch.dtype, float | None]],
    most: int,
) -> list[Goal]:
    header = ("layer", "prepare", "convolve", "own plan", "both", "cuDNN bf16", "x", "% of b1")
    rows, goals = [], []
    for case, dtype, wanted in layers:
        row, ratio, plans = _time_layer(launcher, clock, case, dtype, most)
        rows.append(row)
        print(" | ".join(row), plans, flush=True)
        if wanted is not None:
            goals.append(Goal(f"{case.title}, against cuDNN bf16", wanted, ratio))
    print("\nmicroseconds")
    print(markdown_table(header, rows))
    return goals


def _time_layer(
    launcher: cuda_layers.Launcher, clock: Clock, case: Case, dtype: torch.dtype, most: int
) -> tuple[list[str], float, str]:
    x, product, prologue, epilogue = build(case, clock.device, dtype)
    product = replace(product, per_tap=product.per_tap and case.kernel > 1)
    inputs = [x, *(torch.randn_like(x) for _ in range(_INPUTS - 1))]
    size = (case.batch, case.height, case.width)
    layer = cuda_layers.layer_of(size, case.channels, product, prologue, epilogue)
    weights = WeightCache().of(product, epilogue, case.channels)
    pixels = case.height * case.width

    def prepare(i: int) -> cuda_layers.Signs:
        return cuda_layers.prepare(
            launcher,
            inputs[i % _INPUTS],
            case.channels,
            prologue,
            pixels,
            epilogue.side.down,
            product.zero_is_zero,
        )

    signs = [prepare(i) for i in range(_INPUTS)]
    seen = (1, 1, case.batch * pixels) if cuda_layers.is_flat(product, prologue) else size
    y = channels_last((case.batch, case.out_channels, *case.out_size), clock.device).to(dtype)

    def convolve(plan: cuda_plan.Plan, i: int, bits: cuda_layers.Signs) -> None:
        at = (inputs[i % _INPUTS], seen, prologue, pixels, epilogue, y)
        cuda_layers.convolve(launcher, plan, layer, bits, weights, *at)

    def estimate(plan: cuda_plan.Plan) -> float:
        return cuda_plan.estimate(layer, plan, launcher.processors)

    plans = sorted(
        cuda_plan.candidates(layer, launcher.processors, launcher.most_shared), key=estimate
    )
    times = [
        (clock.graphed(lambda i, plan=plan: convolve(plan, i, signs[i % _INPUTS])), n)
        for n, plan in enumerate(plans[:most])
    ]
    (quickest, n), own = min(times), times[0][0]
    best = plans[n]
    both = clock.graphed(lambda i: convolve(best, i, prepare(i)))
    peer = _cudnn(clock, case)
    row = [
        case.title,
        *(f"{seconds * 1e6:.1f}" for seconds in (clock.graphed(prepare), quickest, own, both)),
        f"{peer * 1e6:.1f}",
        f"{peer / both:.2f}",
        f"{100 * case.products / quickest / B1_CEILING:.0f}",
    ]
    return row, peer / both, f"best {_told(best)}; own {_told(plans[0])}"


def _told(plan: cuda_plan.Plan) -> str:
    return (
        f"{plan.variant.m}x{plan.variant.n}, warps {plan.warps_m}x{plan.warps_n}, "
        f"{plan.blocks_x}x{plan.blocks_y} blocks, {plan.shared // 1024} KB"
    )


def _cudnn(clock: Clock, case: Case) -> float:
    torch.backends.cudnn.benchmark = True
    shape = (case.batch, case.channels, case.height, case.width)
    inputs = [channels_last(shape, clock.device).bfloat16() for _ in range(_INPUTS)]
    weight = channels_last(
        (case.out_channels, case.channels, case.kernel, case.kernel), clock.device
    ).bfloat16()
    bias = torch.randn(case.out_channels, device=clock.device).bfloat16()
    padding = case.kernel // 2
    return clock.graphed(
        lambda i: F.conv2d(inputs[i % _INPUTS], weight, bias, case.stride, padding)
    )


# ---- networks ----


def time_networks(clock: Clock, batches: Sequence[int], tiles: Sequence[int]) -> list[Goal]:
    once = replace(clock, calls=1)
    goals = []
    full = random_unet(Form.FULL).to(clock.device)
    packed = _packed_unet().to(clock.device)
    side = LATENT if clock.device.type == "cuda" else 64
    for batch in batches:
        arguments = (
            torch.randn(batch, 3, side, side, device=clock.device),
            torch.full((batch,), 14, device=clock.device),
            torch.randn(batch, 3, side, side, device=clock.device),
        )
        title = f"released UNet, batch {batch}"
        own = min(_precision_times(once, packed, arguments, f"{title}, packed"))
        plain = _eager(once, full, arguments)
        print(f"{title}, full precision: fp32 eager {plain * 1e3:.2f} ms", flush=True)
        goals.append(Goal(f"{title}, against fp32 eager", 8, plain / own))
        if clock.device.type == "cuda":
            peer = _compiled(once, full, arguments)
            print(f"{title}, full precision: bf16 compiled {peer * 1e3:.2f} ms", flush=True)
            goals.append(Goal(f"{title}, against bf16 torch.compile with graphs", 2, peer / own))
    model = load_model(find_model(None).path).to(clock.device)
    for tile in tiles:
        lq = torch.rand(1, 3, tile, tile, device=clock.device)
        noise = torch.randn(1, model.latent_channels, tile, tile, device=clock.device)
        _precision_times(once, model, (lq, noise), f"bundled model, tile of {tile}")
    return goals


def _packed_unet() -> nn.Module:
    packed = pack_unet(random_unet(Form.BINARY))
    for layer in packed.modules():
        if isinstance(layer, PackedReleasedLayer):
            # Weights of exactly 0, which random numbers hold a few of, are put right by steps that
            # no CUDA graph can hold.
            layer.zeros = layer.zeros[:, :0]
    return packed


def _eager(clock: Clock, network: nn.Module, arguments: Sequence[Tensor]) -> float:
    return clock.plain(lambda: network(*arguments))


def _compiled(clock: Clock, network: nn.Module, arguments: Sequence[Tensor]) -> float:
    """In bfloat16 by torch.compile, which records CUDA graphs itself."""
    half = copy.deepcopy(network).to(torch.bfloat16, memory_format=torch.channels_last)
    short = [a.bfloat16() if a.is_floating_point() else a for a in arguments]
    return _eager(clock, torch.compile(half, mode="reduce-overhead"), short)


def _precision_times(
    clock: Clock, network: nn.Module, arguments: Sequence[Tensor], title: str
) -> list[float]:
    """Seconds in a graph with float32 and with half-precision maps; prints them and eager ones."""
    last = {"memory_format": torch.channels_last}
    arguments = [a.to(**last) if a.ndim == 4 else a for a in arguments]
    network = network.to(**last)
    times = []
    for half in (False, True):

        def run(_: int = 0, half: bool = half) -> Tensor:
            with torch.autocast(clock.device.type, torch.float16, enabled=half):
                return network(*arguments)  # type: ignore[no-any-return]

        eager = clock.plain(run)
        graphed = clock.graphed(run) if clock.device.type == "cuda" else eager
        maps = "half" if half else "float32"
        print(
            f"{title}, {maps}: {eager * 1e3:.2f} ms eager, {graphed * 1e3:.2f} ms in a graph",
            flush=True,
        )
        times.append(graphed)
    return times


# ---- a whole picture ----


def time_picture(clock: Clock, width: int, height: int) -> list[Goal]:
    """Picture to picture, files apart, against the full-precision pipeline tile by tile."""
    pixels = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    upscaler = Upscaler(load_model(find_model(None).path), clock.device)
    seconds = []
    for _ in range(4 if clock.device.type == "cuda" else 1):
        began = time.perf_counter()
        upscaler.upscale(Picture(pixels), UpscaleOptions())
        seconds.append(time.perf_counter() - began)
    own, megapixels = min(seconds), 16 * width * height / 1e6
    print(f"{megapixels:.1f} MP picture to picture: {own:.3f} s", flush=True)
    if clock.device.type != "cuda":
        return []
    pipeline = random_pipeline().to(clock.device)
    lq = torch.rand(1, 3, LATENT, LATENT, device=clock.device) * 2 - 1
    noise = torch.randn(1, 3, LATENT, LATENT, device=clock.device)
    tile = clock.plain(lambda: pipeline(lq, noise))
    full = tile / (16 * LATENT**2 / 1e6) * megapixels
    print(f"full-precision pipeline, fp32 eager: {tile * 1e3:.1f} ms a tile of 256 output pixels")
    return [
        Goal(f"{megapixels:.1f} MP, picture to picture", 0.25, own, " s", at_least=False),
        Goal("the same against the full-precision pipeline", 100, full / own),
    ]


@torch.inference_mode()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=SECTIONS, metavar="SECTION")
    parser.add_argument("--plans", type=int, default=200, help="plans tried of each layer at most")
    parser.add_argument("--emulated", action="store_true", help="tiny sizes, without a card")
    arguments = parser.parse_args()

    launcher, device = place(arguments.emulated)
    torch.manual_seed(0)
    clock = Clock(device)
    print("emulated" if arguments.emulated else torch.cuda.get_device_name(), torch.__version__)
    tiny = arguments.emulated
    goals: list[Goal] = []
    if "ceilings" in arguments.only:
        time_ceilings(clock)
    if "layers" in arguments.only:
        layers = _TINY if tiny else LAYERS
        goals += time_layers(launcher, clock, layers, arguments.plans)
    if "networks" in arguments.only:
        goals += time_networks(clock, (1,) if tiny else (1, 16), (32,) if tiny else (192, 512))
    if "picture" in arguments.only:
        goals += time_picture(clock, *((32, 32) if tiny else (1000, 750)))
    if goals:
        print()
        print(markdown_table(("target", "wanted", "measured", ""), [g.row() for g in goals]))


if __name__ == "__main__":
    main()
