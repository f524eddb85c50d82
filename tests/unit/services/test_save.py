from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bimaco_gui.errors import OutputError
from bimaco_gui.services.fidelity import blended, faithful_part
from bimaco_gui.services.save import save_result
from tests.unit.services.fakes import FakeEngine, save_picture


def save(cached: Path, target: Path, **options: Any) -> Path:
    tools = FakeEngine().tools()
    return save_result(cached, target, read=tools.read, write=tools.write, **options)


def test_the_same_lossless_format_is_copied_byte_for_byte(tmp_path: Path) -> None:
    cached = save_picture(tmp_path / "cache" / "result.png")
    target = tmp_path / "mine.png"
    assert save(cached, target) == target
    assert target.read_bytes() == cached.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "mine.png"]


def test_another_format_is_encoded(tmp_path: Path) -> None:
    cached = save_picture(tmp_path / "result.png")
    by_name = save(cached, tmp_path / "a.jpg")
    by_choice = save(cached, tmp_path / "b.dat", format="webp")
    with Image.open(by_name) as first, Image.open(by_choice) as second:
        assert (first.format, second.format) == ("JPEG", "WEBP")


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_an_existing_file_is_replaced_only_on_request(tmp_path: Path, suffix: str) -> None:
    cached = save_picture(tmp_path / "result.png")
    target = tmp_path / f"mine{suffix}"
    target.write_text("precious")
    assert save(cached, target) == tmp_path / f"mine (2){suffix}"
    assert target.read_text() == "precious"
    assert save(cached, target, overwrite=True) == target
    with Image.open(target) as saved:
        assert saved.size == (8, 6)


def test_a_copy_that_fails_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    cached = save_picture(tmp_path / "result.png")
    with pytest.raises(OutputError, match="cannot be written"):
        save(cached, tmp_path / "missing" / "mine.png")
    with pytest.raises(OutputError):
        save(tmp_path / "lost.png", tmp_path / "mine.png")
    assert [path.name for path in tmp_path.iterdir()] == ["result.png"]


@pytest.mark.parametrize("fidelity", [0.0, 0.4])
def test_a_saved_picture_has_the_pixels_that_the_window_showed(
    tmp_path: Path, fidelity: float
) -> None:
    low, high = (np.random.default_rng(0).integers(0, 256, (n, n, 3), np.uint8) for n in (12, 48))
    original, cached, target = (tmp_path / f"{name}.png" for name in ("photo", "cached", "mine"))
    Image.fromarray(low).save(original)
    Image.fromarray(high).save(cached)
    assert save_result(cached, target, original=original, fidelity=fidelity) == target
    shown = blended(faithful_part(low, high, 8, 4, 30, 40), high[8:38, 4:44], fidelity)
    with Image.open(target) as saved:
        assert np.array_equal(np.asarray(saved)[8:38, 4:44], shown)


def test_all_of_the_detail_is_the_cached_result_itself(tmp_path: Path) -> None:
    cached = save_picture(tmp_path / "result.png")
    save(cached, tmp_path / "mine.png", original=save_picture(tmp_path / "a.png"), fidelity=1.0)
    assert (tmp_path / "mine.png").read_bytes() == cached.read_bytes()
