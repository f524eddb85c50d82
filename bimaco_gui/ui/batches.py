"""The window's end of the durable queue: plans batches, goes on where the last run stopped."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QDialog, QWidget

from bimaco_gui.services.estimate import Experience
from bimaco_gui.ui.background import Background
from bimaco_gui.ui.choices import Choices
from bimaco_gui.ui.queue_control import QueueControl, QueueWorker

_MOST_OPENED = 30


class Batches(QObject):
    """Asks what to do with many photos, and puts it into the queue.

    Attributes:
        control: Of the queue; None where the window has none.
    """

    added = Signal()
    problem_occurred = Signal(object)

    def __init__(
        self,
        worker: QueueWorker | None,
        background: Background,
        experience: Callable[[], Experience],
        undo_stack: QUndoStack,
        window: QWidget,
    ) -> None:
        """Follow the worker's queue."""
        super().__init__(window)
        self._window, self._experience = window, experience
        self._is_started = False
        self.control: QueueControl | None = None
        if worker is not None:
            self.control = QueueControl(worker, background, experience, undo_stack, self)
            self.control.problem_occurred.connect(self.problem_occurred)

    def start(self) -> None:
        """Go on with what an earlier run left. Once is enough."""
        if self.control is not None and not self._is_started:
            self._is_started = True
            self.control.start()

    def takes(self, files: Sequence[Path]) -> bool:
        """Whether these are for the queue and not for the canvas."""
        if self.control is None:
            return False
        return len(files) > _MOST_OPENED or any(file.is_dir() for file in files)

    def plan(self, sources: Sequence[Path], choices: Choices) -> None:
        """Ask what to do with these files and folders."""
        control = self.control
        if control is None:
            return
        # Imported when it is opened, for the sake of the start.
        from bimaco_gui.ui.batch_dialog import BatchDialog

        dialog = BatchDialog(sources, choices, self._experience(), self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def on_closed(code: int) -> None:
            if code == QDialog.DialogCode.Accepted and dialog.plan is not None:
                self.start()  # what an earlier run left is put in order before anything is added
                control.add(dialog.plan)
                self.added.emit()

        dialog.finished.connect(on_closed)
        dialog.open()

    def close(self) -> bool:
        """End the queue's thread; whether it ended."""
        return self.control is None or self.control.close()
