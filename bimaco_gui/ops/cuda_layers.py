"""Whole layers on a GPU: arranges memory, fills the kernels' arguments, launches.

Arguments have been checked by `schema`. What runs the kernels is passed in, so that the tests can
run the same code on a processor.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, replace
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional as F

from bimaco_gui.ops.arguments import Epilogue, Product, Prologue
from bimaco_gui.ops.cuda_arguments import (
    SIDE_STEP,
    Ceiling,
    Convolve,
    Prepare,
    before,
    divisor,
    pointer,
)
from bimaco_gui.ops.cuda_plan import Layer, Plan, best_plan
from bimaco_gui.ops.cuda_weights import (
    WeightCache,
    Weights,
    chunks_of,
    has_two_planes,
    side_steps_of,
)
from bimaco_gui.ops.layout import arranged_as

_THREADS = 256
_FEW_PIXELS = 64  # for each multiprocessor
_NARROW = 128  # channels that eight lanes read at once
NAMES = {torch.float32: "f32", torch.float16: "f16", torch.bfloat16: "bf16"}


class Launcher(Protocol):
    """Runs kernels by name."""

    @property
    def processors(self) -> int:
        """Multiprocessors of the device."""
        ...

    @property
    def most_shared(self) -> int:
        """Bytes of shared memory that a block may have."""
        ...

    def launch(
        self,
        kernel: str,
        arguments: ctypes.Structure,
        grid: tuple[int, int],
        threads: int,
        shared: int,
    ) -> None:
        """Start a kernel; it follows whatever was started before."""
        ...


@dataclass(frozen=True)
class Signs:
    """A feature map as a layer reads it.

    Attributes:
        bits: int32 [pixels, chunks, 4].
        minus: Likewise, what is negative; None where `bits` say it all.
        stats: int32 [pixels, 2]: ones of `bits`, and of `minus` shifted by 16; the bits of the mean
            magnitude, a float32.
        side: What the side branches read, of the map's type, each pixel's row a whole number of
            `SIDE_STEP` bytes; None where there are none.
    """

    bits: Tensor
    minus: Tensor | None
    stats: Tensor
    side: Tensor | None


@dataclass(frozen=True)
class Wanted:
    """What a layer reads of a feature map.

    Attributes:
        minus: A plane of its own for what is negative.
        zero_is_zero: Zeros have a bit in neither plane; `minus` is there then.
        side: What the side branches read.
    """

    minus: bool = False
    zero_is_zero: bool = False
    side: bool = False


def wanted_of(product: Product, epilogue: Epilogue) -> Wanted:
    """What a layer of these reads."""
    side = epilogue.side
    branches = side.up is not None or side.values is not None or side.mean_shortcut
    return Wanted(has_two_planes(product), product.zero_is_zero, branches)


def prepare(
    launcher: Launcher,
    x: Tensor,
    channels: int,
    prologue: Prologue,
    pixels_per_picture: int,
    wanted: Wanted,
) -> Signs:
    """One pass over `x`, which lies in memory as [pixels, channels]."""
    pixels = x.numel() // channels
    chunks, steps = chunks_of(channels), side_steps_of(channels, x.dtype)
    bare = prologue.scale is None and prologue.activation == "none"
    fits = channels * x.dtype.itemsize == steps * SIDE_STEP
    a = None
    if wanted.side and not (bare and fits):
        a = x.new_empty((pixels, steps * SIDE_STEP // x.dtype.itemsize))
    signs = Signs(
        bits=x.new_empty((pixels, chunks, 4), dtype=torch.int32),
        minus=x.new_empty((pixels, chunks, 4), dtype=torch.int32) if wanted.minus else None,
        stats=x.new_empty((pixels, 2), dtype=torch.int32),
        side=a if a is not None else x if wanted.side else None,
    )
    call = Prepare(
        x=pointer(x),
        a=pointer(a),
        bits=pointer(signs.bits),
        minus=pointer(signs.minus),
        stats=pointer(signs.stats),
        before=before(prologue, pixels_per_picture),
        pixels=pixels,
        channels=channels,
        chunks=chunks,
        side_steps=steps,
        zero_is_zero=wanted.zero_is_zero,
    )
    whole = channels % 8 == 0
    # Few pixels have more lanes each, so that all multiprocessors have something to do.
    wide = whole and pixels < _FEW_PIXELS * launcher.processors
    warps = pixels if wide else -(-pixels // 4)
    threads = _THREADS
    while wide and threads > 64 and warps * 32 < threads * launcher.processors:
        threads //= 2
    blocks = min(-(-warps * 32 // threads), launcher.processors * 8)
    kind = "odd_" if not whole else "wide_" if wide else "narrow_" if channels <= _NARROW else ""
    kernel = f"bimaco_prepare_{kind}{prologue.activation}_{NAMES[x.dtype]}"
    launcher.launch(kernel, call, (blocks, 1), threads, 0)
    return signs


def convolve(
    launcher: Launcher,
    plan: Plan,
    layer: Layer,
    signs: Signs,
    weights: Weights,
    size: tuple[int, int, int],
    doubled: bool,
    epilogue: Epilogue,
    y: Tensor,
) -> None:
    """Count, finish and write `y`: int32 for the integers alone, else of the map's type.

    Args:
        launcher: Runs the kernels.
        plan: How.
        layer: The layer's sizes.
        signs: Of the feature map.
        weights: Arranged.
        size: [N, H, W] of the feature map.
        doubled: Whether its sides are doubled first.
        epilogue: Its residual lies in memory as `y` does, and is of the map's type.
        y: The result, [pixels, `quads` of out channels] in memory.
    """
    integers = y.dtype == torch.int32
    rows, step_x = divmod(plan.blocks_x, plan.tiles_x)
    step_pictures, step_y = divmod(rows, plan.tiles_y)
    call = Convolve(
        bits=pointer(signs.bits),
        minus=pointer(signs.minus),
        stats=pointer(signs.stats),
        weights=pointer(weights.bits),
        weight_ones=pointer(weights.ones),
        channel=pointer(weights.channel),
        side=pointer(signs.side),
        side_weights=pointer(weights.side),
        residual=pointer(epilogue.residual),
        y=None if integers else pointer(y),
        dots=pointer(y) if integers else None,
        batch=size[0],
        height=size[1],
        width=size[2],
        out_height=layer.height,
        out_width=layer.width,
        channels=layer.channels,
        chunks=chunks_of(layer.channels),
        out_channels=quads(layer.out_channels),
        padded=weights.padded,
        kernel=layer.kernel,
        stride=layer.stride,
        doubled=doubled,
        steps=weights.steps,
        activation=epilogue.slope is not None,
        side_steps=layer.side_steps,
        stage_steps=plan.stage_steps,
        tile_width_log2=plan.tile_width.bit_length() - 1,
        tile_height=plan.tile_height,
        tiles_x=plan.tiles_x,
        tiles_y=plan.tiles_y,
        warps_m=plan.warps_m,
        warps_n=plan.warps_n,
        step_x=step_x,
        step_y=step_y,
        step_pictures=step_pictures,
        by_chunks=divisor(chunks_of(layer.channels)),
        by_columns=divisor((plan.tile_width - 1) * layer.stride + layer.kernel),
        by_pieces=divisor(max(1, plan.stage_steps * SIDE_STEP // 16)),
    )
    grid = (plan.blocks_x, plan.blocks_y)
    launcher.launch(f"{plan.kernel}_{NAMES[layer.dtype]}", call, grid, plan.threads, plan.shared)


def quads(channels: int) -> int:
    """Output channels as the kernels write them: a multiple of four."""
    return -(-channels // 4) * 4


def is_flat(product: Product, prologue: Prologue) -> bool:
    """Whether pictures may be seen as one row of pixels."""
    by_picture = prologue.scale is not None and prologue.scale.ndim == 2
    several = by_picture and prologue.scale is not None and prologue.scale.shape[0] > 1
    return product.kernel_size == 1 and product.stride == 1 and not (prologue.doubled or several)


def layer_of(
    size: tuple[int, int, int],
    channels: int,
    dtype: torch.dtype,
    product: Product,
    prologue: Prologue,
    epilogue: Epilogue,
) -> Layer:
    """The sizes of a layer of a feature map [N, H, W] = `size` of so many channels."""
    wanted = wanted_of(product, epilogue)
    batch, height, width = size
    factor = 2 if prologue.doubled else 1
    height, width = (-(-side_ * factor // product.stride) for side_ in (height, width))
    if is_flat(product, prologue):
        batch, height, width = 1, 1, batch * height * width
    return Layer(
        batch=batch,
        height=height,
        width=width,
        channels=channels,
        out_channels=product.bits.shape[0],
        kernel=product.kernel_size,
        stride=product.stride,
        per_tap=product.per_tap and product.kernel_size > 1,
        minus=wanted.minus,
        side_steps=side_steps_of(channels, dtype) if wanted.side else 0,
        dtype=dtype,
    )


def _whole(x: Tensor) -> Tensor:
    """`x`, contiguous, from a place on that 16 bytes can be read from at once."""
    x = x.contiguous()
    return x if x.data_ptr() % 16 == 0 else x.clone()


def _contiguous(prologue: Prologue) -> Prologue:
    scale, shift = prologue.scale, prologue.shift
    if scale is None or shift is None:
        return prologue
    return replace(prologue, scale=_whole(scale), shift=_whole(shift))


def _run(
    launcher: Launcher,
    cache: WeightCache,
    x: Tensor,
    size: tuple[int, int, int],
    product: Product,
    prologue: Prologue,
    epilogue: Epilogue,
    y: Tensor,
) -> None:
    """A layer of `x`, which lies in memory as [N * H * W, I], into `y`."""
    channels = x.numel() // (size[0] * size[1] * size[2])
    # With one tap, its pixel's scale is the centre's.
    product = replace(product, per_tap=product.per_tap and product.kernel_size > 1)
    prologue = _contiguous(prologue)
    layer = layer_of(size, channels, x.dtype, product, prologue, epilogue)
    weights = cache.of(product, epilogue, channels, x.dtype)
    pixels = size[1] * size[2]
    signs = prepare(launcher, x, channels, prologue, pixels, wanted_of(product, epilogue))
    seen = (1, 1, x.numel() // channels) if is_flat(product, prologue) else size
    plan = best_plan(layer, launcher.processors, launcher.most_shared)
    convolve(launcher, plan, layer, signs, weights, seen, prologue.doubled, epilogue, y)


def innermost(x: Tensor) -> Tensor:
    """[N, C, H, W] in memory as [N, H, W, C]."""
    return _whole(x.movedim(1, -1)).movedim(-1, 1)


def _in_quads(residual: Tensor | None, dtype: torch.dtype) -> Tensor | None:
    """[..., C] of that type, with as many channels as the kernels read."""
    if residual is None:
        return None
    missing = quads(residual.shape[-1]) - residual.shape[-1]
    residual = residual.to(dtype)
    # To pad by nothing is to copy.
    return _whole(F.pad(residual, (0, missing)) if missing else residual)


def conv2d(
    launcher: Launcher,
    cache: WeightCache,
    x: Tensor,
    product: Product,
    prologue: Prologue,
    epilogue: Epilogue,
    *,
    dots: bool = False,
) -> Tensor:
    """See `schema.binary_conv2d`; the result has its channels innermost."""
    pixels_first = innermost(x)
    n, _, h, w = x.shape
    factor = 2 if prologue.doubled else 1
    height, width = (-(-side * factor // product.stride) for side in (h, w))
    channels = product.bits.shape[0]
    residual = None if epilogue.residual is None else epilogue.residual.movedim(1, -1)
    y = x.new_empty((n, height, width, quads(channels)), dtype=torch.int32 if dots else x.dtype)
    epilogue = replace(epilogue, residual=_in_quads(residual, x.dtype))
    _run(launcher, cache, pixels_first, (n, h, w), product, prologue, epilogue, y)
    return arranged_as(x, y[..., :channels].movedim(-1, 1))


def linear(
    launcher: Launcher,
    cache: WeightCache,
    x: Tensor,
    product: Product,
    prologue: Prologue,
    epilogue: Epilogue,
    *,
    dots: bool = False,
) -> Tensor:
    """See `schema.binary_linear`."""
    x = _whole(x)
    rows, channels = x.numel() // x.shape[-1], product.bits.shape[0]
    shape = (*x.shape[:-1], quads(channels))
    y = x.new_empty(shape, dtype=torch.int32 if dots else x.dtype)
    epilogue = replace(epilogue, residual=_in_quads(epilogue.residual, x.dtype))
    _run(launcher, cache, x, (1, 1, rows), product, prologue, epilogue, y)
    return y[..., :channels].contiguous()


_CHAINS, _TILE_PRODUCTS = 8, 16 * 8 * 256  # of kernels/cuda/ceiling.cuh


def count_from_registers(launcher: Launcher, device: torch.device, rounds: int) -> int:
    """Start the kernel that does nothing but products of bits; the number of products."""
    blocks = launcher.processors * 4
    sums = torch.empty(blocks * _THREADS, dtype=torch.int32, device=device)
    call = Ceiling(sums=pointer(sums), rounds=rounds)
    launcher.launch("bimaco_ceiling", call, (blocks, 1), _THREADS, 0)
    return blocks * _THREADS // 32 * rounds * _CHAINS * _TILE_PRODUCTS
