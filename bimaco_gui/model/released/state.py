"""Loading a released state dict: every key accounted for, where the authors' loader skips silently.

The authors' checkpoints carry tensors that their networks never read or compute anew each time.
Exactly those may be in a state, and are ignored.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from bimaco_gui.errors import ModelError
from bimaco_gui.model.released.layers import ReleasedSparse
from bimaco_gui.model.released.strict import fill, misfits
from bimaco_gui.model.released.unet import ReleasedUNet


def unused_keys(unet: ReleasedUNet) -> set[str]:
    """Keys of a released state dict that the network has no use for."""
    return {
        f"{name}.{key}"
        for name, module in unet.named_modules()
        for key in getattr(module, "unused_keys", ())
    }


def _misfits(unet: ReleasedUNet, state: Mapping[str, Tensor]) -> list[str]:
    """What keeps `state` from being loaded, a phrase per key."""
    own = unet.state_dict()
    found = misfits(own, state, unused_keys(unet))
    phrases = [f"{key} is missing" for key in found.missing]
    phrases += [f"{key} is unexpected" for key in found.unexpected]
    phrases += [
        f"{key} is {list(state[key].shape)} instead of {list(own[key].shape)}"
        for key in found.misshapen
    ]
    if phrases:
        return phrases
    for name, module in unet.named_modules():
        if isinstance(module, ReleasedSparse):
            key = f"{name}.indices_float"
            index = state[key].float().round()
            size = torch.tensor(module.shape, device=index.device)[:, None]
            if not ((index >= 0) & (index < size)).all():
                phrases.append(f"{key} points outside its layer")
    return phrases


def load_unet_state(unet: ReleasedUNet, state: Mapping[str, Tensor]) -> None:
    """Load a flat state dict under the authors' names; values become float32, indices whole.

    Args:
        unet: Any form, on any device. On the meta device its parameters are replaced by the
            state's tensors, without a copy of those that are float32 already.
        state: Any floating type; it is not changed.

    Raises:
        ModelError: keys are missing, unexpected, of another shape, or point outside their layer.
            The message names them all, and nothing has been loaded.
    """
    phrases = _misfits(unet, state)
    if phrases:
        sentence = "; ".join(phrases)
        raise ModelError(
            "The weights do not fit the network", f"They are not of this network: {sentence}."
        )
    values = {
        key: state[key].float().round() if key.endswith(".indices_float") else state[key].float()
        for key in unet.state_dict()
    }
    fill(unet, values)
