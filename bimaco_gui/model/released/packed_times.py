"""What the time tells every residual block: their small layers together, where that is quicker.

Each block has a linear layer of the time's embedding, a single pixel. On a GPU a layer of one pixel
takes as long as one of a thousand, so there several are computed as one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from bimaco_gui import ops
from bimaco_gui.model.kept import is_recorded
from bimaco_gui.model.released.packed_layers import Before, PackedReleasedLayer
from bimaco_gui.ops.versions import version

_SILU = Before(activation="silu")
_MOST_RANK = 64  # that the op takes


@dataclass(frozen=True)
class _Joined:
    """Layers of the same input as a few, and the buffers that these were made of."""

    sources: tuple[Tensor, ...]
    versions: tuple[int, ...]
    calls: tuple[dict[str, Tensor | None], ...]


@torch.no_grad()
def _join(layers: Sequence[PackedReleasedLayer]) -> dict[str, Tensor | None]:
    """The arguments of `ops.binary_conv2d` for layers of one pixel, one below the other."""
    device = layers[0].bits.device
    rows = [layer.out_channels for layer in layers]
    downs = [layer.low_rank_down for layer in layers if layer.low_rank_down is not None]
    up = torch.zeros(sum(rows), sum(down.shape[0] for down in downs), device=device)
    values, outs, ins = [], [], []
    row = column = 0
    for layer in layers:
        if layer.low_rank_up is not None:
            rank = layer.low_rank_up.shape[1]
            up[row : row + layer.out_channels, column : column + rank] = layer.low_rank_up
            column += rank
        if layer.sparse_values is not None:
            assert layer.sparse_out is not None and layer.sparse_in is not None
            values.append(layer.sparse_values)
            outs.append(layer.sparse_out + row)
            ins.append(layer.sparse_in)
        row += layer.out_channels
    return {
        "bits": torch.cat([layer.bits for layer in layers]),
        "alpha": torch.cat([layer.alpha for layer in layers]),
        "bias": torch.cat([layer.bias for layer in layers]),
        "low_rank_down": torch.cat(downs) if downs else None,
        "low_rank_up": up if downs else None,
        "sparse_values": torch.cat(values) if values else None,
        "sparse_out": torch.cat(outs) if outs else None,
        "sparse_in": torch.cat(ins) if ins else None,
    }


class PackedTimes:
    """The layers of the time's embedding of a network's residual blocks, in their order.

    It holds no parameters: the layers stay the blocks'.

    Args:
        layers: Linear layers, packed or in full precision, after a SiLU each.
    """

    def __init__(self, layers: Sequence[nn.Module]) -> None:
        self._layers = list(layers)
        self._joined: _Joined | None = None

    def __call__(self, embedding: Tensor) -> list[Tensor]:
        """The time's embedding [N, E] to float32 [N, O] for each layer."""
        packed = [layer for layer in self._layers if isinstance(layer, PackedReleasedLayer)]
        joinable = len(packed) == len(self._layers) and all(
            layer.kernel_size == 1 and layer.slope is None and layer.zero_channels is None
            for layer in packed
        )
        if packed and joinable and ops.is_on_gpu(embedding):
            together = self._together(packed, embedding)
            return list(together.split([layer.out_channels for layer in packed], dim=1))
        return [_alone(layer, embedding) for layer in self._layers]

    def _together(self, layers: Sequence[PackedReleasedLayer], embedding: Tensor) -> Tensor:
        sources = tuple(buffer for layer in layers for buffer in layer.buffers(recurse=False))
        versions = tuple(version(source) for source in sources)
        joined = self._joined
        if (
            joined is None
            or joined.versions != versions
            or any(a is not b for a, b in zip(joined.sources, sources, strict=True))
        ):
            calls = tuple(_join(group) for group in _groups(layers))
            joined = _Joined(sources, versions, calls)
            if not is_recorded(embedding.device):
                self._joined = joined
        x = embedding[:, :, None, None]
        options = {"zero_is_zero": True, "pre_activation": "silu"}
        parts = [
            ops.binary_conv2d(x, kernel_size=1, stride=1, **options, **call)
            for call in joined.calls
        ]
        return torch.cat(parts, 1)[:, :, 0, 0].float()


def _groups(layers: Sequence[PackedReleasedLayer]) -> Iterator[list[PackedReleasedLayer]]:
    """Neighbours whose low-rank branches together the op takes."""
    group: list[PackedReleasedLayer] = []
    total = 0
    for layer in layers:
        rank = 0 if layer.low_rank_down is None else layer.low_rank_down.shape[0]
        if group and total + rank > _MOST_RANK:
            yield group
            group, total = [], 0
        group.append(layer)
        total += rank
    yield group


def _alone(layer: nn.Module, embedding: Tensor) -> Tensor:
    if isinstance(layer, PackedReleasedLayer):
        return layer.pixels(embedding[:, :, None, None], _SILU)[:, :, 0, 0].float()
    y: Tensor = layer(_SILU(embedding))
    return y.float()
