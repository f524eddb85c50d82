"""A layer's weights in the order in which the lanes of a GPU's matrix unit read them."""

from __future__ import annotations

import weakref
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from bimaco_gui.ops.arguments import Epilogue, Product, SideBranches
from bimaco_gui.ops.cuda_arguments import SIDE_STEP
from bimaco_gui.ops.versions import version

GROUP = 16
"""Output channels that one tile of weights serves."""

_CHUNK = 16  # bytes of signs: 128 channels
_BORDER_CASES = 16  # which of four borders are missing


@dataclass(frozen=True)
class Weights:
    """A layer's weights for the kernels.

    Attributes:
        bits: int32 [groups, steps, 32, 4].
        ones: int32 [16, padded], twice the ones among the weights of the taps inside the picture,
            by which borders are missing (top 1, bottom 2, left 4, right 8); zeros where a second
            plane of signs makes them needless.
        channel: float32 [4, padded]: alpha, bias, slope, after.
        side: int32 [groups, side_steps, parts, 32, 4]: the side branches as one matrix, or None.
            Of float32 maps in two parts, what tf32 holds and what is left.
        steps: Steps of 256 signs.
        padded: Output channels, rounded up to whole groups.
    """

    bits: Tensor
    ones: Tensor
    channel: Tensor
    side: Tensor | None
    steps: int
    padded: int


