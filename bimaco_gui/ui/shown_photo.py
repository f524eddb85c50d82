"""Brings the current photo and its result onto the canvas, as soon as each can be read."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from bimaco_gui import paths
from bimaco_gui.ui.background import Background
from bimaco_gui.ui.canvas import Canvas
from bimaco_gui.ui.photo import Photo
from bimaco_gui.ui.picture_files import load_levels
from bimaco_gui.ui.picture_levels import PictureLevels
from bimaco_gui.ui.problem import problem_from
from bimaco_gui.ui.session import Session


class ShownPhoto(QObject):
    """Follows the session's current photo.

    Signals:
        photo_shown: The photo is on the canvas now.
        result_shown: So is its result.
    """

    photo_shown = Signal(object, object)
    result_shown = Signal()
    cleared = Signal()

    def __init__(
        self, session: Session, canvas: Canvas, background: Background, parent: QObject
    ) -> None:
        """Nothing is shown."""
        super().__init__(parent)
        self._session, self._canvas, self._background = session, canvas, background
        self._key: int | None = None
        self._result: Path | None = None
        self._is_loaded = False
        session.current_changed.connect(self._show)
        session.photo_changed.connect(self._on_photo_changed)

    def _on_photo_changed(self, photo: Photo) -> None:
        if photo.key == self._key:
            self._show(photo)

    def _show(self, photo: Photo | None) -> None:
        """Load what the canvas needs for this photo and does not have yet."""
        if photo is None:
            self._key = self._result = None
            self._canvas.clear()
            self.cleared.emit()
        elif photo.key != self._key:
            self._key, self._result, self._is_loaded = photo.key, None, False
            self._canvas.clear(self.tr("Opening “{0}”…").format(photo.name))
            self.cleared.emit()
            self._load(
                photo.path,
                partial(self._photo_is_loaded, photo.key),
                partial(self._photo_not_loaded, photo),
            )
        elif self._is_loaded:
            result = photo.result or photo.finished
            if result is not None and result != self._result:
                self._result = result
                self._load(
                    result,
                    partial(self._result_is_loaded, photo.key, result),
                    self._result_not_loaded,
                )

    def _load(
        self,
        path: Path,
        on_done: Callable[[PictureLevels], None],
        on_failed: Callable[[Exception], None],
    ) -> None:
        self._background.run(partial(load_levels, path, paths.cache_folder()), on_done, on_failed)

    def _photo_is_loaded(self, key: int, levels: PictureLevels) -> None:
        if key != self._key:
            return
        self._is_loaded = True
        self._canvas.show_photo(levels)
        current = self._session.current
        if current is not None:
            self.photo_shown.emit(current, levels)
        self._show(current)

    def _photo_not_loaded(self, photo: Photo, error: Exception) -> None:
        self._session.reject(photo.key, replace(problem_from(error), details=str(photo.path)))

    def _result_is_loaded(self, key: int, result: Path, levels: PictureLevels) -> None:
        if key == self._key and result == self._result:
            self._canvas.show_result(levels)
            self.result_shown.emit()

    def _result_not_loaded(self, error: Exception) -> None:
        self._session.problem_occurred.emit(problem_from(error))
