"""The result on the clipboard: its pixels, and its file where one was saved."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QUrl, Signal
from PySide6.QtGui import QGuiApplication, QImage

from bimaco_gui.services.jobs import JobOptions
from bimaco_gui.services.screen import finished_for_screen
from bimaco_gui.ui.background import Background
from bimaco_gui.ui.photo import Photo
from bimaco_gui.ui.problem import problem_from
from bimaco_gui.ui.screen_images import image_of
from bimaco_gui.ui.session import Session


class Copying(QObject):
    """Copies results as the panel would save them."""

    copied = Signal()

    def __init__(self, session: Session, background: Background, parent: QObject) -> None:
        """Nothing is copied yet."""
        super().__init__(parent)
        self._session, self._background = session, background

    def copy(self, photo: Photo) -> None:
        """Put a photo's result on the clipboard; making it ready takes a moment."""
        if photo.result is None:
            return
        choices = self._session.choices
        is_saved = photo.saved_as is not None and not photo.can_save_again(choices)
        work = partial(_finished_image, photo.path, photo.result, choices.options)
        self._background.run(
            work,
            partial(self._put, photo.saved_as if is_saved else None),
            lambda error: self._session.problem_occurred.emit(problem_from(error)),
        )

    def _put(self, saved_as: Path | None, image: QImage) -> None:
        data = QMimeData()
        data.setImageData(image)
        if saved_as is not None:
            data.setUrls([QUrl.fromLocalFile(str(saved_as))])
        QGuiApplication.clipboard().setMimeData(data)
        self.copied.emit()


def _finished_image(original: Path, cached: Path, options: JobOptions) -> QImage:
    return image_of(finished_for_screen(original, cached, options))
