"""Putting tiles together: neighbours fade into each other, and finished pixels leave at once.

Only one tile, and the feathers along the tiles above, are held as floats.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from bimaco_gui.engine.tiles import FEATHER, Span


def blend_tiles(
    rows: Sequence[Span],
    columns: Sequence[Span],
    scale: int,
    tile: Callable[[Span, Span], Tensor],
    put: Callable[[int, int, Tensor], None],
    feather: int = FEATHER,
) -> None:
    """Compute the tiles row by row and hand out the finished picture in pieces.

    Args:
        rows: The tiles' rows, from `Axis.split`.
        columns: The tiles' columns.
        scale: Output pixels per LR pixel.
        tile: Gives the output pixels [C, height, width] of the span of rows and of columns; it
            may be overwritten. All tiles are on the same device.
        put: Takes the output row and column of a piece's first pixel, counted from the picture's
            start, and the piece [C, height, width]. Pieces never overlap, and cover everything.
        feather: LR pixels that neighbouring spans share.
    """
    feather *= scale
    fade = fade_in(feather)
    left_edge = columns[0].start * scale
    above: Tensor | None = None
    for row in rows:
        below: Tensor | None = None
        beside: Tensor | None = None
        for column in columns:
            piece = tile(row, column)
            fade = fade.to(piece.device)
            if beside is not None:
                piece[:, :, :feather] = beside.lerp(piece[:, :, :feather], fade)
            if column is not columns[-1]:
                beside = piece[:, :, -feather:].clone()
                piece = piece[:, :, :-feather]
            x = column.start * scale
            at = slice(x - left_edge, x - left_edge + piece.shape[2])
            if above is not None:
                piece[:, :feather] = above[:, :, at].lerp(piece[:, :feather], fade[:, None])
            if row is not rows[-1]:
                if below is None:
                    width = (columns[-1].stop * scale) - left_edge
                    below = piece.new_empty((piece.shape[0], feather, width))
                below[:, :, at] = piece[:, -feather:]
                piece = piece[:, :-feather]
            put(row.start * scale, x, piece)
        above = below


def fade_in(width: int) -> Tensor:
    """Raised cosine [width] from nearly 0 to nearly 1; with its mirror image it adds up to 1."""
    place = (torch.arange(width, dtype=torch.float64) + 0.5) / width
    return (0.5 - 0.5 * torch.cos(math.pi * place)).float()
