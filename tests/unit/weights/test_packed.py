import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from bimaco_gui.errors import ModelError, OutputError
from bimaco_gui.model import Form, OneStepUpscaler, pack
from bimaco_gui.weights import load_model, read_card, save_model
from bimaco_gui.weights.packed import MAGIC, count_weights
from tests.unit.model.configs import TINY


def tiny_packed(seed: int = 0) -> OneStepUpscaler:
    torch.manual_seed(seed)
    binary = OneStepUpscaler(TINY, Form.BINARY).eval()
    with torch.no_grad():
        for parameter in binary.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.1)
    return pack(binary)


def save(model: OneStepUpscaler, path: Path) -> Path:
    save_model(model, path, title="Tiny", licence="Apache-2.0", provenance={"stages": [1]})
    return path


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> tuple[OneStepUpscaler, Path]:
    model = tiny_packed()
    return model, save(model, tmp_path_factory.mktemp("model") / "tiny.safetensors")


def rewrite(source: Path, target: Path, change: Callable[[dict, dict], None]) -> Path:
    with safe_open(source, framework="pt") as file:
        metadata = dict(file.metadata())
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    change(metadata, tensors)
    save_file(tensors, target, metadata=metadata)
    return target


def test_a_model_comes_back(saved: tuple[OneStepUpscaler, Path], tmp_path: Path) -> None:
    model, path = saved
    loaded = load_model(path)
    assert loaded.config == TINY and loaded.form is Form.PACKED and not loaded.training
    for name, value in model.state_dict().items():
        if name.endswith("bits"):
            assert torch.equal(loaded.state_dict()[name], value), name
    lq, noise = torch.rand(1, 3, 16, 16), torch.randn(1, 4, 16, 16)
    with torch.inference_mode():
        result = loaded(lq, noise)
        assert torch.equal(result, load_model(path)(lq, noise))
    assert bool(result.isfinite().all())


def test_the_file_holds_one_bit_a_binary_weight(saved: tuple[OneStepUpscaler, Path]) -> None:
    model, path = saved
    with safe_open(path, framework="pt") as file:
        sizes = {name: file.get_slice(name).get_shape()[0] for name in file.keys()}  # noqa: SIM118
        kinds = {file.get_slice(name).get_dtype() for name in file.keys()}  # noqa: SIM118
    layers = [module for module in model.modules() if hasattr(module, "bits")]
    assert sizes["signs"] == sum(layer.bits.numel() for layer in layers)
    numbers = sum(layer.low_rank_down.numel() + layer.low_rank_up.numel() for layer in layers)
    assert sizes["factors"] < numbers
    assert kinds == {"U8", "F16"}


def test_the_card_counts_weights(saved: tuple[OneStepUpscaler, Path]) -> None:
    _, path = saved
    card = read_card(path)
    binary = OneStepUpscaler(TINY, Form.BINARY)
    signs = sum(
        p.numel()
        for name, p in binary.named_parameters()
        if name.endswith("weight") and hasattr(binary.get_submodule(name[:-7]), "low_rank")
    )
    assert card.one_bit == signs
    assert signs < card.parameters
    assert (card.title, card.licence, card.provenance) == ("Tiny", "Apache-2.0", {"stages": [1]})
    assert count_weights(load_model(path)) == (card.parameters, card.one_bit)


def test_only_packed_models_are_saved(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="packed"):
        save(OneStepUpscaler(TINY, Form.BINARY), tmp_path / "x.safetensors")
    assert not list(tmp_path.iterdir())


def test_a_failed_save_leaves_nothing(tmp_path: Path) -> None:
    below_a_file = tmp_path / "file"
    below_a_file.write_text("x")
    with pytest.raises(OutputError, match="cannot be written"):
        save(tiny_packed(), below_a_file / "model.safetensors")
    taken = tmp_path / "taken.safetensors"
    taken.mkdir()
    with pytest.raises(OutputError):
        save(tiny_packed(), taken)
    assert {path.name for path in tmp_path.iterdir()} == {"file", "taken.safetensors"}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no model file .*gone\.safetensors"):
        load_model(tmp_path / "gone.safetensors")


