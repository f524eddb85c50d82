"""The saved result, dragged out of the window: into a folder, or into another program."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, Qt, QUrl
from PySide6.QtGui import QDrag, QImage, QMouseEvent, QPixmap
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from bimaco_gui.ui.photo import Photo

_PICTURE_SIDE = 96


def file_of(photo: Photo) -> Path | None:
    """The file that a photo's result was saved as, if it was."""
    return photo.saved_as or photo.finished


def as_data(files: Sequence[Path]) -> QMimeData:
    """What a drag of these files brings to other programs."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    return data


class DragOut(QObject):
    """Starts a drag of a saved file where the mouse takes one of the window's widgets along.

    A press that does not move does what it did before. The file is copied, never moved.
    """

    def __init__(
        self, widgets: Sequence[QWidget], photo: Callable[[], Photo | None], parent: QObject
    ) -> None:
        """Watch these widgets; `photo` says whose result is dragged."""
        super().__init__(parent)
        self._widgets, self._photo = tuple(widgets), photo
        self._pressed_at: QPointF | None = None
        for widget in self._widgets:
            widget.installEventFilter(self)

    def refresh(self) -> None:
        """Show with the pointer whether there is something to drag."""
        photo = self._photo()
        can_drag = photo is not None and file_of(photo) is not None
        for widget in self._widgets:
            if not isinstance(widget, QAbstractButton):
                widget.setCursor(
                    Qt.CursorShape.OpenHandCursor if can_drag else Qt.CursorShape.ArrowCursor
                )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell a drag from a press."""
        if not isinstance(event, QMouseEvent) or not isinstance(watched, QWidget):
            return False
        if event.type() is QEvent.Type.MouseButtonPress:
            is_left = event.button() is Qt.MouseButton.LeftButton
            self._pressed_at = event.globalPosition() if is_left else None
            # A label that lets a press through gets no moves.
            return is_left and not isinstance(watched, QAbstractButton)
        if event.type() is QEvent.Type.MouseButtonRelease:
            self._pressed_at = None
        elif event.type() is QEvent.Type.MouseMove and self._pressed_at is not None:
            moved = event.globalPosition() - self._pressed_at
            if moved.manhattanLength() >= QApplication.startDragDistance():
                self._pressed_at = None
                return self._drag(watched)
        return False

    def _drag(self, widget: QWidget) -> bool:
        photo = self._photo()
        file = None if photo is None else file_of(photo)
        if photo is None or file is None or not file.is_file():
            return False
        if isinstance(widget, QAbstractButton):
            widget.setDown(False)  # it is not pressed any more
        drag = QDrag(widget)
        drag.setMimeData(as_data([file]))
        if photo.thumbnail is not None:
            drag.setPixmap(_small(photo.thumbnail))
        drag.exec(Qt.DropAction.CopyAction)
        return True


def _small(thumbnail: QImage) -> QPixmap:
    return QPixmap.fromImage(thumbnail).scaled(
        _PICTURE_SIDE,
        _PICTURE_SIDE,
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
