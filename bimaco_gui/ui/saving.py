"""Saving results: asks where, writes in the background, tells the session."""

from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from bimaco_gui import paths
from bimaco_gui.services.formats import DEFAULT_FORMAT, SUFFIX_OF_FORMAT
from bimaco_gui.services.naming import comparable, output_path
from bimaco_gui.services.save import save_result
from bimaco_gui.ui.background import Background
from bimaco_gui.ui.photo import SCALE, Photo
from bimaco_gui.ui.problem import problem_from
from bimaco_gui.ui.save_dialog import SaveChoice, SaveDialog
from bimaco_gui.ui.session import Session


class Saving(QObject):
    """Saves one result after asking where, or all of them beside their photos.

    Signals:
        busy_changed: Whether something is being written.
        saved: The file written.
        finished: Nothing is being written any more; True if all of it went well.
    """

    busy_changed = Signal(bool)
    saved = Signal(object)
    finished = Signal(bool)

    def __init__(
        self, session: Session, background: Background, last_format: str | None, window: QWidget
    ) -> None:
        """Propose the format last saved in, if there is one."""
        super().__init__(window)
        self._session = session
        self._background = background
        self._window = window
        self._to_write = 0
        self._all_well = True
        known = last_format in SUFFIX_OF_FORMAT
        self.last_format: str = last_format if known and last_format else DEFAULT_FORMAT

    @property
    def is_busy(self) -> bool:
        """Whether something is being written."""
        return self._to_write > 0

    def ask_and_save(self, photo: Photo, given_up: Callable[[], None] | None = None) -> None:
        """Ask where to save a photo's result, then write it; `given_up` if the user cancels."""
        proposed = self._proposal(photo, ())
        dialog = SaveDialog(proposed, photo.path, parent=self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def on_closed(code: int) -> None:
            if code == QDialog.DialogCode.Accepted:
                self._write(photo, dialog.choice)
            elif given_up is not None:
                given_up()

        dialog.finished.connect(on_closed)
        dialog.open()

    def save_all(self) -> None:
        """Write every unsaved result beside its photo, under a name that is free."""
        taken: set[str] = set()
        for photo in self._session.unsaved:
            target = self._proposal(photo, taken)
            taken.add(comparable(target))
            self._write(photo, SaveChoice(target, self.last_format, 95, overwrite=False))

    def _proposal(self, photo: Photo, taken: Collection[str]) -> Path:
        folder = None
        if photo.path.is_relative_to(paths.resources_folder()):
            # The sample lives among the program's files, where nobody looks for results.
            pictures = QStandardPaths.StandardLocation.PicturesLocation
            folder = Path(QStandardPaths.writableLocation(pictures) or Path.home())
            folder = folder if folder.is_dir() else Path.home()
        return output_path(photo.path, folder, self.last_format, SCALE, False, taken)

    def _write(self, photo: Photo, choice: SaveChoice) -> None:
        if photo.result is None:
            return
        self._to_write += 1
        self.busy_changed.emit(True)
        work = partial(
            save_result,
            photo.result,
            choice.target,
            choice.format,
            choice.quality,
            choice.overwrite,
        )
        self._background.run(work, partial(self._written, photo.key, choice.format), self._failed)

    def _written(self, key: int, format_name: str, target: Path) -> None:
        self.last_format = format_name
        self._session.mark_saved(key, target)
        self.saved.emit(target)
        self._one_less(True)

    def _failed(self, error: Exception) -> None:
        self._session.problem_occurred.emit(problem_from(error))
        self._one_less(False)

    def _one_less(self, well: bool) -> None:
        self._all_well = self._all_well and well
        self._to_write -= 1
        if self._to_write == 0:
            all_well, self._all_well = self._all_well, True
            self.busy_changed.emit(False)
            self.finished.emit(all_well)
