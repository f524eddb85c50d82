"""What stands around the binary layers on a real card: is it right, and how long does it take?

    python -m tests.benchmarks.cuda_around [--seed 0]
    python -m tests.benchmarks.cuda_around --emulated   # tiny sizes, without a card

Under the sanitizers, which are slow, three small cases without times:

    compute-sanitizer --tool memcheck python -m tests.benchmarks.cuda_around --few
    compute-sanitizer --tool racecheck python -m tests.benchmarks.cuda_around --few

Group normalization, attention in windows and the convolutions at the edges, alone, against
`ops.reference` in float32, and in CUDA graphs. Bytes are those of the maps, each once; weights and
statistics are left out. A normalization's title ends with its plan: slices, chunks, threads. The
exit status is 1 where a difference is too large, or where two runs are not equal bit for bit. The
table comes last.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from bimaco_gui.engine.bench.gpu_clock import GpuClock
from bimaco_gui.engine.bench.report import markdown_table
from bimaco_gui.model.released.swin import released_shift_regions
from bimaco_gui.ops import cuda_around, cuda_edge, reference
from bimaco_gui.ops.arguments import Prologue
from bimaco_gui.ops.cuda_layers import Launcher
from tests.benchmarks.cuda_layers import channels_last, place

_FLOAT, _HALF, _BFLOAT = torch.float32, torch.float16, torch.bfloat16
_ROOM = {_FLOAT: 5e-6, _HALF: 3e-3, _BFLOAT: 2e-2}
"""Largest difference over the largest value, by the type of the maps."""

_NORM_ROOM = 1e-5  # scale and shift are float32 whatever the map is
_EPSILON = 1e-5
_APART = -100.0
_WINDOW = 8
_ROUNDS, _CALLS = 7, 20


@dataclass(frozen=True)
class Trial:
    """A case with its tensors.

    Attributes:
        title: As it is printed.
        dtype: Of the maps.
        room: Largest difference over the largest value that is a rounding.
        moved: Bytes of the maps that are read and written.
        mine: The kernels' results.
        wanted: The reference's, of the same maps in float32.
    """

    title: str
    dtype: torch.dtype
    room: float
    moved: int
    mine: Callable[[], tuple[Tensor, ...]]
    wanted: Callable[[], tuple[Tensor, ...]]


class Case(Protocol):
    """One op of one size."""

    def trial(self, launcher: Launcher, device: torch.device) -> Trial:
        """With random tensors on that device."""
        ...


@dataclass(frozen=True)
class Norm:
    """A group normalization: 32 groups, or a single one where 32 do not divide the channels.

    Attributes:
        batch, channels, height, width: Of the map.
        dtype: Of the map.
        timed: The time's scale and shift are part of it.
    """

    batch: int
    channels: int
    height: int
    width: int
    dtype: torch.dtype
    timed: bool = True

    def trial(self, launcher: Launcher, device: torch.device) -> Trial:
        """See `Case`."""
        n, c = self.batch, self.channels
        x = channels_last((n, c, self.height, self.width), device)
        x = x.mul_(2).add_(5).to(self.dtype)
        weight, bias = torch.randn(2, c, device=device)
        groups = 1 if c % 32 else 32
        time = None
        if self.timed:
            time_scale, time_shift = torch.randn(n, 2 * c, device=device).chunk(2, dim=1)
            time = (time_scale, time_shift)
        plan = cuda_around.norm_plan(n, self.height * self.width, c, groups, launcher.processors)
        assert plan is not None

        def mine() -> tuple[Tensor, ...]:
            return cuda_around.group_norm_affine(
                launcher, plan, x, groups, weight, bias, _EPSILON, time
            )

        def wanted() -> tuple[Tensor, ...]:
            affine = reference.group_norm_affine(x.float(), groups, weight, bias, _EPSILON)
            return affine if time is None else reference.timed(*affine, *time)

        shares = f"{plan.slices}/{plan.chunks}/{plan.threads}"
        title = f"norm {n}x{self.height}x{self.width} {c}, {shares}"
        return Trial(title, self.dtype, _NORM_ROOM, x.nbytes, mine, wanted)


@dataclass(frozen=True)
class Attention:
    """Attention in windows of 8x8 pixels.

    Attributes:
        batch, channels, height, width: Of the result.
        heads: Among which the channels are shared out.
        dtype: Of the maps.
        shift: Of the windows, pixels.
    """

    batch: int
    channels: int
    height: int
    width: int
    heads: int
    dtype: torch.dtype
    shift: int = 0

    def trial(self, launcher: Launcher, device: torch.device) -> Trial:
        """See `Case`."""
        n, c, height, width = self.batch, self.channels, self.height, self.width
        qkv = channels_last((n, 3 * c, height, width), device).to(self.dtype)
        bias = torch.randn(self.heads, _WINDOW**2, _WINDOW**2, device=device)
        regions = None
        if self.shift:
            regions = released_shift_regions(height, width, _WINDOW, self.shift, qkv).int()
        options = (bias, _WINDOW, self.shift, regions, _APART)

        def mine() -> tuple[Tensor, ...]:
            return (cuda_around.window_attention(launcher, qkv, *options),)

        def wanted() -> tuple[Tensor, ...]:
            return (reference.window_attention(qkv.float(), *options),)

        title = f"attention {n}x{height}x{width} {c}, {self.heads} heads, shift {self.shift}"
        return Trial(title, self.dtype, _ROOM[self.dtype], qkv.nbytes * 4 // 3, mine, wanted)


@dataclass(frozen=True)
class Edge:
    """A 3x3 convolution in full precision with few channels on one side.

    Attributes:
        batch, channels, height, width: Of the input.
        out_channels: Of the result.
        dtype: Of the maps.
        activation: Of the prologue, after an affine map: by picture for "silu", else by channel.
            "none" has neither.
    """

    batch: int
    channels: int
    height: int
    width: int
    out_channels: int
    dtype: torch.dtype
    activation: str = "none"

    def trial(self, launcher: Launcher, device: torch.device) -> Trial:
        """See `Case`."""
        n, c, out = self.batch, self.channels, self.out_channels
        x = channels_last((n, c, self.height, self.width), device).to(self.dtype)
        weight = torch.randn(out, c, 3, 3, device=device) / (3 * c**0.5)
        bias = torch.randn(out, device=device)
        prologue = Prologue()
        if self.activation != "none":
            shape = (n, c) if self.activation == "silu" else (c,)
            scale, shift = torch.randn(2, *shape, device=device)
            prologue = Prologue(scale, shift, self.activation, 0.1)

        def mine() -> tuple[Tensor, ...]:
            return (cuda_edge.full_conv2d(launcher, x, weight, bias, prologue),)

        def wanted() -> tuple[Tensor, ...]:
            return (reference.full_conv2d(x.float(), weight, bias, prologue),)

        title = f"edge {n}x{self.height}x{self.width} {c}->{out}, {self.activation}"
        moved = x.nbytes + n * out * self.height * self.width * x.element_size()
        return Trial(title, self.dtype, _ROOM[self.dtype], moved, mine, wanted)


_NORMED = (
    (160, 64),
    (192, 64),
    (320, 64),
    (480, 64),
    (192, 32),
    (320, 32),
    (640, 32),
    (320, 16),
    (960, 16),
    (640, 8),
    (1280, 8),
)
"""Channels and sides of the released network's maps."""

