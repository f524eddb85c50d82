"""The ops on a GPU: every distinct binary layer of both models against torch in fp32 and bf16.

Each layer is measured as an op, from a bf16 feature map to a bf16 feature map: signs, product,
scales and bias, against torch's convolution with its bias. It is measured a second time as the
model runs it, against the same steps in torch's bf16. All are medians of launches inside CUDA
graphs, by the device's own clock, and take several inputs in turn, so that none is in a cache.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import torch
from torch import Tensor
from torch.nn import functional as F

from bimaco_gui import ops
from bimaco_gui.engine.bench.gpu_clock import GpuClock, copied_bytes_per_second
from bimaco_gui.engine.bench.kernels import KernelOptions
from bimaco_gui.engine.bench.shapes import (
    RELEASED,
    LayerShape,
    bundled_shapes,
    released_shapes,
)
from bimaco_gui.engine.bench.targets import Target
from bimaco_gui.errors import DeviceError
from bimaco_gui.ops import cuda_choice, cuda_driver, cuda_layers

WIDE: Final = "large"
"""Stands in the place of a model's name for `WANTED`."""

_SLOPE, _RANK, _GROUPS = 0.2, 8, 32
_INPUTS: Final = 3
_COUNTED: Final = 2000  # rounds of the loop that measures the ceiling
_SHORT: Final = torch.bfloat16

WANTED: Final = (
    (LayerShape(WIDE, 3, 1, 320, 320, 512, 512), 3.0),
    (LayerShape(WIDE, 3, 1, 320, 320, 64, 64), 1.5),
    (LayerShape(WIDE, 3, 1, 256, 256, 256, 256), None),
    (LayerShape(WIDE, 3, 1, 256, 256, 64, 64), None),
    (LayerShape(WIDE, 3, 1, 96, 96, 512, 512), None),
    (LayerShape(WIDE, 3, 1, 96, 96, 64, 64), None),
    (LayerShape(WIDE, 3, 1, 48, 48, 512, 512), None),
)
"""Layers larger than those of a tile, and how many times faster than torch's bf16 they should be as
ops, if said."""

Call = Callable[[int], object]


def device_of(name: str) -> torch.device:
    """The CUDA device of that name, which must be there.

    Raises:
        DeviceError: it is not, or its kernels are not usable.
    """
    if not torch.cuda.is_available():
        raise DeviceError("Nothing to measure", "No NVIDIA GPU can be used here.")
    device = torch.device(name)
    reason = cuda_choice.why_not(device)
    if reason is not None:
        raise DeviceError("Nothing to measure", f"The GPU kernels are not used: {reason}.")
    return device


def measure(options: KernelOptions) -> dict[str, Any]:
    """Measure on a GPU; a JSON-able mapping.

    Raises:
        ModelError: there is no such model.
        DeviceError: there is no GPU, or its kernels are not usable.
    """
    device = device_of(options.device)
    clock = GpuClock(device, options.rounds)
    shapes = [shape for shape, _ in WANTED]
    for counted in (bundled_shapes(options.model), released_shapes()):
        shapes += sorted(counted, key=lambda shape: -shape.products)[: options.most]
    with torch.inference_mode():
        copied = copied_bytes_per_second(clock)
        counted_ones = _products_per_second(device, clock)
        layers = [layer_times(shape, clock) for shape in shapes]
    return {
        "baseline": f"torch {torch.__version__}: fp32, and bf16 in a CUDA graph, channels_last",
        "device": torch.cuda.get_device_name(device),
        "rounds": options.rounds,
        "notes": [
            f"Ceilings, measured: {counted_ones / 1e12:.0f} * 10^12 products of bits a second, "
            f"{copied / 1e12:.2f} TB/s copied (read and written).",
            "Every figure is of a call inside a CUDA graph, by the device's clock.",
        ],
        "sections": [_section(layers, counted_ones, copied)],
        "targets": [
            Target(
                f"{shape.title}, against torch's bf16", "x", layer["bf16"] / layer["op"], wanted
            ).to_dict()
            for (shape, wanted), layer in zip(WANTED, layers, strict=False)
            if wanted is not None
        ],
    }


def _products_per_second(device: torch.device, clock: GpuClock) -> float:
    gpu = cuda_driver.gpu(device)
    assert gpu is not None
    products = cuda_layers.count_from_registers(gpu, device, 1)
    seconds = clock.plain(lambda: cuda_layers.count_from_registers(gpu, device, _COUNTED))
    return products * _COUNTED / seconds


def _section(
    layers: Sequence[Mapping[str, Any]], counted_ones: float, copied: float
) -> dict[str, Any]:
    op_columns = ("layer", "model", "fp32", "bf16", "op", "x bf16", "% of b1", "% of copy")
    header = (*op_columns, "layer in bf16", "layer", "x bf16")
    rows = []
    for layer in layers:
        op, whole = layer["op"], layer["layer"]
        times = (f"{layer[key] * 1e6:.1f}" for key in ("fp32", "bf16", "op"))
        rows.append(
            [
                layer["title"],
                layer["model"],
                *times,
                f"{layer['bf16'] / op:.2f}",
                f"{100 * layer['products'] / op / counted_ones:.0f}",
                f"{100 * layer['bytes'] / op / copied:.0f}",
                f"{layer['bf16_layer'] * 1e6:.1f}",
                f"{whole * 1e6:.1f}",
                f"{layer['bf16_layer'] / whole:.2f}",
            ]
        )
    return {"title": "Microseconds of each binary layer", "header": header, "rows": rows}


