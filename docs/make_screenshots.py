"""Take the pictures in docs/images of the real window at work.

Run it where a window can open, or under Xvfb, or on no screen at all::

    python docs/make_screenshots.py                      # the pictures that the docs show
    python docs/make_screenshots.py --all --output DIR   # each screen, light, dark, 200 %, German

It starts the app with the bundled model on photos of the tests, and works as a user would.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPO = Path(__file__).resolve().parents[1]
SAMPLE = REPO / "resources" / "samples" / "canyon.jpg"
ALBUM = REPO / "tests" / "data" / "public_test"
SIZE = (1120, 700)
LIMIT_SECONDS = 600
SETTLE_SECONDS = 0.6
QUALITY = 92
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
        wanted = None if arguments.all else IN_DOCS[look.name]
        return Photographer(arguments.output, look, wanted).work()
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


class Photographer:
    """Walks through the app in one look and saves what it shows on the way."""

    def __init__(self, folder: Path, look: Look, wanted: tuple[str, ...] | None) -> None:
        """Start the app; of the pictures, only those wanted are kept, or all."""
        from bimaco_gui.app import make_application, make_program
        from bimaco_gui.services.settings import Settings, save_settings
        from bimaco_gui.ui.theme import Appearance, Theme
        from bimaco_gui.ui.translation import install_language

        self._folder, self._look, self._wanted = folder, look, wanted
        save_settings(Settings(language=look.language))
        self._app = make_application()
        install_language(self._app, look.language)
        Theme(self._app).apply(Appearance.DARK if look.dark else Appearance.LIGHT)
        self._program = make_program()
        self._window = self._program.window
        self._window.resize(*SIZE)
        self._window.show()
        self._home = Path(os.environ["BIMACO_HOME"])

    def work(self) -> int:
        """Take the pictures."""
        try:
            self._photo()
            self._batch()
            self._dialogs()
        finally:
            self._window.close_without_asking()
            self._program.queue.close()
        return 0

    def _photo(self) -> None:
        window = self._window
        self._take("empty")
        photo = self._home / "canyon.jpg"
        shutil.copy(SAMPLE, photo)
        window.opening.open_files([photo])
        self._wait(lambda: window.loupe.image is not None)
        self._wait(lambda: "·" in window.bottom_bar.size_label.whole_text)
        self._take("loupe", settle=2)
        window.commands.upscale()
        self._wait(
            lambda: window.session.running is None or (window.session.running.fraction or 0) >= 0.4
        )
        self._take("running", settle=0)
        self._wait(lambda: window.canvas.compares and not window.saving.is_busy)
        self._take("comparison", settle=1.5)
        from bimaco_gui.ui.view_mode import ViewMode

        window.canvas.set_mode(ViewMode.SIDE_BY_SIDE)
        window.panel.advanced_section.toggle.setChecked(True)
        window.panel.size_section.other_button.click()
        self._take("side_by_side")
        window.canvas.set_mode(ViewMode.DIFFERENCE)
        self._take("difference")
        window.canvas.set_mode(ViewMode.SLIDER)
        window.panel.size_section.factor_buttons[4].click()
        window.panel.advanced_section.toggle.setChecked(False)
        from bimaco_gui.errors import UpscaleError
        from bimaco_gui.ui.problem import problem_from

        error = UpscaleError(
            "Not enough memory",
            "The picture does not fit into the memory that is free: "
            "close other programs, or choose a smaller scale.",
        )
        window.banner.show_problem(problem_from(error))
        self._take("problem")
        window.banner.dismiss()

    def _batch(self) -> None:
        from PIL import Image

        from bimaco_gui.services.queue_events import JobState
        from bimaco_gui.ui.batch_dialog import BatchDialog

        album = self._home / "Holiday"
        (album / "Day 2").mkdir(parents=True)
        for number, path in enumerate(sorted(ALBUM.glob("*.png"))[:10]):
            with Image.open(path) as image:
                small = image.convert("RGB").resize((72, 72), Image.Resampling.LANCZOS)
            small.save(album / ("Day 2" if number > 6 else "") / f"IMG_{2040 + number}.jpg")
        (album / "IMG_2039.jpg").write_bytes(b"\xff\xd8\xff\xe0 cut off")
        window = self._window
        window.opening.open_files([album])
        dialog = self._dialog(BatchDialog)
        self._wait(lambda: dialog.plan is not None)
        dialog.details_button.setChecked(True)
        self._take("batch", of=dialog)
        dialog.accept()
        control = window.queue.control
        assert control is not None
        self._wait(lambda: control.rows.counts[JobState.DONE] >= 4)
        self._take("queue")
        self._wait(lambda: not control.is_busy)
        self._take("queue_done", settle=1)
        window.menus.queue.setChecked(False)
        self._take("strip")

    def _dialogs(self) -> None:
        from bimaco_gui.services.updates import Release
        from bimaco_gui.ui.model_dialog import ModelDialog
        from bimaco_gui.ui.report_dialog import ReportDialog
        from bimaco_gui.ui.save_dialog import SaveDialog
        from bimaco_gui.ui.update_dialog import UpdateDialog

        window = self._window
        window.commands.save_as()
        saving = self._dialog(SaveDialog)
        self._take("save_as", of=saving)
        saving.reject()
        window.dialogs.show_models()
        models = self._dialog(ModelDialog)
        self._wait(lambda: not models.is_busy)
        self._take("models", of=models)
        models.accept()
        window.dialogs.show_report()
        report = self._dialog(ReportDialog)
        self._wait(report.copy_button.isEnabled)
        self._take("doctor", of=report)
        report.accept()
        notes = "Sharper and quicker\n\n- Hair and fur keep their strands\n- HEIC opens sooner"
        window.dialogs.show_updates(Release("0.2.0", "https://example.org/", notes, is_newer=True))
        updates = self._dialog(UpdateDialog)
        self._take("updates", of=updates)
        updates.accept()

    def _dialog(self, kind: type) -> Any:
        return next(
            widget
            for widget in self._app.topLevelWidgets()
            if isinstance(widget, kind) and widget.isVisible()
        )

    def _wait(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + LIMIT_SECONDS
        while not condition():
            self._app.processEvents()
            time.sleep(0.005)
            if time.monotonic() > end:
                raise TimeoutError("the window did not get there")

    def _take(self, name: str, settle: float = SETTLE_SECONDS, of: Any = None) -> None:
        settled = time.monotonic() + settle
        self._wait(lambda: time.monotonic() > settled)
        if self._wanted is not None and name not in self._wanted:
            return
        suffix = "" if self._look.name == "light" else f"_{self._look.name}"
        path = self._folder / f"{name}{suffix}.webp"
        _save((of or self._window).grab(), path)
        print(f"{path} ({path.stat().st_size / 1000:.0f} kB)", flush=True)


def _save(grabbed: Any, path: Path) -> None:
    """Save a pixmap as WebP, which keeps all colours of the photos in it and stays small."""
    from PIL import Image

    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.png"
        grabbed.save(str(whole))
        with Image.open(whole) as image:
            image.convert("RGB").save(path, quality=QUALITY, method=6)


if __name__ == "__main__":
    sys.path.insert(0, str(REPO))
    sys.exit(main())
