"""How a layer is cut into blocks of threads: which kernel, which tile, how much shared memory."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import torch

from bimaco_gui.ops.cuda_arguments import SIDE_STEP
from bimaco_gui.ops.cuda_weights import GROUP, chunks_of

_STAGES = (64, 32, 16, 8, 4)
"""Steps of the side branches that shared memory may hold at a time."""


_CHANNEL_BYTES = 5 * GROUP * 4  # of what belongs to a group's output channels


@dataclass(frozen=True)
class Variant:
    """A compiled kernel: each warp counts m * 16 pixels by n * 16 channels.

    Attributes:
        m, n: See above.
        registers: Of a thread; decides how many blocks fit a multiprocessor.
    """

    m: int
    n: int
    registers: int


VARIANTS = (Variant(2, 2, 128), Variant(1, 3, 128), Variant(1, 2, 128))
PER_TAP_VARIANTS = (Variant(2, 2, 128), Variant(1, 2, 128))


_WARPS = ((1, 4), (2, 2), (4, 1), (1, 8), (2, 4), (4, 2), (8, 1), (1, 2), (2, 1))
"""Warps of a block, along pixels and channels; the last for layers that leave little memory."""


@dataclass(frozen=True)
class Layer:
    """The sizes of a layer that a plan depends on.

    Attributes:
        batch, height, width: Of the result.
        channels, out_channels: In and out.
        kernel, stride: 1 or 3, 1 or 2.
        per_tap: Scales by tap.
        minus: A second plane of signs marks what is negative.
        side_steps: Of the side branches, `SIDE_STEP` bytes of a pixel's channels each; 0 for none.
        dtype: Of the maps.
    """

    batch: int
    height: int
    width: int
    channels: int
    out_channels: int
    kernel: int
    stride: int = 1
    per_tap: bool = False
    minus: bool = False
    side_steps: int = 0
    dtype: torch.dtype = torch.float32

    @property
    def steps(self) -> int:
        """Steps of 256 signs for one output."""
        chunks, taps = chunks_of(self.channels), self.kernel**2
        return taps * -(-chunks // 2) if self.per_tap else -(-taps * chunks // 2)

    @property
    def groups(self) -> int:
        """Groups of output channels."""
        return -(-self.out_channels // GROUP)


@dataclass(frozen=True)
class Plan:
    """How a layer is run.

    Attributes:
        variant: The kernel.
        per_tap: Whether its name says so.
        warps_m, warps_n: Warps of a block along pixels and channels.
        tile_width, tile_height: Output pixels of a block's tile; the width is a power of two.
        tiles_x, tiles_y: Tiles of a picture.
        blocks_x, blocks_y: The grid; blocks go on from tile to tile along x.
        stage_steps: Of the side branches, held at a time; 0 for none.
        shared: Bytes of shared memory.
        together: Blocks that a multiprocessor holds at a time.
    """

    variant: Variant
    per_tap: bool
    warps_m: int
    warps_n: int
    tile_width: int
    tile_height: int
    tiles_x: int
    tiles_y: int
    blocks_x: int
    blocks_y: int
    stage_steps: int
    shared: int
    together: int

    @property
    def kernel(self) -> str:
        """The kernel's name."""
        kind = "per_tap_" if self.per_tap else ""
        return f"bimaco_convolve_{kind}{self.variant.m}x{self.variant.n}"

    @property
    def threads(self) -> int:
        """Threads of a block."""
        return 32 * self.warps_m * self.warps_n


def _shared_bytes(
    layer: Layer, variant: Variant, warps_n: int, tile: tuple[int, int], stage_steps: int
) -> int:
    """What `Shape` in kernels/cuda/halo.cuh adds up."""
    height, width = ((side - 1) * layer.stride + layer.kernel for side in tile)
    groups = warps_n * variant.n
    planes = 2 if layer.minus else 1
    pitch = (chunks_of(layer.channels) | 1) * 16
    halo = _round_up(height * width * (planes * pitch + 8), 16)
    total = groups * (layer.steps * 512 + _CHANNEL_BYTES) + _round_up(layer.steps * 8, 16)
    total += 2 * halo
    if layer.side_steps:
        parts = 2 if layer.dtype == torch.float32 else 1
        total += 2 * tile[0] * tile[1] * (stage_steps * SIDE_STEP + 16)
        total += (1 if stage_steps == layer.side_steps else 2) * groups * stage_steps * parts * 512
    return total


def _stages(layer: Layer) -> Iterator[int]:
    """Steps of the side branches that may be held at a time, all of them first."""
    if not layer.side_steps:
        yield 0
        return
    yield layer.side_steps
    yield from (steps for steps in _STAGES if steps < layer.side_steps)


