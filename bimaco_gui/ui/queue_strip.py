"""One line about the queue while something else is on show."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from bimaco_gui.ui.controls import ElidedLabel, push_button
from bimaco_gui.ui.queue_control import QueueControl
from bimaco_gui.ui.theme import GRID

_REFRESH_MS = 500
_STEPS = 1000
_BAR_WIDTH = 160


class QueueStrip(QWidget):
    """How far the queue is, and a button that shows it."""

    queue_wanted = Signal()
    changed = Signal()

    def __init__(self, control: QueueControl) -> None:
        """Follow this queue."""
        super().__init__()
        self._control = control
        self.setObjectName("queueStrip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Queue"))
        self.label = ElidedLabel()
        self.bar = QProgressBar()
        self.bar.setObjectName("progress")
        self.bar.setTextVisible(False)
        self.bar.setRange(0, _STEPS)
        self.bar.setFixedWidth(_BAR_WIDTH)
        self.bar.setAccessibleName(self.tr("Progress of the queue"))
        self.button = push_button(self.tr("Show queue"), self.tr("Show the queue (Ctrl+J)"))
        self.button.clicked.connect(self.queue_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * GRID, GRID // 2, 3 * GRID, GRID // 2)
        row.setSpacing(2 * GRID)
        row.addWidget(self.label, 1)
        row.addWidget(self.bar)
        row.addWidget(self.button)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_REFRESH_MS)
        self._soon.timeout.connect(self.refresh)
        control.changed.connect(self._refresh_soon)
        self.refresh()

    @property
    def is_of_use(self) -> bool:
        """Whether there is anything in the queue."""
        return not self._control.is_empty

    def refresh(self) -> None:
        """Show what the queue says now."""
        done, total = self._control.done_and_total()
        parts = (self.tr("Queue: {0}").format(self._control.summary()), self._control.failures())
        self.label.set_whole_text("  ·  ".join(part for part in parts if part))
        self.bar.setVisible(self._control.is_busy)
        self.bar.setValue(round(_STEPS * done / max(1, total)))
        self.changed.emit()

    def _refresh_soon(self) -> None:
        if not self._soon.isActive():
            self._soon.start()
