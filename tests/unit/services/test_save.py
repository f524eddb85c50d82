from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bimaco_gui.engine.pictures import read_picture
from bimaco_gui.engine.resample import resampled
from bimaco_gui.errors import OutputError, UsageError
from bimaco_gui.services.fidelity import blended, faithful_part
from bimaco_gui.services.jobs import JobOptions
from bimaco_gui.services.save import save_finished

LOW, HIGH = (np.random.default_rng(0).integers(0, 256, (n, n, 3), np.uint8) for n in (12, 48))


@pytest.fixture
def original(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    exif = Image.Exif()
    exif[0x010F] = "Camera Works"
    Image.fromarray(LOW).save(path, quality=100, subsampling=0, exif=exif)
    return path


@pytest.fixture
def cached(tmp_path: Path) -> Path:
    path = tmp_path / "cached.png"
    Image.fromarray(HIGH).save(path)
    return path


def pixels(path: Path) -> np.ndarray:
    return read_picture(path).pixels


def test_all_of_the_detail_is_the_cached_result_itself(
    tmp_path: Path, original: Path, cached: Path
) -> None:
    target = tmp_path / "mine.png"
    options = JobOptions(format="png", fidelity=1.0)
    assert save_finished(original, cached, target, options, overwrite=False) == target
    assert np.array_equal(pixels(target), HIGH)


def test_the_metadata_is_that_of_the_photo(tmp_path: Path, original: Path, cached: Path) -> None:
    target = tmp_path / "mine.jpg"
    save_finished(original, cached, target, JobOptions(format="jpg"), overwrite=False)
    with Image.open(target) as saved:
        assert saved.getexif()[0x010F] == "Camera Works"


@pytest.mark.parametrize("fidelity", [0.0, 0.4])
def test_a_saved_picture_has_the_pixels_that_the_window_showed(
    tmp_path: Path, original: Path, cached: Path, fidelity: float
) -> None:
    target = tmp_path / "mine.png"
    options = JobOptions(format="png", fidelity=fidelity)
    save_finished(original, cached, target, options, overwrite=False)
    ends = faithful_part(pixels(original), HIGH, 8, 4, 30, 40)
    shown = blended(ends, HIGH[8:38, 4:44], fidelity)
    assert np.array_equal(pixels(target)[8:38, 4:44], shown)


@pytest.mark.parametrize(
    ("options", "size"),
    [
        (JobOptions(scale=2.0, fidelity=1.0), (24, 24)),
        (JobOptions(longest_side=31, fidelity=1.0), (31, 31)),
        (JobOptions(width=60, height=36, fidelity=1.0), (60, 36)),
    ],
)
def test_other_sizes_are_resampled_from_it(
    tmp_path: Path, original: Path, cached: Path, options: JobOptions, size: tuple[int, int]
) -> None:
    target = tmp_path / "mine.png"
    save_finished(original, cached, target, options, overwrite=False)
    assert np.array_equal(pixels(target), resampled(HIGH, *size))


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_an_existing_file_is_replaced_only_on_request(
    tmp_path: Path, original: Path, cached: Path, suffix: str
) -> None:
    target = tmp_path / f"mine{suffix}"
    target.write_text("precious")
    with pytest.raises(OutputError):
        save_finished(original, cached, target, JobOptions(), overwrite=False)
    assert target.read_text() == "precious"
    save_finished(original, cached, target, JobOptions(), overwrite=True)
    assert pixels(target).shape == (48, 48, 3)


def test_what_does_not_fit_says_why_and_leaves_nothing(
    tmp_path: Path, original: Path, cached: Path
) -> None:
    before = sorted(tmp_path.iterdir())
    with pytest.raises(UsageError):
        save_finished(
            original, cached, tmp_path / "a.png", JobOptions(longest_side=5), overwrite=False
        )
    assert sorted(tmp_path.iterdir()) == before
