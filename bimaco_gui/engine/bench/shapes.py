"""The distinct shapes of the binary layers of both models, found by running their descriptions.

The networks are built in full precision on torch's meta device, so nothing is computed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from bimaco_gui.model import Form, OneStepUpscaler
from bimaco_gui.model.packed_layers import PackedBinaryConv2d, PackedBinaryLinear
from bimaco_gui.model.released import defaults
from bimaco_gui.model.released.config import ReleasedUNetConfig
from bimaco_gui.model.released.layers import ReleasedBinaryConv2d, ReleasedBinaryLinear
from bimaco_gui.model.released.unet import ReleasedUNet
from bimaco_gui.weights import find_model
from bimaco_gui.weights.packed import read_card

BUNDLED, RELEASED = "bundled", "released"

TILE = 192
"""LR pixels a side at which the layers of the bundled model are measured: less than a tile of the
engine, so that torch's baseline takes no minutes."""

LATENT = 64
"""Side of the latent at which the released UNet is run: that of its authors."""


@dataclass(frozen=True)
class LayerShape:
    """A convolution, or a linear layer where `kernel_size` is 0.

    Attributes:
        model: Whose it is: "bundled" or "released".
        kernel_size: 3 or 1; 0 for a linear layer.
        stride: 1 or 2.
        in_channels, out_channels: Widths.
        height, width: Of the input; 1 and the number of rows for a linear layer.
    """

    model: str
    kernel_size: int
    stride: int
    in_channels: int
    out_channels: int
    height: int
    width: int

    @property
    def title(self) -> str:
        """As it is printed."""
        channels = f"{self.in_channels}->{self.out_channels}"
        if self.kernel_size == 0:
            return f"linear {self.width} rows {channels}"
        kernel = f"conv{self.kernel_size}x{self.kernel_size}"
        halved = ", stride 2" if self.stride == 2 else ""
        return f"{kernel} {self.height}x{self.width} {channels}{halved}"

    @property
    def taps(self) -> int:
        """Weights for each pair of channels."""
        return max(1, self.kernel_size**2)

    @property
    def positions(self) -> int:
        """Output pixels, or rows."""
        return (self.height // self.stride) * (self.width // self.stride)

    @property
    def products(self) -> int:
        """Multiplications, those at the borders counted as inside."""
        return self.positions * self.taps * self.in_channels * self.out_channels


def bundled_shapes(model: str | None = None) -> Counter[LayerShape]:
    """Shapes, and how often they occur, of an installed model on a tile of `TILE` LR pixels.

    Raises:
        ModelError: there is no such model.
    """
    config = read_card(find_model(model).path).config
    with torch.device("meta"):
        full = OneStepUpscaler(config, Form.FULL).eval()
        packed = OneStepUpscaler(config, Form.PACKED)
        side = TILE // full.alignment * full.alignment
        inputs = (torch.empty(1, 3, side, side), torch.empty(1, full.latent_channels, side, side))
    kinds = (PackedBinaryConv2d, PackedBinaryLinear)
    return _shapes(BUNDLED, full, _named(packed, kinds), lambda: full(*inputs))


def released_shapes() -> Counter[LayerShape]:
    """Shapes, and how often they occur, of the released UNet at a latent of `LATENT` pixels."""
    binary = ReleasedUNetConfig.from_mapping({**defaults.UNET, **defaults.BINARIZATION})
    with torch.device("meta"):
        full = ReleasedUNet(ReleasedUNetConfig.from_mapping(defaults.UNET), Form.FULL).eval()
        named = _named(
            ReleasedUNet(binary, Form.BINARY), (ReleasedBinaryConv2d, ReleasedBinaryLinear)
        )
        latent = torch.empty(1, full.config.out_channels, LATENT, LATENT)
        timesteps = torch.zeros(1, dtype=torch.int64)
    return _shapes(RELEASED, full, named, lambda: full(latent, timesteps, latent))


def _named(network: nn.Module, kinds: tuple[type[nn.Module], ...]) -> set[str]:
    return {name for name, layer in network.named_modules() if isinstance(layer, kinds)}


@torch.inference_mode()
def _shapes(
    model: str, full: nn.Module, names: set[str], run: Callable[[], Tensor]
) -> Counter[LayerShape]:
    found: Counter[LayerShape] = Counter()

    def note(layer: nn.Module, inputs: Sequence[Tensor]) -> None:
        x = inputs[0]
        if isinstance(layer, nn.Conv2d):
            found[
                LayerShape(
                    model,
                    layer.kernel_size[0],
                    layer.stride[0],
                    layer.in_channels,
                    layer.out_channels,
                    *x.shape[2:],
                )
            ] += 1
        elif isinstance(layer, nn.Linear):
            rows = x.numel() // layer.in_features
            found[LayerShape(model, 0, 1, layer.in_features, layer.out_features, 1, rows)] += 1

    for name, layer in full.named_modules():
        if name in names:
            layer.register_forward_pre_hook(note)
    run()
    return found
