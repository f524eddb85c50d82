"""Upscale > When done: tell it, or leave."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from bimaco_gui.ui.desktop_link import DesktopLink


class WhenDoneMenu(QObject):
    """Two choices for the end of the work.

    Leaving counts for this run of the program only: nobody wants it to quit by itself next week.
    """

    def __init__(
        self, menu: QMenu, link: DesktopLink, notifies: bool, remember: Callable[[bool], object]
    ) -> None:
        """Add the submenu to `menu`.

        Args:
            menu: Where it goes.
            link: What is steered.
            notifies: Whether a notification is wanted.
            remember: Called with a new choice of that.
        """
        super().__init__(menu)
        self._link, self._remember = link, remember
        link.notifies = notifies
        choices = menu.addMenu(self.tr("When &done"))
        choices.setAccessibleName(self.tr("When done"))
        self.notify_action = QAction(self.tr("&Notify if another program is in front"), self)
        self.quit_action = QAction(self.tr("&Quit BiMaCo"), self)
        for action, on in ((self.notify_action, notifies), (self.quit_action, False)):
            action.setCheckable(True)
            action.setChecked(on)
            choices.addAction(action)
        self.notify_action.toggled.connect(self._on_notify)
        self.quit_action.toggled.connect(self._on_quit)

    def _on_notify(self, on: bool) -> None:
        self._link.notifies = on
        self._remember(on)

    def _on_quit(self, on: bool) -> None:
        self._link.quits = on
