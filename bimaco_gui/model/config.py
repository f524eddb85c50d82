"""Frozen descriptions of the networks: every number that decides a shape, and nothing else.

A configuration travels as JSON in the metadata of a packed file, so a model can be rebuilt from
its file alone.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class BlockConfig:
    """What all blocks of a network share.

    Attributes:
        norm: ``"batch"`` (running statistics, hence local at inference: a pixel's result does not
            depend on the size of the tile around it).
        negative_slope: Slope of the leaky rectifier between normalization and convolution. It is
            positive, so the rectifier keeps the sign, and with it the binary branch.
        shortcut_per_conv: An identity shortcut around each 3x3 convolution (Bi-Real Net) instead
            of one around each pair.
        norm_before_resample: Normalize the input of the down- and upsampling convolutions.
        rank: Rank of the low-rank branch (LRMB; the paper uses 8).
        sparse_per_channel: Entries of the sparse branch (SMB) are this many times the larger
            channel count (the paper uses 2).
    """

    norm: str = "batch"
    negative_slope: float = 0.2
    shortcut_per_conv: bool = True
    norm_before_resample: bool = True
    rank: int = 8
    sparse_per_channel: int = 2


@dataclass(frozen=True)
class CodecConfig:
    """The f4 codec: pictures [N, 3, 4h, 4w] to latents [N, latent_channels, h, w] and back.

    Attributes:
        latent_channels: Channels of the latent.
        fold: Side of the squares of pixels that are rearranged into channels: 2 leaves maps of
            2h x 2w, 4 leaves none, so all work is done at the latent's resolution.
        fine_channels: Width at 2h x 2w; without meaning where `fold` is 4.
        coarse_channels: Width at the latent's resolution (h x w).
        encoder_channels: The encoder's width there, if it is another one; else 0.
        encoder_fine_blocks, encoder_coarse_blocks: Residual blocks of the encoder.
        decoder_coarse_blocks, decoder_fine_blocks: Residual blocks of the decoder. There are
            none at 2h x 2w where `fold` is 4.
        guided: The decoder sees the LR picture too, and what it makes is added to the bicubic
            enlargement.
    """

    latent_channels: int = 8
    fold: int = 2
    fine_channels: int = 48
    coarse_channels: int = 96
    encoder_channels: int = 0
    encoder_fine_blocks: int = 1
    encoder_coarse_blocks: int = 1
    decoder_coarse_blocks: int = 1
    decoder_fine_blocks: int = 2
    guided: bool = False

    def __post_init__(self) -> None:
        """Refuse what has no meaning.

        Raises:
            ValueError: `fold` is neither 2 nor 4, or there are fine blocks where it is 4.
        """
        if self.fold not in (2, 4):
            raise ValueError(f"the codec folds 2 or 4 pixels a side, not {self.fold}")
        if self.fold == 4 and self.encoder_fine_blocks + self.decoder_fine_blocks:
            raise ValueError("a codec that folds 4 pixels a side has no fine blocks")


@dataclass(frozen=True)
class UNetConfig:
    """The denoiser: a UNet whose lowest level holds a pair of Swin blocks.

    Attributes:
        channels: Width of each level, finest first; each level halves the resolution.
        down_blocks: Residual blocks of each level on the way down (the lowest level's are before
            its Swin blocks).
        up_blocks: Residual blocks of each level on the way up (the lowest level's are after its
            Swin blocks).
        swin_depth: Swin blocks in the lowest level, possibly none; every second one is shifted.
        window: Side of an attention window in pixels of that level.
        head_channels: Channels of one attention head.
        mlp_ratio: Hidden width of a Swin block's perceptron over its width.
    """

    channels: tuple[int, ...] = (96, 192)
    down_blocks: tuple[int, ...] = (1, 1)
    up_blocks: tuple[int, ...] = (2, 1)
    swin_depth: int = 2
    window: int = 8
    head_channels: int = 32
    mlp_ratio: int = 4


@dataclass(frozen=True)
class DiffusionConfig:
    """The last step of the residual-shifting schedule, the only one that is ever taken.

    Attributes:
        kappa: Noise strength (ResShift's kappa).
        sqrt_eta: Square root of the shift at the last step.
    """

    kappa: float = 2.0
    sqrt_eta: float = 0.99


@dataclass(frozen=True)
class UpscalerConfig:
    """The whole one-step x4 model."""

    block: BlockConfig = field(default_factory=BlockConfig)
    codec: CodecConfig = field(default_factory=CodecConfig)
    unet: UNetConfig = field(default_factory=UNetConfig)
    diffusion: DiffusionConfig = field(default_factory=DiffusionConfig)

    @property
    def alignment(self) -> int:
        """Tiles start and end on multiples of this many LR pixels.

        It is the grid of the attention windows or, without them, of the lowest level's pixels.
        """
        window = self.unet.window if self.unet.swin_depth else 1
        return int(window * 2 ** (len(self.unet.channels) - 1))

    def to_dict(self) -> dict[str, Any]:
        """A JSON-able mapping; `from_dict` is its inverse."""
        return asdict(self)

    @classmethod
    def from_dict(cls, mapping: dict[str, Any]) -> UpscalerConfig:
        """Rebuild a configuration.

        Raises:
            TypeError: a name in the mapping is unknown, so it was written by another version.
            KeyError: a part is missing.
        """
        unet: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in mapping["unet"].items()
        }
        return cls(
            block=BlockConfig(**mapping["block"]),
            codec=CodecConfig(**mapping["codec"]),
            unet=UNetConfig(**unet),
            diffusion=DiffusionConfig(**mapping["diffusion"]),
        )
