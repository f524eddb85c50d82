"""A layer's weights in the order in which the lanes of a GPU's matrix unit read them."""

from __future__ import annotations

import weakref
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from bimaco_gui.ops.arguments import Epilogue, Product
from bimaco_gui.ops.cuda_arguments import RANK

GROUP = 16
"""Output channels that one tile of weights serves."""

_CHUNK = 16  # bytes of signs: 128 channels


@dataclass(frozen=True)
class Weights:
    """A layer's weights for the kernels.

    Attributes:
        bits: int32 [groups, steps, 32, 4].
        ones: int32, twice the ones among the weights of the taps inside the picture: [16, padded]
            by which borders are missing (top 1, bottom 2, left 4, right 8), or [taps, padded].
        channel: float32 [4, padded]: alpha, bias, slope, after.
        up: float32 [groups, 32, 8], the low-rank branch's second factor in two parts, or None.
        sparse_rows: int32 [padded + 1], or None: where each output channel's entries begin.
        sparse: int32 [entries, 2]: the value's bits, input channel and whether it is the last.
        steps: Steps of 256 signs.
        padded: Output channels, rounded up to whole groups.
    """

    bits: Tensor
    ones: Tensor
    channel: Tensor
    up: Tensor | None
    sparse_rows: Tensor | None
    sparse: Tensor | None
    steps: int
    padded: int


