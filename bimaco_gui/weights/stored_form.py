"""A packed model as few streams of small integers, and back.

Every number of the model that is not a sign becomes an integer times the scale of the group it
belongs to, the fp16 number that makes the group's largest value the largest integer. The integers
are deflated, as most of them are small:

===========  ====================================  ===============  =======================
stream       holds                                 largest integer  a group is
===========  ====================================  ===============  =======================
``factors``  low-rank factors                      27               one of the ranks
``edges``    full-precision convolutions           127              an output channel
``sparse``   values of the sparse branches         127              a layer
``vectors``  scales, biases, RPReLU, norms, ...    127              one number a channel
===========  ====================================  ===============  =======================

``signs`` are the binary weights, eight to a byte, and ``places`` the sparse branches' places, as
the deflated gaps between them when all matrices lie one after the other. A normalization is stored
as the scale and shift that it comes to. Streams follow the order of the modules' names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from bimaco_gui.model import OneStepUpscaler
from bimaco_gui.model.packed_layers import PackedBinaryConv2d, PackedBinaryLinear
from bimaco_gui.weights.integers import LONGEST_GAP, as_gaps, deflated, from_gaps, inflated

LIMITS = {"factors": 27, "edges": 127, "sparse": 127, "vectors": 127}
"""The largest integer of each stream that has scales."""

SIGNS, PLACES = "signs", "places"
_SCALES = "_scales"

STREAMS = (SIGNS, PLACES, *LIMITS, *(f"{name}{_SCALES}" for name in LIMITS))
"""The tensors of a file."""


@dataclass(frozen=True)
class _Slot:
    """Some numbers of a model that lie together in a stream.

    Attributes:
        shape: [groups, numbers of a group].
        get, set: Read and write them, in that shape.
        first, last: Of places: those of its matrix are from `first` to below `last`.
    """

    name: str
    stream: str
    shape: tuple[int, int]
    get: Callable[[], Tensor]
    set: Callable[[Tensor], object]
    first: int = 0
    last: int = 0


def layout(model: OneStepUpscaler) -> str:
    """SHA-256 of what lies where in the streams of models of this architecture."""
    lines = [f"{slot.name} {slot.stream} {slot.shape}\n" for slot in _slots(model)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def to_streams(model: OneStepUpscaler) -> dict[str, Tensor]:
    """The tensors of a packed model's file, by the names in `STREAMS`.

    Raises:
        ValueError: a number is not finite or too large for its scale.
    """
    parts: dict[str, list[Tensor]] = {name: [] for name in STREAMS}
    for slot in _slots(model):
        values = slot.get().detach().cpu()
        if slot.stream in LIMITS:
            scales, integers = _quantized(slot.name, values.float(), LIMITS[slot.stream])
            parts[slot.stream].append(integers.flatten())
            parts[slot.stream + _SCALES].append(scales)
        else:
            parts[slot.stream].append(values.flatten())
    streams = {}
    for name, tensors in parts.items():
        kind = torch.float16 if name.endswith(_SCALES) else torch.uint8
        whole = torch.cat(tensors) if tensors else torch.zeros(0, dtype=kind)
        if name in LIMITS:
            whole = torch.from_numpy(deflated(whole.to(torch.int8).numpy()))
        elif name == PLACES:
            whole = torch.from_numpy(deflated(as_gaps(whole.long().numpy())))
        streams[name] = whole
    return streams


def from_streams(model: OneStepUpscaler, streams: Mapping[str, Tensor]) -> None:
    """Fill a packed model with what `to_streams` made of one of the same architecture.

    Raises:
        ValueError: the streams do not fit the architecture.
    """
    if set(streams) != set(STREAMS):
        odd = ", ".join(sorted(set(STREAMS) ^ set(streams))[:3])
        raise ValueError(f"its tensors are not those of this format ({odd})")
    slots = list(_slots(model))
    for name in STREAMS:
        wanted = torch.float16 if name.endswith(_SCALES) else torch.uint8
        if streams[name].dtype != wanted or streams[name].ndim != 1:
            raise ValueError(f"{name} is no row of {wanted}")
    numbers: dict[str, Tensor] = {SIGNS: streams[SIGNS]}
    for name in LIMITS:
        count = sum(slot.shape[0] * slot.shape[1] for slot in slots if slot.stream == name)
        groups = sum(slot.shape[0] for slot in slots if slot.stream == name)
        numbers[name] = torch.from_numpy(inflated(streams[name].numpy(), count).view(np.int8))
        if len(numbers[name]) != count:
            raise ValueError(f"{name} are {len(numbers[name])} numbers, not {count}")
        if streams[name + _SCALES].numel() != groups:
            raise ValueError(f"{name} has scales of another number of groups")
    signs = sum(slot.shape[0] * slot.shape[1] for slot in slots if slot.stream == SIGNS)
    if streams[SIGNS].numel() != signs:
        raise ValueError(f"{SIGNS} are {streams[SIGNS].numel()} bytes, not {signs}")
    numbers[PLACES] = _places(streams[PLACES], slots)
    cursors = dict.fromkeys(STREAMS, 0)
    for slot in slots:
        groups, count = slot.shape
        values = _next(numbers[slot.stream], cursors, slot.stream, groups * count)
        values = values.view(slot.shape)
        if slot.stream in LIMITS:
            scales = slot.stream + _SCALES
            values = values * _next(streams[scales], cursors, scales, groups).float()[:, None]
        slot.set(values)


def _next(stream: Tensor, cursors: dict[str, int], name: str, count: int) -> Tensor:
    start = cursors[name]
    cursors[name] += count
    return stream[start : start + count]


def _places(gaps: Tensor, slots: Sequence[_Slot]) -> Tensor:
    """All layers' places, checked: each in its own matrix, which begins where the last one ends."""
    begins, ends = [], []
    for slot in slots:
        if slot.stream == PLACES:
            begins += [slot.first] * slot.shape[1]
            ends += [slot.last] * slot.shape[1]
    most = len(begins) + max(ends, default=0) // LONGEST_GAP
    places = torch.from_numpy(from_gaps(inflated(gaps.numpy(), most)))
    if len(places) != len(begins):
        raise ValueError(f"there are {len(places)} places, not {len(begins)}")
    if not bool(((places >= torch.tensor(begins)) & (places < torch.tensor(ends))).all()):
        raise ValueError("places lie outside of their layers")
    return places


