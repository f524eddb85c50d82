"""Photos that live on the training device as uint8, and random crops of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

HELD_OUT_EVERY = 15
TURNS = 8  # positions of a square picture: four turns, mirrored or not
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
        photos = [self.photos[index] for index in chosen.tolist()]
        window = min(area, *(min(photo.shape[1:]) for photo in photos))
        crops = []
        for photo, (v, u) in zip(
            photos, torch.rand(count, 2, generator=generator).tolist(), strict=True
        ):
            top = int(v * (photo.shape[1] - window + 1))
            left = int(u * (photo.shape[2] - window + 1))
            crops.append(photo[:, top : top + window, left : left + window])
        first = int(torch.randint(0, TURNS, (), generator=generator))
        # Whole groups are turned at once: a launch for each crop would cost more than the crops.
        parts = [
            _turned(part, (first + i) % TURNS)
            for i, part in enumerate(torch.stack(crops).chunk(TURNS))
        ]
        turned = torch.cat(parts).float() / 255
        if window != side:
            turned = F.interpolate(turned, size=(side, side), mode="bicubic", antialias=True)
        return turned.clamp_(0, 1)


def _turned(crops: Tensor, turn: int) -> Tensor:
    """Square pictures [N, C, S, S] in one of their eight positions."""
    crops = crops.rot90(turn % 4, (2, 3))
    return crops.flip(3) if turn >= 4 else crops


class PairPool:
    """Pairs of sharp and degraded pictures as bytes on the device, steadily renewed.

    Making a pair takes hundreds of small operations, training on it takes few large ones. A pool
    that is larger than a batch lets both run in sizes that suit them.
    """

    def __init__(
        self,
        bank: PhotoBank,
        degrade: Callable[[Tensor], Tensor],
        size: int,
        side: int,
        group: int,
        generator: torch.Generator,
    ) -> None:
        """Fill the pool.

        Args:
            degrade: float sharp pictures in 0..1 to LR pictures of a quarter of the side.
            size: Pairs to keep.
            side: Of the sharp pictures in pixels.
            group: Pairs to make at a time.
            generator: On the CPU.
        """
        self._bank, self._degrade, self._group, self._generator = bank, degrade, group, generator
        device = bank.photos[0].device
        self._sharp = torch.zeros(size, 3, side, side, dtype=torch.uint8, device=device)
        self._low = torch.zeros(size, 3, side // 4, side // 4, dtype=torch.uint8, device=device)
        self._next = 0
        for _ in range(-(-size // group)):
            self.renew()

    def renew(self) -> None:
        """Make a group of pairs in the place of the oldest ones."""
        count = min(self._group, len(self._sharp) - self._next)
        sharp = self._bank.crops(count, self._sharp.shape[-1], self._generator)
        place = slice(self._next, self._next + count)
        self._sharp[place] = (sharp * 255).round()
        self._low[place] = (self._degrade(sharp) * 255).round()
        self._next = (self._next + count) % len(self._sharp)

    def draw(self, count: int) -> tuple[Tensor, Tensor]:
        """Random pairs: sharp [count, 3, S, S] and LR [count, 3, S/4, S/4], float32 in 0..1."""
        chosen = torch.randint(0, len(self._sharp), (count,), device=self._sharp.device)
        sharp, low = (_pictures(pool[chosen]) for pool in (self._sharp, self._low))
        return sharp, low


def _pictures(stored: Tensor) -> Tensor:
    return stored.contiguous(memory_format=torch.channels_last).float() / 255