def chunks_of(channels: int) -> int:
    """Chunks of 128 signs of a pixel."""
    return -(-channels // (8 * _CHUNK))


def _by_lane(values: Tensor) -> Tensor:
    """[groups * 16, ...] to [groups, 8 columns, 2 tiles, ...].

    Column 2t + e of tile k holds channel 4t + 2k + e, so that each lane ends with four neighbours.
    """
    return values.unflatten(0, (-1, 4, 2, 2)).transpose(2, 3).flatten(1, 2)  # type: ignore[no-any-return]


def _arranged_bits(bits: Tensor, per_tap: bool) -> Tensor:
    out_channels, taps, size = bits.shape
    chunks = -(-size // _CHUNK)
    bits = F.pad(bits, (0, chunks * _CHUNK - size, 0, 0, 0, -out_channels % GROUP))
    words = bits.view(torch.int32).unflatten(2, (chunks, 4))
    if per_tap:
        words = F.pad(words, (0, 0, 0, chunks % 2)).flatten(1, 2)
    else:
        words = F.pad(words.flatten(1, 2), (0, 0, 0, taps * chunks % 2))
    # [groups, 8 columns, 2 tiles, steps, 2 halves, 4 words] to lane = 4 * column + word.
    lanes = _by_lane(words.unflatten(1, (-1, 2)))
    return lanes.permute(0, 3, 1, 5, 2, 4).flatten(2, 3).flatten(3, 4).contiguous()


def _twice_ones(bits: Tensor, per_tap: bool) -> Tensor:
    """By tap [taps, padded], or by missing borders [16, padded]."""
    place = torch.arange(8, dtype=torch.uint8, device=bits.device)
    ones = ((bits[..., None] >> place) & 1).sum((2, 3), dtype=torch.int32)
    ones = F.pad(2 * ones, (0, 0, 0, -bits.shape[0] % GROUP)).t().contiguous()
    if per_tap:
        return ones
    side = 3 if bits.shape[1] == 9 else 1
    grid = ones.unflatten(0, (side, side))
    cases = []
    for case in range(16):
        top, bottom, left, right = (case >> shift & 1 for shift in range(4))
        inside = grid[top : max(side - bottom, top), left : max(side - right, left)]
        cases.append(inside.sum((0, 1), dtype=torch.int32))
    return torch.stack(cases)


def _arranged_up(up: Tensor) -> Tensor:
    """[O, rank] to [groups, lanes, 2 tiles x (high k, high k + 4, low k, low k + 4)]."""
    up = F.pad(up, (0, RANK - up.shape[1], 0, -up.shape[0] % GROUP))
    high = (up.contiguous().view(torch.int32) & -(1 << 13)).view(torch.float32)
    both = torch.stack((high, up - high), 1)  # [padded, 2 parts, rank]
    lanes = _by_lane(both.unflatten(2, (2, 4)))  # [groups, 8, 2 tiles, 2 parts, 2 halves, 4]
    return lanes.permute(0, 1, 5, 2, 3, 4).flatten(1, 2).flatten(2, 4).contiguous()


def _arranged_sparse(
    values: Tensor, out_index: Tensor, in_index: Tensor, padded: int
) -> tuple[Tensor, Tensor]:
    """Entries by output channel; one without entries gets a zero, so that each has a last one."""
    device = values.device
    empty = torch.bincount(out_index.long(), minlength=padded) == 0
    missing = empty.nonzero()[:, 0]
    out = torch.cat((out_index.long(), missing))
    value = torch.cat((values, torch.zeros(missing.numel(), device=device)))
    source = torch.cat((in_index.long(), torch.zeros_like(missing)))
    order = out.argsort(stable=True)
    out, value, source = out[order], value[order], source[order]
    rows = F.pad(torch.bincount(out, minlength=padded).cumsum(0), (1, 0)).to(torch.int32)
    last = F.pad(out[1:] != out[:-1], (0, 1), value=True)
    # Bit 31 of an int32, without a number that does not fit.
    marked = source.to(torch.int32) | torch.where(last, -(1 << 31), 0).to(torch.int32)
    entries = torch.stack((value.contiguous().view(torch.int32), marked), 1)
    return rows, entries.contiguous()


def _checked(index: Tensor, channels: int) -> None:
    if index.numel() and (int(index.min()) < 0 or int(index.max()) >= channels):
        raise IndexError(f"sparse branch: an index is not in 0..{channels - 1}")


@torch.no_grad()
def arrange(product: Product, epilogue: Epilogue, in_channels: int) -> Weights:
    """Arrange a layer's weights.

    Raises:
        IndexError: an index of the sparse branch is out of range.
    """
    out_channels = product.bits.shape[0]
    padding = -out_channels % GROUP
    padded = out_channels + padding
    slope, after = epilogue.slope, epilogue.after
    channel = torch.stack(
        [
            F.pad(v if v is not None else product.alpha.new_full((out_channels,), d), (0, padding))
            for v, d in ((product.alpha, 0.0), (product.bias, 0.0), (slope, 1.0), (after, 0.0))
        ]
    )
    side = epilogue.side
    rows = sparse = None
    if side.values is not None and side.out_index is not None and side.in_index is not None:
        _checked(side.out_index, out_channels)
        _checked(side.in_index, in_channels)
        rows, sparse = _arranged_sparse(side.values, side.out_index, side.in_index, padded)
    bits = _arranged_bits(product.bits.contiguous(), product.per_tap)
    return Weights(
        bits=bits,
        ones=_twice_ones(product.bits, product.per_tap),
        channel=channel.contiguous(),
        up=None if side.up is None else _arranged_up(side.up),
        sparse_rows=rows,
        sparse=sparse,
        steps=bits.shape[1],
        padded=padded,
    )


@dataclass(frozen=True)
class _Known:
    """Arranged weights, and what they were made of."""

    parts: tuple[Tensor | None, ...]
    versions: tuple[int, ...]
    per_tap: bool
    weights: Weights


class WeightCache:
    """Arranged weights of the layers that are alive, by the identity of their tensors."""

    def __init__(self) -> None:
        self._known: dict[int, _Known] = {}

    def of(self, product: Product, epilogue: Epilogue, in_channels: int) -> Weights:
        """The layer's weights, arranged again only where a tensor is another or was written to."""
        side = epilogue.side
        # The other tensors are kept while the signs live, so that no new one takes their identity.
        parts: tuple[Tensor | None, ...] = (
            *(product.alpha, product.bias, epilogue.slope, epilogue.after),
            *(side.up, side.values, side.out_index, side.in_index),
        )
        versions = tuple(_version(part) for part in (product.bits, *parts))
        place = id(product.bits)
        known = self._known.get(place)
        if (
            known is not None
            and known.versions == versions
            and known.per_tap == product.per_tap
            and all(a is b for a, b in zip(known.parts, parts, strict=True))
        ):
            return known.weights
        weights = arrange(product, epilogue, in_channels)
        if known is None:
            weakref.finalize(product.bits, self._known.pop, place, None)
        self._known[place] = _Known(parts, versions, product.per_tap, weights)
        return weights


def _version(tensor: Tensor | None) -> int:
    """How often a tensor was written to; 0 where torch does not count (inference tensors)."""
    return 0 if tensor is None or tensor.is_inference() else tensor._version
