"""The released UNet: ResShift's topology, each of its inner layers binary (BiMaCoSR).

The network is laid out in full precision, then `replace_layers` swaps every convolution and linear
layer that the configuration does not keep. So one description serves the full-precision teacher,
the binary student, and whatever form a caller makes of the layers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn

from bimaco_gui.model.layers import Form
from bimaco_gui.model.released.blocks import (
    ReleasedDownsample,
    ReleasedResBlock,
    ReleasedUpsample,
    timestep_embedding,
)
from bimaco_gui.model.released.config import (
    BinaryConfig,
    FullPrecisionRule,
    ReleasedUNetConfig,
)
from bimaco_gui.model.released.layers import (
    ReleasedBinaryConv2d,
    ReleasedBinaryLinear,
    binarize_conv,
    binarize_linear,
    like_conv,
    like_linear,
)
from bimaco_gui.model.released.packed_blocks import PackedResBlock, pack_blocks
from bimaco_gui.model.released.packed_layers import (
    PackedReleasedConv2d,
    PackedReleasedLinear,
    packed_like_conv,
    packed_like_linear,
)
from bimaco_gui.model.released.packed_times import PackedTimes
from bimaco_gui.model.released.swin import GroupNorm32, ReleasedAttention, ReleasedSwinLayer


class _Stage(nn.Sequential):
    """Layers in a row, of which the residual blocks are also given the time's embedding.

    Packed ones take the next of `times`, if there are any.
    """

    def forward(  # type: ignore[override]
        self, x: Tensor, embedding: Tensor, times: Iterator[Tensor] | None = None
    ) -> Tensor:
        for layer in self:
            if isinstance(layer, PackedResBlock) and times is not None:
                x = layer(x, embedding, next(times))
            elif isinstance(layer, ReleasedResBlock | PackedResBlock):
                x = layer(x, embedding)
            else:
                x = layer(x)
        return x


class ReleasedUNet(nn.Module):
    """Predicts the clean latent from the noisy one and the LR picture, in one step.

    Args:
        config: The network's shape.
        form: ``Form.FULL``, ``Form.BINARY`` (trainable) or ``Form.PACKED`` (for inference).

    Raises:
        ValueError: a binary form of a configuration that describes none.
    """

    def __init__(self, config: ReleasedUNetConfig, form: Form) -> None:
        super().__init__()
        self.config, self.form = config, Form.FULL
        self._times: PackedTimes | None = None
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
        elif form is Form.PACKED:
            plan = _binary_plan(config)
            replace_layers(
                self,
                lambda conv: packed_like_conv(conv, plan.conv_rank),
                lambda linear: packed_like_linear(linear, plan.linear_rank),
                form,
            )
            pack_blocks(self)
            blocks = (block for block in self.modules() if isinstance(block, PackedResBlock))
            self._times = PackedTimes([block.emb_layers[1] for block in blocks])

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
        times = None if self._times is None else iter(self._times(embedding))
        h = torch.cat((x, lq), 1)
        skips = []
        for stage in self.input_blocks:
            h = stage(h, embedding, times)
            skips.append(h)
        h = self.middle_block(h, embedding, times)
        for stage in self.output_blocks:
            h = stage(torch.cat((h, skips.pop()), 1), embedding, times)
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
    """Make a full-precision network binary, in place, as the authors start training.

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


@torch.no_grad()
def pack_unet(binary: ReleasedUNet) -> ReleasedUNet:
    """The packed network, in evaluation mode, that computes what `binary` computes.

    One layer is packed after the other: above both networks it needs memory for one layer.

    Raises:
        ValueError: `binary` is of another form.
    """
    if binary.form is not Form.BINARY:
        raise ValueError("only a binary network can be packed")
    packed = ReleasedUNet(binary.config, Form.PACKED)
    sources = dict(binary.named_modules())
    state = binary.state_dict()
    for name, layer in packed.named_modules():
        source = sources.get(name)
        if isinstance(layer, PackedReleasedConv2d):
            assert isinstance(source, ReleasedBinaryConv2d)
            layer.take(source)
        elif isinstance(layer, PackedReleasedLinear):
            assert isinstance(source, ReleasedBinaryLinear)
            layer.take(source)
        elif not any(layer.children()):
            for key, value in (*layer.named_parameters(), *layer.named_buffers()):
                value.copy_(state[f"{name}.{key}"])
        elif isinstance(layer, ReleasedAttention):
            table = f"{name}.relative_position_bias_table"
            layer.relative_position_bias_table.copy_(state[table])
    return packed.eval().requires_grad_(False)
