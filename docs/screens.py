"""Walks through the app as a user would, and takes a picture of each screen on the way."""

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QPixmap
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QMessageBox, QWidget

from bimaco_gui import paths
from bimaco_gui.app import make_application, make_program
from bimaco_gui.errors import DownloadError, UpscaleError
from bimaco_gui.services.desktop.power import Power
from bimaco_gui.services.model_store import DownloadProgress, Place, StoredModel
from bimaco_gui.services.queue_events import JobState
from bimaco_gui.services.settings import Settings, save_settings
from bimaco_gui.services.updates import Release
from bimaco_gui.ui.batch_dialog import BatchDialog
from bimaco_gui.ui.keys_dialog import KeysDialog
from bimaco_gui.ui.licences_dialog import LicencesDialog
from bimaco_gui.ui.model_dialog import ModelDialog
from bimaco_gui.ui.photo import PhotoState
from bimaco_gui.ui.problem import problem_from
from bimaco_gui.ui.report_dialog import ReportDialog
from bimaco_gui.ui.save_dialog import SaveDialog
from bimaco_gui.ui.theme import Appearance, Theme
from bimaco_gui.ui.translation import install_language
from bimaco_gui.ui.update_dialog import UpdateDialog
from bimaco_gui.ui.view_mode import ViewMode

REPO = Path(__file__).resolve().parents[1]
SAMPLE = REPO / "resources" / "samples" / "canyon.jpg"
ALBUM = REPO / "tests" / "data" / "public_test"
SIZE = (1120, 700)
NARROW = (800, 600)
LARGE_PHOTO = (6000, 4000)
LONG_NAME = "Sunset over the canyon with the whole family, second attempt, cropped (final)"
LIMIT_SECONDS = 600
SETTLE_SECONDS = 0.6
QUALITY = 92