@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.999])
def test_a_cut_off_file_is_refused(
    saved: tuple[OneStepUpscaler, Path], tmp_path: Path, share: float
) -> None:
    whole = saved[1].read_bytes()
    cut = tmp_path / "cut.safetensors"
    cut.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(ModelError, match="cut off"):
        load_model(cut)


def test_a_flipped_bit_is_noticed(saved: tuple[OneStepUpscaler, Path], tmp_path: Path) -> None:
    content = bytearray(saved[1].read_bytes())
    content[-100] ^= 4
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(bytes(content))
    with pytest.raises(ModelError, match="damaged"):
        load_model(damaged)


def test_text_is_no_model(tmp_path: Path) -> None:
    path = tmp_path / "notes.safetensors"
    path.write_text("these are my notes, not a model")
    with pytest.raises(ModelError, match=r"notes\.safetensors is no whole safetensors file"):
        load_model(path)


def test_a_foreign_safetensors_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "foreign.safetensors"
    save_file({"weight": torch.zeros(3)}, path)
    with pytest.raises(ModelError, match="holds no packed model"):
        read_card(path)


def test_a_newer_version_is_named(saved: tuple[OneStepUpscaler, Path], tmp_path: Path) -> None:
    path = rewrite(saved[1], tmp_path / "new.safetensors", lambda m, _: m.update(version="7"))
    with pytest.raises(ModelError, match="version 7; this app reads version 2"):
        load_model(path)


def test_an_unknown_architecture_is_refused(
    saved: tuple[OneStepUpscaler, Path], tmp_path: Path
) -> None:
    def change(metadata: dict, _: dict) -> None:
        config = json.loads(metadata["config"])
        config["unet"]["experts"] = 4
        metadata["config"] = json.dumps(config)

    path = rewrite(saved[1], tmp_path / "other.safetensors", change)
    with pytest.raises(ModelError, match="experts"):
        load_model(path)


def test_tensors_must_be_those_of_the_architecture(
    saved: tuple[OneStepUpscaler, Path], tmp_path: Path
) -> None:
    from bimaco_gui.weights import model_file

    def change(metadata: dict, tensors: dict) -> None:
        del tensors["places"]
        metadata["digest"] = model_file.digest(tensors)

    path = rewrite(saved[1], tmp_path / "less.safetensors", change)
    with pytest.raises(ModelError, match="places"):
        load_model(path)


def test_a_shape_that_does_not_fit_is_refused(
    saved: tuple[OneStepUpscaler, Path], tmp_path: Path
) -> None:
    from bimaco_gui.weights import model_file

    def change(metadata: dict, tensors: dict) -> None:
        tensors["edges"] = torch.zeros(3, dtype=torch.uint8)
        metadata["digest"] = model_file.digest(tensors)

    path = rewrite(saved[1], tmp_path / "shape.safetensors", change)
    with pytest.raises(ModelError, match="damaged"):
        load_model(path)


def test_a_file_of_another_build_of_the_architecture_is_refused(
    saved: tuple[OneStepUpscaler, Path], tmp_path: Path
) -> None:
    path = rewrite(saved[1], tmp_path / "other.safetensors", lambda m, _: m.update(layout="0"))
    with pytest.raises(ModelError, match="another build"):
        load_model(path)


def test_weights_that_are_not_finite_are_not_saved(tmp_path: Path) -> None:
    model = tiny_packed()
    model.unet.first.weight[0, 0, 0, 0] = float("nan")
    with pytest.raises(ValueError, match=r"unet\.first\.weight"):
        save(model, tmp_path / "x.safetensors")
    assert not list(tmp_path.iterdir())


def test_the_magic_is_what_other_programs_can_look_for(
    saved: tuple[OneStepUpscaler, Path],
) -> None:
    with safe_open(saved[1], framework="pt") as file:
        assert file.metadata()["format"] == MAGIC == "bimaco-packed"
