import copy
import dataclasses

import numpy as np
import pytest
import torch
from torch import nn

from bimaco_gui.model import Form, OneStepUpscaler, pack
from bimaco_gui.model.packed_layers import PackedBinaryConv2d
from bimaco_gui.weights.integers import as_gaps, deflated, from_gaps, inflated
from bimaco_gui.weights.stored_form import LIMITS, STREAMS, from_streams, layout, to_streams
from tests.unit.model.configs import FLAT, TINY


def trained(seed: int = 0) -> OneStepUpscaler:
    """A packed model whose every number is its own."""
    torch.manual_seed(seed)
    binary = OneStepUpscaler(TINY, Form.BINARY).eval()
    with torch.no_grad():
        for parameter in binary.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.1)
        for module in binary.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.running_mean.normal_()
                module.running_var.uniform_(0.5, 2)
    return pack(binary)


def read_back(model: OneStepUpscaler) -> OneStepUpscaler:
    empty = OneStepUpscaler(model.config, Form.PACKED).eval().requires_grad_(False)
    from_streams(empty, to_streams(model))
    return empty


def test_numbers_come_back_within_half_a_step_of_their_group() -> None:
    model = trained()
    loaded = read_back(model)
    checked = 0
    for name, layer in model.named_modules():
        if not isinstance(layer, PackedBinaryConv2d):
            continue
        twin = loaded.get_submodule(name)
        assert torch.equal(twin.bits, layer.bits)
        assert torch.equal(twin.sparse_out, layer.sparse_out)
        assert torch.equal(twin.sparse_in, layer.sparse_in)
        for key, stream, groups in [
            ("low_rank_down", "factors", layer.low_rank_down),
            ("low_rank_up", "factors", layer.low_rank_up.T),
            ("sparse_values", "sparse", layer.sparse_values[None]),
            ("alpha", "vectors", layer.alpha[None]),
            ("slope", "vectors", layer.slope[None]),
        ]:
            limit = LIMITS[stream]
            step = groups.abs().amax(1, keepdim=True) / limit
            found = getattr(twin, key)
            found = found.T if key == "low_rank_up" else found.view(groups.shape)
            # The scale itself is rounded to 11 bits, which counts where the integer is large.
            assert bool(((found - groups).abs() <= step * (0.5 + limit * 2**-11)).all()), key
            checked += groups.numel()
    assert checked > 1000


def test_normalization_comes_back_as_what_it_does() -> None:
    model = trained()
    loaded = read_back(model)
    norms = {n: m for n, m in model.named_modules() if isinstance(m, nn.BatchNorm2d)}
    assert {norm.affine for norm in norms.values()} == {True, False}
    for name, norm in norms.items():
        x = torch.randn(2, norm.num_features, 4, 4)
        wanted, found = norm(x), loaded.get_submodule(name)(x)
        assert float((wanted - found).abs().max()) < 0.02 * float(wanted.abs().max()), name


def test_reading_and_storing_again_moves_nothing_further() -> None:
    once = read_back(trained())
    twice = read_back(once)
    for name, value in once.state_dict().items():
        torch.testing.assert_close(twice.state_dict()[name], value, rtol=0.01, atol=1e-4)
        if name.endswith(("low_rank_down", "sparse_values", "alpha", "first.weight")):
            torch.testing.assert_close(twice.state_dict()[name], value)


@pytest.mark.parametrize("rank, sparse", [(0, 2), (8, 0), (0, 0)])
def test_models_without_a_branch_are_stored_too(rank: int, sparse: int) -> None:
    block = dataclasses.replace(TINY.block, rank=rank, sparse_per_channel=sparse)
    config = dataclasses.replace(TINY, block=block)
    model = pack(OneStepUpscaler(config, Form.BINARY))
    wanted, found = model.unet.last.weight, read_back(model).unet.last.weight
    torch.testing.assert_close(found, wanted, rtol=0, atol=float(wanted.abs().max()) / 100)


def test_the_layout_tells_architectures_apart() -> None:
    assert layout(trained(0)) == layout(trained(1))
    assert layout(trained()) != layout(OneStepUpscaler(FLAT, Form.PACKED))


def test_weights_that_are_not_finite_are_refused() -> None:
    for value in (float("nan"), float("inf"), 1e9):
        model = trained()
        model.unet.first.bias[0] = value
        with pytest.raises(ValueError, match=r"unet\.first\.bias"):
            to_streams(model)


def test_streams_of_another_length_are_refused() -> None:
    model = trained()
    streams = to_streams(model)
    assert set(streams) == set(STREAMS)
    for name in STREAMS:
        with pytest.raises(ValueError):
            from_streams(copy.deepcopy(model), {**streams, name: streams[name][:-1]})
        with pytest.raises(ValueError):
            from_streams(
                copy.deepcopy(model), {**streams, name: streams[name].repeat_interleave(2)}
            )
        with pytest.raises(ValueError, match=name):
            from_streams(copy.deepcopy(model), {k: v for k, v in streams.items() if k != name})
        with pytest.raises(ValueError, match="row"):
            from_streams(copy.deepcopy(model), {**streams, name: streams[name].double()})


def test_places_outside_of_a_layer_are_refused() -> None:
    model = trained()
    streams = to_streams(model)
    layers = [layer for layer in model.modules() if hasattr(layer, "bits")]
    gaps = inflated(streams["places"].numpy(), 100_000)
    end = sum(layer.in_channels * layer.out_channels for layer in layers)
    beyond = as_gaps(np.append(from_gaps(gaps)[:-1], end))
    places = torch.from_numpy(deflated(beyond))
    with pytest.raises(ValueError, match="outside"):
        from_streams(model, {**streams, "places": places})
