from pathlib import Path

import pytest

from bimaco_gui.training.run_config import load_run_config


def write(folder: Path, text: str) -> Path:
    path = folder / "run.toml"
    path.write_text(text)
    return path


def test_the_configs_that_come_along_are_valid(repo: Path) -> None:
    folder = repo / "bimaco_gui" / "training" / "configs"
    stages = {path.stem: load_run_config(path, {}).stage for path in folder.glob("*.toml")}
    assert stages == {
        "photo_codec": "codec",
        "photo_teacher": "teacher",
        "photo_student": "student",
        "photo_binary": "binary",
    }


def test_tables_become_parts_and_overrides_win(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        'stage = "student"\nbatch = 4\n[loss]\nfeature = 0.5\n'
        "[degradation]\nblur = [1.0, 2.0]\n[model.unet]\nchannels = [32, 64]\n",
    )
    config = load_run_config(path, {"batch": 2})
    assert (config.batch, config.loss.feature, config.degradation.blur) == (2, 0.5, (1.0, 2.0))
    assert config.model.unet.channels == (32, 64)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('stage = "master"', "stage must be one of codec, teacher, student, binary"),
        ('stage = "codec"\nepochs = 3', "epochs"),
        ('stage = "codec"\n[loss]\nstyle = 1', "style"),
    ],
)
def test_what_is_not_known_is_an_error(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        load_run_config(write(tmp_path, text), {})
