"""The released UNet: ResShift's topology, each of its inner layers binary (BiMaCoSR, section 3).

The network is laid out in full precision, then `replace_layers` swaps every convolution and linear
layer that the configuration does not keep. So one description serves the full-precision teacher,
the binary student, and whatever form a caller makes of the layers.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bimaco_gui.model.layers import Form
from bimaco_gui.model.released.config import (
    BinaryConfig,
    FullPrecisionRule,
    ReleasedUNetConfig,
)
from bimaco_gui.model.released.layers import (
    binarize_conv,
    binarize_linear,
    like_conv,
    like_linear,
)
from bimaco_gui.model.released.swin import GroupNorm32, ReleasedSwinLayer

_LONGEST_PERIOD = 10_000


def timestep_embedding(timesteps: Tensor, channels: int) -> Tensor:
    """Cosines, then sines, of `timesteps` [N] at falling frequencies: [N, channels] float32."""
    half = channels // 2
    rank = torch.arange(half, dtype=torch.float32, device=timesteps.device)
    angle = timesteps[:, None].float() * torch.exp(rank * (-math.log(_LONGEST_PERIOD) / half))
    return torch.cat((angle.cos(), angle.sin()), 1)


class ReleasedResBlock(nn.Module):
    """Two 3x3 convolutions with a shortcut; the time scales and shifts between them."""

    def __init__(self, in_channels: int, out_channels: int, embedding: int, dropout: float) -> None:
        super().__init__()
        self.in_layers = nn.Sequential(
            GroupNorm32(in_channels), nn.SiLU(), nn.Conv2d(in_channels, out_channels, 3, padding=1)
        )
        self.emb_layers = nn.Sequential(nn.SiLU(), nn.Linear(embedding, 2 * out_channels))
        self.out_layers = nn.Sequential(
            GroupNorm32(out_channels),
            nn.SiLU(),
            nn.Dropout(dropout),
            nn.Conv2d(out_channels, out_channels, 3, padding=1),
        )
        self.skip_connection: nn.Module = nn.Identity()
        if in_channels != out_channels:
            self.skip_connection = nn.Conv2d(in_channels, out_channels, 1)

    def forward(self, x: Tensor, embedding: Tensor) -> Tensor:
        """[N, I, H, W] and the time's embedding [N, E] to [N, O, H, W]."""
        norm, *rest = self.out_layers
        scale, shift = self.emb_layers(embedding)[:, :, None, None].chunk(2, dim=1)
        h = norm(self.in_layers(x)) * (1 + scale) + shift
        for layer in rest:
            h = layer(h)
        return self.skip_connection(x) + h  # type: ignore[no-any-return]


class ReleasedDownsample(nn.Module):
    """3x3 convolution of stride 2, [N, C, 2H, 2W] to [N, C, H, W]."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.op = nn.Conv2d(channels, channels, 3, stride=2, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """Halve the resolution; even sides only."""
        return self.op(x)  # type: ignore[no-any-return]


class ReleasedUpsample(nn.Module):
    """Nearest-neighbour doubling, then a 3x3 convolution, [N, C, H, W] to [N, C, 2H, 2W]."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """Double the resolution."""
        return self.conv(F.interpolate(x, scale_factor=2.0, mode="nearest"))  # type: ignore[no-any-return]


class _Stage(nn.Sequential):
    """Layers in a row, of which the residual blocks are also given the time's embedding."""

    def forward(self, x: Tensor, embedding: Tensor) -> Tensor:  # type: ignore[override]
        for layer in self:
            x = layer(x, embedding) if isinstance(layer, ReleasedResBlock) else layer(x)
        return x


