"""The menu bar: every command once, with its key."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from bimaco_gui.ui.view_mode import ViewMode

Keys = QKeySequence.StandardKey | str | None
Does = Callable[[], object]


class Menus:
    """Makes menus of a window and remembers the actions that are enabled and disabled.

    Args:
        window: Whose menu bar is filled.
    """

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        window.menuBar().setAccessibleName(window.tr("Menu"))

    def menu(self, title: str) -> QMenu:
        """A menu of the bar."""
        menu = self._window.menuBar().addMenu(title)
        menu.setAccessibleName(title.replace("&", ""))
        return menu

    def action(self, menu: QMenu, text: str, keys: Keys, does: Does) -> QAction:
        """A command, with its key shown beside it."""
        action = QAction(text, self._window)
        if isinstance(keys, QKeySequence.StandardKey):
            action.setShortcuts(keys)
        elif keys is not None:
            action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _checked=False: does())
        menu.addAction(action)
        return action

    def toggle(self, menu: QMenu, text: str, keys: Keys, *, on: bool = True) -> QAction:
        """A command that is on or off, and `on` at first; its signal `toggled` tells."""
        action = QAction(text, self._window)
        action.setCheckable(True)
        action.setChecked(on)
        if isinstance(keys, str):
            action.setShortcut(QKeySequence(keys))
        menu.addAction(action)
        return action

    def modes(
        self, menu: QMenu, texts: dict[ViewMode, str], does: Callable[[ViewMode], object]
    ) -> dict[ViewMode, QAction]:
        """The ways to compare, on the keys 1, 2, 3, ..."""
        group = QActionGroup(self._window)
        actions = {}
        for number, (mode, text) in enumerate(texts.items(), start=1):
            action = self.action(menu, text, str(number), partial(does, mode))
            action.setCheckable(True)
            group.addAction(action)
            actions[mode] = action
        return actions


class RecentMenu:
    """File > Open recent.

    Args:
        menu: Which it fills.
        opens: Called with the file that was chosen.
        clears: Called to forget all of them.
    """

    def __init__(self, menu: QMenu, opens: Callable[[Path], object], clears: Does) -> None:
        self._menu, self._opens, self._clears = menu, opens, clears

    def show_files(self, names: Sequence[str], clear_text: str) -> None:
        """List these files, the newest first."""
        self._menu.clear()
        for number, name in enumerate(names, start=1):
            path = Path(name)
            key = f"&{number} " if number < 10 else ""
            action = self._menu.addAction(key + path.name.replace("&", "&&"))
            action.setToolTip(name)
            action.triggered.connect(lambda _checked=False, p=path: self._opens(p))
        self._menu.addSeparator()
        clear = self._menu.addAction(clear_text)
        clear.triggered.connect(lambda _checked=False: self._clears())
        self._menu.setEnabled(bool(names))
