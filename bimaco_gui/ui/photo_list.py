"""The list of photos at the left, for when there are several."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from bimaco_gui.ui.dragging_out import as_data, file_of
from bimaco_gui.ui.error_words import in_words
from bimaco_gui.ui.list_row import ROW_HEIGHT, Row, paint_row
from bimaco_gui.ui.photo import Photo, PhotoState
from bimaco_gui.ui.row_list import RowList
from bimaco_gui.ui.session import Session
from bimaco_gui.ui.wording import percentage

_Index = QModelIndex | QPersistentModelIndex
PHOTO_ROLE = Qt.ItemDataRole.UserRole


class PhotoListModel(QAbstractListModel):
    """The session's photos as rows."""

    def __init__(self, session: Session) -> None:
        """Follow the session."""
        super().__init__(session)
        self._photos = list(session.photos)
        session.photo_added.connect(self._on_added)
        session.photo_changed.connect(self._on_changed)
        session.photo_removed.connect(self._on_removed)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """One row a photo."""
        return 0 if parent.isValid() else len(self._photos)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name, tip, words for screen readers, or the photo itself."""
        if not index.isValid():
            return None
        photo = self._photos[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return photo.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return str(photo.path) if photo.problem is None else in_words(photo.problem.message)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{photo.name}, {self.state_text(photo)}"
        return photo if role == PHOTO_ROLE else None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """What was saved can be dragged out of the window."""
        known = super().flags(index)
        if index.isValid() and file_of(self._photos[index.row()]) is not None:
            return known | Qt.ItemFlag.ItemIsDragEnabled
        return known

    def supportedDragActions(self) -> Qt.DropAction:
        """Files are copied, never moved."""
        return Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:
        """Files."""
        return ["text/uri-list"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The saved files of these rows."""
        files = (file_of(self._photos[index.row()]) for index in indexes)
        return as_data([file for file in files if file is not None])

    def state_text(self, photo: Photo) -> str:
        """How far a photo has come, in a few words."""
        if photo.state is PhotoState.RUNNING:
            return self.tr("Preparing…") if photo.fraction is None else percentage(photo.fraction)
        if photo.state is PhotoState.READY and photo.finished is not None:
            return self.tr("Saved by the queue")
        if photo.state is PhotoState.DONE:
            return self.tr("Done, not saved") if photo.saved_as is None else self.tr("Saved")
        return {
            PhotoState.OPENING: self.tr("Opening…"),
            PhotoState.READY: self.tr("Ready"),
            PhotoState.WAITING: self.tr("Waiting"),
            PhotoState.FAILED: self.tr("Failed"),
        }[photo.state]

    def row_of(self, key: int) -> int:
        """The row of a photo, or -1."""
        return next((row for row, photo in enumerate(self._photos) if photo.key == key), -1)

    def _on_added(self, photo: Photo) -> None:
        row = len(self._photos)
        self.beginInsertRows(QModelIndex(), row, row)
        self._photos.append(photo)
        self.endInsertRows()

    def _on_changed(self, photo: Photo) -> None:
        row = self.row_of(photo.key)
        if row >= 0:
            self._photos[row] = photo
            self.dataChanged.emit(self.index(row), self.index(row))

    def _on_removed(self, key: int) -> None:
        row = self.row_of(key)
        if row >= 0:
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._photos[row]
            self.endRemoveRows()


class PhotoDelegate(QStyledItemDelegate):
    """Draws a row: thumbnail, name, state with its icon."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Rows are alike."""
        return QSize(160, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one photo."""
        photo: Photo = index.data(PHOTO_ROLE)
        rows = index.model()
        assert isinstance(rows, PhotoListModel)
        icon, colour = _SIGNS[photo.state]
        if photo.state is PhotoState.DONE and photo.saved_as is not None:
            icon = "saved"
        paint_row(
            painter,
            option,
            Row(photo.name, photo.thumbnail, icon, colour, rows.state_text(photo)),
        )


_SIGNS = {
    PhotoState.OPENING: ("clock", "quiet"),
    PhotoState.READY: ("photo", "quiet"),
    PhotoState.WAITING: ("clock", "quiet"),
    PhotoState.RUNNING: ("running", "mark"),
    PhotoState.DONE: ("check", "success"),
    PhotoState.FAILED: ("warning", "warning"),
}


class PhotoList(RowList):
    """The list itself: a click shows a photo, Delete takes it off."""

    chosen = Signal(int)
    removal_wanted = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Show the session's photos."""
        super().__init__(self.tr("Photos"), parent)
        self._rows = PhotoListModel(session)
        self.setModel(self._rows)
        self.setItemDelegate(PhotoDelegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        session.current_changed.connect(self._show_current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes the photo off the list."""
        photo = self.currentIndex().data(PHOTO_ROLE)
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and photo is not None:
            self.removal_wanted.emit(photo.key)
        else:
            super().keyPressEvent(event)

    def _on_current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        photo = current.data(PHOTO_ROLE)
        if photo is not None:
            self.chosen.emit(photo.key)

    def _show_current(self, photo: Photo | None) -> None:
        if photo is not None:
            self.setCurrentIndex(self._rows.index(self._rows.row_of(photo.key)))
