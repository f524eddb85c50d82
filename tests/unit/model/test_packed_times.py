"""The layers of the time's embedding, one by one and together."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor, nn

from bimaco_gui import ops
from bimaco_gui.model.released import packed_times
from bimaco_gui.model.released.packed_layers import PackedReleasedLinear
from bimaco_gui.model.released.packed_times import PackedTimes


def a_layer(outputs: int, rank: int = 8) -> PackedReleasedLinear:
    layer = PackedReleasedLinear(40, outputs, rank=rank)
    for name, buffer in layer.named_buffers():
        if name == "bits":
            buffer.random_(0, 256)
        elif name in ("sparse_out", "sparse_in"):
            buffer.random_(0, outputs if name == "sparse_out" else 40)
        elif buffer.is_floating_point():
            buffer.normal_()
    return layer


@pytest.fixture
def layers() -> list[nn.Module]:
    torch.manual_seed(0)
    return [a_layer(outputs) for outputs in (24, 16, 64, 8, 24, 32, 48, 16, 24, 40)]


@pytest.fixture
def together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ops, "is_on_gpu", lambda x: True)


def apart(layers: list[nn.Module], embedding: Tensor) -> list[Tensor]:
    return PackedTimes(layers)(embedding)


def assert_near(mine: list[Tensor], wanted: list[Tensor]) -> None:
    assert [part.shape for part in mine] == [part.shape for part in wanted]
    for part, other in zip(mine, wanted, strict=True):
        assert (part - other).abs().max() <= 1e-5 * other.abs().max()


@pytest.mark.parametrize("pictures", [1, 3])
def test_together_they_give_what_each_gives(
    layers: list[nn.Module], pictures: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedding = torch.randn(pictures, 40)
    wanted = apart(layers, embedding)
    monkeypatch.setattr(ops, "is_on_gpu", lambda x: True)
    calls: list[int] = []
    op = ops.binary_conv2d

    def counted(x: Tensor, bits: Tensor, *rest: object, **options: object) -> Tensor:
        calls.append(bits.shape[0])
        return op(x, bits, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(ops, "binary_conv2d", counted)
    assert_near(PackedTimes(layers)(embedding), wanted)
    # Eight of rank 8 are as many as the op takes.
    assert calls == [24 + 16 + 64 + 8 + 24 + 32 + 48 + 16, 24 + 40]


@pytest.mark.usefixtures("together")
@pytest.mark.parametrize("what", ["bits", "alpha", "bias", "low_rank_up", "sparse_values"])
def test_new_weights_are_joined_anew(layers: list[nn.Module], what: str) -> None:
    embedding = torch.randn(1, 40)
    times = PackedTimes(layers)
    before = times(embedding)
    buffer = layers[-1].get_buffer(what)
    buffer.copy_(~buffer if what == "bits" else buffer * 2)
    assert torch.equal(times(embedding)[0], before[0])
    assert not torch.equal(times(embedding)[-1], before[-1])


@pytest.mark.usefixtures("together")
def test_layers_joined_while_a_graph_is_recorded_are_not_kept(
    layers: list[nn.Module], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is computed then has no value before the graph runs, and none after it is gone."""
    embedding, read = torch.randn(1, 40), []
    op = ops.binary_conv2d

    def watched(x: Tensor, bits: Tensor, *rest: object, **options: object) -> Tensor:
        read.append(bits)
        return op(x, bits, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(ops, "binary_conv2d", watched)
    times = PackedTimes(layers)
    recording = [True, True, False, False, True]
    parts = []
    for now in recording:
        monkeypatch.setattr(packed_times, "is_recorded", lambda device, now=now: now)
        parts.append(times(embedding))
    first, second, third, fourth, fifth = read[::2]
    assert first is not second and third is not first and third is not second
    assert fourth is third and fifth is third
    for other in parts[1:]:
        assert all(torch.equal(a, b) for a, b in zip(parts[0], other, strict=True))


@pytest.mark.usefixtures("together")
def test_layers_in_full_precision_are_computed_alone() -> None:
    torch.manual_seed(1)
    embedding, linear = torch.randn(2, 40), nn.Linear(40, 12)
    (mine,) = PackedTimes([linear])(embedding)
    assert torch.allclose(mine, linear(nn.functional.silu(embedding)))


@pytest.mark.usefixtures("together")
def test_a_copy_has_layers_of_its_own(layers: list[nn.Module]) -> None:
    class Holder(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layers = nn.ModuleList(layers)
            self.times = PackedTimes(layers)

    holder, embedding = Holder(), torch.randn(1, 40)
    before = holder.times(embedding)
    other = copy.deepcopy(holder)
    for layer in other.layers:
        layer.alpha.zero_()
        layer.bits.bitwise_not_()
    assert torch.equal(holder.times(embedding)[3], before[3])
    assert not torch.equal(other.times(embedding)[3], before[3])