def _round_up(value: int, multiple: int) -> int:
    return -(-value // multiple) * multiple


def candidates(layer: Layer, processors: int, most_shared: int) -> Iterator[Plan]:
    """Every plan that fits."""
    for variant in PER_TAP_VARIANTS if layer.per_tap else VARIANTS:
        for warps_m, warps_n in _WARPS:
            pixels = warps_m * variant.m * 16
            if warps_n > 1 and (warps_n - 1) * variant.n >= layer.groups:
                continue  # warps without any channels
            if layer.kernel == 1 and layer.height == 1:
                if pixels & (pixels - 1):
                    continue  # a tile's width is a power of two
                tile = (1, pixels)
            else:
                width = 8 if layer.width <= 8 else 16
                tile = (pixels // width, width)
            tiles_y, tiles_x = -(-layer.height // tile[0]), -(-layer.width // tile[1])
            blocks_y = -(-layer.groups // (warps_n * variant.n))
            tiles = tiles_x * tiles_y * layer.batch
            # Where there are blocks enough, two are to fit a multiprocessor.
            alone = tiles * blocks_y <= processors
            most = most_shared if alone else (most_shared + 1024) // 2 - 1024
            sizes = {n: _shared_bytes(layer, variant, warps_n, tile, n) for n in _stages(layer)}
            roomy = [n for n, shared in sizes.items() if shared <= most]
            stage_steps = roomy[0] if roomy else min(sizes)
            shared = sizes[stage_steps]
            if shared > most_shared:
                continue
            together = _blocks_together(variant, warps_m * warps_n, shared, most_shared)
            blocks_x = min(tiles, max(1, processors * together // blocks_y))
            # As many as give each of them the same number of tiles.
            blocks_x = -(-tiles // -(-tiles // blocks_x))
            yield Plan(
                variant=variant,
                per_tap=layer.per_tap,
                warps_m=warps_m,
                warps_n=warps_n,
                tile_width=tile[1],
                tile_height=tile[0],
                tiles_x=tiles_x,
                tiles_y=tiles_y,
                blocks_x=blocks_x,
                blocks_y=blocks_y,
                stage_steps=stage_steps,
                shared=shared,
                together=together,
            )


def _blocks_together(variant: Variant, warps: int, shared: int, most_shared: int) -> int:
    """Blocks that one multiprocessor holds at a time."""
    return max(
        1, min(65536 // (variant.registers * 32 * warps), (most_shared + 1024) // (shared + 1024))
    )


_PRODUCT, _OUTPUT, _FETCHED, _SIDE, _STAGED = 2.03, 8.04, 31.5, 3.93, 6.78
_TURN, _STAGE, _START = 1116.0, 1004.0, 4637.0
"""Of `estimate`: fitted to the times of all plans of thirty-one layers on an H200, as
``tests.benchmarks.cuda_time --json`` writes them. Work of a warp for a product of 16 x 16 x 256, of
a lane for an output, for 128 signs; of a warp for 16 x 16 results of a side step, of a lane for
16 bytes of it; waiting in each turn, in each stage of the side branches, and before the first."""


def estimate(layer: Layer, plan: Plan, processors: int) -> float:
    """How long a plan takes, in units of its own; good enough to rank plans.

    The blocks of a multiprocessor share its four schedulers, unless there are so few that each
    waits for itself.
    """
    variant, blocks = plan.variant, plan.blocks_x * plan.blocks_y
    warps = plan.warps_m * plan.warps_n
    tiles = plan.tiles_x * plan.tiles_y * layer.batch
    planes = 2 if layer.minus else 1
    results = variant.m * variant.n
    work = results * (2 * planes * layer.steps * _PRODUCT + GROUP**2 / 32 * _OUTPUT)
    if layer.per_tap:
        work += results * layer.kernel**2 * GROUP**2 / 32 * 2
    rows, columns = (
        (side - 1) * layer.stride + layer.kernel for side in (plan.tile_height, plan.tile_width)
    )
    work += planes * rows * columns * chunks_of(layer.channels) / (32 * warps) * _FETCHED
    turn = _TURN
    if layer.side_steps:
        parts = 10 if layer.dtype == torch.float32 else 2
        pixels = plan.tile_width * plan.tile_height
        work += results * layer.side_steps * parts * _SIDE
        work += pixels * layer.side_steps * 2 / (32 * warps) * _STAGED * layer.stride**2
        turn += _STAGE * -(-layer.side_steps // plan.stage_steps)
    together = min(plan.together, -(-blocks // processors))
    turn = max(together * warps / 4 * work, turn + work)
    start = _START + together * plan.warps_n * variant.n * layer.steps * 8
    waves = -(-blocks // (processors * plan.together))
    return waves * (start + -(-tiles // plan.blocks_x) * turn)


@functools.lru_cache(maxsize=4096)
def best_plan(layer: Layer, processors: int, most_shared: int) -> Plan:
    """The plan that is likely quickest.

    Raises:
        ValueError: none fits; see `fits`.
    """
    plans = list(candidates(layer, processors, most_shared))
    if not plans:
        raise ValueError(f"no plan for {layer}")
    return min(plans, key=lambda plan: estimate(layer, plan, processors))


def fits(layer: Layer, most_shared: int) -> bool:
    """Whether any plan fits the shared memory."""
    return next(candidates(layer, 1, most_shared), None) is not None
