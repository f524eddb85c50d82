"""Take the pictures in docs/images of the real window at work.

Run it where a window can open, or under Xvfb, or on no screen at all::

    python docs/make_screenshots.py                      # the pictures that the docs show
    python docs/make_screenshots.py --all --output DIR   # each screen, light, dark, 200 %, German

It starts the app with the bundled model on photos of the tests, and works as a user would; what it
does is in ``screens.py``. For Chinese it needs a font of it, such as Debian's fonts-noto-cjk.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
IN_DOCS = {
    "light": ("empty", "loupe", "running", "comparison", "batch", "queue"),
}


@dataclass(frozen=True)
class Look:
    """How the window looks in a set of pictures."""

    name: str
    dark: bool = False
    language: str = "en"
    scale: int = 1


LOOKS = (
    Look("light"),
    Look("dark", dark=True),
    Look("200", scale=2),
    Look("german", language="de"),
    Look("chinese", language="zh_CN"),
)


def main() -> int:
    """Take all pictures, each look in a program of its own; 1 if one fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=REPO / "docs" / "images")
    parser.add_argument("--all", action="store_true", help="every screen in every look")
    parser.add_argument("--look", choices=[look.name for look in LOOKS], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    if arguments.look is not None:
        look = next(look for look in LOOKS if look.name == arguments.look)
        return take(look, arguments.output, None if arguments.all else IN_DOCS[look.name])
    names = [look.name for look in LOOKS] if arguments.all else list(IN_DOCS)
    codes = []
    for name in names:
        look = next(look for look in LOOKS if look.name == name)
        with tempfile.TemporaryDirectory() as home:
            # Nobody's settings appear in the pictures, and nobody's are changed.
            done = subprocess.run(
                [sys.executable, __file__, *sys.argv[1:], "--look", name],
                check=False,
                env={
                    **os.environ,
                    "BIMACO_HOME": home,
                    "QT_SCALE_FACTOR": str(look.scale),
                    "LC_ALL": f"{look.language}.UTF-8",  # for numbers
                    "PYTHONPATH": str(REPO),
                },
            )
        codes.append(done.returncode)
    return max(codes)


def take(look: Look, folder: Path, wanted: tuple[str, ...] | None) -> int:
    """Take the wanted pictures in one look, or all of them; 0 if that went well."""
    from screens import Photographer

    suffix = "" if look.name == "light" else f"_{look.name}"
    return Photographer(folder, suffix, look.dark, look.language, wanted).work()


if __name__ == "__main__":
    sys.path.insert(0, str(REPO))
    sys.exit(main())