def _quantized(name: str, values: Tensor, limit: int) -> tuple[Tensor, Tensor]:
    """Scales [G] fp16 and integers [G, n] of values [G, n]."""
    largest = values.abs().amax(1) if values.numel() else values.new_zeros(len(values))
    scales = (largest / limit).half()
    if not bool(scales.isfinite().all()):
        raise ValueError(f"{name} holds numbers that are not finite or too large")
    divisors = scales.float().where(scales > 0, torch.ones(()))[:, None]
    return scales, (values / divisors).round().clamp_(-limit, limit).int()


def _slots(model: OneStepUpscaler) -> Iterator[_Slot]:
    """All numbers of a packed model, in the order of the modules' names."""
    passed = 0  # places of the matrices so far
    for name, module in sorted(model.named_modules()):
        if isinstance(module, PackedBinaryConv2d | PackedBinaryLinear):
            yield from _layer_slots(name, module, passed)
            passed += module.in_channels * module.out_channels
        elif isinstance(module, nn.BatchNorm2d):
            yield from _norm_slots(name, module)
        elif isinstance(module, nn.Conv2d):
            yield _matrix(f"{name}.weight", "edges", module.weight)
            if module.bias is not None:
                yield _vector(f"{name}.bias", module.bias)
        else:
            for own, parameter in module.named_parameters(recurse=False):
                yield _matrix(f"{name}.{own}", "vectors", parameter.T)


def _layer_slots(
    name: str, layer: PackedBinaryConv2d | PackedBinaryLinear, passed: int
) -> Iterator[_Slot]:
    yield _matrix(f"{name}.bits", SIGNS, layer.bits)
    yield _matrix(f"{name}.low_rank_down", "factors", layer.low_rank_down)
    yield _matrix(f"{name}.low_rank_up", "factors", layer.low_rank_up.T)
    yield _vector(f"{name}.sparse_values", layer.sparse_values, "sparse")
    rows, columns = layer.sparse_out, layer.sparse_in

    def places() -> Tensor:
        return passed + rows.long() * layer.in_channels + columns.long()

    def place(values: Tensor) -> None:
        rows.copy_((values.flatten() - passed) // layer.in_channels)
        columns.copy_((values.flatten() - passed) % layer.in_channels)

    last = passed + layer.in_channels * layer.out_channels
    yield _Slot(f"{name}.places", PLACES, (1, len(rows)), places, place, passed, last)
    yield _vector(f"{name}.alpha", layer.alpha)
    yield _vector(f"{name}.bias", layer.bias)
    if isinstance(layer, PackedBinaryConv2d):
        yield _vector(f"{name}.slope", layer.slope)
        yield _vector(f"{name}.after", layer.after)


def _norm_slots(name: str, norm: nn.BatchNorm2d) -> Iterator[_Slot]:
    """The scale and the shift that a normalization by running statistics comes to.

    One that is read back has the statistics for which they are its weight and bias or, if it has
    none, those statistics that lead to them; there each number is a group, for it is divided by.
    """
    mean, variance, eps = norm.running_mean, norm.running_var, norm.eps
    assert mean is not None and variance is not None
    weight, bias = norm.weight, norm.bias

    def scale() -> Tensor:
        root = (variance + eps).rsqrt()
        return (weight * root)[None] if norm.affine else root[:, None]

    def shift() -> Tensor:
        return bias[None] - mean * scale() if norm.affine else -mean[:, None] * scale()

    def set_scale(new: Tensor) -> None:
        if norm.affine:
            mean.zero_()
            variance.fill_(1 - eps)
            weight.copy_(new.flatten())
        else:
            variance.copy_(new.flatten() ** -2 - eps)

    def set_shift(new: Tensor) -> None:
        if norm.affine:
            bias.copy_(new.flatten())
        else:
            mean.copy_(-new.flatten() / scale().flatten())

    shape = (1, norm.num_features) if norm.affine else (norm.num_features, 1)
    yield _Slot(f"{name}.scale", "vectors", shape, scale, set_scale)
    yield _Slot(f"{name}.shift", "vectors", shape, shift, set_shift)


def _matrix(name: str, stream: str, values: Tensor) -> _Slot:
    """[groups, ...] numbers."""
    groups = len(values)
    count = values[0].numel() if groups else 0
    return _Slot(
        name,
        stream,
        (groups, count),
        lambda: values.reshape(groups, count),
        lambda new: values.copy_(new.view_as(values)),
    )


def _vector(name: str, values: Tensor, stream: str = "vectors") -> _Slot:
    """One group of numbers."""
    return _matrix(name, stream, values[None])