class ReleasedUNet(nn.Module):
    """Predicts the clean latent from the noisy one and the LR picture, in one step.

    Args:
        config: The network's shape.
        form: ``Form.FULL`` or ``Form.BINARY`` (the trainable binary form).

    Raises:
        ValueError: the packed form is asked for, or the binary one of a configuration without it.
    """

    def __init__(self, config: ReleasedUNetConfig, form: Form) -> None:
        super().__init__()
        if form is Form.PACKED:
            raise ValueError("the released UNet has no packed form")
        self.config, self.form = config, Form.FULL
        width = config.model_channels
        embedding = 4 * width
        self.time_embed = nn.Sequential(
            nn.Linear(width, embedding), nn.SiLU(), nn.Linear(embedding, embedding)
        )
        widths = [width * multiplier for multiplier in config.channel_mult]
        sizes = [config.image_size // 2**level for level in range(len(widths))]

        def res_block(in_channels: int, out_channels: int) -> ReleasedResBlock:
            return ReleasedResBlock(in_channels, out_channels, embedding, config.dropout)

        def swin(level: int) -> list[nn.Module]:
            if sizes[level] not in config.attention_resolutions:
                return []
            return [ReleasedSwinLayer(widths[level], sizes[level], config)]

        channels = widths[0]
        skips = [channels]
        stages = [_Stage(nn.Conv2d(config.in_channels, channels, 3, padding=1))]
        for level, count in enumerate(config.num_res_blocks):
            for slot in range(count):
                attention = swin(level) if slot == 0 else []
                stages.append(_Stage(res_block(channels, widths[level]), *attention))
                channels = widths[level]
                skips.append(channels)
            if level < len(widths) - 1:
                stages.append(_Stage(ReleasedDownsample(channels)))
                skips.append(channels)
        self.input_blocks = nn.ModuleList(stages)

        self.middle_block = _Stage(
            res_block(channels, channels),
            ReleasedSwinLayer(channels, sizes[-1], config),
            res_block(channels, channels),
        )

        stages = []
        for level in reversed(range(len(widths))):
            count = config.num_res_blocks[level]
            for slot in range(count + 1):
                block = res_block(channels + skips.pop(), widths[level])
                channels = widths[level]
                after = swin(level) if slot == 0 else []
                if level > 0 and slot == count:
                    after.append(ReleasedUpsample(channels))
                stages.append(_Stage(block, *after))
        self.output_blocks = nn.ModuleList(stages)
        self.out = nn.Sequential(
            GroupNorm32(channels),
            nn.SiLU(),
            nn.Conv2d(channels, config.out_channels, 3, padding=1),
        )
        if form is Form.BINARY:
            plan = _binary_plan(config)
            replace_layers(
                self,
                lambda conv: like_conv(conv, plan.conv_rank),
                lambda linear: like_linear(linear, plan.linear_rank),
                form,
            )

    @property
    def alignment(self) -> int:
        """Both sides of the input are multiples of this many latent pixels."""
        return self.config.alignment

    def forward(self, x: Tensor, timesteps: Tensor, lq: Tensor) -> Tensor:
        """Denoise.

        Args:
            x: Noisy latent [N, C, h, w], scaled as the sampler scales it; h and w are multiples of
                `alignment`.
            timesteps: [N] or [1], whole numbers; 14 is the released one-step model's.
            lq: LR picture [N, 3, h, w], RGB, -1..1.

        Returns:
            The clean latent [N, out_channels, h, w].

        Raises:
            ValueError: a side is no multiple of `alignment`.
        """
        if any(side % self.alignment for side in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} are no multiples of {self.alignment}")
        channels = self.config.model_channels
        embedding = self.time_embed(timestep_embedding(timesteps, channels).to(x.dtype))
        h = torch.cat((x, lq), 1)
        skips = []
        for stage in self.input_blocks:
            h = stage(h, embedding)
            skips.append(h)
        h = self.middle_block(h, embedding)
        for stage in self.output_blocks:
            h = stage(torch.cat((h, skips.pop()), 1), embedding)
        return self.out(h)  # type: ignore[no-any-return]


def _binary_plan(config: ReleasedUNetConfig) -> BinaryConfig:
    if config.binary is None:
        raise ValueError("this configuration describes a full-precision network")
    return config.binary


def _is_kept(rules: tuple[FullPrecisionRule, ...], name: str, layer: nn.Module) -> bool:
    parameters = sum(parameter.numel() for parameter in layer.parameters())
    return any(rule.covers(name, parameters) for rule in rules)


def replace_layers(
    unet: ReleasedUNet,
    make_conv: Callable[[nn.Conv2d], nn.Module],
    make_linear: Callable[[nn.Linear], nn.Module],
    form: Form,
) -> None:
    """Swap, in place, every layer of a full-precision network that its configuration binarizes.

    Args:
        unet: A network of the full-precision form.
        make_conv: Gives what takes the place of a convolution.
        make_linear: Gives what takes the place of a linear layer.
        form: What the network then is.

    Raises:
        ValueError: the network or its configuration does not allow it.
    """
    plan = _binary_plan(unet.config)
    if unet.form is not Form.FULL:
        raise ValueError("the layers are replaced already")
    for name, layer in list(unet.named_modules()):
        new: nn.Module | None = None
        if isinstance(layer, nn.Conv2d) and not _is_kept(plan.which_fp_conv, name, layer):
            new = make_conv(layer)
        elif isinstance(layer, nn.Linear) and not _is_kept(plan.which_fp_linear, name, layer):
            new = make_linear(layer)
        if new is not None:
            unet.set_submodule(name, new)
    unet.form = form


def binarize_unet(full: ReleasedUNet) -> None:
    """Make a full-precision network binary, in place, as the authors start training (section 3.4).

    Raises:
        ValueError: the configuration is of a full-precision network.
    """
    plan = _binary_plan(full.config)
    replace_layers(
        full,
        lambda conv: binarize_conv(conv, plan.conv_rank),
        lambda linear: binarize_linear(linear, plan.linear_rank),
        Form.BINARY,
    )
