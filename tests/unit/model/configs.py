"""Small configurations, so that tests of whole networks take milliseconds."""

import dataclasses

from bimaco_gui.model import BlockConfig, CodecConfig, UNetConfig, UpscalerConfig

TINY = UpscalerConfig(
    block=BlockConfig(rank=4),
    codec=CodecConfig(latent_channels=4, fine_channels=12, coarse_channels=16),
    unet=UNetConfig(channels=(16, 24), head_channels=8, window=4, mlp_ratio=2),
)

FLAT = dataclasses.replace(
    TINY,
    codec=CodecConfig(
        latent_channels=4,
        fold=4,
        coarse_channels=16,
        encoder_channels=8,
        encoder_fine_blocks=0,
        decoder_fine_blocks=0,
        guided=True,
    ),
)
"""All work at the latent's resolution, the decoder guided by the LR picture."""
