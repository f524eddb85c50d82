"""The released network as a GPU computes it, its kernels run on this processor."""

from __future__ import annotations

import collections
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from bimaco_gui.model import Form
from bimaco_gui.model.released.config import ReleasedUNetConfig
from bimaco_gui.model.released.defaults import BINARIZATION, UNET
from bimaco_gui.model.released.packed_layers import PackedReleasedLayer
from bimaco_gui.model.released.unet import ReleasedUNet, pack_unet
from bimaco_gui.ops import cuda, cuda_around, layout, schema
from tests.unit.ops.cuda_emulation import EmulatedGpu, build

SMALL = {
    **UNET,
    **BINARIZATION,
    "model_channels": 32,
    "channel_mult": [1, 2],
    "num_res_blocks": [1, 1],
    "attention_resolutions": [32],
    "swin_embed_dim": 32,
    "num_head_channels": 8,
}
VIEWS = {"unsqueeze", "select", "chunk", "reshape", "movedim", "view", "to"}
LEFT_TO_TORCH = {"cat", "mul", "cos", "sin", "silu"}
"""Skip connections, and the time's embedding."""


class Counted(TorchDispatchMode):
    """Counts torch's own operators by name."""

    def __init__(self) -> None:
        super().__init__()
        self.names: collections.Counter[str] = collections.Counter()

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if func.namespace == "aten":
            self.names[func.overloadpacket.__name__] += 1
        return func(*args, **(kwargs or {}))


@pytest.fixture(scope="module")
def packed() -> ReleasedUNet:
    torch.manual_seed(0)
    network = ReleasedUNet(ReleasedUNetConfig.from_mapping(SMALL), Form.BINARY).eval()
    packed = pack_unet(network)
    for layer in packed.modules():
        if isinstance(layer, PackedReleasedLayer):
            layer.zero_channels = None
    return packed


@pytest.fixture
def arguments() -> tuple[Tensor, ...]:
    torch.manual_seed(1)
    x, lq = torch.randn(2, 2, 3, 16, 16)
    last = {"memory_format": torch.channels_last}
    return x.contiguous(**last), torch.full((2,), 14), lq.contiguous(**last)


@pytest.fixture
def emulated(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> EmulatedGpu:
    """The ops do on this processor what they do on a GPU."""
    gpu = EmulatedGpu(build(tmp_path_factory.mktemp("emulator")))
    monkeypatch.setattr(cuda, "_gpu", lambda _: gpu)
    monkeypatch.setattr(cuda.cuda_choice, "gpu", lambda _: gpu)
    monkeypatch.setattr(cuda, "is_at_home", lambda _: True)
    monkeypatch.setattr(cuda, "takes_group_norm", lambda *_: True)
    monkeypatch.setattr(cuda, "takes_attention", lambda _, *s: cuda_around.fits_attention(*s))
    monkeypatch.setattr(schema.cuda, "takes_conv2d", lambda *_: True)
    monkeypatch.setattr(layout, "wants_channels_innermost", lambda _: True)
    return gpu


def test_a_gpu_computes_the_same_and_leaves_little_to_torch(
    packed: ReleasedUNet,
    arguments: tuple[Tensor, ...],
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with torch.inference_mode():
        wanted = packed(*arguments)
        gpu: EmulatedGpu = request.getfixturevalue("emulated")
        with monkeypatch.context() as once:  # what is made once is made, no matter of what
            once.setattr(gpu, "launch", lambda *_: None)
            packed(*arguments)
        with Counted() as counted:
            y = packed(*arguments)
    assert (y - wanted).norm() <= 1e-5 * wanted.norm()
    assert set(counted.names) - VIEWS <= LEFT_TO_TORCH
    assert sum(counted.names[name] for name in LEFT_TO_TORCH) <= 12
