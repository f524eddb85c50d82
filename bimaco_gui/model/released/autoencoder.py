"""The released model's VQ-f4 autoencoder, in full precision.

Attributes are named as in the released checkpoint, so that its keys are this module's keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bimaco_gui.errors import ModelError
from bimaco_gui.model.released.mapping import (
    TITLE,
    check_names,
    fixed_values,
    whole_number,
    whole_numbers,
)
from bimaco_gui.model.released.strict import fill, misfits

WHERE = "The autoencoder's configuration"
GROUPS = 32
NORM_EPS = 1e-6

# Distances between pixels and codes held at once: 32 MiB of float32.
MOST_DISTANCES = 2**23

FIXED = {
    "double_z": False,
    "attn_resolutions": [],
    "padding_mode": "zeros",
    "attn_type": "vanilla",
    "resamp_with_conv": True,
}


@dataclass(frozen=True)
class AutoencoderConfig:
    """Every number that decides a shape; the defaults are the released autoencoder's.

    Attributes:
        picture_channels: Channels of pictures.
        latent_channels: Channels between encoder and quantizer, and quantizer and decoder.
        code_channels: Channels of a codebook entry, hence of what `encode` returns.
        codes: Entries of the codebook.
        channels: Width at the picture's resolution.
        multipliers: Width of each level over `channels`, finest first; each level but the first
            halves the resolution.
        res_blocks: Residual blocks of a level of the encoder; the decoder's have one more.
    """

    picture_channels: int = 3
    latent_channels: int = 3
    code_channels: int = 3
    codes: int = 8192
    channels: int = 128
    multipliers: tuple[int, ...] = (1, 2, 4)
    res_blocks: int = 2

    @property
    def reduction(self) -> int:
        """Picture pixels along one side of a latent pixel."""
        return 1 << (len(self.multipliers) - 1)

    @property
    def widths(self) -> tuple[int, ...]:
        """Channels of each level, finest first."""
        return tuple(self.channels * m for m in self.multipliers)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> AutoencoderConfig:
        """Read the authors' names.

        Raises:
            ModelError: names are missing, or a value is none this code can follow.
        """
        check_names(mapping, {"embed_dim", "n_embed", "ddconfig"}, (), WHERE)
        inner = mapping["ddconfig"]
        # `resolution` places attention, of which there is none; `dropout` is for training.
        check_names(
            inner,
            {"z_channels", "in_channels", "out_ch", "ch", "ch_mult", "num_res_blocks"},
            {"resolution", "dropout", *FIXED},
            f"{WHERE}, ddconfig,",
        )
        picture_channels = whole_number(inner, "in_channels", WHERE)
        fixed_values(inner, {**FIXED, "out_ch": picture_channels}, WHERE)
        channels = whole_number(inner, "ch", WHERE)
        if channels % GROUPS:
            raise ModelError(TITLE, f"{WHERE} has ch = {channels}, not a multiple of {GROUPS}.")
        return cls(
            picture_channels=picture_channels,
            latent_channels=whole_number(inner, "z_channels", WHERE),
            code_channels=whole_number(mapping, "embed_dim", WHERE),
            codes=whole_number(mapping, "n_embed", WHERE),
            channels=channels,
            multipliers=whole_numbers(inner, "ch_mult", WHERE),
            res_blocks=whole_number(inner, "num_res_blocks", WHERE),
        )


def _norm(channels: int) -> nn.GroupNorm:
    return nn.GroupNorm(GROUPS, channels, eps=NORM_EPS)


def _conv3x3(in_channels: int, out_channels: int) -> nn.Conv2d:
    return nn.Conv2d(in_channels, out_channels, 3, padding=1)


class ResBlock(nn.Module):
    """Two normalized 3x3 convolutions around which the input is added, [N, C, H, W]."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.norm1 = _norm(in_channels)
        self.conv1 = _conv3x3(in_channels, out_channels)
        self.norm2 = _norm(out_channels)
        self.conv2 = _conv3x3(out_channels, out_channels)
        if in_channels != out_channels:
            self.nin_shortcut = nn.Conv2d(in_channels, out_channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """[N, in_channels, H, W] to [N, out_channels, H, W]."""
        h = self.conv1(F.silu(self.norm1(x)))
        residual: Tensor = self.conv2(F.silu(self.norm2(h)))
        return residual + (self.nin_shortcut(x) if hasattr(self, "nin_shortcut") else x)


class Attention(nn.Module):
    """Self-attention of one head among all pixels, added to the input."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = _norm(channels)
        self.q = nn.Conv2d(channels, channels, 1)
        self.k = nn.Conv2d(channels, channels, 1)
        self.v = nn.Conv2d(channels, channels, 1)
        self.proj_out = nn.Conv2d(channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """[N, C, H, W] to the same."""
        h = self.norm(x)
        # Contiguous channels let the fused attention run, which holds no matrix of all pairs.
        q, k, v = (
            layer(h).flatten(2).transpose(1, 2)[:, None].contiguous()
            for layer in (self.q, self.k, self.v)
        )
        mixed = F.scaled_dot_product_attention(q, k, v)[:, 0]
        projected: Tensor = self.proj_out(mixed.transpose(1, 2).reshape(x.shape))
        return x + projected


class Middle(nn.Module):
    """What lies between the two halves: residual block, attention, residual block."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.block_1 = ResBlock(channels, channels)
        self.attn_1 = Attention(channels)
        self.block_2 = ResBlock(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        """[N, C, H, W] to the same."""
        h: Tensor = self.block_2(self.attn_1(self.block_1(x)))
        return h


class Downsample(nn.Module):
    """Half the resolution by a strided convolution padded at the bottom and right only."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        """[N, C, 2h, 2w] to [N, C, h, w]."""
        h: Tensor = self.conv(F.pad(x, (0, 1, 0, 1)))
        return h


class Upsample(nn.Module):
    """Twice the resolution: every pixel repeated, then a convolution.

    Of the nine taps of an output pixel some read the same input pixel, so each of the four kinds of
    output pixels is a convolution of 2x2 taps over the input: four multiplications for nine.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = _conv3x3(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        """[N, C, h, w] to [N, C, 2h, 2w]."""
        n, channels, height, width = x.shape
        y = torch.empty(
            (n, channels, 2 * height, 2 * width),
            dtype=x.dtype,
            device=x.device,
            memory_format=_layout(x),
        )
        for row in range(2):
            merged = _merged(self.conv.weight, 2, row)
            for column in range(2):
                padded = F.pad(x, (1 - column, column, 1 - row, row))
                y[:, :, row::2, column::2] = F.conv2d(
                    padded, _merged(merged, 3, column), self.conv.bias
                )
        return y


def _layout(x: Tensor) -> torch.memory_format:
    innermost = x.is_contiguous(memory_format=torch.channels_last) and not x.is_contiguous()
    return torch.channels_last if innermost else torch.contiguous_format


def _merged(weight: Tensor, axis: int, second: int) -> Tensor:
    """Three taps along an axis to the two input pixels that the first or second output reads."""
    before, middle, after = weight.unbind(axis)
    pair = (before + middle, after) if second else (before, middle + after)
    return torch.stack(pair, axis)


class Level(nn.Module):
    """The residual blocks of one resolution and the way to the next one, if there is one."""

    def __init__(self, in_channels: int, channels: int, blocks: int) -> None:
        super().__init__()
        self.block = nn.ModuleList(
            ResBlock(in_channels if i == 0 else channels, channels) for i in range(blocks)
        )

    def forward(self, x: Tensor) -> Tensor:
        """[N, in_channels, H, W] to [N, channels, H', W']."""
        for block in self.block:
            x = block(x)
        for resample in ("downsample", "upsample"):
            if hasattr(self, resample):
                x = getattr(self, resample)(x)
        return x


class Encoder(nn.Module):
    """Pictures [N, picture_channels, fH, fW] to [N, latent_channels, H, W], f the reduction."""

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        widths = config.widths
        self.conv_in = _conv3x3(config.picture_channels, config.channels)
        self.down = nn.ModuleList()
        before = config.channels
        for width in widths:
            self.down.append(Level(before, width, config.res_blocks))
            before = width
        for level, width in zip(list(self.down)[:-1], widths[:-1], strict=True):
            level.downsample = Downsample(width)
        self.mid = Middle(before)
        self.norm_out = _norm(before)
        self.conv_out = _conv3x3(before, config.latent_channels)

    def forward(self, picture: Tensor) -> Tensor:
        """Encode."""
        h = self.conv_in(picture)
        for level in self.down:
            h = level(h)
        latent: Tensor = self.conv_out(F.silu(self.norm_out(self.mid(h))))
        return latent


class Decoder(nn.Module):
    """[N, latent_channels, H, W] to pictures [N, picture_channels, fH, fW]."""

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        widths = config.widths
        self.conv_in = _conv3x3(config.latent_channels, widths[-1])
        self.mid = Middle(widths[-1])
        # Numbered from the finest level, and run from the coarsest.
        self.up = nn.ModuleList(
            Level(before, width, config.res_blocks + 1)
            for before, width in zip((*widths[1:], widths[-1]), widths, strict=True)
        )
        for level, width in zip(list(self.up)[1:], widths[1:], strict=True):
            level.upsample = Upsample(width)
        self.norm_out = _norm(widths[0])
        self.conv_out = _conv3x3(widths[0], config.picture_channels)

    def forward(self, latent: Tensor) -> Tensor:
        """Decode."""
        h = self.mid(self.conv_in(latent))
        for level in reversed(self.up):
            h = level(h)
        picture: Tensor = self.conv_out(F.silu(self.norm_out(h)))
        return picture


class Codebook(nn.Module):
    """Replaces every pixel of a latent by the nearest of the learned codes."""

    def __init__(self, codes: int, channels: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(codes, channels)

    def nearest(self, latent: Tensor) -> Tensor:
        """Indices [N, H, W], int64, of the codes nearest to [N, C, H, W]; ties go to the first."""
        codes = self.embedding.weight
        pixels = latent.movedim(1, -1).reshape(-1, codes.shape[1])
        lengths = codes.square().sum(1)
        found = [
            # The pixel's own length is the same for all codes, so it decides nothing.
            torch.addmm(lengths, chunk, codes.T, alpha=-2).argmin(1)
            for chunk in pixels.split(max(1, MOST_DISTANCES // codes.shape[0]))
        ]
        return torch.cat(found).reshape(latent.shape[0], *latent.shape[2:])

    def forward(self, latent: Tensor) -> Tensor:
        """[N, C, H, W] to the same shape."""
        codes: Tensor = self.embedding(self.nearest(latent))
        # On a CPU, group normalization of channels-last tensors loses more than a digit.
        return codes.movedim(-1, 1).contiguous()


class VqAutoencoder(nn.Module):
    """Pictures to latents and back; latents are quantized on the way back only."""

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = Encoder(config)
        self.decoder = Decoder(config)
        self.quantize = Codebook(config.codes, config.code_channels)
        self.quant_conv = nn.Conv2d(config.latent_channels, config.code_channels, 1)
        self.post_quant_conv = nn.Conv2d(config.code_channels, config.latent_channels, 1)

    def encode(self, picture: Tensor) -> Tensor:
        """Pictures [N, 3, 4h, 4w] in -1..1 to latents [N, code_channels, h, w], not quantized."""
        latent: Tensor = self.quant_conv(self.encoder(self._taken(picture)))
        return latent.float().contiguous()

    def decode(self, latent: Tensor) -> Tensor:
        """Latents [N, code_channels, h, w] to pictures [N, 3, 4h, 4w], -1..1 but not clamped."""
        codes = self._taken(self.quantize(latent))
        picture: Tensor = self.decoder(self.post_quant_conv(codes))
        return picture.float().contiguous()

    def quicken(self) -> None:
        """Compute in the numbers and the layout that are quickest on the device it is on.

        Where those have 16 bits, channels come to lie innermost too; results are float32 all the
        same, and differ by what rounding makes of them. Codes are found in float32.
        """
        kind = quickest_type(self.quant_conv.weight.device)
        if kind == torch.float32:
            self.float()
            return
        for part in (self.encoder, self.decoder, self.quant_conv, self.post_quant_conv):
            part.to(dtype=kind)
            part.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def _taken(self, x: Tensor) -> Tensor:
        """The input in the numbers and the layout of the weights."""
        weight = self.encoder.conv_in.weight
        return x.to(dtype=weight.dtype, memory_format=_layout(weight))


def quickest_type(device: torch.device) -> torch.dtype:
    """fp16 on a GPU, as its authors run it; bf16 on a processor that multiplies it; else fp32."""
    if device.type == "cuda":
        return torch.float16
    if device.type == "cpu" and _multiplies_bf16():
        return torch.bfloat16
    return torch.float32


def _multiplies_bf16() -> bool:
    checks = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(getattr(torch.cpu, check, bool)() for check in checks)


def load_autoencoder_state(model: VqAutoencoder, state: Mapping[str, Tensor]) -> None:
    """Load a checkpoint's tensors as float32.

    Args:
        model: On any device; it is not changed at all if the checkpoint does not fit. On the meta
            device its parameters are replaced by the checkpoint's, which float32 ones share.
        state: The checkpoint's tensors of any floating type under their released names.

    Raises:
        ModelError: names all keys that are missing, unknown, of another shape or no numbers.
    """
    wanted = model.state_dict()
    found = misfits(wanted, state)
    shared = sorted(wanted.keys() & state.keys())
    faults = {
        "missing": found.missing,
        "unknown": found.unexpected,
        "of another shape": [
            f"{key} {tuple(state[key].shape)} instead of {tuple(wanted[key].shape)}"
            for key in sorted(found.misshapen)
        ],
        "not of a floating type": [k for k in shared if not state[k].is_floating_point()],
    }
    if any(faults.values()):
        named = "; ".join(f"{what}: {', '.join(keys)}" for what, keys in faults.items() if keys)
        raise ModelError(TITLE, f"The autoencoder's checkpoint does not fit: {named}.")
    fill(model, {key: state[key].float() for key in shared})