class Photographer:
    """Walks through the app in one look and saves what it shows on the way."""

    def __init__(
        self, folder: Path, suffix: str, dark: bool, language: str, wanted: tuple[str, ...] | None
    ) -> None:
        """Start the app; of the pictures, only those wanted are kept, or all."""
        self._folder, self._suffix, self._wanted = folder, suffix, wanted
        save_settings(Settings(language=language))
        self._app = make_application()
        install_language(self._app, language)
        Theme(self._app).apply(Appearance.DARK if dark else Appearance.LIGHT)
        self._home = Path(os.environ["BIMACO_HOME"])
        if wanted is None:
            self._leave_photos_open()
        self._program = make_program()
        self._window = self._program.window
        self._window.resize(*SIZE)
        self._window.show()

    def work(self) -> int:
        """Take the pictures."""
        try:
            self._photo()
            self._batch()
            if self._wanted is None:
                self._dialogs()
                self._models()
                self._several()
                self._narrow()
        finally:
            self._window.close_without_asking()
            self._program.queue.close()
        return 0

    # -- one photo ------------------------------------------------------------------------------

    def _photo(self) -> None:
        window = self._window
        if self._wanted is None:
            self._wait(lambda: window.banner.problem is not None)
            self._take("recovery")
            window.banner.dismiss()
        self._take("empty")
        self._drag("empty_drop")
        photo = self._home / "canyon.jpg"
        shutil.copy(SAMPLE, photo)
        window.opening.open_files([photo])
        self._wait(lambda: window.loupe.image is not None)
        self._wait(lambda: window.bottom_bar.size_label.whole_text.count("·") == 2)
        self._take("loupe", settle=2)
        window.commands.upscale()
        self._wait(
            lambda: window.session.running is None or (window.session.running.fraction or 0) >= 0.4
        )
        self._take("running", settle=0)
        self._wait(lambda: window.canvas.compares and not window.saving.is_busy)
        self._take("comparison", settle=1.5)
        self._drag("canvas_drop")
        window.canvas.set_mode(ViewMode.SIDE_BY_SIDE)
        window.panel.advanced_section.toggle.setChecked(True)
        window.panel.size_section.other_button.click()
        self._take("side_by_side")
        window.canvas.set_mode(ViewMode.RESULT)
        window.canvas.actual_size()
        bar = window.panel.verticalScrollBar()
        bar.setValue(bar.maximum())
        self._take("result_advanced")
        bar.setValue(0)
        window.panel.save_section.name_field.setText("{nam}")
        window.panel.save_section.set_folder(self._home / "Results of the holiday")
        self._take("wrong_name")
        window.panel.save_section.name_field.setText("{name}_x{scale}")
        window.panel.save_section.set_folder(None)
        window.canvas.set_mode(ViewMode.DIFFERENCE)
        window.canvas.fit()
        self._take("difference")
        window.canvas.set_mode(ViewMode.SLIDER)
        window.panel.size_section.factor_buttons[4].click()
        window.panel.advanced_section.toggle.setChecked(False)
        error = UpscaleError(
            "Not enough memory",
            "The picture does not fit into the memory that is free: "
            "close other programs, or choose a smaller scale.",
        )
        window.banner.show_problem(problem_from(error))
        window.banner.copy_details()
        self._take("problem")
        window.banner.dismiss()

    def _leave_photos_open(self) -> None:
        """Leave the note of a run that died with two photos open."""
        import json

        folder = paths.cache_folder() / "results-left"
        folder.mkdir(parents=True)
        left = sorted(ALBUM.glob("*.png"))[:2]
        (folder / "open.json").write_text(json.dumps([os.fsencode(one).hex() for one in left]))

    def _drag(self, name: str) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(SAMPLE))])
        QApplication.sendEvent(
            self._window,
            QDragEnterEvent(
                QPoint(400, 300),
                Qt.DropAction.CopyAction,
                data,
                Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier,
            ),
        )
        self._take(name)
        QApplication.sendEvent(self._window, QDragLeaveEvent())

    # -- many photos ----------------------------------------------------------------------------

    def _batch(self) -> None:
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
        if self._wanted is None:
            control.pause()
            self._take("queue_paused")
            control.resume()
        self._take("queue", settle=0.4)
        self._wait(lambda: not control.is_busy)
        self._take("queue_done", settle=1)
        if self._wanted is None:
            assert window.queue_page is not None
            window.queue_page.list.setCurrentIndex(control.rows.index(len(control.rows.items) - 1))
            menu = window.queue_page.row_menu(window.queue_page.list.chosen())
            self._take_menu("queue_menu", menu)
        window.menus.queue.setChecked(False)
        self._take("strip")

    # -- dialogs and menus ----------------------------------------------------------------------

    def _dialogs(self) -> None:
        window = self._window
        for number, menu in enumerate(
            action.menu() for action in window.menuBar().actions() if action.menu() is not None
        ):
            self._take_menu(f"menu_{number}", menu)
        window.commands.save_as()
        saving = self._dialog(SaveDialog)
        self._take("save_as", of=saving)
        saving.name_field.setText(str(self._home / "canyon_x4.jpg"))
        saving.save_button.click()
        self._take("save_as_exists", of=saving)
        saving.reject()
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
        window.dialogs.show_keys()
        keys = self._dialog(KeysDialog)
        self._take("keys", of=keys)
        keys.accept()
        window.dialogs.show_licences()
        licences = self._dialog(LicencesDialog)
        self._take("licences", of=licences)
        licences.accept()
        window.dialogs.show_about()
        about = self._dialog(QMessageBox)
        self._take("about", of=about)
        about.close()
        window._unsaved.ask(window.session.photos, lambda: None)
        unsaved = self._dialog(QMessageBox)
        self._take("unsaved", of=unsaved)
        unsaved.done(QMessageBox.StandardButton.Cancel.value)
        window.after_work.power = Power.SUSPEND
        window.after_work.work_is_done(3, 0)
        self._take("countdown", of=window.after_work.box)
        window.after_work.give_up()

    def _models(self) -> None:
        store = _Store()
        models = ModelDialog(self._window, store, importer=lambda unet, autoencoder, say: None)
        models.show()
        self._wait(lambda: not models.is_busy)
        self._take("models", of=models)
        models.model_list.setCurrentRow(1)
        models.download()
        self._wait(store.is_half_way.is_set)
        self._take("models_downloading", of=models)
        store.fails.set()
        self._wait(lambda: not models.is_busy)
        self._take("models_failed", of=models)
        models.done(QDialog.DialogCode.Rejected)
        models.deleteLater()

    # -- several photos, and what is large or has little room -----------------------------------

    def _several(self) -> None:
        window = self._window
        folder = self._home / "Several"
        folder.mkdir()
        large = folder / f"{LONG_NAME}.jpg"
        with Image.open(SAMPLE) as image:
            image.resize(LARGE_PHOTO, Image.Resampling.BILINEAR).save(large)
        files = [large]
        for path in sorted(ALBUM.glob("*.png"))[:3]:
            files.append(Path(shutil.copy(path, folder)))
        window.opening.open_files(files)
        self._wait(lambda: all(p.state is not PhotoState.OPENING for p in window.session.photos))
        self._wait(lambda: window.loupe.image is not None)
        self._take("several", settle=1)
        window.session.select(window.session.photos[0].key)
        window.opening.open_files([folder / "not there.jpg", folder / "nor this.png"])
        self._wait(lambda: window.banner.problem is not None)
        self._take("not_opened", settle=1)
        window.banner.dismiss()
        photo = window.session.photos[-1]
        window.session.select(photo.key)
        self._wait(window.loupe.isVisible)

    def _narrow(self) -> None:
        window = self._window
        window.resize(*NARROW)
        self._take("narrow_several", settle=1)
        for photo in window.session.photos[1:]:
            window.session.remove(photo.key)
        self._wait(lambda: window.canvas.compares)
        self._take("narrow", settle=1)
        window.banner.show_problem(problem_from(UpscaleError("Not enough memory", LONG_NAME)))
        self._take("narrow_problem")
        window.banner.dismiss()
        window.menus.queue.setChecked(True)
        self._take("narrow_queue")

    # -- taking pictures ------------------------------------------------------------------------

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

    def _take_menu(self, name: str, menu: Any) -> None:
        assert isinstance(menu, QMenu)
        menu.popup(self._window.mapToGlobal(QPoint(0, 20)))
        self._take(name, of=menu)
        menu.hide()

    def _take(self, name: str, settle: float = SETTLE_SECONDS, of: QWidget | None = None) -> None:
        if self._wanted is not None and name not in self._wanted:
            return
        settled = time.monotonic() + settle
        self._wait(lambda: time.monotonic() > settled)
        path = self._folder / f"{name}{self._suffix}.webp"
        _save((of or self._window).grab(), path)
        print(f"{path} ({path.stat().st_size / 1000:.0f} kB)", flush=True)