# ---- one layer ----


def layer_times(shape: LayerShape, clock: GpuClock) -> dict[str, Any]:
    """Seconds of a layer as an op and as the model runs it, and of torch, inside graphs."""
    torch.backends.cudnn.benchmark = True
    calls = _linear(shape, clock.device) if shape.kernel_size == 0 else _conv(shape, clock.device)
    pixels_in = shape.height * shape.width
    item = _SHORT.itemsize
    return {
        "title": shape.title,
        "model": shape.model,
        "products": shape.products,
        "bytes": item * (pixels_in * shape.in_channels + shape.positions * shape.out_channels),
        **{name: clock.graphed(call) for name, call in calls.items()},
    }


def _inputs(shape: tuple[int, ...], device: torch.device, dtype: torch.dtype) -> list[Tensor]:
    """Of a picture [N, C, H, W] with its channels innermost, or rows."""
    made = [torch.randn(shape, device=device).to(dtype) for _ in range(_INPUTS)]
    last = {"memory_format": torch.channels_last}
    return [x.contiguous(**last) for x in made] if len(shape) == 4 else made


def _branches(i: int, o: int, device: torch.device) -> dict[str, Tensor]:
    entries, rank = 2 * max(i, o), min(_RANK, i, o)
    branches = {
        "low_rank_down": torch.randn(rank, i),
        "low_rank_up": torch.randn(o, rank),
        "sparse_values": torch.randn(entries),
        "sparse_out": torch.randint(o, (entries,), dtype=torch.int32),
        "sparse_in": torch.randint(i, (entries,), dtype=torch.int32),
    }
    return {name: value.to(device) for name, value in branches.items()}


def _linear(shape: LayerShape, device: torch.device) -> dict[str, Call]:
    i, o = shape.in_channels, shape.out_channels
    weight, bias = torch.randn(o, i, device=device), torch.randn(o, device=device)
    bits, branches = ops.pack_signs(weight), _branches(i, o, device)
    short = _inputs((shape.width, i), device, _SHORT)
    long = _inputs((shape.width, i), device, torch.float32)
    short_weight, short_bias = weight.to(_SHORT), bias.to(_SHORT)
    released = shape.model == RELEASED

    def full(k: int) -> Tensor:
        return F.linear(short[k % _INPUTS], short_weight, short_bias)

    return {
        "fp32": lambda k: F.linear(long[k % _INPUTS], weight, bias),
        "bf16": full,
        "op": lambda k: ops.binary_linear(short[k % _INPUTS], bits, bias, bias),
        "bf16_layer": full,
        "layer": lambda k: ops.binary_linear(
            short[k % _INPUTS], bits, bias, bias, zero_is_zero=released, **branches
        ),
    }


def _conv(shape: LayerShape, device: torch.device) -> dict[str, Call]:
    size, stride, i, o = shape.kernel_size, shape.stride, shape.in_channels, shape.out_channels
    weight, bias = torch.randn(o, i, size, size, device=device), torch.randn(o, device=device)
    bits = ops.pack_signs(weight)
    short = _inputs((1, i, shape.height, shape.width), device, _SHORT)
    long = _inputs((1, i, shape.height, shape.width), device, torch.float32)
    last = {"memory_format": torch.channels_last}
    weight = weight.contiguous(**last)
    short_weight, short_bias = weight.to(_SHORT), bias.to(_SHORT)
    released, same = shape.model == RELEASED, stride == 1 and i == o
    scale, shift = torch.rand(i, device=device) + 0.5, torch.randn(i, device=device)
    short_scale, short_shift = scale.to(_SHORT), shift.to(_SHORT)
    mean, variance = torch.zeros_like(short_scale), torch.ones_like(short_scale)
    after: dict[str, Any] = {"slope": scale.new_ones(o), "after": bias}
    after |= {"mean_shortcut": True} if released and stride == 2 else _branches(i, o, device)
    by_tap = released and size == 3

    def layer(k: int) -> Tensor:
        x = short[k % _INPUTS]
        before: dict[str, Any] = {}
        if by_tap:
            norm = ops.group_norm_affine(x, _GROUPS, scale, shift, 1e-5)
            before = {"pre_scale": norm[0], "pre_shift": norm[1], "pre_activation": "silu"}
        elif size == 3:
            before = {"pre_scale": scale, "pre_shift": shift}
            before |= {"pre_activation": "leaky", "negative_slope": _SLOPE}
        return ops.binary_conv2d(  # type: ignore[no-any-return]
            x,
            bits,
            bias,
            bias,
            size,
            stride,
            per_tap=by_tap,
            zero_is_zero=released,
            residual=x if same else None,
            **before,
            **after,
        )

    def full_layer(k: int) -> Tensor:
        x = a = short[k % _INPUTS]
        if by_tap:
            a = F.silu(F.group_norm(a, _GROUPS, short_scale, short_shift))
        elif size == 3:
            a = F.batch_norm(a, mean, variance, short_scale, short_shift)
            a = F.leaky_relu(a, _SLOPE)
        y = F.conv2d(a, short_weight, short_bias, stride, size // 2)
        return y + x if same else y

    return {
        "fp32": lambda k: F.conv2d(long[k % _INPUTS], weight, bias, stride, size // 2),
        "bf16": lambda k: F.conv2d(short[k % _INPUTS], short_weight, short_bias, stride, size // 2),
        "op": lambda k: ops.binary_conv2d(short[k % _INPUTS], bits, bias, bias, size, stride),
        "bf16_layer": full_layer,
        "layer": layer,
    }
