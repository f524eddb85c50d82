"""No photo is both trained on and measured with."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance

from bimaco_gui.training import photo_hashes
from bimaco_gui.training.photo_hashes import (
    SAME_BITS,
    PhotoHash,
    differing_bits,
    hash_photos,
    perceptual_hash,
    read_hashes,
    shared,
)


@pytest.fixture(scope="module")
def listed(repo: Path) -> list[PhotoHash]:
    return read_hashes(repo / "tests" / "data" / "photo_hashes.csv")


def test_trained_and_tested_photos_are_disjoint(listed: list[PhotoHash]) -> None:
    assert shared(listed) == []


def test_the_list_names_every_trained_photo(listed: list[PhotoHash], repo: Path) -> None:
    with (repo / "docs" / "training_photos.csv").open(encoding="utf-8") as file:
        named = [row["file"] for row in csv.DictReader(file)]
    assert [photo.file for photo in listed if photo.group == "train"] == sorted(named)


def test_the_list_holds_the_hashes_of_the_tested_photos(
    listed: list[PhotoHash], repo: Path
) -> None:
    tested = [photo for photo in listed if photo.group == "test"]
    assert tested == hash_photos("test", repo / "tests" / "data" / "public_test")
    assert len(tested) == 12


def test_a_copy_is_found_by_its_bytes_or_by_its_looks(listed: list[PhotoHash], repo: Path) -> None:
    test = next(photo for photo in listed if photo.group == "test")
    with Image.open(repo / "tests" / "data" / "public_test" / test.file) as opened:
        picture = opened.convert("RGB")
    stored = io.BytesIO()
    ImageEnhance.Brightness(picture.resize((300, 290))).enhance(1.1).save(
        stored, "JPEG", quality=60
    )
    with Image.open(stored) as changed:
        looks = perceptual_hash(changed)
    assert differing_bits(looks, test.perceptual) <= SAME_BITS
    copy = replace(test, group="train", sha256="0" * 64, perceptual=looks)
    assert shared([*listed, copy]) == [(copy, test)]
    same = replace(test, group="train", perceptual=f"{int(test.perceptual, 16) ^ 2**64 - 1:016x}")
    assert shared([*listed, same]) == [(same, test)]


def test_the_command_prints_the_list(
    listed: list[PhotoHash], repo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo_hashes.main([f"test={repo / 'tests' / 'data' / 'public_test'}"])
    path = tmp_path / "hashes.csv"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    assert read_hashes(path) == [photo for photo in listed if photo.group == "test"]
