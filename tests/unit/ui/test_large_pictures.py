"""200 megapixels: smooth on the screen, in the file system and not in memory."""

import statistics
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from bimaco_gui.ui import picture_levels
from bimaco_gui.ui.picture_levels import PictureLevels, build_levels

SIZE = (16000, 12500)
FRAME_SECONDS = 1 / 30


def private_megabytes() -> float:
    """Memory of this process that no file stands behind."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) / 1024
    raise AssertionError("the system does not tell")


def paint(picture: PictureLevels, target: QImage, left: float, top: float, scale: float) -> None:
    painter = QPainter(target)
    whole = QRectF(-left, -top, picture.size.width() * scale, picture.size.height() * scale)
    picture.draw(painter, whole, QRect(0, 0, target.width(), target.height()), smooth=True)
    painter.end()


def test_a_picture_in_a_file_is_drawn_like_one_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = QImage(1999, 1301, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    for step in range(0, 1999, 7):
        painter.fillRect(step, 0, 7, 1301, QColor(step % 256, (step * 3) % 256, (step * 7) % 256))
    painter.end()
    in_memory = build_levels(image)
    monkeypatch.setattr(picture_levels, "KEPT_IN_MEMORY", 1_000_000)
    in_file = build_levels(image, tmp_path)
    assert in_memory.backing is None
    assert in_file.backing is not None
    assert [level.size() for level in in_file.levels] == [
        level.size() for level in in_memory.levels
    ]
    for ours, theirs in zip(in_file.levels, in_memory.levels, strict=True):
        assert ours == theirs
    assert not list(tmp_path.iterdir()), "the file has no name that could stay behind"


@pytest.mark.slow
def test_200_megapixels_pan_smoothly_and_take_no_memory(tmp_path: Path) -> None:
    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    picture = build_levels(image, tmp_path)
    del image
    before = private_megabytes()
    target = QImage(1920, 1080, QImage.Format.Format_RGB32)
    frames = []
    for scale in (0.12, 0.4, 1.0, 2.5):
        for step in range(12):
            began = time.perf_counter()
            paint(picture, target, 400 + 37 * step, 300 + 53 * step, scale)
            frames.append(time.perf_counter() - began)
    assert statistics.median(frames) < FRAME_SECONDS
    assert private_megabytes() - before < 50
