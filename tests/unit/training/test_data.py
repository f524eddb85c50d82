from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from bimaco_gui.training.data import PhotoBank, load_photo, photo_paths


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    for index in range(31):
        value = np.full((40 + index, 50, 3), index * 8, np.uint8)
        Image.fromarray(value).save(tmp_path / f"photo_{index:02}.png")
    (tmp_path / "MANIFEST.csv").write_text("file\n")
    return tmp_path


def test_training_and_held_out_photos_are_disjoint_and_complete(photos: Path) -> None:
    train, held_out = photo_paths(photos)
    assert [path.name for path in held_out] == ["photo_14.png", "photo_29.png"]
    assert len(train) == 29 and not set(train) & set(held_out)


def test_a_folder_without_photos_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no photos"):
        photo_paths(tmp_path)


def test_crops_are_parts_of_photos(photos: Path) -> None:
    bank = PhotoBank(photo_paths(photos)[0], torch.device("cpu"))
    crops = bank.crops(40, 32, torch.Generator().manual_seed(1))
    assert crops.shape == (40, 3, 32, 32)
    flat = crops.flatten(1)
    torch.testing.assert_close(flat.amin(1), flat.amax(1))
    levels = (flat[:, 0] * 255).round().long().unique()
    assert len(levels) > 5
    assert all(level % 8 == 0 and level // 8 not in (14, 29) for level in levels.tolist())


def test_crops_are_turned_and_mirrored(tmp_path: Path) -> None:
    ramp = np.arange(64, dtype=np.uint8)[None, :, None].repeat(64, 0).repeat(3, 2)
    Image.fromarray(ramp).save(tmp_path / "ramp.png")
    bank = PhotoBank([tmp_path / "ramp.png"], torch.device("cpu"))
    crops = bank.crops(64, 32, torch.Generator().manual_seed(0))[:, 0]
    right = crops[:, 16, -1] - crops[:, 16, 0]
    down = crops[:, -1, 16] - crops[:, 0, 16]
    directions = {(int(r.sign()), int(d.sign())) for r, d in zip(right, down, strict=True)}
    assert directions == {(1, 0), (-1, 0), (0, 1), (0, -1)}


def test_a_seed_repeats_the_crops(photos: Path) -> None:
    bank = PhotoBank(photo_paths(photos)[0], torch.device("cpu"))
    first = bank.crops(8, 24, torch.Generator().manual_seed(2))
    assert torch.equal(first, bank.crops(8, 24, torch.Generator().manual_seed(2)))


def test_photos_are_rgb_bytes(photos: Path) -> None:
    photo = load_photo(photos / "photo_03.png")
    assert photo.dtype == torch.uint8 and photo.shape == (3, 43, 50)
    assert int(photo[1, 5, 5]) == 24