class _Store:
    """Models to show: one of each kind, and a download that stands still half way."""

    def __init__(self) -> None:
        self.is_half_way, self.fails = threading.Event(), threading.Event()

    def stored_models(self) -> list[StoredModel]:
        return [
            StoredModel("photo", "Photo x4", "Apache-2.0", 943_000, Place.BUNDLED),
            StoredModel("fine", "Photo x4 fine", "Apache-2.0", 9_100_000, Place.ON_HUB, "a/fine"),
            StoredModel("mine", "My model", "CC-BY-4.0", 2_400_000, Place.INSTALLED),
        ]

    def download_model(
        self,
        name: str,
        tell: Callable[[DownloadProgress], None] | None,
        cancel: threading.Event | None,
    ) -> Path:
        if tell is not None:
            tell(DownloadProgress(name, 4_200_000, 9_100_000, 12.0))
        self.is_half_way.set()
        self.fails.wait()
        raise DownloadError(
            "No connection",
            "“Photo x4 fine” cannot be downloaded now (Name or service not known). What has "
            "arrived is kept, and the next attempt goes on from there.",
        )

    def add_model(self, file: Path) -> str:
        return file.stem

    def remove_model(self, name: str) -> None:
        pass


def _save(grabbed: QPixmap, path: Path) -> None:
    """Save a pixmap as WebP, which keeps all colours of the photos in it and stays small."""
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.png"
        grabbed.save(str(whole))
        with Image.open(whole) as image:
            image.convert("RGB").save(path, quality=QUALITY, method=6)
