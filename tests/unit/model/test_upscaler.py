import dataclasses
import json

import pytest
import torch
from torch import nn

from bimaco_gui.model import Form, OneStepUpscaler, UpscalerConfig, binarize, pack
from bimaco_gui.model.binary_layers import BinaryConv2d, BinaryLinear
from bimaco_gui.model.diffusion import network_input, start_latent
from tests.unit.model.configs import FLAT, TINY


def inputs(model: OneStepUpscaler, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(11)
    lq = torch.rand(1, 3, height, width, generator=generator)
    return lq, torch.randn(1, model.latent_channels, height, width, generator=generator)


@pytest.mark.parametrize("form", list(Form))
def test_every_form_makes_a_picture_of_four_times_the_size(form: Form) -> None:
    model = OneStepUpscaler(TINY, form).eval()
    with torch.inference_mode():
        result = model(*inputs(model, 16, 24))
    assert result.shape == (1, 3, 64, 96)
    assert bool(result.isfinite().all())


def test_all_layers_are_binary_but_the_first_and_last_of_each_network() -> None:
    model = OneStepUpscaler(TINY, Form.BINARY)
    plain = {
        name for name, layer in model.named_modules() if isinstance(layer, nn.Conv2d | nn.Linear)
    }
    networks = ("encoder", "unet", "decoder")
    assert plain == {f"{network}.{end}" for network in networks for end in ("first", "last")}
    assert sum(isinstance(m, BinaryConv2d) for m in model.modules()) > 20
    assert sum(isinstance(m, BinaryLinear) for m in model.modules()) == 4


def test_a_configuration_survives_json() -> None:
    config = dataclasses.replace(TINY, diffusion=dataclasses.replace(TINY.diffusion, kappa=1.5))
    assert UpscalerConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config


def test_a_configuration_of_another_version_is_refused() -> None:
    mapping = TINY.to_dict()
    mapping["codec"]["colour_space"] = "lab"
    with pytest.raises(TypeError):
        UpscalerConfig.from_dict(mapping)


def test_the_start_has_the_variance_that_the_network_expects() -> None:
    generator = torch.Generator().manual_seed(0)
    encoded, noise = torch.randn(2, 1, 8, 64, 64, generator=generator)
    noisy = start_latent(encoded, noise, TINY.diffusion)
    torch.testing.assert_close(noisy, encoded + 1.98 * noise)
    assert network_input(noisy, TINY.diffusion).std().item() == pytest.approx(1, abs=0.02)


def test_noise_and_picture_both_matter() -> None:
    model = OneStepUpscaler(TINY, Form.FULL).eval()
    lq, noise = inputs(model, 16, 16)
    with torch.inference_mode():
        result = model(lq, noise)
        assert not torch.allclose(result, model(lq, noise.flip(2)))
        assert not torch.allclose(result, model(lq.flip(2), noise))


def test_binarizing_keeps_edge_layers_and_normalization() -> None:
    full = OneStepUpscaler(TINY, Form.FULL).eval()
    binary = binarize(full)
    assert torch.equal(full.unet.first.weight, binary.unet.first.weight)
    for name, value in full.named_buffers():
        if name.endswith("running_var"):
            assert torch.equal(value, dict(binary.named_buffers())[name])


@pytest.mark.parametrize("config", [TINY, FLAT, UpscalerConfig()])
def test_nothing_beyond_the_context_matters(config: UpscalerConfig) -> None:
    """Where a tile is cut, pixels farther than `context` from the cut are those of the picture."""
    torch.manual_seed(0)
    model = OneStepUpscaler(config, Form.FULL).double().eval()
    cut = model.alignment * -(-(model.context + 8) // model.alignment)
    side = cut + 2 * model.alignment
    lq = torch.rand(1, 3, side, side, dtype=torch.float64)
    noise = torch.randn(1, model.latent_channels, side, side, dtype=torch.float64)
    with torch.inference_mode():
        whole = model(lq, noise)
        right = model(lq[..., model.alignment :], noise[..., model.alignment :])
        below = model(lq[:, :, : -model.alignment], noise[:, :, : -model.alignment])
    first = 4 * (model.alignment + model.context)
    last = 4 * (side - model.alignment - model.context)
    inside = 4 * model.context
    difference = (whole[..., first:] - right[..., inside:]).abs().max()
    assert difference < 1e-9
    assert (whole[:, :, :last] - below[:, :, :last]).abs().max() < 1e-9


def test_packing_keeps_one_bit_a_weight_in_memory() -> None:
    packed = pack(OneStepUpscaler(TINY, Form.BINARY))
    binary = OneStepUpscaler(TINY, Form.BINARY)
    for name, layer in binary.named_modules():
        if isinstance(layer, BinaryConv2d | BinaryLinear):
            bits = packed.get_submodule(name).bits
            rows = layer.weight.shape[0] * (layer.weight[0, 0].numel())
            assert bits.dtype == torch.uint8
            assert bits.numel() == rows * -(-layer.weight.shape[1] // 8)


@pytest.mark.parametrize("rank, sparse", [(0, 2), (4, 0), (0, 0)])
def test_packed_models_run_without_a_side_branch(rank: int, sparse: int) -> None:
    torch.manual_seed(0)
    block = dataclasses.replace(TINY.block, rank=rank, sparse_per_channel=sparse)
    binary = OneStepUpscaler(dataclasses.replace(TINY, block=block), Form.BINARY).eval()
    x = torch.randn(1, 16, 8, 8)
    layer, twin = binary.unet.down[0][0].conv1, pack(binary).unet.down[0][0].conv1
    with torch.inference_mode():
        torch.testing.assert_close(twin(x), layer(x), rtol=1e-5, atol=1e-5)
