"""Measuring upscalers, and the command that prints and writes the tables."""

import re
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from bimaco_gui.engine import Picture, UpscaleOptions, Upscaler, choose_device, set_threads
from bimaco_gui.engine.bench import report
from bimaco_gui.engine.bench.peers import bicubic
from bimaco_gui.engine.fidelity import with_fidelity
from bimaco_gui.engine.options import DEFAULT_FIDELITY
from bimaco_gui.model import Form, OneStepUpscaler, UpscalerConfig, binarize, pack
from bimaco_gui.training.checkpoints import load_model as load_checkpoint
from bimaco_gui.training.checkpoints import save_checkpoint
from bimaco_gui.training.evaluate import (
    Judge,
    Photo,
    Score,
    cells,
    clean,
    mean_score,
    read_photos,
    run_all,
    spread,
)
from bimaco_gui.training.evaluation_degradation import degrade, describe
from bimaco_gui.training.feature_distance import FeatureDistance
from bimaco_gui.training.metrics import y_psnr
from bimaco_gui.training.niqe import Niqe
from bimaco_gui.training.structure import gmsd, ssim
from bimaco_gui.weights import load_model, save_model
from bimaco_gui.weights.packed import count_weights
from tests.benchmarks import crops, evaluate, runners, speed

BICUBIC = ("--only", "bicubic", "--threads", "1")


@pytest.fixture(autouse=True)
def threads() -> Iterator[None]:
    """One here, which is quick beside other programs; other tests keep theirs."""
    set_threads(1)
    yield
    set_threads(None)


@pytest.fixture(scope="module")
def judge(repo: Path) -> Judge:
    folder = repo / "tests" / "data" / "metrics"
    return Judge(
        FeatureDistance(folder / "squeezenet_v1.1.npz"), Niqe.load(folder / "niqe_pris_params.npz")
    )


@pytest.fixture(scope="module")
def photo(repo: Path) -> Photo:
    return read_photos(repo / "tests" / "data" / "public_test")[0]


