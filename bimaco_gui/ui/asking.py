"""Asks for the newest version, and tells the answer in the window's thread."""

from PySide6.QtCore import QObject, QTimer, Signal

from bimaco_gui.services.updates import Question

_LOOK_EVERY_MS = 50


class Asking(QObject):
    """One question at a time.

    The thread that asks knows nothing of Qt, so nobody has to wait for it: not a dialog that is
    closed, and not the program when it ends.

    Signals:
        answered: The `Release`.
        failed: The exception, `Cancelled` among them.
    """

    answered = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject) -> None:
        """Nothing is asked yet."""
        super().__init__(parent)
        self._question: Question | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)

    @property
    def is_busy(self) -> bool:
        """Whether a signal is still to come."""
        return self._question is not None

    def ask(self, *, once_a_day: bool = False) -> None:
        """Ask; with `once_a_day`, only if this was not done today."""
        if self._question is None:
            self._question = Question(once_a_day=once_a_day)
            self._timer.start()

    def stop(self) -> None:
        """Nobody wants to know any more, and nothing is told."""
        question, self._question = self._question, None
        self._timer.stop()
        if question is not None:
            question.cancel()

    def _look(self) -> None:
        question = self._question
        if question is None or not question.is_answered:
            return
        self.stop()
        try:
            release = question.answer()
        except Exception as error:
            self.failed.emit(error)
        else:
            self.answered.emit(release)
