"""Draw the app's icon for each system out of resources/icons/app.svg, into build/icons.

    python packaging/make_icons.py [FOLDER]

PNG for Linux (beside the SVG, which modern desktops prefer), ``.ico`` for Windows, ``.icns`` for
macOS. They are drawn when a package is built, so that none of them lies in the repository.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ROOT = Path(__file__).resolve().parents[1]
APP_ID = "io.github.bimaco.BiMaCo"
PNG_SIDES = (16, 24, 32, 48, 64, 128, 256, 512)
ICO_SIDES = (16, 24, 32, 48, 64, 128, 256)
ICNS_SIDE = 1024


def draw(side: int) -> Image.Image:
    """The icon, `side` pixels wide and high, with transparency."""
    renderer = QSvgRenderer(str(ROOT / "resources" / "icons" / "app.svg"))
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "png")
    drawn = Image.open(BytesIO(data.data()))
    drawn.load()
    return drawn


def main(folder: Path) -> None:
    """Write all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = {side: draw(side) for side in {*PNG_SIDES, *ICO_SIDES, ICNS_SIDE}}
    for side in PNG_SIDES:
        place = folder / "hicolor" / f"{side}x{side}" / "apps" / f"{APP_ID}.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        drawn[side].save(place)
    largest = drawn[max(ICO_SIDES)]
    others = [drawn[side] for side in ICO_SIDES[:-1]]
    sizes = [(side, side) for side in ICO_SIDES]
    largest.save(folder / f"{APP_ID}.ico", sizes=sizes, append_images=others)
    drawn[ICNS_SIDE].save(folder / f"{APP_ID}.icns")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "icons")
