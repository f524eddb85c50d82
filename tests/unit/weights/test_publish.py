import hashlib
import json
import shutil
from pathlib import Path

import pytest

from bimaco_gui.cli import main
from bimaco_gui.errors import OutputError, UsageError
from bimaco_gui.services.publishing import prepare_repository
from bimaco_gui.weights.catalogue import CatalogueEntry
from bimaco_gui.weights.registry import ModelInfo, find_model


def prepared(folder: Path, repo: Path, repository: str = "owner/photo") -> Path:
    credits = repo / "docs" / "training_photos.csv"
    return prepare_repository(None, folder, repository=repository, credits=credits).folder


def test_the_folder_holds_all_that_a_repository_needs(tmp_path: Path, repo: Path) -> None:
    folder = prepared(tmp_path / "hub", repo)
    model = find_model(None)
    sha256 = hashlib.sha256(model.path.read_bytes()).hexdigest()
    assert sorted(path.name for path in folder.iterdir()) == [
        "LICENSE",
        "README.md",
        "SHA256SUMS",
        "catalogue-entry.json",
        "photo.safetensors",
        "training_photos.csv",
    ]
    assert (folder / "photo.safetensors").read_bytes() == model.path.read_bytes()
    assert (folder / "SHA256SUMS").read_text() == f"{sha256}  photo.safetensors\n"
    assert "Apache License" in (folder / "LICENSE").read_text()
    entry = json.loads((folder / "catalogue-entry.json").read_text())
    assert CatalogueEntry(**(entry | {"revision": "c" * 40})).sha256 == sha256


def test_the_card_has_the_figures_of_the_model_file_and_no_others(
    tmp_path: Path, repo: Path
) -> None:
    card = (prepared(tmp_path / "hub", repo) / "README.md").read_text()
    model = find_model(None)
    assert card.startswith("---\nlicense: apache-2.0\n")
    assert str(model.provenance["data"]) in card
    stages = model.provenance["stages"]
    for stage in stages:
        assert f"{stage['held_out']['psnr']:.3f}" in card
    for heading in ("## Use", "## Training", "## Data", "## Limits", "## Licence", "## File"):
        assert heading in card
    assert hashlib.sha256(model.path.read_bytes()).hexdigest() in card


def test_every_licence_of_the_photos_is_counted(tmp_path: Path, repo: Path) -> None:
    credits = tmp_path / "photos.csv"
    credits.write_text("file,licence\na.jpg,CC0\nb.jpg,CC0 \nc.jpg,CC BY 4.0\n")
    folder = tmp_path / "hub"
    prepare_repository(None, folder, repository="owner/photo", credits=credits)
    card = (folder / "README.md").read_text()
    assert "| CC BY 4.0 | 1 |\n| CC0 | 2 |" in card


def test_figures_of_an_evaluation_are_shown_where_the_file_has_them() -> None:
    from bimaco_gui.weights.model_card import model_card

    rows = [{"upscaler": "bicubic", "Y-PSNR": 25.123456}, {"upscaler": "photo", "Y-PSNR": 26.0}]
    model = ModelInfo("m", Path("m.safetensors"), "M", "MIT", 9, 8, 0.5, {"evaluation": rows})
    card = model_card(
        model,
        repository="a/b",
        sha256="0",
        photos=[{"file": "a", "licence": "CC0"}],
        credits_name="c.csv",
    )
    assert "| bicubic | 25.123 |\n| photo | 26.000 |" in card
    assert "## Training" not in card


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path, repo: Path) -> None:
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(UsageError, match="holds something already"):
        prepared(tmp_path, repo)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_credits_are_required(tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_text("file,licence\nx.jpg,\n")
    for credits in (tmp_path / "none.csv", empty):
        with pytest.raises(UsageError, match=r"--credits|in every line"):
            prepare_repository(None, tmp_path / "hub", repository="a/b", credits=credits)
    assert not (tmp_path / "hub").exists()


def test_a_place_that_does_not_fit_the_hub_is_refused(tmp_path: Path, repo: Path) -> None:
    with pytest.raises(UsageError, match="repository is 'nowhere'"):
        prepared(tmp_path / "hub", repo, repository="nowhere")


def test_nothing_is_left_when_it_cannot_be_written(
    tmp_path: Path, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(OutputError, match="No space left"):
        prepared(tmp_path / "hub", repo)
    assert not (tmp_path / "hub").exists()


def test_the_command_prepares_and_sends_nothing(
    tmp_path: Path, repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "hub"
    where = ["--repository", "owner/photo", "-o", str(folder)]
    assert main(["models", "publish", *where]) == 2
    assert "--dry-run" in capsys.readouterr().err
    assert not folder.exists()
    assert main(["models", "publish", "--dry-run", *where]) == 0
    printed = capsys.readouterr().out
    assert str(folder / "README.md") in printed
    assert f"hf upload owner/photo {folder}" in printed
