"""Model files: the packed format, which models are installed, and which can be downloaded.

Names load when they are first used, so that a download does not wait for torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bimaco_gui.weights.kinds import load_upscaler
    from bimaco_gui.weights.packed import ModelCard, load_model, read_card, save_model
    from bimaco_gui.weights.registry import DEFAULT_MODEL, ModelInfo, find_model, installed_models

__all__ = [
    "DEFAULT_MODEL",
    "ModelCard",
    "ModelInfo",
    "find_model",
    "installed_models",
    "load_model",
    "load_upscaler",
    "read_card",
    "save_model",
]

_HOME = {
    "DEFAULT_MODEL": "registry",
    "ModelCard": "packed",
    "ModelInfo": "registry",
    "find_model": "registry",
    "installed_models": "registry",
    "load_model": "packed",
    "load_upscaler": "kinds",
    "read_card": "packed",
    "save_model": "packed",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
