"""Time the ops alone: torch's reference, every native instruction set, and torch in fp32.

    python -m tests.benchmarks.bench_ops [--threads 1] [--rounds 7] [--model]

Prints the best of several rounds in ms, packing of the input and epilogue included. The rounds of
all columns are interleaved. One thread is timed by its CPU time, because waiting for a busy machine
lengthens long calls more than short ones; several threads are timed by the clock on the wall and
need an idle machine.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch.nn import functional as F

from bimaco_gui import ops
from bimaco_gui.model import Form, OneStepUpscaler, UpscalerConfig, binarize, pack

Call = Callable[[], object]
Clock = Callable[[], float]


@dataclass(frozen=True)
class Layer:
    """A 3x3 convolution, or a linear layer where `side` is None."""

    in_channels: int
    out_channels: int
    side: int | None
    rows: int = 0

    @property
    def title(self) -> str:
        """Shape as it is printed: input side, then channels."""
        channels = f"{self.in_channels}->{self.out_channels}"
        if self.side is None:
            return f"linear {self.rows}x{channels}"
        return f"conv3x3 {self.side}x{self.side} {channels}"

    @property
    def products(self) -> int:
        """Multiplications of the layer, borders counted as the inside."""
        pixels, taps = (self.rows, 1) if self.side is None else (self.side**2, 9)
        return pixels * taps * self.in_channels * self.out_channels


LAYERS = (
    Layer(48, 48, 256),
    Layer(64, 64, 192),
    Layer(96, 96, 128),
    Layer(128, 128, 96),
    Layer(192, 192, 64),
    Layer(256, 256, 48),
    Layer(192, 768, None, rows=4096),
)


def with_isa(isa: str, call: Call) -> Call:
    """`call` with the instruction set forced."""

    def run() -> object:
        os.environ["BIMACO_ISA"] = isa
        return call()

    return run


def calls(layer: Layer) -> dict[str, Call]:
    """What to time for one layer, by column."""
    alpha, bias = torch.rand(layer.out_channels), torch.rand(layer.out_channels)
    if layer.side is None:
        x = torch.randn(layer.rows, layer.in_channels)
        weight = torch.randn(layer.out_channels, layer.in_channels)
        bits = ops.pack_signs(weight)
        binary: Call = lambda: ops.binary_linear(x, bits, alpha, bias)  # noqa: E731
        full: Call = lambda: F.linear(x, weight, bias)  # noqa: E731
    else:
        x = torch.randn(1, layer.in_channels, layer.side, layer.side)
        weight = torch.randn(layer.out_channels, layer.in_channels, 3, 3)
        bits = ops.pack_signs(weight)
        last = {"memory_format": torch.channels_last}
        full_x, full_weight = x.contiguous(**last), weight.contiguous(**last)
        binary = lambda: ops.binary_conv2d(x, bits, alpha, bias, 3, 1)  # noqa: E731
        full = lambda: F.conv2d(full_x, full_weight, bias, padding=1)  # noqa: E731
    return {isa: with_isa(isa, binary) for isa in ops.instruction_sets()} | {"fp32": full}


def best_seconds(columns: dict[str, Call], rounds: int, clock: Clock) -> dict[str, float]:
    """Best time of each call; the first, untimed round warms up."""
    best = dict.fromkeys(columns, float("inf"))
    for turn in range(rounds + 1):
        for name, call in columns.items():
            start = clock()
            call()
            if turn:
                best[name] = min(best[name], clock() - start)
    return best


def model_calls(side: int) -> dict[str, Call]:
    """The default model on one tile of side x side LR pixels: full precision, and packed."""
    full = OneStepUpscaler(UpscalerConfig(), Form.FULL).eval()
    packed = pack(binarize(full).eval())
    picture, noise = torch.rand(1, 3, side, side), torch.randn(1, full.latent_channels, side, side)
    columns: dict[str, Call] = {
        f"packed, {isa}": with_isa(isa, lambda: packed(picture, noise))
        for isa in ops.instruction_sets()
    }
    return columns | {"full precision": lambda: full(picture, noise)}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--model", action="store_true", help="whole networks instead of layers")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)

    one = arguments.threads == 1
    clock, kind = (time.thread_time, "CPU") if one else (time.perf_counter, "wall")
    names = [*ops.instruction_sets(), "fp32"]
    print(f"best of {arguments.rounds} in ms, {arguments.threads} thread(s), {kind} time")
    if arguments.model:
        with torch.inference_mode():
            for name, best in best_seconds(model_calls(128), arguments.rounds, clock).items():
                print(f"{name:26}{best * 1e3:10.0f}")
        return
    print(
        f"fp32 is torch {torch.__version__} in channels_last; the last columns are for the best set"
    )
    print(f"{'layer':26}" + "".join(f"{name:>10}" for name in names) + "   GMAC/s  x fp32")
    with torch.inference_mode():
        for layer in LAYERS:
            times = best_seconds(calls(layer), arguments.rounds, clock)
            quickest = times[names[-2]]
            print(
                f"{layer.title:26}"
                + "".join(f"{times[name] * 1e3:10.2f}" for name in names)
                + f"{layer.products / quickest / 1e9:9.0f}{times['fp32'] / quickest:8.1f}"
            )


if __name__ == "__main__":
    main()
