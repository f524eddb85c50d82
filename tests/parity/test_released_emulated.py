"""The released network as a GPU computes it, its kernels run on this processor."""

from __future__ import annotations

import collections

import pytest
import torch
from torch import Tensor
from torch.profiler import ProfilerActivity, profile

from bimaco_gui.model import Form
from bimaco_gui.model.released.config import ReleasedUNetConfig
from bimaco_gui.model.released.defaults import BINARIZATION, UNET
from bimaco_gui.model.released.packed_layers import PackedReleasedLayer
from bimaco_gui.model.released.unet import ReleasedUNet, pack_unet
from bimaco_gui.ops import cpu, cuda, cuda_around, layout, schema
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
LEFT_TO_TORCH = {"cat": 7, "mul": 1, "cos": 1, "sin": 1, "silu": 1, "copy_": 4}
"""Skip connections, the time's embedding, and changes of type; how often at most."""

MOVES_NOTHING = {
    *("alias", "as_strided", "chunk", "clone", "contiguous", "empty", "empty_like"),
    *("empty_strided", "movedim", "narrow", "new_empty", "permute", "reshape", "select", "slice"),
    *("split", "to", "_to_copy", "unsqueeze", "view", "transpose", "lift_fresh", "detach"),
}
"""What allocates and looks differently at memory, or copies by `copy_`."""


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
    monkeypatch.setattr(cpu, "takes_full_conv2d", lambda *_: False)
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
        with profile(activities=[ProfilerActivity.CPU]) as record:
            y = packed(*arguments)
    assert (y - wanted).norm() <= 1e-5 * wanted.norm()
    events = (event.name for event in record.events() or ())
    used = collections.Counter(n.removeprefix("aten::") for n in events if n.startswith("aten::"))
    assert set(used) - MOVES_NOTHING <= set(LEFT_TO_TORCH)
    assert {name: used[name] for name in LEFT_TO_TORCH if used[name] > LEFT_TO_TORCH[name]} == {}
