"""The computer sleeps or is switched off after the work, with time enough to object."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QMessageBox, QWidget

from bimaco_gui.services.desktop.power import Power, switch
from bimaco_gui.ui.background import Background
from bimaco_gui.ui.banner import Banner
from bimaco_gui.ui.problem import Problem
from bimaco_gui.ui.saving import Saving
from bimaco_gui.ui.session import Session

_SECONDS_TO_OBJECT = 30


class AfterWork(QObject):
    """Counts down once all is done and saved, and then does what was asked for.

    Attributes:
        power: What was asked for, for this run of the program only; None is nothing.
        box: The dialog that counts down, while it does.
    """

    def __init__(
        self,
        session: Session,
        saving: Saving,
        banner: Banner,
        background: Background,
        window: QWidget,
        act: Callable[[Power], None] = switch,
    ) -> None:
        """Nothing is asked for."""
        super().__init__(window)
        self._session, self._saving, self._banner = session, saving, banner
        self._background, self._window, self._act = background, window, act
        self.power: Power | None = None
        self.box: QMessageBox | None = None
        self._left = 0
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._count)

    def work_is_done(self, done: int, failed: int) -> None:
        """Begin to count down, if something was asked for and something was done."""
        if self.power is None or self.box is not None or done + failed == 0:
            return
        self._left = _SECONDS_TO_OBJECT
        self.box = QMessageBox(self._window)
        self.box.setIcon(QMessageBox.Icon.Information)
        self.box.setWindowTitle(self.tr("All is done"))
        self.box.setStandardButtons(QMessageBox.StandardButton.Cancel)
        self.box.setAccessibleName(self.box.windowTitle())
        self.box.finished.connect(lambda _code: self.give_up())
        self._say()
        self.box.open()
        self._second.start()

    def give_up(self) -> None:
        """Do nothing after all."""
        self.power = None
        self._end()

    def _count(self) -> None:
        if self._saving.is_busy:
            return
        self._left -= 1
        if self._left > 0:
            self._say()
            return
        power, self.power = self.power, None
        self._end()
        if self._session.unsaved:
            self._banner.show_problem(
                Problem(
                    self.tr("The computer stays on"),
                    self.tr("Some results could not be saved and would be lost."),
                )
            )
        elif power is not None:
            self._background.run(partial(self._act, power), lambda _none: None, self._failed)

    def _failed(self, error: Exception) -> None:
        self._banner.show_problem(
            Problem(
                self.tr("The computer stays on"),
                self.tr("The system did not do what it was asked for."),
                str(error),
            )
        )

    def _end(self) -> None:
        self._second.stop()
        box, self.box = self.box, None
        if box is not None:
            box.finished.disconnect()
            box.close()
            box.deleteLater()

    def _say(self) -> None:
        if self.box is not None:
            texts = {
                Power.SUSPEND: self.tr(
                    "The computer goes to sleep in %n second(s).", "", self._left
                ),
                Power.SHUT_DOWN: self.tr(
                    "The computer is shut down in %n second(s).", "", self._left
                ),
            }
            self.box.setText("" if self.power is None else texts[self.power])
