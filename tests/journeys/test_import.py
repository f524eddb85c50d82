"""From the authors' checkpoints to an enlarged photo, on the command line."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from bimaco_gui.cli import main
from bimaco_gui.services.models import list_models
from tests.released_checkpoints import (
    BINARY_KEYS,
    mapping,
    write_checkpoints,
    write_config,
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BIMACO_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.mark.slow
def test_a_checkpoint_is_imported_listed_and_used(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unet, autoencoder = write_checkpoints(tmp_path)
    config = write_config(tmp_path / "config.yaml")
    command = ["models", "import", str(unet), "--autoencoder", str(autoencoder)]
    command += ["--config", str(config), "-o", "mine.safetensors"]
    assert main(command) == 0
    printed = capsys.readouterr().out
    assert "signs, one bit a weight" in printed
    assert "below the" in printed and "non-commercial" in printed
    assert str(home / "models" / "mine.safetensors") in printed
    assert main(command) == 1
    assert "there already" in capsys.readouterr().err

    # The window's list is made of the same summaries.
    (summary,) = [model for model in list_models() if model.name == "mine"]
    assert summary.licence == "non-commercial"
    assert main(["models"]) == 0
    assert "non-commercial" in capsys.readouterr().out

    photo = tmp_path / "photo.png"
    pixels = np.random.default_rng(0).integers(0, 255, (24, 40, 3), np.uint8)
    Image.fromarray(pixels).save(photo)
    result = tmp_path / "large.png"
    arguments = ["upscale", str(photo), "-o", str(result), "--model", "mine", "--tile", "16"]
    assert main([*arguments, "--threads", "1"]) == 0
    with Image.open(result) as large:
        assert large.size == (160, 96)


def test_a_checkpoint_that_does_not_fit_is_refused_in_one_line(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unet, autoencoder = write_checkpoints(tmp_path)
    command = ["models", "import", str(unet), "--autoencoder", str(autoencoder)]
    assert main([*command, "-o", "mine.safetensors"]) == 1
    error = capsys.readouterr().err.splitlines()[-1]
    assert "time_embed.0.weight is [128, 32] instead of [640, 160]" in error
    assert not list((home / "models").glob("*"))


def test_binarize_prints_what_it_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from bimaco_gui.model import Form
    from bimaco_gui.model.released.config import ReleasedUNetConfig
    from bimaco_gui.model.released.unet import ReleasedUNet

    plain = {k: v for k, v in mapping("unet_tiny").items() if k not in BINARY_KEYS}
    full = ReleasedUNet(ReleasedUNetConfig.from_mapping(plain), Form.FULL)
    torch.save(full.state_dict(), tmp_path / "full.pth")
    config = write_config(tmp_path / "config.yaml")
    output = tmp_path / "start.safetensors"
    command = ["models", "binarize", str(tmp_path / "full.pth"), "--config", str(config)]
    assert main([*command, "-o", str(output)]) == 0
    assert "83 layers are binary" in capsys.readouterr().out
    assert output.is_file()