@pytest.fixture
def few(repo: Path, tmp_path: Path) -> Path:
    """A folder with two photos of the set, one of them a crop, and something else."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for name, box in [("cid_14.png", (0, 0, 512, 512)), ("cid_02.png", (0, 0, 256, 224))]:
        with Image.open(repo / "tests/data/public_test" / name) as opened:
            opened.convert("RGB").crop(box).save(folder / name)
    (folder / "MANIFEST.csv").write_text("file\n")
    return folder


def test_photos_come_by_name_with_their_degraded_form(few: Path) -> None:
    first, second = read_photos(few, seed=2)
    assert [first.name, second.name] == ["cid_02.png", "cid_14.png"]
    assert first.original.shape == (224, 256, 3)
    assert np.array_equal(first.degraded, degrade(first.original, "cid_02.png", 2))


def test_a_folder_without_photos_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=re.escape(str(tmp_path))):
        read_photos(tmp_path)


def test_clean_photos_are_reduced_and_nothing_else(few: Path) -> None:
    photos = read_photos(few)
    for photo, plain in zip(photos, clean(photos), strict=True):
        assert np.array_equal(plain.original, photo.original)
        reduced = Image.fromarray(photo.original).resize(
            (photo.original.shape[1] // 4, photo.original.shape[0] // 4), Image.Resampling.BICUBIC
        )
        assert np.array_equal(plain.degraded, np.asarray(reduced))


def test_a_score_is_made_of_the_measures(judge: Judge, photo: Photo) -> None:
    result = bicubic(photo.degraded)
    score = judge.score(result, photo.original, seconds=0.5)
    pair = [
        torch.from_numpy(one.astype(np.float32) / 255).permute(2, 0, 1)[None]
        for one in (result, photo.original)
    ]
    assert score.y_psnr == y_psnr(result, photo.original)
    assert score.ssim == ssim(result, photo.original)
    assert score.gmsd == gmsd(result, photo.original)
    assert score.feature_distance == pytest.approx(judge.distance(*pair).item(), rel=1e-6)
    assert score.niqe == judge.niqe(result)
    assert score.seconds_per_megapixel == pytest.approx(0.5 / (512 * 512 / 1e6))


def test_the_original_is_better_than_bicubic_by_every_measure(judge: Judge, photo: Photo) -> None:
    best = judge.score(photo.original, photo.original, 1.0)
    plain = judge.score(bicubic(photo.degraded), photo.original, 1.0)
    assert best.y_psnr > plain.y_psnr
    assert best.feature_distance == 0 < plain.feature_distance
    assert best.niqe < plain.niqe


def test_the_mean_is_taken_of_each_figure() -> None:
    scores = [Score(1, 20, 300, 4000, 5, 6), Score(3, 40, 500, 6000, 5, 10)]
    assert astuple(mean_score(scores)) == (2, 30, 400, 5000, 5, 8)
    assert astuple(spread(scores)) == (2, 20, 200, 2000, 0, 4)
    assert cells(Score(1, 0.25, 0.5, 3, 4, 5)) == [
        "1.00",
        "0.2500",
        "0.5000",
        "3.000",
        "4.00",
        "5.000",
    ]


def test_every_photo_runs_once_and_the_first_once_more_unmeasured(photo: Photo) -> None:
    photos = [photo, Photo("b", photo.original[:64, :64], photo.degraded[:16, :16])]
    seen: list[tuple[int, ...]] = []

    def runner(picture: np.ndarray) -> np.ndarray:
        seen.append(picture.shape)
        return bicubic(picture)

    results = run_all(runner, photos)
    assert seen == [(128, 128, 3), (128, 128, 3), (16, 16, 3)]
    for (result, seconds), one in zip(results, photos, strict=True):
        assert np.array_equal(result, bicubic(one.degraded))
        assert seconds > 0


def test_a_result_of_another_size_is_refused(photo: Photo) -> None:
    with pytest.raises(ValueError, match=re.escape(photo.name)):
        run_all(lambda picture: picture, [photo])


def test_the_command_prints_and_writes_the_same_table(
    few: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document, sheet = tmp_path / "benchmarks.md", tmp_path / "images" / "crops.png"
    document.write_text("before\n<!-- quality: begin -->\n<!-- quality: end -->\nafter\n")
    status = evaluate.main(
        [*BICUBIC, "--data", str(few), "--write", str(document), "--crops", str(sheet)]
    )
    printed = capsys.readouterr().out.strip()
    assert status == 0
    assert document.read_text() == (
        f"before\n<!-- quality: begin -->\n{printed}\n<!-- quality: end -->\nafter\n"
    )
    header = next(line for line in printed.splitlines() if "NIQE |" in line)
    assert [cell.strip() for cell in header.strip("| ").split("|")] == [
        "Y-PSNR, dB",
        "SSIM",
        "GMSD",
        "feature distance",
        "NIQE",
        "s per output MP",
    ]
    assert "LPIPS" not in printed
    with Image.open(sheet) as drawn:  # cid_02 is too small here, but the other has its crop
        assert drawn.width > 2 * crops.SIDE * crops.ZOOM


def test_the_table_holds_the_means_and_the_photos_figures(
    few: Path, judge: Judge, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate.main([*BICUBIC, "--data", str(few)]) == 0
    lines = [split(line) for line in capsys.readouterr().out.splitlines()]
    photos = read_photos(few)
    scores = [judge.score(bicubic(p.degraded), p.original, 1.0) for p in photos]
    mean = mean_score(scores)
    assert any(line[:6] == ["bicubic", *cells(mean)[:5]] for line in lines)
    plain = [judge.score(bicubic(p.degraded), p.original, 1.0) for p in clean(photos)]
    assert any(line[:6] == ["bicubic", *cells(mean_score(plain))[:5]] for line in lines)
    for one, score in zip(photos, scores, strict=True):
        assert [one.name, f"{score.feature_distance:.3f}"] in lines
        assert [one.name, f"{score.y_psnr:.2f}"] in lines


def test_the_table_says_when_and_on_what(few: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evaluate.main([*BICUBIC, "--data", str(few), "--seed", "3", "--photos", "1"])
    printed = capsys.readouterr().out
    assert re.search(r"Measured \d{4}-\d\d-\d\d on .+ cores", printed)
    assert "over 1 photos" in printed
    assert f"seed 3: {describe()}." in printed


def test_a_missing_file_is_named_and_nothing_is_written(
    few: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    none, document = tmp_path / "none.safetensors", tmp_path / "benchmarks.md"
    arguments = ["--data", str(few), "--student", str(none), "--write", str(document)]
    assert evaluate.main(["--only", "bicubic", "student", *arguments]) == 1
    assert str(none) in capsys.readouterr().err
    assert not document.exists()


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Files of an untrained packed model and of the one it was packed from."""
    folder = tmp_path_factory.mktemp("models")
    packed, student = folder / "packed.safetensors", folder / "student.safetensors"
    with torch.random.fork_rng():
        torch.manual_seed(0)
        full = OneStepUpscaler(UpscalerConfig(), Form.FULL).eval()
    save_checkpoint(full, student, [])
    binary = pack(binarize(full))
    save_model(binary, packed, title="Untrained", licence="Apache-2.0", provenance={})
    return packed, student