CASES: tuple[Case, ...] = (
    *(Norm(n, c, side, side, _HALF) for n in (1, 16) for c, side in _NORMED),
    Norm(1, 160, 64, 64, _FLOAT),
    Norm(1, 320, 512, 512, _BFLOAT, timed=False),
    *(
        Attention(n, 192, side, side, 6, dtype, shift)
        for dtype in (_HALF, _BFLOAT, _FLOAT)
        for n in (1, 16)
        for side in (64, 32, 16, 8)
        for shift in (0, 4)
        if side > _WINDOW or not shift
    ),
    *(
        edge
        for n in (1, 16)
        for dtype in (_HALF, _FLOAT)
        for edge in (Edge(n, 6, 64, 64, 160, dtype), Edge(n, 160, 64, 64, 3, dtype, "silu"))
    ),
    Edge(1, 3, 750, 1000, 48, _FLOAT),
    Edge(1, 48, 750, 1000, 48, _FLOAT, "leaky"),
    Edge(1, 48, 750, 1000, 48, _HALF, "leaky"),
)
"""The released network's, at batch 1 and 16, and those of the recipe's for 12 megapixels."""

_FEW: tuple[Case, ...] = (
    Norm(1, 40, 42, 40, _BFLOAT),  # in chunks, whose sums a second kernel adds
    Attention(1, 64, 16, 16, 2, _HALF, 4),
    Attention(1, 64, 8, 8, 2, _FLOAT),
    Edge(2, 32, 9, 20, 3, _FLOAT, "silu"),
    Edge(1, 6, 20, 20, 40, _HALF),
)
_TINY: tuple[Case, ...] = (
    *_FEW,
    Norm(1, 64, 8, 8, _HALF),
    Norm(2, 40, 24, 24, _FLOAT),
    Norm(1, 160, 20, 20, _BFLOAT, timed=False),
    Attention(1, 64, 16, 8, 2, _BFLOAT, 4),
    Edge(1, 16, 12, 12, 16, _FLOAT, "leaky"),
)


