"""The two full-precision side branches of a binary layer: low rank (LRMB) and sparse (SMB).

Both are maps over channels at one pixel, so a layer's side path is y = (S + B A) x with S sparse
[O, I], B [O, rank] and A [rank, I] (BiMaCoSR).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


def sparse_count(in_channels: int, out_channels: int, per_channel: int) -> int:
    """Entries of the sparse branch: a multiple of the larger channel count, at most all."""
    return min(per_channel * max(in_channels, out_channels), in_channels * out_channels)


class LowRank(nn.Module):
    """Rank-limited map: ``down`` [rank, I] then ``up`` [O, rank].

    The rank is capped by the channel counts, as a larger one adds nothing.
    """

    def __init__(self, in_channels: int, out_channels: int, rank: int) -> None:
        super().__init__()
        self.rank = min(rank, in_channels, out_channels)
        self.down = nn.Parameter(torch.randn(self.rank, in_channels) * in_channels**-0.5)
        self.up = nn.Parameter(torch.zeros(out_channels, self.rank))

    def matrix(self) -> Tensor:
        """The product B A, [O, I]."""
        return self.up @ self.down


class Sparse(nn.Module):
    """A few weights at fixed places: ``values`` [k] at (``out_index`` [k], ``in_index`` [k])."""

    out_index: Tensor
    in_index: Tensor

    def __init__(self, in_channels: int, out_channels: int, count: int) -> None:
        super().__init__()
        self.shape = (out_channels, in_channels)
        self.values = nn.Parameter(torch.zeros(count))
        place = torch.arange(count) * (in_channels * out_channels // max(count, 1))
        self.register_buffer("out_index", (place // in_channels).to(torch.int32))
        self.register_buffer("in_index", (place % in_channels).to(torch.int32))

    def matrix(self) -> Tensor:
        """The branch as a dense matrix, [O, I], differentiable in ``values``."""
        dense = torch.zeros(self.shape, dtype=self.values.dtype, device=self.values.device)
        return dense.index_put((self.out_index.long(), self.in_index.long()), self.values)


def largest_places(matrix: Tensor, count: int) -> Tensor:
    """Places in the flattened matrix of its `count` entries of largest magnitude, int64 [k]."""
    return matrix.abs().flatten().topk(count).indices


def leading_factors(matrix: Tensor, rank: int) -> tuple[Tensor, Tensor]:
    """Factors ``up`` [O, r] and ``down`` [r, I] of the best approximation of that rank.

    U sqrt(S) and sqrt(S) V^T of the leading singular values S, which is how BiMaCoSR's low-rank
    branch starts. r is capped by the sides of the matrix.
    """
    u, s, vh = torch.linalg.svd(matrix, full_matrices=False)
    root = s[:rank].sqrt()
    return u[:, :rank] * root, root[:, None] * vh[:rank]


def split_weight(
    centre: Tensor, rank: int, count: int
) -> tuple[tuple[Tensor, Tensor, Tensor], tuple[Tensor, Tensor], Tensor]:
    """Split a matrix into sparse part, low-rank part and rest, in the order of BiMaCoSR's code.

    SMB takes the `count` largest weights, LRMB the top singular vectors of what is left, and the
    rest is what the binary branch takes the signs of.

    Args:
        centre: [O, I], any float dtype; computed in float32.
        rank: rank of the low-rank part.
        count: entries of the sparse part.

    Returns:
        (values, out_index, in_index), (down [r, I], up [O, r]), rest [O, I].
    """
    matrix = centre.detach().float()
    in_channels = matrix.shape[1]
    place = largest_places(matrix, count).sort().values
    values = matrix.flatten()[place]
    rest = matrix.clone()
    rest.view(-1)[place] = 0
    up, down = leading_factors(rest, rank)
    index = ((place // in_channels).to(torch.int32), (place % in_channels).to(torch.int32))
    return (values, *index), (down, up), rest - up @ down


@torch.no_grad()
def copy_split(
    sparse: Sparse,
    low_rank: LowRank,
    sparse_part: tuple[Tensor, Tensor, Tensor],
    low_rank_part: tuple[Tensor, Tensor],
) -> None:
    """Write the parts that `split_weight` found into a layer's branches."""
    sparse.values.copy_(sparse_part[0])
    sparse.out_index.copy_(sparse_part[1])
    sparse.in_index.copy_(sparse_part[2])
    low_rank.down.copy_(low_rank_part[0])
    low_rank.up.copy_(low_rank_part[1])
