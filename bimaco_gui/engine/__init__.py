"""A picture in, a picture four times as large out.

Names load when they are first used, so that reading and writing pictures does not wait for torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bimaco_gui.engine.device import choose_device, set_threads
    from bimaco_gui.engine.options import UpscaleOptions
    from bimaco_gui.engine.pictures import Picture, picture_size, read_picture
    from bimaco_gui.engine.progress import Progress
    from bimaco_gui.engine.tile_model import TileModel
    from bimaco_gui.engine.upscale import Upscaler
    from bimaco_gui.engine.write import check_writable, write_picture

__all__ = [
    "Picture",
    "Progress",
    "TileModel",
    "UpscaleOptions",
    "Upscaler",
    "check_writable",
    "choose_device",
    "picture_size",
    "read_picture",
    "set_threads",
    "write_picture",
]

_HOME = {
    "Picture": "pictures",
    "Progress": "progress",
    "TileModel": "tile_model",
    "UpscaleOptions": "options",
    "Upscaler": "upscale",
    "check_writable": "write",
    "choose_device": "device",
    "picture_size": "pictures",
    "read_picture": "pictures",
    "set_threads": "device",
    "write_picture": "write",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
