"""The ops alone: every distinct binary layer of both models against torch's fp32.

Each layer is measured as an op, from a float32 feature map to a float32 feature map: packing, the
product, scales and bias, against torch's convolution in channels_last (a linear layer in rows) with
its bias. It is measured a second time as the model runs it, with the normalization and activation
before it and the side branches and residual after it, against those steps in torch. Both take their
input in the layout that suits them.
"""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from bimaco_gui import ops
from bimaco_gui.engine.bench.ceiling import ceiling
from bimaco_gui.engine.bench.groups import GROUPS, LAYER, ONE_SCALE, PER_TAP
from bimaco_gui.engine.bench.shapes import (
    RELEASED,
    LayerShape,
    bundled_shapes,
    released_shapes,
)
from bimaco_gui.engine.bench.targets import Target
from bimaco_gui.engine.bench.timing import Call, Times, alternate
from bimaco_gui.engine.host_memory import keep_freed_memory, return_freed_memory

BASELINE = "torch fp32, channels_last"

LARGE = 900_000_000
"""Products from which on a layer is worth splitting over threads."""

_SLOPE = 0.2
_RANK = 8
_GROUPS = 32


@dataclass(frozen=True)
class KernelOptions:
    """What to measure.

    Attributes:
        rounds: Timed rounds of each call.
        threads: The number that is compared with one.
        model: The installed model whose shapes are taken; None for the default.
        most: Only so many shapes of each model, the costliest; None for all.
        device: Of a GPU, which of them.
    """

    rounds: int = 5
    threads: int = 2
    model: str | None = None
    most: int | None = None
    device: str = "cpu"


def measure(options: KernelOptions) -> dict[str, Any]:
    """Measure on the CPU; a JSON-able mapping.

    Raises:
        ModelError: there is no such model.
        DeviceError: the instruction set asked for is not usable.
    """
    shapes = [
        *_chosen(bundled_shapes(options.model), options.most),
        *_chosen(released_shapes(), options.most),
    ]
    # As the engine does: fresh pages for each result would cost more than some of the ops, and as
    # much for the baseline.
    keep_freed_memory()
    threads = torch.get_num_threads()
    torch.manual_seed(0)
    try:
        torch.set_num_threads(1)
        top = ceiling()
        with torch.inference_mode():
            layers = [_one_thread(shape, count, options.rounds, top) for shape, count in shapes]
            scaling = [
                _many_threads(shape, options) for shape, _ in shapes if shape.products >= LARGE
            ]
    finally:
        torch.set_num_threads(threads)
        return_freed_memory()
    return {
        "baseline": f"{BASELINE} (torch {torch.__version__})",
        "backend": ops.backend_name(),
        "instruction_set": ops.active_instruction_set(),
        "clock": "CPU time of the thread; wall clock where threads are compared",
        "rounds": options.rounds,
        "threads": options.threads,
        "ceiling_gmac_s": None if top is None else top / 1e9,
        "ceiling_of_threads": _machine_scaling(top, options.threads),
        "layers": layers,
        "scaling": scaling,
        "targets": [target.to_dict() for target in _targets(layers, scaling, options.threads)],
    }


def _chosen(shapes: Counter[LayerShape], most: int | None) -> Sequence[tuple[LayerShape, int]]:
    costliest = sorted(shapes.items(), key=lambda item: -item[0].products)
    return costliest[:most]


def _machine_scaling(top: float | None, threads: int) -> float | None:
    """How many times the ceiling of one thread all threads reach together."""
    together = ceiling(threads)
    return None if top is None or together is None else together / top


# ---- one layer ----


@dataclass(frozen=True)
class _Calls:
    """What is timed for one layer: the binary variants and the two baselines."""

    binary: Mapping[str, Call]
    full: Call
    full_layer: Call


def _one_thread(shape: LayerShape, count: int, rounds: int, top: float | None) -> dict[str, Any]:
    calls = _calls(shape)
    names = list(calls.binary)
    times = alternate(
        [*calls.binary.values(), calls.full, calls.full_layer], rounds, time.thread_time
    )
    full, full_layer = times[-2:]
    variants = {
        name: _variant(shape, own, full_layer if name == LAYER else full, top)
        for name, own in zip(names, times, strict=False)
    }
    return {
        "title": shape.title,
        "model": shape.model,
        "occurs": count,
        "kernel_size": shape.kernel_size,
        "in_channels": shape.in_channels,
        "out_channels": shape.out_channels,
        "positions": shape.positions,
        "stride": shape.stride,
        "products": shape.products,
        "variants": variants,
        "baseline": full.to_dict(),
        "baseline_layer": full_layer.to_dict(),
    }


def _variant(
    shape: LayerShape, own: Times, baseline: Times, top: float | None
) -> dict[str, float | None]:
    rate = shape.products / own.median
    return {
        **own.to_dict(),
        "ratio": baseline.median / own.median,
        "gmac_s": rate / 1e9,
        "percent_of_ceiling": None if top is None else 100 * rate / top,
    }


