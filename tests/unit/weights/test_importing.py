"""Importing the authors' checkpoints: what comes of them, and what is refused."""

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from bimaco_gui.errors import ModelError, OutputError, UsageError
from bimaco_gui.model.released.unet import ReleasedUNet
from bimaco_gui.services.importing import ImportReport, binarize_model, import_model
from bimaco_gui.weights import find_model, installed_models, load_upscaler
from bimaco_gui.weights.released import build_unet, read_state
from bimaco_gui.weights.released_config import PUBLISHED, read_config
from bimaco_gui.weights.released_file import load_released, read_released_card
from tests.released_checkpoints import (
    BINARY_KEYS,
    GOLDEN,
    full_size_state,
    mapping,
    tiny_state,
    write_checkpoints,
    write_config,
)

LIMIT = 19.9e6
FULL_PRECISION = 474_374_332


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("BIMACO_HOME", str(folder))
    return folder


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    folder = tmp_path_factory.mktemp("checkpoints")
    return (*write_checkpoints(folder), write_config(folder / "config.yaml"))


@pytest.fixture(scope="module")
def imported(
    files: tuple[Path, Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> ImportReport:
    output = tmp_path_factory.mktemp("imported") / "tiny.safetensors"
    return import_model(*files, str(output))


# ---- what comes of them ----


def test_the_imported_pipeline_gives_what_the_authors_code_gives(imported: ImportReport) -> None:
    upscaler = load_released(imported.path)
    assert upscaler.pipeline.unet.form.value == "packed"
    io = load_file(GOLDEN / "pipeline_tiny_io.safetensors")
    with torch.inference_mode():
        image = upscaler.pipeline(io["lq"].float(), io["noise"].float())
        again = upscaler(io["lq"].float() * 0.5 + 0.5, io["noise"].float())
    assert float((image - io["out"]).norm() / io["out"].norm()) < 1e-3
    assert torch.allclose(again, image * 0.5 + 0.5, atol=1e-4)


def test_the_file_holds_what_it_should_and_no_more(imported: ImportReport) -> None:
    with safe_open(imported.path, framework="pt") as file:
        kinds = {name: file.get_slice(name).get_dtype() for name in file.keys()}  # noqa: SIM118
    endings = {(name.split(".")[0], name.rpartition(".")[2]): kind for name, kind in kinds.items()}
    assert endings["unet", "bits"] == "U8"
    assert endings["unet", "sparse_out"] == endings["unet", "sparse_in"] == "U16"
    for name in ("low_rank_up", "low_rank_down", "sparse_values", "slope", "after"):
        assert endings["unet", name] == "F16"
    assert {kind for name, kind in kinds.items() if name.startswith("autoencoder.")} == {"F16"}
    for dead in ("move0", "channel_threshold", "attn_mask", "relative_position_index", "lora"):
        assert not [name for name in kinds if dead in name]


def test_the_report_adds_up(imported: ImportReport) -> None:
    assert imported.file_bytes == imported.path.stat().st_size
    assert imported.unet.file_bytes + imported.autoencoder.file_bytes <= imported.file_bytes
    assert sum(part.file_bytes for part in imported.parts) == imported.unet.file_bytes
    assert imported.layers == 83
    assert imported.layer_difference < 1e-6
    assert imported.whole_difference < 1e-5


def test_an_imported_model_is_installed_by_its_bare_name(
    files: tuple[Path, Path, Path], home: Path
) -> None:
    report = import_model(*files, "mine.safetensors", title="Mine")
    assert report.path == home / "models" / "mine.safetensors"
    assert report.model == "mine"
    found = find_model("mine")
    assert (found.title, found.licence) == ("Mine", "non-commercial")
    assert found.path == find_model("mine.safetensors").path == report.path
    assert 0.5 < found.one_bit_share < 1
    assert "mine" in {model.name for model in installed_models()}
    assert "photo" in {model.name for model in installed_models()}
    with pytest.raises(OutputError, match="there already"):
        import_model(*files, "mine.safetensors")
    with pytest.raises(UsageError, match="comes with the app"):
        import_model(*files, "photo.safetensors")
    with pytest.raises(UsageError, match="must end in"):
        import_model(*files, "mine")


@pytest.mark.parametrize("form", ["half", "double", "safetensors", "legacy"])
def test_other_number_types_and_containers_give_the_same(
    form: str, files: tuple[Path, Path, Path], imported: ImportReport, tmp_path: Path
) -> None:
    state = read_state(files[0])
    path = tmp_path / "unet.pth"
    if form == "safetensors":
        path = tmp_path / "unet.safetensors"
        save_file({k: v.clone() for k, v in state.items()}, path)
    elif form == "legacy":
        torch.save(state, path, _use_new_zipfile_serialization=False)
    else:
        kind = torch.float16 if form == "half" else torch.float64
        torch.save({k: v.to(kind) if v.is_floating_point() else v for k, v in state.items()}, path)
    report = import_model(path, files[1], files[2], str(tmp_path / "other.safetensors"))
    with safe_open(report.path, "pt") as ours, safe_open(imported.path, "pt") as theirs:
        assert ours.metadata()["digest"] == theirs.metadata()["digest"]


def test_binarize_makes_a_checkpoint_that_can_be_imported(
    files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    plain = {k: v for k, v in mapping("unet_tiny").items() if k not in BINARY_KEYS}
    torch.manual_seed(0)
    from bimaco_gui.model import Form
    from bimaco_gui.model.released.config import ReleasedUNetConfig

    full = ReleasedUNet(ReleasedUNetConfig.from_mapping(plain), Form.FULL)
    source = tmp_path / "sinsr.pth"
    torch.save({"state_dict": full.state_dict()}, source)
    made = binarize_model(source, files[2], str(tmp_path / "start.safetensors"))
    state = read_state(made.path)
    assert made.layers == 83
    assert state.keys() <= tiny_state("unet_tiny").keys()
    binary = build_unet(mapping("unet_tiny"), state)
    layer, before = binary.time_embed[0], full.time_embed[0].weight
    side = layer.skip_connection.matrix() + layer.lora.up @ layer.lora.down
    assert torch.allclose(layer.weight + side, before, atol=1e-5)
    report = import_model(made.path, files[1], files[2], str(tmp_path / "start2.safetensors"))
    assert report.layer_difference < 1e-5


# ---- what is refused ----


def refused(
    files: tuple[Path, Path, Path], folder: Path, **changed: Path
) -> pytest.ExceptionInfo[ModelError]:
    """Import with some files changed; nothing may be left behind."""
    paths = dict(zip(("unet", "autoencoder", "config"), files, strict=True)) | changed
    output = folder / "out" / "result.safetensors"
    with pytest.raises(ModelError) as caught:
        import_model(**paths, output=str(output))
    assert not output.parent.exists() or not list(output.parent.iterdir())
    assert caught.value.message.endswith((".", "?"))
    return caught


class Malicious:
    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.marker),)


@pytest.mark.parametrize("place", ["unet", "autoencoder"])
@pytest.mark.parametrize("zipped", [True, False])
def test_a_pickle_that_would_run_code_is_refused_and_runs_nothing(
    place: str, zipped: bool, files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    marker = tmp_path / "ran"
    path = tmp_path / "evil.pth"
    content = {"state_dict": tiny_state("unet_tiny"), "extra": Malicious(marker)}
    torch.save(content, path, _use_new_zipfile_serialization=zipped)
    caught = refused(files, tmp_path, **{place: path})
    assert not marker.exists()
    assert "Nothing was run" in caught.value.message


def test_a_bare_pickle_that_would_run_code_is_refused(
    files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    marker = tmp_path / "ran"
    path = tmp_path / "evil.pth"
    path.write_bytes(pickle.dumps(Malicious(marker)))
    refused(files, tmp_path, unet=path)
    assert not marker.exists()


def test_a_configuration_runs_nothing(files: tuple[Path, Path, Path], tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    path = tmp_path / "evil.yaml"
    path.write_text(f"model: !!python/object/apply:os.mkdir ['{marker}']\n")
    refused(files, tmp_path, config=path)
    assert not marker.exists()
    path.write_text("a: &a [x, x]\nb: &b [*a, *a]\nmodel: {params: {image_size: *b}}\n")
    assert "refers to parts of itself" in refused(files, tmp_path, config=path).value.message


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.999])
def test_truncated_files_are_refused(
    share: float, files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    for place, path in zip(("unet", "autoencoder"), files[:2], strict=True):
        content = path.read_bytes()
        cut = tmp_path / f"{place}.pth"
        cut.write_bytes(content[: int(len(content) * share)])
        refused(files, tmp_path, **{place: cut})


def test_foreign_files_are_refused(files: tuple[Path, Path, Path], tmp_path: Path) -> None:
    foreign = tmp_path / "photo.pth"
    foreign.write_bytes(b"\xff\xd8\xff\xe0" + bytes(1000))
    refused(files, tmp_path, unet=foreign)
    refused(files, tmp_path, autoencoder=foreign)
    refused(files, tmp_path, config=foreign)
    refused(files, tmp_path, unet=tmp_path / "missing.pth")
    refused(files, tmp_path, config=tmp_path / "missing.yaml")
    swapped = refused(files, tmp_path, unet=files[1])
    assert "time_embed.0.weight is missing" in swapped.value.message
    assert "quant_conv.bias is unexpected" in swapped.value.message


def test_every_key_that_does_not_fit_is_named(
    files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    state = read_state(files[0])
    wrong = {k: v for k, v in state.items() if k != "out.0.weight"}
    wrong["out.2.bias"] = torch.zeros(5)
    wrong["sparkle"] = torch.zeros(1)
    torch.save(wrong, tmp_path / "wrong.pth")
    message = refused(files, tmp_path, unet=tmp_path / "wrong.pth").value.message
    for phrase in (
        "out.0.weight is missing",
        "out.2.bias is [5] instead of [3]",
        "sparkle is unexpected",
    ):
        assert phrase in message


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e9])
def test_values_that_are_no_usable_numbers_are_refused(
    value: float, files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    key = "middle_block.0.in_layers.2.lora.A.weight"
    state = dict(read_state(files[0]))
    state[key] = state[key].clone()
    state[key][0, 0] = value
    torch.save(state, tmp_path / "wrong.pth")
    refused(files, tmp_path, unet=tmp_path / "wrong.pth")


def test_a_full_precision_checkpoint_is_told_from_a_binary_one(
    files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    path = tmp_path / "full.yaml"
    plain = {k: v for k, v in mapping("unet_tiny").items() if k not in BINARY_KEYS}
    path.write_text(json.dumps({"model": {"params": plain}}))
    assert "models binarize" in refused(files, tmp_path, config=path).value.message


# ---- packed files that are not what they were ----


def changed_file(source: Path, target: Path, digest: bool, change: object) -> Path:
    from bimaco_gui.weights import model_file

    with safe_open(source, framework="pt") as file:
        metadata = dict(file.metadata())
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    change(metadata, tensors)  # type: ignore[operator]
    if digest:
        metadata["digest"] = model_file.digest(tensors)
    save_file(tensors, target, metadata=metadata)
    return target


PLACE = "unet.time_embed.0.sparse_in"
CHANGES = {
    "damaged": (False, lambda m, t: t["unet.time_embed.0.bits"].bitwise_not_()),
    "version": (False, lambda m, t: m.update(version="9")),
    "foreign": (False, lambda m, t: m.update(format="pt")),
    "no config": (False, lambda m, t: m.pop("config")),
    "odd config": (False, lambda m, t: m.update(config='{"unet": 3}')),
    "a list": (False, lambda m, t: m.update(config="[1]")),
    "missing tensor": (True, lambda m, t: t.pop("autoencoder.quant_conv.bias")),
    "extra tensor": (True, lambda m, t: t.update({"unet.more": torch.zeros(2)})),
    "misshapen": (True, lambda m, t: t.update({"unet.out.2.bias": torch.zeros(9)})),
    "place outside": (True, lambda m, t: t.update({PLACE: torch.full_like(t[PLACE], 60000)})),
}


@pytest.mark.parametrize("name", CHANGES)
def test_packed_files_that_were_changed_are_refused(
    name: str, imported: ImportReport, tmp_path: Path
) -> None:
    digest, change = CHANGES[name]
    path = changed_file(imported.path, tmp_path / "x.safetensors", digest, change)
    with pytest.raises(ModelError) as caught:
        load_upscaler(path)
    assert path.name in caught.value.message


def test_a_cut_off_packed_file_is_refused(imported: ImportReport, tmp_path: Path) -> None:
    content = imported.path.read_bytes()
    path = tmp_path / "cut.safetensors"
    for length in (0, 5, 100, len(content) // 2, len(content) - 1):
        path.write_bytes(content[:length])
        for read in (load_upscaler, read_released_card):
            with pytest.raises(ModelError):
                read(path)


# ---- configurations ----


def test_without_a_file_the_configuration_is_the_published_one() -> None:
    assert read_config(None) is PUBLISHED
    assert PUBLISHED.diffusion == mapping("diffusion")
    assert PUBLISHED.unet.keys() == mapping("unet_tiny").keys()
    assert PUBLISHED.autoencoder["ddconfig"].keys() == mapping("vq_tiny")["ddconfig"].keys()


def test_sections_that_a_file_lacks_are_as_published(tmp_path: Path) -> None:
    path = tmp_path / "part.yaml"
    path.write_text("diffusion:\n  params:\n    sf: 4\n    kappa: 1.5\n")
    config = read_config(path)
    assert config.unet is PUBLISHED.unet
    assert config.diffusion == {"sf": 4, "kappa": 1.5}
    path.write_text("trainer: {}\n")
    with pytest.raises(ModelError, match="none of the sections"):
        read_config(path)


# ---- full size ----

_IMPORT = """
import sys
from pathlib import Path
import torch
torch.set_num_threads(2)
from bimaco_gui.engine.bench.race import peak_memory
from bimaco_gui.services.importing import import_model
report = import_model(Path(sys.argv[1]), Path(sys.argv[2]), None, sys.argv[3])
print(report.unet.file_bytes, report.unet.full_bytes, report.layer_difference)
# Not what getrusage tells: that includes the memory of the program that started this one.
print(peak_memory())
"""


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_full_size_checkpoint_is_imported_within_the_limits(tmp_path: Path) -> None:
    unet, autoencoder = tmp_path / "unet.pth", tmp_path / "autoencoder.pth"
    state = full_size_state("unet_official_keys.tsv")
    torch.save({f"module.{key}": value for key, value in state.items()}, unet)
    torch.save({"state_dict": full_size_state("vq_released_keys.tsv")}, autoencoder)
    del state
    output = tmp_path / "full.safetensors"
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT, str(unet), str(autoencoder), str(output)],
        capture_output=True,
        text=True,
        check=True,
    )
    size, full, difference, peak = (float(word) for word in done.stdout.split())
    assert full == FULL_PRECISION
    assert size <= LIMIT
    assert difference < 1e-5
    assert peak < 2e9
    card = read_released_card(output)
    assert card.one_bit == 118_421_504
    assert load_released(output).alignment == 64
