"""What is kept is what would be made anew."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor

from bimaco_gui.model.kept import Kept
from bimaco_gui.model.released.blocks import timestep_embedding
from bimaco_gui.model.released.config import ReleasedUNetConfig
from bimaco_gui.model.released.defaults import UNET
from bimaco_gui.model.released.packed_blocks import PackedSwinBlock
from bimaco_gui.model.released.swin import ReleasedSwinBlock

CPU = torch.device("cpu")


def test_it_is_made_once_and_again_when_its_source_is_written_to() -> None:
    kept, source, made = Kept(), torch.ones(2), []

    def make() -> Tensor:
        made.append(1)
        return source * 2

    first = kept.of(source, CPU, None, make)
    assert kept.of(source, CPU, None, make) is first and len(made) == 1
    source.mul_(3)
    assert torch.equal(kept.of(source, CPU, None, make), torch.full((2,), 6.0))
    kept.of(source, CPU, "another key", make)
    kept.of(torch.ones(2), CPU, "another key", make)
    assert len(made) == 4


def test_nothing_is_dropped_that_a_graph_may_still_read() -> None:
    kept, source = Kept(), torch.ones(2)
    small, large = (kept.of(source, CPU, n, lambda n=n: torch.zeros(n)) for n in (3, 5))
    assert kept.of(source, CPU, 3, source.clone) is small
    assert kept.of(source, CPU, 5, source.clone) is large


def test_nothing_is_kept_that_is_made_while_a_graph_is_recorded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept, source, device = Kept(), torch.ones(2), torch.device("cuda")
    monkeypatch.setattr(torch.cuda, "is_current_stream_capturing", lambda: True)
    recorded = kept.of(source, device, None, source.clone)
    on_processor = kept.of(source, CPU, None, source.clone)
    monkeypatch.setattr(torch.cuda, "is_current_stream_capturing", lambda: False)
    value = kept.of(source, device, None, source.clone)
    assert value is not recorded
    assert kept.of(source, device, None, source.clone) is value
    assert kept.of(source, CPU, None, source.clone) is on_processor
    monkeypatch.setattr(torch.cuda, "is_current_stream_capturing", lambda: True)
    assert kept.of(source, device, None, source.clone) is value


def test_what_is_made_in_inference_mode_can_be_trained_with() -> None:
    with torch.inference_mode():
        timestep_embedding(torch.tensor([3]), 10)
    weight = torch.ones(10, requires_grad=True)
    (timestep_embedding(torch.tensor([3]), 10) * weight).sum().backward()
    assert weight.grad is not None and torch.allclose(
        weight.grad, timestep_embedding(torch.tensor([3]), 10)[0]
    )


@pytest.fixture
def block() -> PackedSwinBlock:
    torch.manual_seed(0)
    mapping = {**UNET, "swin_embed_dim": 32, "window_size": 4, "num_head_channels": 8}
    config = ReleasedUNetConfig.from_mapping(mapping)
    return PackedSwinBlock(ReleasedSwinBlock(config, shift=2)).eval().requires_grad_(False)


@torch.no_grad()
def test_a_block_follows_its_table_and_the_size_of_its_map(block: PackedSwinBlock) -> None:
    small, large = torch.randn(1, 32, 4, 8), torch.randn(2, 32, 12, 8)
    before = block(small)
    assert torch.equal(copy.deepcopy(block)(small), before)
    block.attn.relative_position_bias_table.add_(torch.randn(49, 4))
    fresh = copy.deepcopy(block)
    fresh.load_state_dict(block.state_dict())
    assert not torch.equal(block(small), before)
    for x in (large, small, large):
        alone = PackedSwinBlock(fresh)
        assert torch.equal(block(x), alone(x))
