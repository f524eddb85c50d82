"""The durable queue as rows: follows its changes, and says for each row how it stands."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QImage

from bimaco_gui.services.mailbox import Mailbox
from bimaco_gui.services.queue import JobQueue
from bimaco_gui.services.queue_events import (
    Added,
    Changed,
    JobState,
    PauseChanged,
    QueuedJob,
    QueueEvent,
    Removed,
    Reordered,
)
from bimaco_gui.ui.error_words import in_words
from bimaco_gui.ui.wording import percentage

ITEM_ROLE = Qt.ItemDataRole.UserRole
THUMBNAIL_ROLE = Qt.ItemDataRole.UserRole + 1
PROGRESS_ROLE = Qt.ItemDataRole.UserRole + 2
_MIME = "application/x-bimaco-queue-rows"
_MOST_THUMBNAILS = 400
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Progress:
    """Of the running job: share of the work, and seconds to go if known."""

    job_id: str
    fraction: float
    remaining: float | None

    @property
    def is_whole(self) -> bool:
        """Whether all is computed, and only the file is to be written."""
        return self.fraction >= 1


class QueueModel(QAbstractListModel):
    """One row a job, in the queue's order.

    The queue tells of changes in whatever thread makes them; they are taken over in this one.

    Signals:
        reorder_wanted: The ids in the order that a drag has put them into.
        thumbnail_wanted: A row came into sight that has no picture yet.
    """

    reorder_wanted = Signal(list)
    thumbnail_wanted = Signal(object)
    counts_changed = Signal()
    pause_changed = Signal(object)

    def __init__(self, queue: JobQueue, parent: QObject | None = None) -> None:
        """Show what is in the queue and follow it."""
        super().__init__(parent)
        self._items = queue.jobs()
        self._rows: dict[str, int] = {}
        self._renumber()
        self._progress: Progress | None = None
        self._thumbnails: dict[str, QImage | None] = {}
        self._counts = dict.fromkeys(JobState, 0)
        for item in self._items:
            self._counts[item.state] += 1
        self._mailbox = Mailbox(self)
        self._mailbox.delivered.connect(self._take)
        self._stop_observing: Callable[[], None] = queue.observe(self._mailbox.put)

    def close(self) -> None:
        """Follow the queue no longer."""
        self._stop_observing()

    @property
    def items(self) -> tuple[QueuedJob, ...]:
        """All rows."""
        return tuple(self._items)

    @property
    def counts(self) -> dict[JobState, int]:
        """How many jobs are in each state."""
        return dict(self._counts)

    def item(self, job_id: str) -> QueuedJob | None:
        """That row's job."""
        row = self._rows.get(job_id)
        return None if row is None else self._items[row]

    def row_of(self, job_id: str) -> int:
        """The row of a job, or -1."""
        return self._rows.get(job_id, -1)

    def show(self, items: Sequence[QueuedJob]) -> None:
        """Show the queue as it is after another program has changed it."""
        self._mailbox.deliver_all()  # of what is older than this
        wanted = {item.id for item in items}
        self._remove(tuple(item for item in self._items if item.id not in wanted))
        for item in items:
            row = self._rows.get(item.id)
            if row is not None and item != self._items[row]:
                self._change(item)
        self._add(tuple(items))
        order = tuple(item.id for item in items)
        if order != tuple(item.id for item in self._items):
            self._reorder(order)
        self.counts_changed.emit()

    def set_progress(self, progress: Progress | None) -> None:
        """How far the running job is."""
        before, self._progress = self._progress, progress
        for known in (before, progress):
            if known is not None:
                self._tell_changed(known.job_id)

    def set_thumbnail(self, job_id: str, image: QImage | None) -> None:
        """A small picture of the job's input; None where there is none to be had."""
        if len(self._thumbnails) >= _MOST_THUMBNAILS:
            self._thumbnails.pop(next(iter(self._thumbnails)))
        self._thumbnails[job_id] = image
        self._tell_changed(job_id)

    # -- Qt ---------------------------------------------------------------------------------

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """One row a job."""
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name, tip, words for screen readers, the job, its picture, its progress."""
        if not index.isValid():
            return None
        item = self._items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return item.job.input.name
        if role == Qt.ItemDataRole.ToolTipRole:
            lines = [str(item.job.input), in_words(item.message or "")]
            return "\n".join(filter(None, lines))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{item.job.input.name}, {self.state_text(item)}"
        if role == ITEM_ROLE:
            return item
        if role == PROGRESS_ROLE:
            return self._progress_of(item)
        if role == THUMBNAIL_ROLE:
            if item.id not in self._thumbnails:
                self._thumbnails[item.id] = None
                self.thumbnail_wanted.emit(item)
            return self._thumbnails[item.id]
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Rows can be dragged between others."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def supportedDropActions(self) -> Qt.DropAction:
        """A drag moves."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        """Rows of this list."""
        return [_MIME]

    def mimeData(self, indexes: Iterable[QModelIndex]) -> QMimeData:
        """The ids of the dragged rows."""
        data = QMimeData()
        ids = [self._items[index.row()].id for index in sorted(indexes, key=QModelIndex.row)]
        data.setData(_MIME, QByteArray("\n".join(ids).encode()))
        return data

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: _Index
    ) -> bool:
        """Ask for the new order; the queue tells when it has it."""
        if not data.hasFormat(_MIME):
            return False
        if row < 0:
            row = parent.row() if parent.isValid() else len(self._items)
        moved = bytes(data.data(_MIME).data()).decode().splitlines()
        self.reorder_wanted.emit(self.order_with(moved, row))
        # The view must not take the rows out: they come back with the queue's own event.
        return False

    def order_with(self, moved: list[str], row: int) -> list[str]:
        """All ids, with some of them put before `row`."""
        chosen = set(moved)
        ids = [item.id for item in self._items]
        before = [job_id for job_id in ids[:row] if job_id not in chosen]
        after = [job_id for job_id in ids[row:] if job_id not in chosen]
        return before + [job_id for job_id in ids if job_id in chosen] + after

    def state_text(self, item: QueuedJob) -> str:
        """How a job stands, in a few words."""
        if item.state is JobState.RUNNING:
            progress = self._progress_of(item)
            if progress is None:
                return self.tr("Preparing…")
            return self.tr("Finishing…") if progress.is_whole else percentage(progress.fraction)
        if item.state in (JobState.FAILED, JobState.SKIPPED) and item.title:
            return in_words(item.title)
        if item.state is JobState.DONE and item.notes:
            return self.tr("Done. {0}").format(" ".join(map(in_words, item.notes)))
        return {
            JobState.WAITING: self.tr("Waiting"),
            JobState.DONE: self.tr("Done"),
            JobState.FAILED: self.tr("Failed"),
            JobState.CANCELLED: self.tr("Cancelled"),
            JobState.SKIPPED: self.tr("Left out"),
        }[item.state]

    # -- following the queue ----------------------------------------------------------------

    def _take(self, event: QueueEvent) -> None:
        match event:
            case Added(items):
                self._add(items)
            case Changed(items):
                for item in items:
                    self._change(item)
            case Removed(items):
                self._remove(items)
            case Reordered(ids):
                self._reorder(ids)
            case PauseChanged():
                self.pause_changed.emit(event)
                return
        self.counts_changed.emit()

    def _add(self, items: tuple[QueuedJob, ...]) -> None:
        new = [item for item in items if item.id not in self._rows]
        if not new:
            return
        for item in new:
            self._counts[item.state] += 1
        if not self._items or new[0].position > self._items[-1].position:
            first = len(self._items)
            self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
            self._items.extend(new)
            self._renumber()
            self.endInsertRows()
        else:
            self.beginResetModel()
            self._items = sorted([*self._items, *new], key=lambda item: item.position)
            self._renumber()
            self.endResetModel()

    def _change(self, item: QueuedJob) -> None:
        row = self._rows.get(item.id)
        if row is None:
            return
        self._counts[self._items[row].state] -= 1
        self._counts[item.state] += 1
        self._items[row] = item
        if item.state is not JobState.RUNNING and self._progress_of(item) is not None:
            self._progress = None
        self._tell_changed(item.id)

    def _remove(self, items: tuple[QueuedJob, ...]) -> None:
        rows = sorted(self._rows[item.id] for item in items if item.id in self._rows)
        for item in items:
            if item.id in self._rows:
                self._counts[self._items[self._rows[item.id]].state] -= 1
            self._thumbnails.pop(item.id, None)
        if len(rows) == 1:
            self.beginRemoveRows(QModelIndex(), rows[0], rows[0])
            del self._items[rows[0]]
            self._renumber()
            self.endRemoveRows()
        elif rows:
            gone = set(rows)
            self.beginResetModel()
            self._items = [item for row, item in enumerate(self._items) if row not in gone]
            self._renumber()
            self.endResetModel()

    def _reorder(self, ids: tuple[str, ...]) -> None:
        place = {job_id: number for number, job_id in enumerate(ids)}
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        held = [self._items[index.row()].id for index in before]
        self._items.sort(key=lambda item: place.get(item.id, len(place)))
        self._renumber()
        self.changePersistentIndexList(
            before, [self.index(self._rows[job_id], 0) for job_id in held]
        )
        self.layoutChanged.emit()

    def _renumber(self) -> None:
        self._rows = {item.id: row for row, item in enumerate(self._items)}

    def _progress_of(self, item: QueuedJob) -> Progress | None:
        known = self._progress
        return known if known is not None and known.job_id == item.id else None

    def _tell_changed(self, job_id: str) -> None:
        row = self._rows.get(job_id)
        if row is not None:
            self.dataChanged.emit(self.index(row, 0), self.index(row, 0))
