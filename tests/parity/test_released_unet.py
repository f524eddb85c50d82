"""The released UNet, whole and block by block, against what its authors' code gave."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.torch import load_file
from torch import Tensor

from bimaco_gui.errors import ModelError
from bimaco_gui.model import Form
from bimaco_gui.model.released.blocks import timestep_embedding
from bimaco_gui.model.released.config import ReleasedUNetConfig
from bimaco_gui.model.released.layers import ReleasedBinaryConv2d, ReleasedBinaryLinear
from bimaco_gui.model.released.state import load_unet_state, unused_keys
from bimaco_gui.model.released.swin import released_shift_mask
from bimaco_gui.model.released.unet import ReleasedUNet, binarize_unet, pack_unet
from tests.benchmarks.counts import FULL_SIZE

GOLDEN = Path(__file__).resolve().parents[1] / "data" / "golden"
MAPPING: dict[str, Any] = json.loads((GOLDEN / "unet_tiny_config.json").read_text())
RELEASED: dict[str, Any] = MAPPING | FULL_SIZE
BINARY_KEYS = {
    "binary_linear",
    "conv_quant_modules",
    "conv_quant_config",
    "linear_quant_modules",
    "linear_quant_config",
    "which_fp_conv",
    "which_fp_linear",
}
with safe_open(GOLDEN / "unet_tiny_layers.safetensors", "pt") as file:
    _KEYS = file.keys()
RECORDED = sorted(key.removesuffix(".out") for key in _KEYS if key.endswith(".out"))


def relative(a: Tensor, b: Tensor) -> float:
    return float(((a - b).norm() / b.norm().clamp_min(1e-12)).detach())


@pytest.fixture(scope="module")
def state() -> dict[str, Tensor]:
    return load_file(GOLDEN / "unet_tiny_state.safetensors")


@pytest.fixture(scope="module")
def recorded() -> dict[str, Tensor]:
    return load_file(GOLDEN / "unet_tiny_layers.safetensors")


@pytest.fixture(scope="module")
def unet(state: dict[str, Tensor]) -> ReleasedUNet:
    unet = ReleasedUNet(ReleasedUNetConfig.from_mapping(MAPPING), Form.BINARY).eval()
    load_unet_state(unet, state)
    return unet


@pytest.mark.parametrize("name", RECORDED)
@torch.no_grad()
def test_a_part_gives_what_the_authors_gives(
    name: str, unet: ReleasedUNet, recorded: dict[str, Tensor]
) -> None:
    part = unet.get_submodule(name)
    inputs = [recorded[f"{name}.in{i}"] for i in range(2) if f"{name}.in{i}" in recorded]
    single = isinstance(part, ReleasedBinaryConv2d | ReleasedBinaryLinear)
    assert relative(part(*inputs), recorded[f"{name}.out"]) < (1e-5 if single else 1e-4)


@torch.no_grad()
def test_the_whole_network_gives_what_the_authors_gives(unet: ReleasedUNet) -> None:
    io = load_file(GOLDEN / "unet_tiny_io.safetensors")
    assert relative(unet(io["x"], io["timesteps"], io["lq"]), io["out"]) < 1e-5


def official_shapes() -> dict[str, list[int]]:
    rows = (GOLDEN / "unet_official_keys.tsv").read_text().splitlines()
    return {
        key: json.loads(f"[{shape.strip('()').rstrip(',')}]")
        for key, shape, _ in (row.split("\t") for row in rows)
    }


def test_the_full_size_has_the_released_keys_and_shapes() -> None:
    official = official_shapes()
    with torch.device("meta"):
        unet = ReleasedUNet(ReleasedUNetConfig.from_mapping(RELEASED), Form.BINARY)
    own = {key: list(tensor.shape) for key, tensor in unet.state_dict().items()}
    dead = unused_keys(unet)
    assert len(official) == 1808
    assert not own.keys() & dead
    assert own.keys() | dead == official.keys()
    assert {key: official[key] for key in own} == own
    kinds = [type(module) for module in unet.modules()]
    assert (kinds.count(ReleasedBinaryConv2d), kinds.count(ReleasedBinaryLinear)) == (118, 60)


def test_the_full_precision_network_has_the_released_size() -> None:
    config = ReleasedUNetConfig.from_mapping(RELEASED)
    with torch.device("meta"):
        unet = ReleasedUNet(config, Form.FULL)
    assert config.alignment == 64
    assert sum(parameter.numel() for parameter in unet.parameters()) == 118_593_583
    assert len(unet.state_dict()) + len(unused_keys(unet)) == 564


def test_the_binary_network_starts_from_the_full_precision_one() -> None:
    torch.manual_seed(0)
    full = ReleasedUNet(ReleasedUNetConfig.from_mapping(MAPPING), Form.FULL).eval()
    first = full.input_blocks[0][0].weight.detach().clone()
    before = full.time_embed[0].weight.detach().clone()
    binarize_unet(full)
    blank = ReleasedUNet(full.config, Form.BINARY)
    assert full.form is Form.BINARY
    assert full.state_dict().keys() == blank.state_dict().keys()
    assert torch.equal(full.input_blocks[0][0].weight, first)
    layer = full.time_embed[0]
    side = layer.skip_connection.matrix() + layer.lora.up @ layer.lora.down
    assert relative((layer.weight + side).detach(), before) < 1e-6
    with pytest.raises(ValueError, match="replaced already"):
        binarize_unet(full)


def test_forms_that_do_not_exist_are_refused() -> None:
    teacher = {k: v for k, v in MAPPING.items() if k not in BINARY_KEYS}
    full = ReleasedUNet(ReleasedUNetConfig.from_mapping(teacher), Form.FULL)
    for form in (Form.BINARY, Form.PACKED):
        with pytest.raises(ValueError, match="full-precision network"):
            ReleasedUNet(full.config, form)
    with pytest.raises(ValueError, match="only a binary network"):
        pack_unet(full)


@settings(max_examples=8, deadline=None)
@given(
    st.integers(1, 3),
    st.integers(1, 3),
    st.integers(1, 2),
    st.sampled_from([32, 64]),
    st.sampled_from([Form.FULL, Form.BINARY]),
)
@torch.no_grad()
def test_other_sizes_and_widths_run(
    rows: int, columns: int, pictures: int, width: int, form: Form
) -> None:
    mapping = MAPPING | {"model_channels": width, "num_res_blocks": 1, "swin_embed_dim": 32}
    unet = ReleasedUNet(ReleasedUNetConfig.from_mapping(mapping), form).eval()
    x = torch.randn(pictures, 3, 16 * rows, 16 * columns)
    y = unet(x, torch.tensor([14]), torch.rand_like(x))
    assert y.shape == x.shape
    assert y.isfinite().all()


@torch.no_grad()
def test_pictures_of_a_batch_do_not_mix(unet: ReleasedUNet, recorded: dict[str, Tensor]) -> None:
    name = "input_blocks.1.1"
    x, out = recorded[f"{name}.in0"], recorded[f"{name}.out"]
    both = unet.get_submodule(name)(torch.cat((x, x.flip(1))))
    assert relative(both[:1], out) < 1e-4


def test_a_size_that_does_not_divide_is_refused(unet: ReleasedUNet) -> None:
    x = torch.zeros(1, 3, 16, 24)
    with pytest.raises(ValueError, match="multiples of 16"):
        unet(x, torch.tensor([14]), x)


def test_the_mask_keeps_the_released_defect() -> None:
    mask = released_shift_mask(16, 24, 8, 4, torch.zeros(1)).view(2, 3, 8, 8, 8, 8)
    assert not mask[0].any()
    last = mask[1]
    assert (last[:, :, :4, :, 4:] == -100).all()
    assert (last[:, :, 4:, :, :4] == -100).all()
    assert not last[:, :, :4, :, :4].any()
    assert not last[:, :, 4:, :, 4:].any()


def test_only_levels_larger_than_a_window_shift(unet: ReleasedUNet) -> None:
    def shifts(name: str) -> list[int]:
        return [block.shift for block in unet.get_submodule(name).blocks]

    assert shifts("input_blocks.1.1") == shifts("output_blocks.2.1") == [0, 4]
    lowest = ["input_blocks.3.1", "middle_block.1", "output_blocks.0.1"]
    assert [shifts(name) for name in lowest] == [[0, 0]] * 3


def test_time_is_embedded_as_cosines_then_sines() -> None:
    embedding = timestep_embedding(torch.tensor([0, 14]), 160)
    assert embedding[0].tolist() == [1.0] * 80 + [0.0] * 80
    angle = torch.tensor([14.0, 14.0 * 10_000 ** (-79 / 80)])
    assert torch.allclose(embedding[1, [0, 79]], angle.cos(), atol=1e-5)
    assert torch.allclose(embedding[1, [80, 159]], angle.sin(), atol=1e-5)


class TestLoading:
    """A state fits wholly, or the error names each key that does not."""

    @pytest.fixture
    def blank(self) -> ReleasedUNet:
        with torch.device("meta"):
            return ReleasedUNet(ReleasedUNetConfig.from_mapping(MAPPING), Form.BINARY).eval()

    @torch.no_grad()
    def test_a_network_on_the_meta_device_becomes_real(
        self, blank: ReleasedUNet, state: dict[str, Tensor], recorded: dict[str, Tensor]
    ) -> None:
        load_unet_state(blank, state)
        tensors = blank.state_dict().values()
        assert {(tensor.device.type, tensor.dtype) for tensor in tensors} == {
            ("cpu", torch.float32)
        }
        assert all(parameter.requires_grad for parameter in blank.parameters())
        x, out = recorded["input_blocks.1.1.in0"], recorded["input_blocks.1.1.out"]
        assert relative(blank.get_submodule("input_blocks.1.1")(x), out) < 1e-4

    def test_every_key_that_does_not_fit_is_named(
        self, blank: ReleasedUNet, state: dict[str, Tensor]
    ) -> None:
        wrong = dict(state)
        del wrong["out.0.weight"], wrong["time_embed.2.lora.A.weight"]
        wrong["out.2.bias"] = torch.zeros(4)
        wrong["input_blocks.0.0.move0.bias"] = torch.zeros(1, 6)  # of no binary layer
        wrong["module.out.2.bias"] = torch.zeros(3)
        with pytest.raises(ModelError) as caught:
            load_unet_state(blank, wrong)
        for phrase in (
            "out.0.weight is missing",
            "time_embed.2.lora.A.weight is missing",
            "out.2.bias is [4] instead of [3]",
            "input_blocks.0.0.move0.bias is unexpected",
            "module.out.2.bias is unexpected",
        ):
            assert phrase in caught.value.message
        assert caught.value.message.count(" is ") == 5

    def test_what_the_released_network_never_reads_may_be_missing(
        self, blank: ReleasedUNet, state: dict[str, Tensor]
    ) -> None:
        dead = unused_keys(blank)
        assert dead <= state.keys()
        load_unet_state(blank, {k: v for k, v in state.items() if k not in dead})

    def test_a_failed_load_changes_nothing(self, state: dict[str, Tensor]) -> None:
        unet = ReleasedUNet(ReleasedUNetConfig.from_mapping(MAPPING), Form.BINARY)
        before = {key: tensor.clone() for key, tensor in unet.state_dict().items()}
        with pytest.raises(ModelError):
            load_unet_state(unet, {k: v for k, v in state.items() if k != "out.2.bias"})
        assert all(torch.equal(v, before[k]) for k, v in unet.state_dict().items())

    def test_averaged_indices_are_rounded(
        self, blank: ReleasedUNet, state: dict[str, Tensor]
    ) -> None:
        key = "time_embed.0.skip_connection.indices_float"
        averaged = state | {key: state[key].float() - 0.02}
        load_unet_state(blank, averaged)
        assert torch.equal(blank.get_buffer(key), state[key].float())

    @pytest.mark.parametrize("index", [-1.0, 128.0, float("nan")])
    def test_an_index_outside_its_layer_is_named(
        self, index: float, blank: ReleasedUNet, state: dict[str, Tensor]
    ) -> None:
        key = "time_embed.2.skip_connection.indices_float"
        places = state[key].clone()
        places[1, 3] = index
        with pytest.raises(ModelError, match=f"{key} points outside"):
            load_unet_state(blank, state | {key: places})


class TestConfig:
    """A configuration is the released kind, or the error says what is not."""

    def test_keys_that_are_missing_are_all_named(self) -> None:
        mapping = dict(MAPPING)
        del mapping["window_size"], mapping["which_fp_linear"]
        with pytest.raises(ModelError) as caught:
            ReleasedUNetConfig.from_mapping(mapping)
        assert "lacks which_fp_linear, window_size" in caught.value.message

    def test_keys_that_only_training_reads_are_named_in_the_log(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        plain = ReleasedUNetConfig.from_mapping(MAPPING)
        assert not caplog.records
        assert ReleasedUNetConfig.from_mapping(MAPPING | {"sparkle": 1, "lq_size": 64}) == plain
        assert "lq_size, sparkle" in caplog.text

    def test_what_no_released_network_varies_may_be_left_out(self) -> None:
        fixed = ("dims", "use_fp16", "cond_lq", "dropout", "conv_quant_modules", "resblock_updown")
        fewer = {key: value for key, value in MAPPING.items() if key not in fixed}
        assert ReleasedUNetConfig.from_mapping(fewer) == ReleasedUNetConfig.from_mapping(MAPPING)

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("dims", 3),
            ("cond_lq", False),
            ("conv_quant_modules", "BinaryConv2d_HORQ"),
            ("linear_quant_config", {"rank": 8, "if_LRMB": False, "if_SMB": True}),
            ("linear_quant_config", {"if_LRMB": True, "if_SMB": True}),
            ("which_fp_conv", [{"skip_keywords": ["out.2"]}]),
            ("which_fp_conv", [{"skip_keywords": ["out.2"], "param_threshold": "small"}]),
            ("which_fp_conv", {"skip_keywords": ["out.2"], "param_threshold": 0.2}),
            ("which_fp_linear", 3),
            ("model_channels", 40),
            ("swin_depth", 0),
            ("window_size", "8"),
            ("num_res_blocks", [1, 1, 1]),
            ("num_head_channels", 48),
        ],
    )
    def test_networks_of_another_kind_are_refused(self, key: str, value: object) -> None:
        with pytest.raises(ModelError):
            ReleasedUNetConfig.from_mapping(MAPPING | {key: value})

    def test_small_named_layers_stay_full_precision(self) -> None:
        plan = ReleasedUNetConfig.from_mapping(MAPPING).binary
        assert plan is not None
        (rule,) = plan.which_fp_conv
        assert rule.covers("out.2", 200_000)
        assert not rule.covers("out.2", 200_001)
        assert not rule.covers("output_blocks.2.0.in_layers.2", 10)

    def test_without_binary_keys_it_is_a_full_precision_network(self) -> None:
        teacher = {k: v for k, v in MAPPING.items() if k not in BINARY_KEYS}
        assert ReleasedUNetConfig.from_mapping(teacher).binary is None

    def test_one_count_of_blocks_is_every_levels(self) -> None:
        config = ReleasedUNetConfig.from_mapping(MAPPING | {"num_res_blocks": 3})
        assert config.num_res_blocks == (3, 3)
