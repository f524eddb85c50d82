import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from bimaco_gui import paths
from bimaco_gui.cli import main
from bimaco_gui.errors import ModelError
from bimaco_gui.services.model_store import (
    DownloadProgress,
    Place,
    add_model,
    download_model,
    remove_model,
    stored_models,
)
from tests.hub_server import COMMIT, FILE, REPOSITORY, HubServer, serving
from tests.unit.weights.test_packed import save, tiny_packed

CONTENT = (paths.bundled_models_folder() / "photo.safetensors").read_bytes()
CaptureText = pytest.CaptureFixture[str]


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("BIMACO_HOME", str(tmp_path / "home"))
    entry = {
        "name": "lent",
        "title": "Lent x4",
        "licence": "Apache-2.0",
        "repository": REPOSITORY,
        "revision": COMMIT,
        "file": FILE,
        "sha256": hashlib.sha256(CONTENT).hexdigest(),
        "bytes": len(CONTENT),
    }
    listed = paths.user_models_folder() / "catalogue.json"
    listed.write_text(json.dumps({"version": 1, "models": [entry]}))
    with serving(CONTENT) as state:
        monkeypatch.setenv("HF_ENDPOINT", state.endpoint)
        yield state


def places() -> dict[str, Place]:
    return {model.name: model.place for model in stored_models()}


def test_a_model_goes_from_the_hub_to_the_list_and_back(server: HubServer) -> None:
    assert places() == {"photo": Place.BUNDLED, "lent": Place.ON_HUB}
    assert server.requests == []
    told: list[DownloadProgress] = []
    path = download_model("lent", told.append)
    assert path.read_bytes() == CONTENT
    assert told[-1].fraction == 1
    assert told[-1].seconds_left == 0
    assert places() == {"photo": Place.BUNDLED, "lent": Place.INSTALLED}
    remove_model("lent")
    assert not path.exists()
    assert places()["lent"] is Place.ON_HUB


def test_what_has_arrived_is_shown_and_can_be_removed(server: HubServer) -> None:
    server.cuts, server.statuses = [70_000], [0, 0, 404]
    with pytest.raises(Exception, match="no such file"):
        download_model("lent")
    (row,) = [model for model in stored_models() if model.name == "lent"]
    assert (row.received, row.can_be_removed) == (70_000, True)
    remove_model("lent")
    (row,) = [model for model in stored_models() if model.name == "lent"]
    assert (row.received, row.can_be_removed) == (0, False)


@pytest.mark.parametrize("name", ["photo", "nothing", "../photo", ""])
def test_what_is_not_the_users_stays(server: HubServer, name: str) -> None:
    with pytest.raises(ModelError, match=r"comes with the app|is installed"):
        remove_model(name)
    assert (paths.bundled_models_folder() / "photo.safetensors").is_file()


def test_the_commands_do_the_same(server: HubServer, capsys: CaptureText) -> None:
    assert main(["models", "download"]) == 0
    assert f"lent: Lent x4, {len(CONTENT) / 1e6:.1f} MB" in capsys.readouterr().out
    assert main(["models", "download", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["repository"] == REPOSITORY
    assert main(["models", "download", "lent"]) == 0
    assert capsys.readouterr().out.strip() == str(paths.user_models_folder() / "lent.safetensors")
    assert main(["models"]) == 0
    assert "lent: " in capsys.readouterr().out
    assert main(["models", "remove", "lent"]) == 0
    assert main(["models", "remove", "lent"]) == 1
    assert "No model “lent” is installed." in capsys.readouterr().err


def test_a_model_that_is_not_listed_is_refused(server: HubServer, capsys: CaptureText) -> None:
    assert main(["models", "download", "other"]) == 1
    assert "These can be downloaded: lent." in capsys.readouterr().err
    assert server.requests == []


def test_looking_at_models_loads_nothing_that_speaks_to_a_network(server: HubServer) -> None:
    code = (
        "import sys; from bimaco_gui.services.model_store import stored_models; stored_models();"
        "print('huggingface_hub' in sys.modules, 'httpx2' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
    assert server.requests == []


@pytest.fixture
def own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BIMACO_HOME", str(tmp_path / "home"))
    path = tmp_path / "my own.safetensors"
    path.write_bytes(CONTENT)
    return path


def test_a_file_of_one_s_own_is_added_used_and_removed(
    own_file: Path, tmp_path: Path, capsys: CaptureText
) -> None:
    assert main(["models", "add", str(own_file)]) == 0
    assert "--model my own" in capsys.readouterr().out
    own_file.unlink()
    assert places() == {"photo": Place.BUNDLED, "my own": Place.INSTALLED}
    photo = tmp_path / "a.png"
    Image.linear_gradient("L").resize((24, 16)).convert("RGB").save(photo)
    assert main(["upscale", str(photo), "--model", "my own", "--device", "cpu"]) == 0
    assert (tmp_path / "a_x4.png").is_file()
    remove_model("my own")
    assert places() == {"photo": Place.BUNDLED}


def test_what_is_no_model_is_not_added(own_file: Path) -> None:
    own_file.write_bytes(CONTENT[:1000])
    with pytest.raises(ModelError):
        add_model(own_file)
    assert places() == {"photo": Place.BUNDLED}


def test_a_name_is_given_once(own_file: Path) -> None:
    assert add_model(own_file) == add_model(own_file) == "my own", "the same file twice is no harm"
    own_file.unlink()
    save(tiny_packed(), own_file)
    with pytest.raises(ModelError):
        add_model(own_file)
    bundled = own_file.with_name("photo.safetensors")
    bundled.write_bytes(CONTENT)
    with pytest.raises(ModelError, match="rename"):
        add_model(bundled)
