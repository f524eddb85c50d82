"""The page of the queue: every job, how it stands, and what can be done about it."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QMenu,
    QProgressBar,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from bimaco_gui.services.queue_events import JobState, QueuedJob
from bimaco_gui.ui.controls import ElidedLabel, push_button, quiet_label, set_emphasis, set_primary
from bimaco_gui.ui.error_words import in_words
from bimaco_gui.ui.list_row import ROW_HEIGHT, Row, paint_row
from bimaco_gui.ui.queue_control import QueueControl
from bimaco_gui.ui.queue_model import ITEM_ROLE, PROGRESS_ROLE, THUMBNAIL_ROLE, QueueModel
from bimaco_gui.ui.row_list import RowList
from bimaco_gui.ui.theme import GRID
from bimaco_gui.ui.wording import remaining_time

_Index = QModelIndex | QPersistentModelIndex
_REFRESH_MS = 250
_STEPS = 1000
_SIGNS = {
    JobState.WAITING: ("clock", "quiet"),
    JobState.RUNNING: ("running", "mark"),
    JobState.DONE: ("saved", "success"),
    JobState.FAILED: ("warning", "warning"),
    JobState.CANCELLED: ("close", "quiet"),
    JobState.SKIPPED: ("skip", "quiet"),
}


class QueueDelegate(QStyledItemDelegate):
    """Draws a job."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Rows are alike."""
        return QSize(200, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Thumbnail, name, state with its icon, progress."""
        item: QueuedJob = index.data(ITEM_ROLE)
        rows = index.model()
        assert isinstance(rows, QueueModel)
        icon, colour = _SIGNS[item.state]
        progress = index.data(PROGRESS_ROLE)
        state = rows.state_text(item)
        if item.state is JobState.FAILED and item.message:
            state = self.tr("{0}: {1}").format(state, in_words(item.message))
        elif progress is not None and progress.remaining is not None and not progress.is_whole:
            state = f"{state}  ·  {remaining_time(progress.remaining)}"
        running = item.state is JobState.RUNNING
        fraction = (0.0 if progress is None else progress.fraction) if running else None
        thumbnail = index.data(THUMBNAIL_ROLE)
        paint_row(
            painter, option, Row(item.job.input.name, thumbnail, icon, colour, state, fraction)
        )


class QueueList(RowList):
    """The rows; Delete, Return and Alt with the arrows act on the chosen ones."""

    removal_wanted = Signal(list)
    opening_wanted = Signal(object)
    move_wanted = Signal(list, int)

    def __init__(self, rows: QueueModel) -> None:
        """Show these rows."""
        super().__init__(self.tr("Queue"))
        self.setModel(rows)
        self.setItemDelegate(QueueDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.activated.connect(lambda index: self.opening_wanted.emit(index.data(ITEM_ROLE)))

    def chosen(self) -> list[QueuedJob]:
        """The chosen jobs, from top to bottom."""
        indexes = sorted(self.selectionModel().selectedIndexes(), key=QModelIndex.row)
        return [index.data(ITEM_ROLE) for index in indexes]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes rows off; Alt with Up or Down moves them."""
        ids = [item.id for item in self.chosen()]
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and ids:
            self.removal_wanted.emit(ids)
        elif alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and ids:
            self.move_wanted.emit(ids, -1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)


class QueuePage(QWidget):
    """Heading with counts and remaining time, buttons, and the list."""

    result_wanted = Signal(object)
    folder_wanted = Signal(object)
    add_wanted = Signal()
    back_wanted = Signal()

    def __init__(self, control: QueueControl) -> None:
        """Show and steer this queue."""
        super().__init__()
        self._control = control
        self.setObjectName("queuePage")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Queue"))
        self.summary_label = ElidedLabel()
        font = self.summary_label.font()
        font.setWeight(font.Weight.DemiBold)
        font.setPointSizeF(font.pointSizeF() * 1.2)
        self.summary_label.setFont(font)
        self.detail_label = quiet_label(wraps=True)
        self.progress_bar = QProgressBar()
        self.progress_bar.setObjectName("progress")
        self.progress_bar.setTextVisible(False)
        self.progress_bar.setAccessibleName(self.tr("Progress of the queue"))
        self.pause_button = push_button(self.tr("Pause"), self.tr("Stand still until resumed"))
        self.cancel_button = push_button(self.tr("Cancel all"), self.tr("Stop what runs and waits"))
        self.retry_button = push_button(
            self.tr("Retry failed"), self.tr("Run again what has failed")
        )
        self.clear_button = push_button(
            self.tr("Clear finished"), self.tr("Take off the list what is over")
        )
        self.back_button = push_button(
            self.tr("Back to the photo"), self.tr("Leave the queue running (Ctrl+J)")
        )
        self.add_button = push_button(self.tr("Add…"), self.tr("Add folders or photos"))
        self._failed_shown = 0
        self.list = QueueList(control.rows)
        self._lay_out()
        self._connect()
        # Many jobs end within a blink; what is written above the list need not follow each.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_REFRESH_MS)
        self._soon.timeout.connect(self.refresh)
        control.changed.connect(self._refresh_soon)
        self.refresh()

    def refresh(self) -> None:
        """Show what the queue says now."""
        control = self._control
        counts = control.rows.counts
        done, total = control.done_and_total()
        self.summary_label.set_whole_text(control.summary())
        left_out, cancelled = counts[JobState.SKIPPED], counts[JobState.CANCELLED]
        parts = (
            control.failures(),
            self.tr("%n left out", "", left_out) if left_out else "",
            self.tr("%n cancelled", "", cancelled) if cancelled else "",
        )
        detail = "  ·  ".join(part for part in parts if part)
        if control.pause_reason:
            detail = control.pause_reason
        if counts[JobState.FAILED] != self._failed_shown:
            self._failed_shown = counts[JobState.FAILED]
            set_emphasis(self.detail_label, self._failed_shown > 0)
        self.detail_label.setText(detail)
        self.detail_label.setAccessibleName(detail or self.tr("Nothing failed"))
        self.progress_bar.setRange(0, _STEPS)
        self.progress_bar.setValue(round(_STEPS * done / max(1, total)))
        paused = control.is_paused
        text = self.tr("Resume") if paused else self.tr("Pause")
        self.pause_button.setText(text)
        self.pause_button.setAccessibleName(text)
        set_primary(self.pause_button, paused and control.is_busy)
        self.pause_button.setEnabled(control.is_busy or paused)
        self.cancel_button.setEnabled(control.is_busy)
        self.retry_button.setEnabled(counts[JobState.FAILED] > 0)
        self.clear_button.setEnabled(done > 0)

    def toggle_pause(self) -> None:
        """Pause, or go on."""
        if self._control.is_paused:
            self._control.resume()
        else:
            self._control.pause()
        self.refresh()

    def _refresh_soon(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        for button in (
            self.pause_button,
            self.cancel_button,
            self.retry_button,
            self.clear_button,
        ):
            buttons.addWidget(button)
        buttons.addStretch()
        # In a row of their own, so that all fit into a small window in any language.
        heading = QHBoxLayout()
        heading.setSpacing(GRID)
        heading.addWidget(self.summary_label, 1)
        heading.addWidget(self.back_button)
        heading.addWidget(self.add_button)
        top = QVBoxLayout()
        top.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, GRID)
        top.setSpacing(GRID)
        top.addLayout(heading)
        top.addWidget(self.progress_bar)
        top.addWidget(self.detail_label)
        top.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        around = QVBoxLayout()
        around.setContentsMargins(2 * GRID, 0, 2 * GRID, GRID)
        around.addWidget(self.list)
        column.addLayout(around, 1)

    def _connect(self) -> None:
        control = self._control
        self.pause_button.clicked.connect(self.toggle_pause)
        self.cancel_button.clicked.connect(control.cancel_all)
        self.retry_button.clicked.connect(control.retry_failed)
        self.clear_button.clicked.connect(control.remove_finished)
        self.add_button.clicked.connect(self.add_wanted)
        self.back_button.clicked.connect(self.back_wanted)
        self.list.removal_wanted.connect(self._remove)
        self.list.move_wanted.connect(control.move)
        self.list.opening_wanted.connect(self._open)
        self.list.customContextMenuRequested.connect(self._show_menu)
        control.finished.connect(lambda _counts: self._show_first_failed())

    def _show_first_failed(self) -> None:
        """When all is over, what went wrong is in sight."""
        rows = self._control.rows
        for row, item in enumerate(rows.items):
            if item.state is JobState.FAILED:
                self.list.scrollTo(rows.index(row, 0))
                return

    def _remove(self, ids: list[str]) -> None:
        running = [
            job_id
            for job_id in ids
            if (item := self._control.rows.item(job_id)) is not None
            and item.state is JobState.RUNNING
        ]
        self._control.cancel(*running)
        self._control.remove(*(job_id for job_id in ids if job_id not in running))

    def _open(self, item: QueuedJob) -> None:
        if item.state is JobState.DONE:
            self.result_wanted.emit(item)

    def _show_menu(self, at: QPoint) -> None:
        menu = self.row_menu(self.list.chosen())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.list.viewport().mapToGlobal(at))

    def row_menu(self, items: list[QueuedJob]) -> QMenu:
        """What can be done with these rows."""
        control, ids = self._control, [item.id for item in items]
        menu = QMenu(self)
        menu.setAccessibleName(self.tr("Actions"))

        def add(text: str, enabled: bool, does: Callable[[], object], keys: str = "") -> QAction:
            action = menu.addAction(text)
            action.setEnabled(enabled)
            if keys:
                action.setShortcut(QKeySequence(keys))
            action.triggered.connect(lambda _checked=False: does())
            return action

        one = items[0] if len(items) == 1 else None
        is_done = one is not None and one.state is JobState.DONE
        is_over = any(i.state not in (JobState.WAITING, JobState.RUNNING) for i in items)
        is_busy = any(i.state in (JobState.WAITING, JobState.RUNNING) for i in items)
        reasons = "\n".join(f"{i.job.input}: {in_words(i.message)}" for i in items if i.message)
        add(self.tr("&Compare with the photo"), is_done, lambda: self.result_wanted.emit(one))
        add(self.tr("Show in &folder"), one is not None, lambda: self.folder_wanted.emit(one))
        menu.addSeparator()
        add(self.tr("&Run again"), is_over, lambda: control.retry(*ids))
        add(self.tr("C&ancel"), is_busy, lambda: control.cancel(*ids))
        add(self.tr("Re&move"), bool(items), lambda: self._remove(ids), "Del")
        menu.addSeparator()
        add(self.tr("Move &up"), bool(items), lambda: control.move(ids, -1), "Alt+Up")
        add(self.tr("Move &down"), bool(items), lambda: control.move(ids, 1), "Alt+Down")
        menu.addSeparator()
        add(
            self.tr("Copy &reason"),
            bool(reasons),
            lambda: QGuiApplication.clipboard().setText(reasons),
        )
        return menu
