"""Feature maps of half precision: computed in float32, rounded once at the end."""

from __future__ import annotations

import pytest
import torch

from bimaco_gui import ops
from bimaco_gui.model import Form, OneStepUpscaler, UpscalerConfig, binarize, pack

SHORT = [torch.float16, torch.bfloat16]
PER_CHANNEL = torch.rand(6), torch.randn(6)
BITS = ops.pack_signs(torch.randn(6, 40, 3, 3))
LINEAR_BITS = ops.pack_signs(torch.randn(6, 40))
BRANCHES = {
    "low_rank_down": torch.randn(3, 40),
    "low_rank_up": torch.randn(6, 3),
    "sparse_values": torch.randn(3),
    "sparse_out": torch.tensor([0, 5, 5], dtype=torch.int32),
    "sparse_in": torch.tensor([39, 0, 1], dtype=torch.int32),
}


@pytest.mark.parametrize("dtype", SHORT)
@pytest.mark.parametrize("per_tap", [False, True])
def test_a_layer_rounds_its_result_alone(dtype: torch.dtype, per_tap: bool) -> None:
    x, residual = torch.randn(2, 40, 5, 7).to(dtype), torch.randn(2, 6, 5, 7).to(dtype)
    layer = (BITS, *PER_CHANNEL, 3, 1, per_tap)
    y = ops.binary_conv2d(x, *layer, **BRANCHES, residual=residual)
    whole = ops.binary_conv2d(x.float(), *layer, **BRANCHES, residual=residual.float())
    assert y.dtype == dtype
    torch.testing.assert_close(y.float(), whole, rtol=torch.finfo(dtype).eps, atol=1e-4)


@pytest.mark.parametrize("dtype", SHORT)
def test_rows_round_their_result_alone(dtype: torch.dtype) -> None:
    x, residual = torch.randn(5, 40).to(dtype), torch.randn(5, 6).to(dtype)
    layer = (LINEAR_BITS, *PER_CHANNEL)
    y = ops.binary_linear(x, *layer, **BRANCHES, residual=residual)
    whole = ops.binary_linear(x.float(), *layer, **BRANCHES, residual=residual.float())
    assert y.dtype == dtype
    torch.testing.assert_close(y.float(), whole, rtol=torch.finfo(dtype).eps, atol=1e-4)


def test_a_residual_of_another_type_is_refused() -> None:
    x, residual = torch.randn(1, 40, 5, 7).half(), torch.randn(1, 6, 5, 7)
    with pytest.raises(ValueError, match=r"residual is torch\.float32"):
        ops.binary_conv2d(x, BITS, *PER_CHANNEL, 3, 1, residual=residual)


def test_integers_are_exact_under_autocast() -> None:
    # More products than bfloat16 or float16 can tell apart.
    x, bits = torch.randn(1, 640, 3, 3).half(), ops.pack_signs(torch.ones(8, 640, 3, 3))
    expected = ops.binary_conv2d_dot(x.float(), bits, 3, 1)
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(ops.binary_conv2d_dot(x, bits, 3, 1), expected)


def test_a_packed_network_runs_in_half_precision_between_its_layers() -> None:
    torch.manual_seed(0)
    model = pack(binarize(OneStepUpscaler(UpscalerConfig(), Form.FULL)))
    lq, noise = torch.rand(1, 3, 16, 16), torch.randn(1, model.latent_channels, 16, 16)
    seen: set[torch.dtype] = set()
    for name, layer in model.named_modules():
        if name.endswith(".conv2"):
            layer.register_forward_hook(lambda _, inputs, y: seen.add(y.dtype))
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        picture = model(lq, noise)
    assert seen == {torch.bfloat16}
    assert picture.shape == (1, 3, 64, 64) and bool(picture.isfinite().all())
