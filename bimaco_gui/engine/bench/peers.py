"""What our results are compared with: bicubic, Lanczos, and Real-ESRGAN General x4 through ncnn.

All runners here and elsewhere have one form, ``Runner``. None of these needs torch.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

Runner = Callable[[np.ndarray], np.ndarray]
"""uint8 [h, w, 3] RGB to uint8 [4h, 4w, 3] RGB."""

SCALE = 4
REACH = 34  # input px that the 34 convolutions of 3x3 see around a pixel


def bicubic(picture: np.ndarray) -> np.ndarray:
    """Enlarge four times by Pillow's bicubic interpolation (a = -0.5)."""
    size = (picture.shape[1] * SCALE, picture.shape[0] * SCALE)
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BICUBIC))


def lanczos(picture: np.ndarray) -> np.ndarray:
    """Enlarge four times by Pillow's Lanczos interpolation (three lobes)."""
    size = (picture.shape[1] * SCALE, picture.shape[0] * SCALE)
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS))


class RealEsrganGeneral:
    """The compact Real-ESRGAN network (34 convolutions, 64 channels) on the CPU.

    Pictures up to ``whole`` pixels a side run in one piece, larger ones in tiles. ncnn runs with
    its defaults, which are its fastest, but for the number of threads.
    """

    def __init__(
        self, param: Path, weights: Path, threads: int, whole: int = 512, overlap: int = REACH
    ) -> None:
        """Load the network.

        Args:
            param: ncnn's description of the network (``.param``).
            weights: Its weights (``.bin``).
            threads: Threads to compute with.
            whole: Longest side, in input pixels, of a piece without its overlap.
            overlap: Input pixels added around a tile and cut away again.

        Raises:
            FileNotFoundError: A file is missing or not a network that ncnn reads.
            ModuleNotFoundError: The ``ncnn`` package is not installed.
        """
        self._ncnn = importlib.import_module("ncnn")  # here, so that bicubic does without it
        self._net = self._ncnn.Net()
        self._net.opt.num_threads = threads
        if self._net.load_param(str(param)) or self._net.load_model(str(weights)):
            raise FileNotFoundError(f"ncnn cannot load {param} with {weights}")
        self._whole = whole
        self._overlap = overlap

    def __call__(self, picture: np.ndarray) -> np.ndarray:
        """Enlarge uint8 [h, w, 3] RGB four times."""
        height, width = picture.shape[:2]
        result = np.empty((height * SCALE, width * SCALE, 3), np.uint8)
        for top in range(0, height, self._whole):
            for left in range(0, width, self._whole):
                bottom, right = min(top + self._whole, height), min(left + self._whole, width)
                first_row, first_column = max(top - self._overlap, 0), max(left - self._overlap, 0)
                large = self._run(
                    picture[
                        first_row : bottom + self._overlap, first_column : right + self._overlap
                    ]
                )
                row, column = (top - first_row) * SCALE, (left - first_column) * SCALE
                rows, columns = (bottom - top) * SCALE, (right - left) * SCALE
                result[top * SCALE : bottom * SCALE, left * SCALE : right * SCALE] = large[
                    row : row + rows, column : column + columns
                ]
        return result

    def _run(self, piece: np.ndarray) -> np.ndarray:
        planes = np.ascontiguousarray(piece.transpose(2, 0, 1), dtype=np.float32) / 255.0
        extractor = self._net.create_extractor()
        # A Mat made from an array only borrows its memory; the copy belongs to ncnn.
        extractor.input("data", self._ncnn.Mat(planes).clone())
        status, output = extractor.extract("output")
        if status:
            raise RuntimeError(f"ncnn failed with status {status}")
        large: np.ndarray = np.array(output, dtype=np.float32).transpose(1, 2, 0)
        rounded: np.ndarray = np.rint(np.clip(large, 0.0, 1.0) * 255.0).astype(np.uint8)
        return rounded
