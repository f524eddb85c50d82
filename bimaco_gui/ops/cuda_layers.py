"""Whole layers on a GPU: arranges memory, fills the kernels' arguments, launches.

Arguments have been checked by `schema`. What runs the kernels is passed in, so that the tests can
run the same code on a processor.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import torch
from torch import Tensor

from bimaco_gui.ops.arguments import Epilogue, Product, Prologue
from bimaco_gui.ops.cuda_arguments import (
    RANK,
    TYPES,
    Ceiling,
    Convolve,
    Prepare,
    before,
    pointer,
)
from bimaco_gui.ops.cuda_plan import Layer, Plan, best_plan
from bimaco_gui.ops.cuda_weights import WeightCache, Weights, chunks_of
from bimaco_gui.ops.layout import wants_channels_innermost

_THREADS = 256
_FEW_PIXELS = 64  # for each multiprocessor
_NARROW = 128  # channels that eight lanes read at once
_NAMES = {torch.float32: "f32", torch.float16: "f16", torch.bfloat16: "bf16"}


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
    """A feature map as the binary product and the low-rank branch read it.

    Attributes:
        bits: int32 [pixels, chunks, 4].
        zeros: Likewise, where zeros add nothing; else None.
        ones: int32 [pixels]: ones, and zeros shifted by 16.
        mean: float32 [pixels]: mean magnitude.
        inner: float32 [pixels, RANK]: the low-rank branch's inner channels, or None.
    """

    bits: Tensor
    zeros: Tensor | None
    ones: Tensor
    mean: Tensor
    inner: Tensor | None


def prepare(
    launcher: Launcher,
    x: Tensor,
    channels: int,
    prologue: Prologue,
    pixels_per_picture: int,
    down: Tensor | None,
    zeros: bool,
) -> Signs:
    """One pass over `x`, which lies in memory as [pixels, channels]."""
    pixels = x.numel() // channels
    chunks = chunks_of(channels)
    signs = Signs(
        bits=x.new_empty((pixels, chunks, 4), dtype=torch.int32),
        zeros=x.new_empty((pixels, chunks, 4), dtype=torch.int32) if zeros else None,
        ones=x.new_empty((pixels,), dtype=torch.int32),
        mean=x.new_empty((pixels,), dtype=torch.float32),
        inner=None if down is None else x.new_empty((pixels, RANK), dtype=torch.float32),
    )
    call = Prepare(
        x=pointer(x),
        down=pointer(down),
        bits=pointer(signs.bits),
        zeros=pointer(signs.zeros),
        ones=pointer(signs.ones),
        mean=pointer(signs.mean),
        inner=pointer(signs.inner),
        before=before(prologue, pixels_per_picture),
        pixels=pixels,
        channels=channels,
        chunks=chunks,
        rank=0 if down is None else down.shape[0],
    )
    # Few pixels have more lanes each, so that all multiprocessors have something to do.
    wide = pixels < _FEW_PIXELS * launcher.processors
    warps = pixels if wide else -(-pixels // 4)
    threads = _THREADS
    while wide and threads > 64 and warps * 32 < threads * launcher.processors:
        threads //= 2
    blocks = min(-(-warps * 32 // threads), launcher.processors * 8)
    shared = 0 if down is None else -(-channels // 8) * 8 * RANK * 4
    kind = "wide_" if wide else "narrow_" if channels <= _NARROW else ""
    kernel = f"bimaco_prepare_{kind}{_NAMES[x.dtype]}"
    launcher.launch(kernel, call, (blocks, 1), threads, shared)
    return signs


def convolve(
    launcher: Launcher,
    plan: Plan,
    layer: Layer,
    signs: Signs,
    weights: Weights,
    x: Tensor,
    size: tuple[int, int, int],
    prologue: Prologue,
    pixels_per_picture: int,
    epilogue: Epilogue,
    y: Tensor,
) -> None:
    """Count, finish and write `y`: int32 for the integers alone, else of a type of `TYPES`.

    Args:
        launcher: Runs the kernels.
        plan: How.
        layer: The layer's sizes.
        signs: Of `x`.
        weights: Arranged.
        x: The feature map itself, for the side branches.
        size: [N, H, W] of `x`.
        prologue: Of the layer, with contiguous tensors.
        pixels_per_picture: Of `x`.
        epilogue: Its residual lies in memory as `y` does.
        y: The result, [pixels, out channels] in memory.
    """
    residual = epilogue.residual
    integers = y.dtype == torch.int32
    call = Convolve(
        bits=pointer(signs.bits),
        zeros=pointer(signs.zeros),
        ones=pointer(signs.ones),
        mean=pointer(signs.mean),
        inner=pointer(signs.inner),
        weights=pointer(weights.bits),
        weight_ones=pointer(weights.ones),
        channel=pointer(weights.channel),
        up=None if signs.inner is None else pointer(weights.up),
        sparse_rows=pointer(weights.sparse_rows),
        sparse=pointer(weights.sparse),
        x=pointer(x),
        residual=pointer(residual),
        y=None if integers else pointer(y),
        dots=pointer(y) if integers else None,
        before=before(prologue, pixels_per_picture),
        type=TYPES[x.dtype],
        residual_type=0 if residual is None else TYPES[residual.dtype],
        y_type=TYPES.get(y.dtype, 0),
        batch=size[0],
        height=size[1],
        width=size[2],
        out_height=layer.height,
        out_width=layer.width,
        channels=layer.channels,
        chunks=chunks_of(layer.channels),
        out_channels=layer.out_channels,
        padded=weights.padded,
        kernel=layer.kernel,
        stride=layer.stride,
        doubled=prologue.doubled,
        steps=weights.steps,
        activation=epilogue.slope is not None,
        mean_shortcut=epilogue.side.mean_shortcut,
        tile_width_log2=plan.tile_width.bit_length() - 1,
        tile_height=plan.tile_height,
        tiles_x=plan.tiles_x,
        tiles_y=plan.tiles_y,
        warps_m=plan.warps_m,
        warps_n=plan.warps_n,
    )
    grid = (plan.blocks_x, plan.blocks_y)
    launcher.launch(plan.kernel, call, grid, plan.threads, plan.shared)


def is_flat(product: Product, prologue: Prologue) -> bool:
    """Whether pictures may be seen as one row of pixels."""
    by_picture = prologue.scale is not None and prologue.scale.ndim == 2
    several = by_picture and prologue.scale is not None and prologue.scale.shape[0] > 1
    return product.kernel_size == 1 and product.stride == 1 and not (prologue.doubled or several)


def layer_of(
    size: tuple[int, int, int],
    channels: int,
    product: Product,
    prologue: Prologue,
    epilogue: Epilogue,
) -> Layer:
    """The sizes of a layer of a feature map [N, H, W] = `size` of so many channels."""
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
        zeros=product.zero_is_zero,
        side=epilogue.side.values is not None or epilogue.side.mean_shortcut,
        low_rank=epilogue.side.up is not None,
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
    layer = layer_of(size, channels, product, prologue, epilogue)
    weights = cache.of(product, epilogue, channels)
    pixels = size[1] * size[2]
    down = None if epilogue.side.down is None else _whole(epilogue.side.down)
    signs = prepare(launcher, x, channels, prologue, pixels, down, product.zero_is_zero)
    seen = (1, 1, x.numel() // channels) if is_flat(product, prologue) else size
    plan = best_plan(layer, launcher.processors, launcher.most_shared)
    convolve(launcher, plan, layer, signs, weights, x, seen, prologue, pixels, epilogue, y)


def innermost(x: Tensor) -> Tensor:
    """[N, C, H, W] in memory as [N, H, W, C]."""
    return _whole(x.movedim(1, -1)).movedim(-1, 1)


def _empty_innermost(x: Tensor, shape: Sequence[int], dtype: torch.dtype) -> Tensor:
    n, c, h, w = shape
    return x.new_empty((n, h, w, c), dtype=dtype).movedim(-1, 1)


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
    residual = None if epilogue.residual is None else innermost(epilogue.residual)
    shape = (n, product.bits.shape[0], height, width)
    y = _empty_innermost(x, shape, torch.int32 if dots else x.dtype)
    epilogue = replace(epilogue, residual=residual)
    _run(launcher, cache, pixels_first, (n, h, w), product, prologue, epilogue, y)
    return y if wants_channels_innermost(x) else y.contiguous()


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
    rows = x.numel() // x.shape[-1]
    residual = None if epilogue.residual is None else _whole(epilogue.residual)
    shape = (*x.shape[:-1], product.bits.shape[0])
    y = x.new_empty(shape, dtype=torch.int32 if dots else x.dtype)
    epilogue = replace(epilogue, residual=residual)
    _run(launcher, cache, x, (1, 1, rows), product, prologue, epilogue, y)
    return y


_CHAINS, _TILE_PRODUCTS = 8, 16 * 8 * 256  # of kernels/cuda/ceiling.cuh


def count_from_registers(launcher: Launcher, device: torch.device, rounds: int) -> int:
    """Start the kernel that does nothing but products of bits; the number of products."""
    blocks = launcher.processors * 4
    sums = torch.empty(blocks * _THREADS, dtype=torch.int32, device=device)
    call = Ceiling(sums=pointer(sums), rounds=rounds)
    launcher.launch("bimaco_ceiling", call, (blocks, 1), _THREADS, 0)
    return blocks * _THREADS // 32 * rounds * _CHAINS * _TILE_PRODUCTS
