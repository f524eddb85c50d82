"""Help > Language: as the system, or one of those that there are."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from bimaco_gui.ui.translation import LANGUAGES


class LanguageMenu(QObject):
    """Fills a submenu with the languages; each is called what its speakers call it.

    Signals:
        changed: A sentence to show: the choice counts from the next start on.
    """

    changed = Signal(str)

    def __init__(
        self, menu: QMenu, chosen: str | None, choose: Callable[[str | None], object]
    ) -> None:
        """Add the submenu to `menu`.

        Args:
            menu: Where it goes.
            chosen: The user's language so far; None follows the system.
            choose: Called with the new choice.
        """
        super().__init__(menu)
        self._choose = choose
        languages = menu.addMenu(self.tr("&Language"))
        languages.setAccessibleName(self.tr("Language"))
        group = QActionGroup(self)
        self.actions: dict[str | None, QAction] = {}
        names: dict[str | None, str] = {None: self.tr("&As the system")}
        names.update(LANGUAGES)
        for code, name in names.items():
            action = QAction(name, self)
            action.setCheckable(True)
            action.setChecked(code == chosen)
            action.triggered.connect(partial(self._on_chosen, code))
            group.addAction(action)
            languages.addAction(action)
            self.actions[code] = action

    def _on_chosen(self, code: str | None) -> None:
        self._choose(code)
        self.changed.emit(self.tr("The language changes at the next start."))
