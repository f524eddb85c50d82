"""The networks as plain modules: no files, no Qt, no tiling."""

from bimaco_gui.model.config import (
    BlockConfig,
    CodecConfig,
    DiffusionConfig,
    UNetConfig,
    UpscalerConfig,
)
from bimaco_gui.model.convert import binarize, pack
from bimaco_gui.model.layers import Form
from bimaco_gui.model.upscaler import OneStepUpscaler

__all__ = [
    "BlockConfig",
    "CodecConfig",
    "DiffusionConfig",
    "Form",
    "OneStepUpscaler",
    "UNetConfig",
    "UpscalerConfig",
    "binarize",
    "pack",
]
