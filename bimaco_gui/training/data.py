"""Photos that live on the training device as uint8, and random crops of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

HELD_OUT_EVERY = 15
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")


def photo_paths(folder: Path) -> tuple[list[Path], list[Path]]:
    """Training and held-out photos of a folder, split by name order so that it never changes.

    Raises:
        FileNotFoundError: the folder holds no photos.
    """
    paths = sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES)
    if not paths:
        raise FileNotFoundError(f"no photos in {folder}")
    held_out = paths[HELD_OUT_EVERY - 1 :: HELD_OUT_EVERY]
    return [p for p in paths if p not in held_out], held_out


def load_photo(path: Path) -> Tensor:
    """A photo as uint8 [3, H, W], RGB."""
    with Image.open(path) as image:
        return torch.from_numpy(np.array(image.convert("RGB"))).permute(2, 0, 1).contiguous()


class PhotoBank:
    """All training photos on one device, cropped, turned and mirrored at random."""

    def __init__(self, paths: Sequence[Path], device: torch.device) -> None:
        self.photos = [load_photo(p).to(device) for p in paths]
        sizes = torch.tensor([float(p.shape[1] * p.shape[2]) for p in self.photos])
        self._weights = sizes / sizes.sum()

    def crops(self, count: int, side: int, generator: torch.Generator) -> Tensor:
        """Random crops, float32 [count, 3, side, side] in 0..1.

        Larger photos are drawn more often, and a third of the batches is reduced from a larger
        area, which shows the model sharper and finer detail.

        Args:
            generator: a generator on the CPU.
        """
        area = side
        if torch.rand((), generator=generator) < 1 / 3:
            area = int(side * (1 + 0.75 * torch.rand((), generator=generator)))
        chosen = torch.multinomial(self._weights, count, replacement=True, generator=generator)
        place = torch.rand(count, 2, generator=generator)
        turns = torch.randint(0, 8, (count,), generator=generator)
        crops = []
        for index, (v, u), turn in zip(
            chosen.tolist(), place.tolist(), turns.tolist(), strict=True
        ):
            photo = self.photos[index]
            window = min(area, photo.shape[1], photo.shape[2])
            top = int(v * (photo.shape[1] - window + 1))
            left = int(u * (photo.shape[2] - window + 1))
            crop = photo[:, top : top + window, left : left + window]
            crop = crop.rot90(turn % 4, (1, 2))
            crop = (crop.flip(2) if turn >= 4 else crop)[None].float() / 255
            if window != side:
                crop = F.interpolate(crop, size=(side, side), mode="bicubic", antialias=True)
            crops.append(crop)
        return torch.cat(crops).clamp_(0, 1)
