"""Take the pictures in docs/images of the real window at work.

Run it where a window can open, or under Xvfb::

    xvfb-run -s "-screen 0 1280x800x24" python docs/make_screenshots.py
    QT_QPA_PLATFORM=offscreen python docs/make_screenshots.py

It starts the app with the bundled model and the sample photo, upscales, and writes empty.png,
running.png, comparison.png and comparison_dark.png, each 1280 x 800.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
SAMPLE = REPO / "resources" / "samples" / "canyon.jpg"
SIZE = (1280, 800)
LIMIT_SECONDS = 600
SETTLE_SECONDS = 0.4


def main() -> int:
    """Take all pictures; 1 if the upscale failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=REPO / "docs" / "images")
    parser.add_argument("--photo", type=Path, default=SAMPLE, help="instead of the sample photo")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        # Nobody's settings appear in the pictures, and nobody's are changed.
        os.environ["BIMACO_HOME"] = home
        return take_pictures(arguments.output, arguments.photo)


def take_pictures(folder: Path, photo: Path) -> int:
    """Walk through the app and save what it shows on the way."""
    from PySide6.QtWidgets import QApplication

    from bimaco_gui.app import make_application
    from bimaco_gui.services.worker import WorkerHandle
    from bimaco_gui.ui.session import SessionState
    from bimaco_gui.ui.theme import Appearance, Theme
    from bimaco_gui.ui.window import Window

    app = make_application()
    theme = Theme(app)
    theme.apply(Appearance.LIGHT)
    window = Window(WorkerHandle())
    window.resize(*SIZE)
    window.show()

    def wait_for(condition: Callable[[], bool]) -> None:
        end = time.monotonic() + LIMIT_SECONDS
        while not condition():
            QApplication.processEvents()
            time.sleep(0.005)
            if time.monotonic() > end:
                raise TimeoutError("the window did not get there")

    def take(name: str, settle: float = SETTLE_SECONDS) -> None:
        settled = time.monotonic() + settle
        wait_for(lambda: time.monotonic() > settled)
        path = folder / f"{name}.png"
        window.grab().save(str(path))
        print(path)

    try:
        take("empty")
        session = window.session
        window.open_files([photo], upscale_at_once=True)
        wait_for(
            lambda: (
                session.state is SessionState.FAILED
                or (session.running is not None and (session.running.fraction or 0) >= 0.5)
            )
        )
        take("running", settle=0)
        window.cancel()
        wait_for(lambda: session.running is None)
        window.close_current()

        window.open_files([photo])
        wait_for(lambda: not window.canvas.viewport.is_empty and bool(session.startable))
        window.upscale()
        wait_for(lambda: session.state is not SessionState.RUNNING)
        if window.banner.problem is not None:
            print(window.banner.problem, file=sys.stderr)
            return 1
        wait_for(lambda: window.canvas.compares)
        take("comparison")
        theme.apply(Appearance.DARK)
        take("comparison_dark")
    finally:
        window.close_without_asking()
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(REPO))
    sys.exit(main())
