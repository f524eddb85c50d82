"""Saving results: where the choices say, or where the user says; in the background."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from bimaco_gui import paths
from bimaco_gui.errors import AppError, OutputError
from bimaco_gui.services.desktop.sandbox import loses
from bimaco_gui.services.formats import format_of
from bimaco_gui.services.jobs import JobOptions
from bimaco_gui.services.naming import chosen_output, comparable
from bimaco_gui.services.save import save_finished
from bimaco_gui.ui.background import Background
from bimaco_gui.ui.choices import Choices
from bimaco_gui.ui.photo import Photo
from bimaco_gui.ui.problem import Remedy, problem_from
from bimaco_gui.ui.save_dialog import SaveChoice, SaveDialog
from bimaco_gui.ui.session import Session


class Saving(QObject):
    """Saves each result as soon as it is there, and again when the choices change and it is asked.

    Signals:
        busy_changed: Whether something is being written.
        saved: The file written.
        finished: Nothing is being written any more; True if all of it went well.
    """

    busy_changed = Signal(bool)
    saved = Signal(object)
    finished = Signal(bool)

    def __init__(self, session: Session, background: Background, window: QWidget) -> None:
        """Follow the session."""
        super().__init__(window)
        self._session = session
        self._background = background
        self._window = window
        self._writing: list[Path] = []
        self._all_well = True
        session.upscaled.connect(self.save)

    @property
    def is_busy(self) -> bool:
        """Whether something is being written."""
        return bool(self._writing)

    def save(self, photo: Photo) -> None:
        """Write a photo's result where the choices say. Its own earlier file is replaced."""
        choices = self._session.choices
        try:
            target, is_own = self._target(photo, choices)
        except AppError as error:
            self._session.problem_occurred.emit(problem_from(error))
            return
        self._write(photo, choices, target, overwrite=is_own)

    def save_all(self) -> None:
        """Write every result that was never saved, or not with the present choices."""
        for photo in self._session.photos:
            if photo.has_unsaved_result or photo.can_save_again(self._session.choices):
                self.save(photo)

    def ask_and_save(self, photo: Photo, given_up: Callable[[], None] | None = None) -> None:
        """Ask where to save a photo's result, then write it; `given_up` if the user cancels."""
        choices = self._session.choices
        try:
            proposed = self._proposal(photo, choices)
        except AppError as error:
            self._session.problem_occurred.emit(problem_from(error))
            return
        dialog = SaveDialog(proposed, photo.path, choices.options.quality, parent=self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def on_closed(code: int) -> None:
            if code == QDialog.DialogCode.Accepted:
                self._write_as(photo, choices, dialog.choice)
            elif given_up is not None:
                given_up()

        dialog.finished.connect(on_closed)
        dialog.open()

    def _write_as(self, photo: Photo, choices: Choices, choice: SaveChoice) -> None:
        chosen = choices.with_options(format=choice.format, quality=choice.quality)
        self._write(photo, chosen, choice.target, overwrite=choice.overwrite)

    def _target(self, photo: Photo, choices: Choices) -> tuple[Path, bool]:
        """The file to write, and whether it is the one that this program wrote before."""
        wanted = self._wanted(photo, choices)
        if photo.saved_as is not None and photo.saved_with is not None:
            before = self._wanted(photo, photo.saved_with)
            if wanted == before and photo.saved_as.parent == wanted.parent:
                return photo.saved_as, True
        return self._free(photo, wanted), False

    def _proposal(self, photo: Photo, choices: Choices) -> Path:
        return self._free(photo, self._wanted(photo, choices))

    def _wanted(self, photo: Photo, choices: Choices) -> Path:
        size = (photo.width, photo.height)
        out_size = choices.checked_result_size(*size)
        folder = choices.folder
        if folder is None:
            folder = _usual_folder() if _has_no_place(photo.path) else photo.path.parent
        return folder / choices.file_name(photo.path, size, out_size)

    def _free(self, photo: Photo, wanted: Path) -> Path:
        taken = {comparable(path) for path in self._writing}
        chosen = chosen_output(photo.path, wanted, "number", taken)
        assert chosen is not None
        return chosen

    def _write(self, photo: Photo, choices: Choices, target: Path, overwrite: bool) -> None:
        if photo.result is None:
            return
        self._writing.append(target)
        self.busy_changed.emit(True)
        options = choices.options
        if options.format is None:
            options = replace(options, format=format_of(target))
        must_exist = choices.folder if target.parent == choices.folder else None
        work = partial(
            _save, must_exist, photo.path, photo.result, target, options, overwrite=overwrite
        )
        self._background.run(
            work,
            partial(self._written, photo.key, choices, target),
            partial(self._failed, photo, target),
        )

    def _written(self, key: int, choices: Choices, asked: Path, target: Path) -> None:
        self._session.mark_saved(key, target, choices)
        self.saved.emit(target)
        self._one_less(asked, True)

    def _failed(self, photo: Photo, target: Path, error: Exception) -> None:
        problem = problem_from(error)
        details = "\n".join(part for part in (problem.details, str(target)) if part)
        problem = replace(problem, details=details, remedy=Remedy.OTHER_FOLDER)
        self._session.problem_occurred.emit(problem)
        self._one_less(target, False)

    def _one_less(self, target: Path, well: bool) -> None:
        self._all_well = self._all_well and well
        self._writing.remove(target)
        if not self._writing:
            all_well, self._all_well = self._all_well, True
            self.busy_changed.emit(False)
            self.finished.emit(all_well)


def _save(
    must_exist: Path | None,
    original: Path,
    cached: Path,
    target: Path,
    options: JobOptions,
    *,
    overwrite: bool,
) -> Path:
    """Save, but do not make a chosen folder anew: a disk that is gone would come back empty."""
    if must_exist is not None and not must_exist.is_dir():
        raise OutputError(
            "Folder not found", f"The folder for results, “{must_exist}”, is not there any more."
        )
    return save_finished(original, cached, target, options, overwrite=overwrite)


def _has_no_place(path: Path) -> bool:
    """Samples lie among the program's files, pasted pictures in the cache: nobody looks there.

    And where a sandbox shows a file alone, nothing can lie beside it.
    """
    ours = (paths.resources_folder(), paths.cache_folder())
    return any(map(path.is_relative_to, ours)) or loses(path.with_name(f"{path.name}.x4"))


def _usual_folder() -> Path:
    pictures = QStandardPaths.StandardLocation.PicturesLocation
    folder = Path(QStandardPaths.writableLocation(pictures) or Path.home())
    return folder if folder.is_dir() else Path.home()
