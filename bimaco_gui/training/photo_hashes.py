"""Prove that no photo is both trained on and measured with.

``python -m bimaco_gui.training.photo_hashes train=FOLDER test=FOLDER`` prints, for every photo of
the folders, its SHA-256 and a perceptual hash, which stays almost the same when a photo is resized,
recompressed or slightly changed. Its output for our photos is ``tests/data/photo_hashes.csv``.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from bimaco_gui.training.data import SUFFIXES

HEADER = ("set", "file", "sha256", "perceptual")
SIDE = 8
SAME_BITS = 10
"""Photos whose perceptual hashes differ in no more of their 64 bits count as the same photo."""


@dataclass(frozen=True)
class PhotoHash:
    """A photo by its bytes and by its looks.

    Attributes:
        group: ``train`` or ``test``.
        file: Its name.
        sha256: Of the file, 64 hexadecimal digits.
        perceptual: `perceptual_hash` as 16 hexadecimal digits.
    """

    group: str
    file: str
    sha256: str
    perceptual: str


def perceptual_hash(picture: Image.Image) -> str:
    """64 bits, as hexadecimal digits: is each place of a 9x8 thumbnail brighter than the next?"""
    small = picture.convert("L").resize((SIDE + 1, SIDE), Image.Resampling.BOX)
    values = np.asarray(small, np.int64)
    return np.packbits(values[:, :-1] > values[:, 1:]).tobytes().hex()


def differing_bits(first: str, second: str) -> int:
    """In how many bits two perceptual hashes differ."""
    return (int(first, 16) ^ int(second, 16)).bit_count()


def hash_photos(group: str, folder: Path) -> list[PhotoHash]:
    """The hashes of a folder's photos, in the order of their names."""
    found = []
    for path in sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES):
        with Image.open(path) as picture:
            looks = perceptual_hash(picture)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        found.append(PhotoHash(group, path.name, digest, looks))
    return found


def read_hashes(path: Path) -> list[PhotoHash]:
    """Read the list."""
    with path.open(encoding="utf-8", newline="") as file:
        return [PhotoHash(*(row[name] for name in HEADER)) for row in csv.DictReader(file)]


def shared(hashes: Iterable[PhotoHash]) -> list[tuple[PhotoHash, PhotoHash]]:
    """Pairs of a trained and a tested photo that are the same by bytes or by looks."""
    known = list(hashes)
    train = [photo for photo in known if photo.group == "train"]
    test = [photo for photo in known if photo.group == "test"]
    return [
        (one, other)
        for one in train
        for other in test
        if one.sha256 == other.sha256
        or differing_bits(one.perceptual, other.perceptual) <= SAME_BITS
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(HEADER)
    for argument in sys.argv[1:] if arguments is None else arguments:
        group, _, folder = argument.partition("=")
        writer.writerows(astuple(photo) for photo in hash_photos(group, Path(folder)))


if __name__ == "__main__":
    main()
