"""Upscale > When done: tell it, leave, or let the computer rest."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from bimaco_gui.services.desktop.power import Power
from bimaco_gui.ui.after_work import AfterWork
from bimaco_gui.ui.desktop_link import DesktopLink


class WhenDoneMenu(QObject):
    """Choices for the end of the work.

    All but the notification count for this run of the program only: nobody wants it to quit, or the
    computer to be shut down, by itself next week.
    """

    def __init__(
        self,
        menu: QMenu,
        link: DesktopLink,
        after_work: AfterWork,
        notifies: bool,
        remember: Callable[[bool], object],
    ) -> None:
        """Add the submenu to `menu`.

        Args:
            menu: Where it goes.
            link: What is steered.
            after_work: What becomes of the computer.
            notifies: Whether a notification is wanted.
            remember: Called with a new choice of that.
        """
        super().__init__(menu)
        self._link, self._after_work, self._remember = link, after_work, remember
        link.notifies = notifies
        link.finished.connect(after_work.work_is_done)
        link.finished.connect(self._on_finished)
        choices = menu.addMenu(self.tr("When &done"))
        choices.setAccessibleName(self.tr("When done"))
        self.notify_action = self._add(
            choices, self.tr("&Notify if another program is in front"), notifies
        )
        choices.addSeparator()
        self.quit_action = self._add(choices, self.tr("&Quit BiMaCo"))
        self.suspend_action = self._add(choices, self.tr("&Suspend the computer"))
        self.shut_down_action = self._add(choices, self.tr("Shut &down the computer"))
        group = QActionGroup(self)
        group.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
        for action in (self.quit_action, self.suspend_action, self.shut_down_action):
            group.addAction(action)
            action.toggled.connect(self._on_chosen)
        self.notify_action.toggled.connect(self._on_notify)

    def _add(self, menu: QMenu, text: str, on: bool = False) -> QAction:
        action = QAction(text, self)
        action.setCheckable(True)
        action.setChecked(on)
        menu.addAction(action)
        return action

    def _on_notify(self, on: bool) -> None:
        self._link.notifies = on
        self._remember(on)

    def _on_chosen(self, _on: bool) -> None:
        self._link.quits = self.quit_action.isChecked()
        self._after_work.power = None
        if self.suspend_action.isChecked():
            self._after_work.power = Power.SUSPEND
        elif self.shut_down_action.isChecked():
            self._after_work.power = Power.SHUT_DOWN

    def _on_finished(self, done: int, failed: int) -> None:
        """It was for this work; the next one asks anew."""
        if done + failed:
            power = self._after_work.power
            for action in (self.suspend_action, self.shut_down_action):
                action.setChecked(False)
            self._after_work.power = power
