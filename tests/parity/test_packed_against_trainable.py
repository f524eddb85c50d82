"""The packed form computes what the trainable form computes.

Signs are discontinuous: one activation that rounds to the other side of zero moves everything
behind it. So layers are compared one by one on the same input, to float accuracy, and whole
models by how close their pictures are.
"""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from bimaco_gui.model import (
    BlockConfig,
    CodecConfig,
    Form,
    OneStepUpscaler,
    UNetConfig,
    UpscalerConfig,
    pack,
)
from bimaco_gui.model.binary_layers import BinaryConv2d, BinaryLinear
from bimaco_gui.ops.reference import unpack_signs
from bimaco_gui.weights import find_model, load_model


def relative(a: torch.Tensor, b: torch.Tensor) -> float:
    return float((a - b).norm() / b.norm().clamp_min(1e-12))


def compare_layers(
    binary: OneStepUpscaler, packed: OneStepUpscaler, lq: torch.Tensor, noise: torch.Tensor
) -> int:
    """Feed each packed layer what its trainable twin was given; return how many there are."""
    seen: list[str] = []

    def hook(name: str) -> object:
        twin = packed.get_submodule(name)

        def compare(_: nn.Module, inputs: tuple[torch.Tensor], output: torch.Tensor) -> None:
            assert relative(twin(inputs[0].clone()), output) < 1e-5, name
            seen.append(name)

        return compare

    hooks = [
        layer.register_forward_hook(hook(name))
        for name, layer in binary.named_modules()
        if isinstance(layer, BinaryConv2d | BinaryLinear)
    ]
    with torch.inference_mode():
        binary(lq, noise)
    for handle in hooks:
        handle.remove()
    return len(seen)


@st.composite
def configurations(draw: st.DrawFn) -> UpscalerConfig:
    heads = draw(st.sampled_from([4, 8]))
    coarse = heads * draw(st.integers(1, 3))
    lowest = heads * draw(st.integers(1, 4))
    depth = draw(st.integers(1, 2))
    return UpscalerConfig(
        block=BlockConfig(
            shortcut_per_conv=draw(st.booleans()),
            norm_before_resample=draw(st.booleans()),
            rank=draw(st.sampled_from([1, 4, 8])),
            sparse_per_channel=draw(st.integers(0, 3)),
        ),
        codec=CodecConfig(
            latent_channels=draw(st.integers(1, 6)),
            fine_channels=draw(st.integers(1, 20)),
            coarse_channels=draw(st.integers(1, 20)),
            encoder_fine_blocks=draw(st.integers(0, 1)),
            decoder_fine_blocks=draw(st.integers(0, 2)),
        ),
        unet=UNetConfig(
            channels=(coarse, lowest)[-depth:],
            down_blocks=(1, 1)[-depth:],
            up_blocks=(1, 1)[-depth:],
            swin_depth=draw(st.integers(1, 2)),
            window=draw(st.sampled_from([2, 4])),
            head_channels=heads,
            mlp_ratio=draw(st.integers(1, 3)),
        ),
    )


@settings(max_examples=25, deadline=None)
@given(configurations(), st.integers(1, 2), st.integers(1, 3), st.integers(0, 2**31))
def test_layers_agree_in_any_architecture(
    config: UpscalerConfig, rows: int, columns: int, seed: int
) -> None:
    torch.manual_seed(seed)
    binary = OneStepUpscaler(config, Form.BINARY)
    with torch.no_grad():
        for parameter in binary.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.1)
    binary.eval()
    height, width = rows * config.alignment, columns * config.alignment
    lq = torch.rand(1, 3, height, width)
    noise = torch.randn(1, config.codec.latent_channels, height, width)
    layers = sum(isinstance(m, BinaryConv2d | BinaryLinear) for m in binary.modules())
    assert compare_layers(binary, pack(binary), lq, noise) == layers


@pytest.fixture(scope="module")
def bundled() -> OneStepUpscaler:
    return load_model(find_model(None).path)


@torch.no_grad()
def trainable_twin(packed: OneStepUpscaler) -> OneStepUpscaler:
    """The trainable model that packs to `packed`."""
    twin = OneStepUpscaler(packed.config, Form.BINARY)
    state = {k: v for k, v in packed.state_dict().items() if k in twin.state_dict()}
    twin.load_state_dict(state, strict=False)
    for name, layer in twin.named_modules():
        if isinstance(layer, BinaryConv2d | BinaryLinear):
            source = packed.get_submodule(name)
            signs = unpack_signs(source.bits, source.in_channels)
            layer.weight.copy_(signs.transpose(1, 2).reshape(layer.weight.shape))
            layer.low_rank.down.copy_(source.low_rank_down)
            layer.low_rank.up.copy_(source.low_rank_up)
            layer.sparse.values.copy_(source.sparse_values)
            layer.sparse.out_index.copy_(source.sparse_out)
            layer.sparse.in_index.copy_(source.sparse_in)
        if isinstance(layer, BinaryConv2d):
            layer.activation.slope.copy_(source.slope)
            layer.activation.after.copy_(source.after)
    return twin.eval()


def test_layers_of_the_bundled_model_agree(bundled: OneStepUpscaler) -> None:
    torch.manual_seed(1)
    binary = trainable_twin(bundled)
    lq, noise = torch.rand(1, 3, 32, 48), torch.randn(1, binary.latent_channels, 32, 48)
    layers = sum(isinstance(m, BinaryConv2d | BinaryLinear) for m in binary.modules())
    assert layers > 20
    assert compare_layers(binary, bundled, lq, noise) == layers


def test_the_bundled_model_is_what_its_twin_packs_to(bundled: OneStepUpscaler) -> None:
    for name, value in pack(trainable_twin(bundled)).state_dict().items():
        torch.testing.assert_close(value, bundled.state_dict()[name], rtol=0, atol=0, msg=name)


@pytest.mark.slow
def test_pictures_of_the_bundled_model_agree(bundled: OneStepUpscaler) -> None:
    """To 100 dB wherever the picture does not hang on how a sum was rounded.

    One activation that rounds to the other side of zero moves a picture by far more than rounding
    does. So the comparison means something only where changes ten times as large as rounding turn
    no sign; every such input must agree.
    """
    twin = trainable_twin(bundled)
    side = 4 * bundled.alignment
    decided = 0
    for seed in range(24):
        generator = torch.Generator().manual_seed(seed)
        lq = torch.rand(1, 3, side, side, generator=generator)
        noise = torch.randn(1, bundled.latent_channels, side, side, generator=generator)
        with torch.inference_mode():
            expected = twin(lq, noise)
            moved = [twin(lq * (1 + change), noise) for change in (1e-6, -1e-6)]
            if min(decibels(expected, picture) for picture in moved) > 100:
                decided += 1
                assert decibels(expected, bundled(lq, noise)) > 100, seed
    assert decided >= 12


def decibels(a: torch.Tensor, b: torch.Tensor) -> float:
    return -10 * float((a - b).square().mean().log10())