def _many_threads(shape: LayerShape, options: KernelOptions) -> dict[str, Any]:
    """One thread against several, by the clock on the wall."""
    binary = _calls(shape).binary
    name = PER_TAP if shape.model == RELEASED and PER_TAP in binary else ONE_SCALE

    def with_threads(count: int) -> Call:
        def run() -> object:
            torch.set_num_threads(count)
            return binary[name]()

        return run

    one, many = alternate(
        [with_threads(1), with_threads(options.threads)],
        2 * options.rounds,
        time.perf_counter,
    )
    torch.set_num_threads(1)
    return {
        "title": shape.title,
        "model": shape.model,
        "variant": name,
        "one": one.to_dict(),
        "many": many.to_dict(),
        "ratio": one.median / many.median,
        "ratio_of_fastest": min(one.seconds) / min(many.seconds),
    }


def _calls(shape: LayerShape) -> _Calls:
    i, o = shape.in_channels, shape.out_channels
    alpha, bias = torch.rand(o), torch.randn(o)
    down, up = torch.randn(_RANK, i), torch.randn(o, _RANK)
    entries = 2 * max(i, o)
    branches = {
        "low_rank_down": down,
        "low_rank_up": up,
        "sparse_values": torch.randn(entries),
        "sparse_out": torch.randint(o, (entries,), dtype=torch.int32),
        "sparse_in": torch.randint(i, (entries,), dtype=torch.int32),
    }
    if shape.kernel_size == 0:
        return _linear_calls(shape, alpha, bias, branches)
    return _conv_calls(shape, alpha, bias, branches)


def _linear_calls(
    shape: LayerShape, alpha: Tensor, bias: Tensor, branches: Mapping[str, Tensor]
) -> _Calls:
    x = torch.randn(shape.width, shape.in_channels)
    weight = torch.randn(shape.out_channels, shape.in_channels)
    bits = ops.pack_signs(weight)
    released = shape.model == RELEASED
    return _Calls(
        {
            ONE_SCALE: lambda: ops.binary_linear(x, bits, alpha, bias),
            LAYER: lambda: ops.binary_linear(
                x, bits, alpha, bias, zero_is_zero=released, **branches
            ),
        },
        lambda: F.linear(x, weight, bias),
        lambda: F.linear(x, weight, bias),
    )


def _conv_calls(
    shape: LayerShape, alpha: Tensor, bias: Tensor, branches: Mapping[str, Tensor]
) -> _Calls:
    size, stride, i, o = shape.kernel_size, shape.stride, shape.in_channels, shape.out_channels
    x = torch.randn(1, i, shape.height, shape.width)
    weight = torch.randn(o, i, size, size)
    bits = ops.pack_signs(weight)
    last = {"memory_format": torch.channels_last}
    full_x, full_weight = x.contiguous(**last), weight.contiguous(**last)
    released = shape.model == RELEASED
    residual = torch.randn_like(x) if stride == 1 and i == o else None
    full_residual = None if residual is None else residual.contiguous(**last)

    def op(per_tap: bool) -> Call:
        return lambda: ops.binary_conv2d(
            x, bits, alpha, bias, size, stride, per_tap=per_tap, zero_is_zero=per_tap
        )

    norm_weight, norm_bias = torch.rand(i) + 0.5, torch.randn(i)
    after: dict[str, Any] = {"slope": torch.rand(o), "after": torch.randn(o), "residual": residual}
    if released and stride == 2:
        after["mean_shortcut"] = True
    else:
        after |= branches

    def layer() -> Tensor:
        before: dict[str, Any] = {}
        if released and size == 3:
            scale, shift = ops.group_norm_affine(x, _GROUPS, norm_weight, norm_bias, 1e-5)
            before = {"pre_scale": scale, "pre_shift": shift, "pre_activation": "silu"}
        elif size == 3:
            before = {"pre_scale": norm_weight, "pre_shift": norm_bias}
            before |= {"pre_activation": "leaky", "negative_slope": _SLOPE}
        return ops.binary_conv2d(  # type: ignore[no-any-return]
            x,
            bits,
            alpha,
            bias,
            size,
            stride,
            per_tap=released and size == 3,
            zero_is_zero=released,
            **before,
            **after,
        )

    mean, variance = torch.zeros(i), torch.ones(i)

    def full_layer() -> Tensor:
        a = full_x
        if released and size == 3:
            a = F.silu(F.group_norm(a, _GROUPS, norm_weight, norm_bias), inplace=True)
        elif size == 3:
            a = F.leaky_relu(
                F.batch_norm(a, mean, variance, norm_weight, norm_bias), _SLOPE, inplace=True
            )
        y = F.conv2d(a, full_weight, bias, stride, size // 2)
        return y if full_residual is None else y.add_(full_residual)

    binary = {ONE_SCALE: op(False), LAYER: layer}
    if size == 3:
        binary[PER_TAP] = op(True)
    return _Calls(
        binary, lambda: F.conv2d(full_x, full_weight, bias, stride, size // 2), full_layer
    )


# ---- targets ----

_Entries = Sequence[Mapping[str, Any]]


def _targets(layers: _Entries, scaling: _Entries, threads: int) -> list[Target]:
    targets = [
        Target(f"{group.title}, median of all shapes", "x", _median(group.ratios(layers)), target)
        for group in GROUPS
        if (target := group.target) is not None
    ]
    return [
        *targets,
        Target(
            f"{threads} threads against one, layers of {LARGE / 1e9:g} G products on, median",
            "x",
            _median([entry["ratio"] for entry in scaling]),
            1.8,
        ),
    ]


def _median(values: Sequence[float]) -> float | None:
    return statistics.median(values) if values else None
