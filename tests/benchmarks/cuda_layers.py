"""Layers that the GPU kernels are tried with, and where they run: on a card, or emulated."""

from __future__ import annotations

import random
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from bimaco_gui.ops import cuda_driver, cuda_layers, reference
from bimaco_gui.ops.arguments import Epilogue, Product, Prologue, SideBranches

_RANK = 8


@dataclass(frozen=True)
class Case:
    """One layer.

    Attributes:
        batch, channels, out_channels, height, width: Of the input and of the result's channels.
        kernel, stride: 1 or 3, 1 or 2.
        released: Scales by tap and zeros that count as nothing, as in the released network.
        scaled: The prologue has a scale and a shift; for each picture if `released`.
        activation: Of the prologue.
        doubled: Enlarged twice in the prologue.
        branches: "none", "both" (low rank and sparse) or "mean".
        finished: RPReLU and residual follow.
    """

    batch: int
    channels: int
    out_channels: int
    height: int
    width: int
    kernel: int = 3
    stride: int = 1
    released: bool = False
    scaled: bool = True
    activation: str = "leaky"
    doubled: bool = False
    branches: str = "both"
    finished: bool = True

    @property
    def title(self) -> str:
        """As it is printed."""
        kind = " by tap" if self.released else ""
        return (
            f"{self.batch}x{self.height}x{self.width} {self.channels}->{self.out_channels} "
            f"{self.kernel}x{self.kernel}/{self.stride}{kind}"
        )

    @property
    def out_size(self) -> tuple[int, int]:
        """Height and width of the result."""
        factor = 2 if self.doubled else 1
        return -(-self.height * factor // self.stride), -(-self.width * factor // self.stride)

    @property
    def products(self) -> int:
        """Multiplications, borders counted as inside."""
        height, width = self.out_size
        pixels = self.batch * height * width
        return pixels * self.kernel**2 * self.channels * self.out_channels


def released(case: Case) -> Case:
    """The same layer as the released network has it."""
    return replace(case, released=True, activation="silu")


BUNDLED = (
    Case(1, 48, 48, 96, 80),
    Case(1, 96, 96, 64, 48),
    Case(1, 192, 192, 32, 40),
    Case(1, 192, 768, 32, 32, 1),
    Case(1, 768, 192, 32, 32, 1),
    Case(2, 96, 48, 40, 40, doubled=True),
)
RELEASED = tuple(
    released(case)
    for case in (
        Case(1, 160, 160, 64, 64),
        Case(1, 320, 320, 64, 64),
        Case(1, 480, 320, 64, 64),
        Case(1, 640, 320, 32, 32),
        Case(1, 640, 640, 16, 16),
        Case(1, 960, 640, 16, 16),
        Case(1, 1280, 640, 8, 8),
        Case(1, 320, 320, 32, 32, stride=2, branches="mean"),
        Case(1, 480, 320, 64, 64, 1),
        Case(1, 192, 768, 64, 64, 1),
    )
)
"""Layers of both models."""


def random_case(chance: random.Random, small: bool) -> Case:
    """Any layer that the kernels take; `small` ones suit the emulator."""
    most_in, most_out, most_side = (100, 50, 8) if small else (400, 200, 40)
    channels = chance.choice([chance.randint(1, most_in), 8 * chance.randint(1, most_in // 8)])
    out_channels = chance.choice(
        [chance.randint(1, most_out), 16 * chance.randint(1, most_out // 16), channels]
    )
    stride = chance.choice([1, 1, 2])
    branches = chance.choice(["none", "both", "both"])
    if stride == 2 and channels == out_channels:
        branches = "mean"
    return Case(
        chance.randint(1, 3),
        channels,
        out_channels,
        chance.randint(1, most_side),
        chance.randint(1, most_side),
        chance.choice([1, 3]),
        stride,
        released=chance.random() < 0.4,
        scaled=chance.random() < 0.7,
        activation=chance.choice(["none", "leaky", "silu", "gelu"]),
        doubled=stride == 1 and chance.random() < 0.3,
        branches=branches,
    )


def channels_last(shape: tuple[int, int, int, int], device: torch.device) -> Tensor:
    """Normal numbers [N, C, H, W] with the channels innermost in memory."""
    n, c, h, w = shape
    return torch.randn(n, h, w, c, device=device).movedim(-1, 1)


def build(
    case: Case, device: torch.device, dtype: torch.dtype = torch.float32
) -> tuple[Tensor, Product, Prologue, Epilogue]:
    """An input of that type, and the layer's weights."""
    i, o = case.channels, case.out_channels
    x = channels_last((case.batch, i, case.height, case.width), device)
    if case.released:
        x.masked_fill_(torch.rand_like(x) < 0.02, 0)  # so that zeros are met
    bits = reference.pack_signs(torch.randn(o, i, case.kernel, case.kernel, device=device))
    product = Product(
        bits,
        torch.rand(o, device=device) * 0.1,
        torch.randn(o, device=device),
        case.kernel,
        case.stride,
        case.released,
        case.released,
    )
    prologue = Prologue(activation=case.activation, negative_slope=0.2, doubled=case.doubled)
    if case.scaled:
        shape = (case.batch, i) if case.released else (i,)
        scale = torch.rand(shape, device=device) + 0.5
        prologue = replace(prologue, scale=scale, shift=torch.randn(shape, device=device) * 0.1)
    epilogue = Epilogue(side=_branches(case, device))
    if case.finished:
        epilogue = Epilogue(
            torch.rand(o, device=device),
            torch.randn(o, device=device),
            epilogue.side,
            channels_last((case.batch, o, *case.out_size), device).to(dtype),
        )
    return x.to(dtype), product, prologue, epilogue


def _branches(case: Case, device: torch.device) -> SideBranches:
    if case.branches != "both":
        return SideBranches(mean_shortcut=case.branches == "mean")
    i, o = case.channels, case.out_channels
    rank, entries = min(_RANK, i, o), 2 * max(i, o)
    return SideBranches(
        torch.randn(rank, i, device=device) * 0.1,
        torch.randn(o, rank, device=device) * 0.1,
        torch.randn(entries, device=device) * 0.1,
        torch.randint(o, (entries,), dtype=torch.int32, device=device),
        torch.randint(i, (entries,), dtype=torch.int32, device=device),
    )


def place(emulated: bool) -> tuple[cuda_layers.Launcher, torch.device]:
    """What runs the kernels, and where its tensors lie.

    Raises:
        SystemExit: there is no card, or no kernels for it; says what is missing.
    """
    if emulated:
        from tests.unit.ops.cuda_emulation import EmulatedGpu
        from tests.unit.ops.cuda_emulation import build as build_emulator

        folder = Path(tempfile.mkdtemp(prefix="bimaco-emulator-"))
        return EmulatedGpu(build_emulator(folder)), torch.device("cpu")
    if not torch.cuda.is_available():
        raise SystemExit("No NVIDIA GPU can be used here; --emulated tries the script without one.")
    device = torch.device("cuda")
    gpu = cuda_driver.gpu(device)
    if gpu is None:
        raise SystemExit(f"No GPU kernels: {cuda_driver.why_not(device)}.")
    # torch must not round either where the two are compared.
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    return gpu, device
