"""Model files: the packed format, and which models are installed."""

from bimaco_gui.weights.packed import (
    ModelCard,
    load_model,
    read_card,
    save_model,
)
from bimaco_gui.weights.registry import DEFAULT_MODEL, ModelInfo, find_model, installed_models

__all__ = [
    "DEFAULT_MODEL",
    "ModelCard",
    "ModelInfo",
    "find_model",
    "installed_models",
    "load_model",
    "read_card",
    "save_model",
]
