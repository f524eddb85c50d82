"""The whole recipe by the clock, rehearsed with a tiny network."""

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bimaco_gui.training import ablation, recipe
from bimaco_gui.training.checkpoints import read_checkpoint
from bimaco_gui.training.recipe import SHARES, Recipe
from bimaco_gui.training.run_config import STAGES, load_run_config

TINY = """
batch = 2
crop = 64
calibration = 1
distilled = 1
pool = 8
warmup = 1
[loss]
structure = 0.1
[model.codec]
latent_channels = 4
fold = 4
coarse_channels = 8
encoder_fine_blocks = 0
decoder_fine_blocks = 0
guided = true
[model.unet]
channels = [8, 8]
swin_depth = 0
"""


@pytest.fixture
def root(tmp_path: Path, repo: Path) -> Path:
    (tmp_path / "photos").mkdir()
    with Image.open(repo / "tests" / "data" / "public_test" / "cid_06.png") as image:
        pixels = np.asarray(image.convert("RGB"))
    for index in range(16):
        top = 20 * index
        Image.fromarray(pixels[top : top + 80, 40:140]).save(tmp_path / f"photos/{index:02}.png")
    for stage in STAGES:
        text = f'stage = "{stage}"\nsteps = 3\n{TINY}'
        (tmp_path / f"{stage}.toml").write_text(text)
    return tmp_path


def arguments(root: Path, repo: Path, *more: str) -> list[str]:
    metric = repo / "tests" / "data" / "metrics" / "squeezenet_v1.1.npz"
    return [
        *("--data", str(root / "photos"), "--metric", str(metric), "--out", str(root / "run")),
        *("--configs", str(root), "--prefix", "", *more),
    ]


def test_the_whole_time_is_shared_out_among_all_stages() -> None:
    assert set(SHARES) == set(STAGES)
    assert sum(SHARES.values()) == pytest.approx(1)
    for stage in STAGES:
        assert load_run_config(recipe.CONFIGS / f"photo_{stage}.toml", {}).stage == stage


def test_a_stage_starts_from_the_newest_stage_before_it(tmp_path: Path) -> None:
    run = Recipe(tmp_path)
    assert run.newest_before("codec") is None
    assert "--start" not in run.command("codec", 0.0)
    for name in ("codec", "student", "binary"):
        (tmp_path / f"{name}.safetensors").write_bytes(b"")
    assert run.newest_before("teacher") == tmp_path / "codec.safetensors"
    assert run.newest_before("student") == tmp_path / "codec.safetensors"
    command = run.command("binary", 12.0)
    assert command[command.index("--start") + 1] == str(tmp_path / "student.safetensors")
    assert command[command.index("--ends") + 1] == "12.0"


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_all_stages_run_in_turn_and_then_the_ablations(root: Path, repo: Path) -> None:
    assert recipe.main(arguments(root, repo, "--minutes", "4")) == 0
    _, history = read_checkpoint(root / "run" / "binary.safetensors")
    assert [record["run"]["stage"] for record in history] == list(STAGES)
    with (root / "run" / "history.csv").open() as file:
        # A slow machine evaluates on the way, too.
        rows = [row["stage"] for row in csv.DictReader(file)]
        assert list(dict.fromkeys(rows)) == list(STAGES)

    assert recipe.main(arguments(root, repo, "--minutes", "2", "--ablate", "1")) == 0
    table = ablation.table(root / "run" / "student.safetensors", root / "run" / "ablation")
    assert all(f"| {name}" in table for name in ablation.VARIANTS)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_clock_ends_a_stage_and_a_failure_is_tried_again_and_told(
    root: Path, repo: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    codec = root / "codec.toml"
    codec.write_text(codec.read_text().replace("steps = 3", "steps = 0"))
    (root / "teacher.toml").write_text('stage = "teacher"\nbatch = -1\n')
    stages = ("--minutes", "0.6", "--stages", "codec", "teacher")
    assert recipe.main(arguments(root, repo, *stages)) == 1
    captured = capfd.readouterr()
    assert captured.out.count("teacher failed, again without compilation") == 1
    assert "failed: teacher" in captured.err
    assert (root / "run" / "codec.safetensors").is_file()
