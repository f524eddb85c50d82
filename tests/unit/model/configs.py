"""Small configurations, so that tests of whole networks take milliseconds."""

from bimaco_gui.model import BlockConfig, CodecConfig, UNetConfig, UpscalerConfig

TINY = UpscalerConfig(
    block=BlockConfig(rank=4),
    codec=CodecConfig(latent_channels=4, fine_channels=12, coarse_channels=16),
    unet=UNetConfig(channels=(16, 24), head_channels=8, window=4, mlp_ratio=2),
)
