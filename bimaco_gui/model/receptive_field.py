"""How far an LR pixel can matter: the width of the border that a cut makes unusable.

A tile cut out of a picture sees zeros where the picture goes on, and what is wrong because of
that spreads inwards layer by layer. Attention windows are aligned to the tile's start, so they
round the wrong border up to whole windows instead of adding their own width.
"""

from __future__ import annotations

from bimaco_gui.model.config import UpscalerConfig

BICUBIC_TAPS = 2  # LR pixels on either side that cubic interpolation reads
CONVS_PER_BLOCK = 2


def _downsampled(border: int) -> int:
    # Output i reads inputs 2i-1 .. 2i+1.
    return border // 2 + 1 if border % 2 == 0 else (border + 1) // 2


def _windowed(border: int, window: int, shift: int) -> int:
    # Windows start at multiples of `window`, less `shift`; any wrong pixel spoils its window.
    return -(-(border - shift) // window) * window + shift if border > shift else shift


def context(config: UpscalerConfig) -> int:
    """Width in LR pixels of the border that depends on what lies beyond a cut."""
    codec, unet = config.codec, config.unet
    has_fine = codec.fold == 2
    if has_fine:
        border = 4 * BICUBIC_TAPS // 2  # at the encoder's finest maps, 2h x 2w
        border = _downsampled(border + 1 + CONVS_PER_BLOCK * codec.encoder_fine_blocks)
    else:
        border = BICUBIC_TAPS + 1
    border += CONVS_PER_BLOCK * codec.encoder_coarse_blocks + 1
    border += 1  # the UNet's first convolution
    last = len(unet.channels) - 1
    for level, count in enumerate(unet.down_blocks):
        border += CONVS_PER_BLOCK * count
        if level < last:
            border = _downsampled(border)
    for i in range(unet.swin_depth):
        border = _windowed(border, unet.window, (i % 2) * (unet.window // 2))
    for level in reversed(range(len(unet.channels))):
        if level < last:
            border = 2 * border + 1
        border += CONVS_PER_BLOCK * unet.up_blocks[level]
    border += 2  # the UNet's last convolution and the decoder's first
    border += CONVS_PER_BLOCK * codec.decoder_coarse_blocks
    if not has_fine:
        return border + 1
    border = 2 * border + 1 + CONVS_PER_BLOCK * codec.decoder_fine_blocks + 1
    return -(-border // 2)
