"""The fixed, seeded degradation that all evaluation tables are measured on.

Every photo is, in this order: blurred by a Gaussian, reduced to a quarter of its width and height,
given Gaussian noise, and saved as JPEG with halved chroma (4:2:0). The strengths are drawn for each
file from the seed and the file's name alone, so the set does not depend on the order or number of
files. The ranges below were fixed before the first model was trained. A change to any of them is a
new test set: raise ``VERSION`` and measure every row anew.

``python -m bimaco_gui.training.evaluation_degradation PHOTOS OUT`` writes the reduced pictures.
"""

from __future__ import annotations

import argparse
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

VERSION = 1
SCALE = 4
BLUR_SIGMA = (0.6, 1.6)  # px of the original
REDUCTIONS = {"area": Image.Resampling.BOX, "bicubic": Image.Resampling.BICUBIC}
NOISE_SIGMA = (1.0, 6.0)  # of 255, independent in the three channels
JPEG_QUALITY = (60, 92)  # both included


@dataclass(frozen=True)
class Degradation:
    """What happens to one photo; the noise itself comes from ``noise_seed``."""

    blur_sigma: float
    reduction: str
    noise_sigma: float
    jpeg_quality: int
    noise_seed: int

    @classmethod
    def draw(cls, name: str, seed: int = 0) -> Degradation:
        """Draw the strengths for the file called ``name`` (without folders)."""
        digest = hashlib.sha256(f"{VERSION}/{seed}/{name}".encode()).digest()
        generator = np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))
        return cls(
            blur_sigma=float(generator.uniform(*BLUR_SIGMA)),
            reduction=list(REDUCTIONS)[int(generator.integers(len(REDUCTIONS)))],
            noise_sigma=float(generator.uniform(*NOISE_SIGMA)),
            jpeg_quality=int(generator.integers(JPEG_QUALITY[0], JPEG_QUALITY[1] + 1)),
            noise_seed=int.from_bytes(digest[16:24], "big"),
        )


def describe() -> str:
    """Return the steps and the ranges of their strengths in one sentence."""
    return (
        f"Gaussian blur of sigma {BLUR_SIGMA[0]:g} to {BLUR_SIGMA[1]:g} px, "
        f"reduction by {SCALE} ({' or '.join(REDUCTIONS)}), "
        f"Gaussian noise of sigma {NOISE_SIGMA[0]:g} to {NOISE_SIGMA[1]:g} of 255, "
        f"JPEG of quality {JPEG_QUALITY[0]} to {JPEG_QUALITY[1]} with chroma 4:2:0"
    )


def degrade(photo: np.ndarray, name: str, seed: int = 0) -> np.ndarray:
    """Return the low-resolution picture of a photo.

    Args:
        photo: uint8 [4h, 4w, 3], RGB.
        name: The file's name, which with ``seed`` decides the strengths.
        seed: Chooses the test set; the tables use 0.

    Returns:
        uint8 [h, w, 3], RGB.

    Raises:
        ValueError: The photo is not uint8 RGB with sides divisible by 4.
    """
    if photo.dtype != np.uint8 or photo.ndim != 3 or photo.shape[2] != 3:
        raise ValueError(f"expected uint8 [H, W, 3], got {photo.dtype} {photo.shape}")
    if photo.shape[0] % SCALE or photo.shape[1] % SCALE or 0 in photo.shape:
        raise ValueError(f"the sides of {photo.shape[:2]} are not multiples of {SCALE}")
    drawn = Degradation.draw(name, seed)
    small = _reduce(_blur(photo.astype(np.float32), drawn.blur_sigma), drawn.reduction)
    noise = np.random.Generator(np.random.PCG64(drawn.noise_seed)).standard_normal(small.shape)
    noisy = small + drawn.noise_sigma * noise
    return _through_jpeg(np.clip(np.rint(noisy), 0, 255).astype(np.uint8), drawn.jpeg_quality)


def reduce_cleanly(photo: np.ndarray) -> np.ndarray:
    """Return uint8 [4h, 4w, 3] reduced to [h, w, 3] by bicubic interpolation and nothing else."""
    size = (photo.shape[1] // SCALE, photo.shape[0] // SCALE)
    return np.asarray(Image.fromarray(photo).resize(size, REDUCTIONS["bicubic"])).copy()


def _blur(picture: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian blur of float [H, W, 3], cut at 4 sigma, mirrored at the borders."""
    radius = int(np.ceil(4.0 * sigma))
    offsets = np.arange(-radius, radius + 1)
    kernel = np.exp(-(offsets**2) / (2.0 * sigma**2))
    kernel = (kernel / kernel.sum()).astype(np.float32)
    for axis in (0, 1):
        size = picture.shape[axis]
        margin = [(radius, radius) if a == axis else (0, 0) for a in range(3)]
        padded = np.pad(picture, margin, mode="symmetric")
        picture = sum(
            weight * np.take(padded, range(start, start + size), axis=axis)
            for start, weight in enumerate(kernel)
        )
    return picture


def _reduce(picture: np.ndarray, reduction: str) -> np.ndarray:
    """Float [H, W, 3] to float [H/4, W/4, 3], without rounding in between."""
    size = (picture.shape[1] // SCALE, picture.shape[0] // SCALE)
    channels = [
        Image.fromarray(np.ascontiguousarray(picture[..., c], dtype=np.float32)).resize(
            size, REDUCTIONS[reduction]
        )
        for c in range(3)
    ]
    return np.stack([np.asarray(channel) for channel in channels], axis=2)


def _through_jpeg(picture: np.ndarray, quality: int) -> np.ndarray:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=quality, subsampling="4:2:0")
    with Image.open(buffer) as decoded:
        return np.asarray(decoded.convert("RGB"))


def main() -> None:
    """Write the low-resolution PNG of every photo of a folder and print what was drawn."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photos", type=Path, help="folder of PNG photos")
    parser.add_argument("out", type=Path, help="folder for the reduced PNG pictures")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for path in sorted(arguments.photos.glob("*.png")):
        with Image.open(path) as photo:
            small = degrade(np.asarray(photo.convert("RGB")), path.name, arguments.seed)
        Image.fromarray(small).save(arguments.out / path.name)
        print(path.name, Degradation.draw(path.name, arguments.seed))


if __name__ == "__main__":
    main()