def chunks_of(channels: int) -> int:
    """Chunks of 128 signs of a pixel."""
    return -(-channels // (8 * _CHUNK))


def has_two_planes(product: Product) -> bool:
    """Whether a second plane of signs says what is negative."""
    return product.per_tap or product.zero_is_zero


def side_steps_of(channels: int, dtype: torch.dtype) -> int:
    """Steps of `SIDE_STEP` bytes of a pixel's channels."""
    return -(-channels * dtype.itemsize // SIDE_STEP)


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


def _twice_ones(bits: Tensor) -> Tensor:
    """By missing borders [16, padded]."""
    place = torch.arange(8, dtype=torch.uint8, device=bits.device)
    ones = ((bits[..., None] >> place) & 1).sum((2, 3), dtype=torch.int32)
    ones = F.pad(2 * ones, (0, 0, 0, -bits.shape[0] % GROUP)).t().contiguous()
    side = 3 if bits.shape[1] == 9 else 1
    grid = ones.unflatten(0, (side, side))
    cases = []
    for case in range(_BORDER_CASES):
        top, bottom, left, right = (case >> shift & 1 for shift in range(4))
        inside = grid[top : max(side - bottom, top), left : max(side - right, left)]
        cases.append(inside.sum((0, 1), dtype=torch.int32))
    return torch.stack(cases)


def side_matrix(side: SideBranches, out_channels: int, in_channels: int) -> Tensor | None:
    """All side branches of a layer as one matrix, float64 [O, I]; None if there are none.

    Raises:
        IndexError: an index of the sparse branch is out of range.
    """
    if side.up is None and side.values is None and not side.mean_shortcut:
        return None
    parts = [part for part in (side.up, side.values) if part is not None]
    device = parts[0].device if parts else None
    matrix = torch.zeros(out_channels, in_channels, dtype=torch.float64, device=device)
    if side.up is not None and side.down is not None:
        matrix += side.up.double() @ side.down.double()
    if side.values is not None and side.out_index is not None and side.in_index is not None:
        _checked(side.out_index, out_channels)
        _checked(side.in_index, in_channels)
        places = (side.out_index.long(), side.in_index.long())
        matrix.index_put_(places, side.values.double(), accumulate=True)
    if side.mean_shortcut:
        matrix.diagonal().add_(1)
    return matrix


def _rounded_to_tf32(values: Tensor) -> Tensor:
    """float32 to float32 whose last 13 bits are zeros."""
    return ((values.view(torch.int32) + (1 << 12)) & -(1 << 13)).view(torch.float32)


def _arranged_side(matrix: Tensor, dtype: torch.dtype) -> Tensor:
    """[O, I] as lanes read it: see `Weights.side`."""
    out_channels, in_channels = matrix.shape
    size = SIDE_STEP // dtype.itemsize
    matrix = F.pad(matrix, (0, -in_channels % size, 0, -out_channels % GROUP))
    if dtype == torch.float32:
        high = _rounded_to_tf32(matrix.float())
        parts = [high, _rounded_to_tf32((matrix - high.double()).float())]
    else:
        parts = [matrix.to(dtype)]
    # Words of a step: [padded, parts, steps, 2 halves, 4 words].
    words = torch.stack([part.contiguous().view(torch.int32) for part in parts], 1)
    lanes = _by_lane(words.unflatten(2, (-1, 2, 4)))  # [groups, 8, 2 tiles, parts, steps, 2, 4]
    return lanes.permute(0, 4, 3, 1, 6, 2, 5).flatten(3, 4).flatten(4, 5).contiguous()


def _checked(index: Tensor, channels: int) -> None:
    if index.numel() and (int(index.min()) < 0 or int(index.max()) >= channels):
        raise IndexError(f"sparse branch: an index is not in 0..{channels - 1}")


@torch.no_grad()
def arrange(product: Product, epilogue: Epilogue, in_channels: int, dtype: torch.dtype) -> Weights:
    """Arrange a layer's weights for maps of a type.

    Raises:
        IndexError: an index of the sparse branch is out of range.
    """
    out_channels = product.bits.shape[0]
    padding = -out_channels % GROUP
    slope, after = epilogue.slope, epilogue.after
    channel = torch.stack(
        [
            F.pad(v if v is not None else product.alpha.new_full((out_channels,), d), (0, padding))
            for v, d in ((product.alpha, 0.0), (product.bias, 0.0), (slope, 1.0), (after, 0.0))
        ]
    )
    padded = out_channels + padding
    if has_two_planes(product):
        ones = product.bits.new_zeros((_BORDER_CASES, padded), dtype=torch.int32)
    else:
        ones = _twice_ones(product.bits)
    matrix = side_matrix(epilogue.side, out_channels, in_channels)
    bits = _arranged_bits(product.bits.contiguous(), product.per_tap)
    return Weights(
        bits=bits,
        ones=ones,
        channel=channel.contiguous(),
        side=None if matrix is None else _arranged_side(matrix.to(bits.device), dtype),
        steps=bits.shape[1],
        padded=padded,
    )


@dataclass(frozen=True)
class _Known:
    """Arranged weights, and what they were made of."""

    parts: tuple[Tensor | None, ...]
    versions: tuple[int, ...]
    kind: tuple[object, ...]
    weights: Weights


class WeightCache:
    """Arranged weights of the layers that are alive, by the identity of their tensors."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, torch.dtype], _Known] = {}

    def of(
        self, product: Product, epilogue: Epilogue, in_channels: int, dtype: torch.dtype
    ) -> Weights:
        """The layer's weights, arranged again only where a tensor is another or was written to."""
        side = epilogue.side
        # The other tensors are kept while the signs live, so that no new one takes their identity.
        parts: tuple[Tensor | None, ...] = (
            *(product.alpha, product.bias, epilogue.slope, epilogue.after),
            *(side.down, side.up, side.values, side.out_index, side.in_index),
        )
        versions = tuple(0 if part is None else version(part) for part in (product.bits, *parts))
        kind = (product.per_tap, product.zero_is_zero, side.mean_shortcut)
        place = (id(product.bits), dtype)
        known = self._known.get(place)
        if (
            known is not None
            and known.versions == versions
            and known.kind == kind
            and all(a is b for a, b in zip(known.parts, parts, strict=True))
        ):
            return known.weights
        weights = arrange(product, epilogue, in_channels, dtype)
        if known is None:
            weakref.finalize(product.bits, self._known.pop, place, None)
        self._known[place] = _Known(parts, versions, kind, weights)
        return weights
