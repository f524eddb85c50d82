"""The list of photos at the left, for when there are several."""

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from bimaco_gui.ui.icons import pixmap
from bimaco_gui.ui.photo import Photo, PhotoState
from bimaco_gui.ui.session import Session
from bimaco_gui.ui.theme import GRID, Shades, current_shades
from bimaco_gui.ui.wording import percentage

_THUMBNAIL = 48
_ROW_HEIGHT = 64
_STATE_ICON = 16
_Index = QModelIndex | QPersistentModelIndex
PHOTO_ROLE = Qt.ItemDataRole.UserRole


def state_text(photo: Photo) -> str:
    """How far a photo has come, in a few words."""
    if photo.state is PhotoState.RUNNING:
        return "Preparing…" if photo.fraction is None else percentage(photo.fraction)
    if photo.state is PhotoState.DONE:
        return "Done, not saved" if photo.saved_as is None else "Saved"
    return {
        PhotoState.OPENING: "Opening…",
        PhotoState.READY: "Ready",
        PhotoState.WAITING: "Waiting",
        PhotoState.FAILED: "Failed",
    }[photo.state]


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
            return str(photo.path) if photo.problem is None else photo.problem.message
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{photo.name}, {state_text(photo)}"
        return photo if role == PHOTO_ROLE else None

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
        return QSize(160, _ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one photo."""
        photo = index.data(PHOTO_ROLE)
        shades = current_shades()
        state = option.state
        area = option.rect.adjusted(GRID, 2, -GRID, -2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(shades.selected if selected else shades.hover)
            painter.drawRoundedRect(area, GRID, GRID)
        if selected and state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(shades.accent)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area, GRID, GRID)
        frame = QRect(0, 0, _THUMBNAIL, _THUMBNAIL)
        frame.moveTo(area.left() + 6, area.center().y() - _THUMBNAIL // 2 + 1)
        self._paint_thumbnail(painter, frame, photo, shades)

        text = area.adjusted(_THUMBNAIL + 6 + GRID * 3 // 2, 0, -GRID, 0)
        line = option.fontMetrics.height()
        top = text.center().y() - line - 1
        painter.setPen(shades.text)
        name = option.fontMetrics.elidedText(photo.name, Qt.TextElideMode.ElideMiddle, text.width())
        painter.drawText(QRect(text.left(), top, text.width(), line), 0, name)
        self._paint_state(
            painter, QRect(text.left(), top + line + 4, text.width(), line), photo, shades, option
        )
        painter.restore()

    def _paint_thumbnail(
        self, painter: QPainter, frame: QRect, photo: Photo, shades: Shades
    ) -> None:
        rounded = QPainterPath()
        rounded.addRoundedRect(frame, 6, 6)
        painter.fillPath(rounded, shades.hover)
        if photo.thumbnail is None:
            return
        source = photo.thumbnail.rect()
        side = min(source.width(), source.height())
        square = QRect(0, 0, side, side)
        square.moveCenter(source.center())
        painter.save()
        painter.setClipPath(rounded)
        painter.drawImage(frame, photo.thumbnail, square)
        painter.restore()

    def _paint_state(
        self,
        painter: QPainter,
        line: QRect,
        photo: Photo,
        shades: Shades,
        option: QStyleOptionViewItem,
    ) -> None:
        colour = shades.quiet
        if photo.state is PhotoState.FAILED:
            colour = shades.warning
        elif photo.state is PhotoState.DONE:
            colour = shades.success
        elif photo.state is PhotoState.RUNNING:
            colour = shades.mark
        sign: QPixmap = pixmap(
            _state_icon(photo), colour, _STATE_ICON, option.widget.devicePixelRatioF()
        )
        painter.drawPixmap(line.left(), line.center().y() - _STATE_ICON // 2 + 1, sign)
        painter.setPen(shades.quiet)
        painter.drawText(line.adjusted(_STATE_ICON + 6, 0, 0, 0), 0, state_text(photo))


class PhotoList(QListView):
    """The list itself: a click shows a photo, Delete takes it off."""

    chosen = Signal(int)
    removal_wanted = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Show the session's photos."""
        super().__init__(parent)
        self._rows = PhotoListModel(session)
        self.setObjectName("photoList")
        self.setAccessibleName(self.tr("Photos"))
        self.setModel(self._rows)
        self.setItemDelegate(PhotoDelegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.viewport().setAutoFillBackground(False)
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


def _state_icon(photo: Photo) -> str:
    if photo.state is PhotoState.DONE:
        return "saved" if photo.saved_as is not None else "check"
    return {
        PhotoState.OPENING: "clock",
        PhotoState.READY: "photo",
        PhotoState.WAITING: "clock",
        PhotoState.RUNNING: "running",
        PhotoState.FAILED: "warning",
    }[photo.state]