@dataclass(frozen=True)
class Found:
    """What a trial gave.

    Attributes:
        trial: Which.
        worst: Largest difference over the largest value.
        repeats: Two runs are equal bit for bit.
        seconds: Of a call in a CUDA graph; None where it was not timed.
    """

    trial: Trial
    worst: float
    repeats: bool
    seconds: float | None

    @property
    def right(self) -> bool:
        """Not if the difference is no number either."""
        return self.repeats and self.worst <= self.trial.room

    def row(self) -> list[str]:
        """Of the table."""
        times = ["-", "-"]
        if self.seconds is not None:
            rate = self.trial.moved / self.seconds / 1e12
            times = [f"{self.seconds * 1e6:.1f}", f"{rate:.2f}"]
        kind = str(self.trial.dtype).removeprefix("torch.")
        return [self.trial.title, kind, f"{self.worst:.1e}", *times]


def check(trial: Trial, clock: GpuClock | None) -> Found:
    """Compare with the reference, and take the time where there is a clock."""
    mine, again = trial.mine(), trial.mine()
    repeats = all(torch.equal(a, b) for a, b in zip(mine, again, strict=True))
    worst = torch.stack(
        [_difference(a, b) for a, b in zip(mine, trial.wanted(), strict=True)]
    ).max()
    seconds = None if clock is None else clock.graphed(lambda _: trial.mine())
    return Found(trial, float(worst), repeats, seconds)


def _difference(mine: Tensor, wanted: Tensor) -> Tensor:
    return (mine.double() - wanted.double()).abs().max() / wanted.double().abs().max()


@torch.inference_mode()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--few", action="store_true", help="five small cases, without times")
    parser.add_argument("--emulated", action="store_true", help="tiny sizes, without a card")
    arguments = parser.parse_args()

    launcher, device = place(arguments.emulated)
    torch.manual_seed(arguments.seed)
    clock = None if arguments.few else GpuClock(device, _ROUNDS, _CALLS)
    cases = _TINY if arguments.emulated else CASES
    found = []
    for case in _FEW if arguments.few else cases:
        found.append(check(case.trial(launcher, device), clock))
        if not found[-1].right:
            again = "" if found[-1].repeats else ", and not the same twice"
            print(f"{case}: {found[-1].worst:.1e} off{again}", flush=True)
    wrong = sum(not one.right for one in found)
    where = "emulated" if arguments.emulated else torch.cuda.get_device_name()
    print(f"{where}, torch {torch.__version__}, seed {arguments.seed}: ", end="")
    print(f"{wrong} wrong of {len(found)}")
    header = ("kernel and shape", "maps", "difference / largest", "microseconds", "TB/s")
    print(markdown_table(header, [one.row() for one in found]))
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