def test_our_rows_are_what_the_engine_makes(photo: Photo, models: tuple[Path, Path]) -> None:
    packed, student = models
    options = Namespace(packed=str(packed), student=student, teacher=None, threads=1)
    small = photo.degraded[:32, :48]
    for key, model in [("packed", load_model(packed)), ("student", load_checkpoint(student))]:
        engine = Upscaler(model, choose_device("cpu"))
        made = engine.upscale(Picture(small), UpscaleOptions(seed=2))
        result = runners.make_runner(key, options, 2)(small)
        assert np.array_equal(result, made.pixels), key
        expected = with_fidelity(Picture(small), made, DEFAULT_FIDELITY).pixels
        assert np.array_equal(runners.at_default_fidelity(small, result), expected)


def test_all_rows_in_their_order(
    few: Path, models: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("ncnn")
    packed, student = models
    files = ["--packed", str(packed), "--student", str(student)]  # and no teacher
    once = ["--photos", "1", "--threads", "1", "--noise-seeds", "2"]
    assert evaluate.main(["--data", str(few), *once, *files]) == 0
    printed = capsys.readouterr().out
    table = [split(line) for line in printed.splitlines() if line.startswith("|")][2:8]
    assert [row[0] for row in table] == [
        "bicubic",
        "Lanczos",
        f"this model, fidelity {DEFAULT_FIDELITY:g} (the default)",
        "this model, packed",
        "this model, before binarization",
        "Real-ESRGAN General x4 v3 (ncnn)",
    ]
    assert len({row[1] for row in table}) == len(table)  # each was measured for itself
    assert printed.count("Apart over 2 seeds, this model") == 2 * 3
    for path in models:
        assert f"`{path.name}`, SHA-256 {report.file_hash(path)}" in printed


@pytest.mark.slow
def test_the_speed_command_races_both_models(
    models: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed, student = models
    document = tmp_path / "benchmarks.md"
    files = ["--packed", str(packed), "--student", str(student)]
    short = ["--only", "packed", "student", "--side", "32", "--runs", "1", "--threads", "1"]
    assert speed.main([*files, *short, "--write", str(document)]) == 0
    printed = capsys.readouterr().out
    assert printed.strip() in document.read_text()
    parameters, one_bit = count_weights(load_model(packed))
    assert f"Packed: {packed.stat().st_size / 1e6:.2f} MB, {parameters:,} parameters" in printed
    assert f"{one_bit:,} of them, {100 * one_bit / parameters:.1f} %, are one bit" in printed
    assert "from 32x32 to 128x128 px" in printed
    rows = [split(line) for line in printed.splitlines() if line.startswith("| this model")]
    assert [row[0] for row in rows] == ["this model, packed", "this model, before binarization"]
    for row in rows:
        fastest, slowest = (float(number) for number in row[2].split(" to "))
        assert 0 < fastest <= float(row[1]) <= slowest


def test_the_contact_sheet_shows_the_crops_at_double_size() -> None:
    first = crops.CROPS[0]
    name, left, top = first.name, first.left, first.top
    generator = np.random.Generator(np.random.PCG64(1))
    pictures = [generator.integers(0, 256, (512, 512, 3), np.uint8) for _ in range(2)]
    sheet = np.asarray(
        crops.contact_sheet([("one", {name: pictures[0]}), ("", {name: pictures[1]})])
    )
    for picture in pictures:
        crop = picture[top : top + 160, left : left + 160].repeat(2, 0).repeat(2, 1)
        assert contains(sheet, crop)


def test_the_contact_sheet_labels_its_columns() -> None:
    name = crops.CROPS[0].name
    picture = {name: np.zeros((512, 512, 3), np.uint8)}
    sheet = np.asarray(crops.contact_sheet([("bicubic", picture), ("", picture)]))
    middle = sheet.shape[1] // 2
    assert sheet[:24, :middle].min() < 100  # dark letters on white
    assert sheet[:24, middle:].min() == 255


def test_every_crop_lies_inside_its_photo(repo: Path) -> None:
    for crop in crops.CROPS:
        with Image.open(repo / "tests/data/public_test" / crop.name) as photo:
            assert crop.left + crops.SIDE <= photo.width
            assert crop.top + crops.SIDE <= photo.height


def test_a_contact_sheet_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="cid_02"):
        crops.contact_sheet([("one", {"other.png": np.zeros((512, 512, 3), np.uint8)})])


def split(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("| ").split("|")]


def contains(sheet: np.ndarray, part: np.ndarray) -> bool:
    height, width = part.shape[:2]
    corners: Sequence[tuple[int, int]] = list(
        zip(*np.nonzero((sheet[: -height + 1, : -width + 1] == part[0, 0]).all(-1)), strict=True)
    )
    return any(np.array_equal(sheet[r : r + height, c : c + width], part) for r, c in corners)
