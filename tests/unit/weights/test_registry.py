import shutil
from pathlib import Path

import pytest

from bimaco_gui import paths
from bimaco_gui.errors import ModelError
from bimaco_gui.weights import DEFAULT_MODEL, find_model, installed_models


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BIMACO_HOME", str(tmp_path))
    return paths.user_models_folder()


def test_the_default_is_the_bundled_photo_model(home: Path) -> None:
    model = find_model(None)
    assert model == find_model(DEFAULT_MODEL)
    assert model.path.parent == paths.bundled_models_folder()
    assert model.licence == "Apache-2.0"
    assert 0.9 < model.one_bit_share < 1
    assert model.file_bytes == model.path.stat().st_size < 6_000_000
    assert model.provenance["stages"][0]["run"]["stage"] == "codec"


def test_a_users_model_is_listed_after_the_bundled_ones(home: Path) -> None:
    shutil.copy(find_model(None).path, home / "mine.safetensors")
    assert [model.name for model in installed_models()] == ["photo", "mine"]
    assert find_model("mine").path == home / "mine.safetensors"


def test_a_damaged_file_is_left_out_and_logged(
    home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (home / "broken.safetensors").write_bytes(b"nothing")
    assert [model.name for model in installed_models()] == ["photo"]
    assert "broken.safetensors" in caplog.text
    with pytest.raises(ModelError, match=r"broken\.safetensors"):
        find_model("broken")


def test_an_unknown_name_lists_what_there_is(home: Path) -> None:
    with pytest.raises(ModelError, match=r"no model 'paint'. Installed: photo\."):
        find_model("paint")


@pytest.mark.parametrize("name", ["../photo", "models/photo", "/etc/passwd"])
def test_a_name_is_no_way_out_of_the_folders(home: Path, name: str) -> None:
    with pytest.raises(ModelError, match="There is no model"):
        find_model(name)


def test_a_path_works_as_a_name(home: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.safetensors"
    shutil.copy(find_model(None).path, elsewhere)
    assert find_model(str(elsewhere)).name == "elsewhere"
