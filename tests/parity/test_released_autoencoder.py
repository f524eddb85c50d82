"""The released autoencoder computes what its authors' code recorded, and refuses what it is not."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file

from bimaco_gui.errors import ModelError
from bimaco_gui.model.released import autoencoder as module
from bimaco_gui.model.released.autoencoder import (
    AutoencoderConfig,
    Codebook,
    Upsample,
    VqAutoencoder,
    load_autoencoder_state,
)

GOLDEN = Path(__file__).resolve().parents[1] / "data" / "golden"


def relative(a: torch.Tensor, b: torch.Tensor) -> float:
    return float((a - b).norm() / b.norm())


@pytest.fixture
def mapping() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((GOLDEN / "vq_tiny_config.json").read_text())
    return read


@pytest.fixture(scope="module")
def state() -> dict[str, torch.Tensor]:
    return load_file(GOLDEN / "vq_tiny_state.safetensors")


@pytest.fixture(scope="module")
def recorded() -> dict[str, torch.Tensor]:
    return load_file(GOLDEN / "vq_tiny_io.safetensors")


@pytest.fixture
def model(mapping: dict[str, Any]) -> VqAutoencoder:
    return VqAutoencoder(AutoencoderConfig.from_mapping(mapping)).eval()


def test_encodes_as_recorded(
    model: VqAutoencoder, state: dict[str, torch.Tensor], recorded: dict[str, torch.Tensor]
) -> None:
    load_autoencoder_state(model, state)
    with torch.inference_mode():
        assert relative(model.encode(recorded["image"]), recorded["z"]) < 1e-5


def test_decodes_as_recorded(
    model: VqAutoencoder, state: dict[str, torch.Tensor], recorded: dict[str, torch.Tensor]
) -> None:
    load_autoencoder_state(model, state)
    with torch.inference_mode():
        assert relative(model.decode(recorded["z"]), recorded["decoded"]) < 1e-5


def test_encoding_is_not_quantized_and_decoding_is(
    model: VqAutoencoder, state: dict[str, torch.Tensor], recorded: dict[str, torch.Tensor]
) -> None:
    load_autoencoder_state(model, state)
    with torch.inference_mode():
        z = model.encode(recorded["image"])
        codes = model.quantize(z)
        assert relative(codes, z) > 0.01
        assert torch.equal(model.quantize(codes), codes)
        assert torch.equal(model.decode(codes), model.decode(z))


def test_full_size_has_the_released_keys_and_parameters() -> None:
    table = (GOLDEN / "vq_released_keys.tsv").read_text().splitlines()
    released = {
        key: tuple(int(side) for side in shape.strip("()").split(",") if side.strip())
        for key, shape in (line.split("\t") for line in table)
    }
    with torch.device("meta"):
        full = VqAutoencoder(AutoencoderConfig())
    assert len(released) == 205
    assert {key: tuple(value.shape) for key, value in full.state_dict().items()} == released
    assert sum(parameter.numel() for parameter in full.parameters()) == 55_322_782


def test_defaults_are_the_released_mapping() -> None:
    released = {
        "embed_dim": 3,
        "n_embed": 8192,
        "ddconfig": {
            "double_z": False,
            "z_channels": 3,
            "resolution": 256,
            "in_channels": 3,
            "out_ch": 3,
            "ch": 128,
            "ch_mult": [1, 2, 4],
            "num_res_blocks": 2,
            "attn_resolutions": [],
            "dropout": 0.0,
            "padding_mode": "zeros",
        },
    }
    assert AutoencoderConfig.from_mapping(released) == AutoencoderConfig()


@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_loads_half_precision_as_single(
    mapping: dict[str, Any], state: dict[str, torch.Tensor], device: str
) -> None:
    with torch.device(device):
        model = VqAutoencoder(AutoencoderConfig.from_mapping(mapping))
    load_autoencoder_state(model, state)
    for key, value in model.state_dict().items():
        assert state[key].dtype == torch.float16
        assert value.dtype == torch.float32, key
        assert torch.equal(value, state[key].float()), key


def test_names_every_fault_of_a_checkpoint_and_changes_nothing(
    model: VqAutoencoder, state: dict[str, torch.Tensor]
) -> None:
    broken = dict(state)
    del broken["encoder.conv_in.bias"], broken["quantize.embedding.weight"]
    broken["loss.weight"] = broken["loss.bias"] = torch.zeros(1)
    broken["quant_conv.weight"] = torch.zeros(4, 3, 1, 1)
    broken["quant_conv.bias"] = torch.zeros(3, dtype=torch.int64)
    before = {key: value.clone() for key, value in model.state_dict().items()}
    with pytest.raises(ModelError) as caught:
        load_autoencoder_state(model, broken)
    for part in (
        "missing: encoder.conv_in.bias, quantize.embedding.weight;",
        "unknown: loss.bias, loss.weight;",
        "of another shape: quant_conv.weight (4, 3, 1, 1) instead of (3, 3, 1, 1);",
        "not of a floating type: quant_conv.bias.",
    ):
        assert part in caught.value.message
    assert all(torch.equal(value, before[key]) for key, value in model.state_dict().items())


def test_names_missing_settings(mapping: dict[str, Any]) -> None:
    del mapping["n_embed"]
    with pytest.raises(ModelError, match=r"lacks n_embed"):
        AutoencoderConfig.from_mapping(mapping)


def test_names_missing_inner_settings(mapping: dict[str, Any]) -> None:
    del mapping["ddconfig"]["ch"], mapping["ddconfig"]["num_res_blocks"]
    with pytest.raises(ModelError, match=r"ddconfig, lacks ch, num_res_blocks"):
        AutoencoderConfig.from_mapping(mapping)


def test_other_settings_change_nothing(mapping: dict[str, Any]) -> None:
    plain = AutoencoderConfig.from_mapping(mapping)
    mapping["lossconfig"] = {"target": "torch.nn.Identity"}
    for name in ("resolution", "dropout", "padding_mode"):
        del mapping["ddconfig"][name]
    assert AutoencoderConfig.from_mapping(mapping) == plain


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("double_z", True),
        ("attn_type", "linear"),
        ("attn_resolutions", [16]),
        ("padding_mode", "reflect"),
        ("out_ch", 4),
        ("ch", 48),
        ("ch", "128"),
        ("ch_mult", []),
        ("ch_mult", [1, 0]),
        ("num_res_blocks", True),
    ],
)
def test_names_a_setting_that_it_cannot_follow(
    mapping: dict[str, Any], name: str, value: object
) -> None:
    mapping["ddconfig"][name] = value
    with pytest.raises(ModelError, match=rf"\b{name} = "):
        AutoencoderConfig.from_mapping(mapping)


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from([32, 64]),
    st.lists(st.integers(1, 2), min_size=1, max_size=3),
    st.integers(1, 2),
    st.integers(1, 4),
    st.integers(1, 4),
    # One pixel is too few for the norms of the narrowest: their groups would hold one value.
    st.tuples(st.integers(1, 2), st.integers(1, 5), st.integers(2, 5)),
)
def test_sizes_of_any_width_and_picture(
    channels: int,
    multipliers: list[int],
    res_blocks: int,
    latent_channels: int,
    code_channels: int,
    latent: tuple[int, int, int],
) -> None:
    config = AutoencoderConfig(
        latent_channels=latent_channels,
        code_channels=code_channels,
        codes=7,
        channels=channels,
        multipliers=tuple(multipliers),
        res_blocks=res_blocks,
    )
    pictures, height, width = latent
    factor = 2 ** (len(multipliers) - 1)
    assert config.reduction == factor
    model = VqAutoencoder(config).eval()
    image = torch.rand(pictures, 3, factor * height, factor * width) * 2 - 1
    with torch.inference_mode():
        z = model.encode(image)
        assert z.shape == (pictures, code_channels, height, width)
        decoded = model.decode(z)
    assert decoded.shape == image.shape
    assert decoded.isfinite().all()


@settings(max_examples=30, deadline=None)
@given(
    st.integers(1, 40),
    st.integers(1, 4),
    st.tuples(st.integers(1, 2), st.integers(1, 9), st.integers(1, 9)),
    st.integers(1, 300),
    st.integers(0, 2**31),
)
def test_codes_are_the_nearest_however_the_search_is_cut(
    codes: int, channels: int, latent: tuple[int, int, int], most_distances: int, seed: int
) -> None:
    torch.manual_seed(seed)
    codebook = Codebook(codes, channels)
    pictures, height, width = latent
    z = torch.randn(pictures, channels, height, width)
    with pytest.MonkeyPatch.context() as patch, torch.inference_mode():
        patch.setattr(module, "MOST_DISTANCES", most_distances)
        found = codebook(z)
    assert found.shape == z.shape
    table = codebook.embedding.weight.detach().double()
    distances = (z.double()[:, :, None] - table.T[None, :, :, None, None]).square().sum(1)
    reached = (z.double() - found.double()).square().sum(1)
    # Distances, not indices: codes that tie to float accuracy are both right.
    torch.testing.assert_close(reached, distances.amin(1), rtol=1e-4, atol=1e-5)
    assert {tuple(c) for c in found.movedim(1, -1).reshape(-1, channels).tolist()} <= {
        tuple(c) for c in codebook.embedding.weight.tolist()
    }


def test_no_matrix_of_all_distances_is_held() -> None:
    codebook = Codebook(8192, 3)
    held: list[int] = []

    class Watch(torch.utils._python_dispatch.TorchDispatchMode):
        def __torch_dispatch__(
            self, function: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            result = function(*args, **(kwargs or {}))
            if isinstance(result, torch.Tensor):
                held.append(result.numel())
            return result

    with torch.inference_mode(), Watch():
        codebook(torch.randn(1, 3, 64, 64))
    assert max(held) <= 2**23 < 64 * 64 * 8192


@pytest.mark.parametrize("innermost", [False, True])
@torch.no_grad()
def test_doubling_by_merged_taps_is_repeating_and_convolving(innermost: bool) -> None:
    torch.manual_seed(0)
    layer = Upsample(6)
    x = torch.randn(2, 6, 5, 7)
    expected = layer.conv(torch.nn.functional.interpolate(x, scale_factor=2.0))
    if innermost:
        x = x.to(memory_format=torch.channels_last)
    assert relative(layer(x), expected) < 1e-6
    assert layer(x).is_contiguous(memory_format=torch.channels_last) is innermost


@pytest.mark.parametrize(
    ("kind", "most"), [(torch.float32, 1e-4), (torch.bfloat16, 0.05), (torch.float16, 0.01)]
)
@torch.no_grad()
def test_the_quick_forms_stay_close(
    kind: torch.dtype,
    most: float,
    mapping: dict[str, Any],
    state: dict[str, torch.Tensor],
    recorded: dict[str, torch.Tensor],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "quickest_type", lambda device: kind)
    quick = VqAutoencoder(AutoencoderConfig.from_mapping(mapping)).eval()
    load_autoencoder_state(quick, state)
    quick.quicken()
    assert quick.encoder.conv_in.weight.dtype == kind
    assert quick.quantize.embedding.weight.dtype == torch.float32
    encoded, decoded = quick.encode(recorded["image"]), quick.decode(recorded["z"])
    assert encoded.dtype == decoded.dtype == torch.float32
    assert relative(encoded, recorded["z"]) < most
    assert relative(decoded, recorded["decoded"]) < most


def test_processors_without_bf16_stay_at_full_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    assert module.quickest_type(torch.device("cuda")) == torch.float16
    for able, kind in ((False, torch.float32), (True, torch.bfloat16)):
        monkeypatch.setattr(module, "_multiplies_bf16", lambda able=able: able)
        assert module.quickest_type(torch.device("cpu")) == kind
