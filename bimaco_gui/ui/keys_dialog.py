"""Help > Keyboard and mouse: what the menus do by keys, and what is in no menu."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QMenuBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from bimaco_gui.ui.controls import heading, push_button
from bimaco_gui.ui.theme import GRID

_SIZE = (800, 720)
_ROW_HEIGHT = 22


@dataclass(frozen=True)
class KeyLine:
    """What happens, and the key or the mouse that does it, both in the window's language."""

    does: str
    keys: str


@dataclass(frozen=True)
class KeySection:
    """Lines that belong together."""

    title: str
    lines: tuple[KeyLine, ...]


def sections_of(menu_bar: QMenuBar) -> tuple[KeySection, ...]:
    """The commands with keys, by menu, as they are shown there."""
    found = []
    for action in menu_bar.actions():
        menu = action.menu()
        if isinstance(menu, QMenu):
            lines = tuple(
                KeyLine(_plain(one.text()), _named(one.shortcuts()[0]))
                for one in _actions(menu)
                if one.shortcuts()
            )
            if lines:
                found.append(KeySection(_plain(action.text()), lines))
    return tuple(found)


class KeysDialog(QDialog):
    """Two columns of sections; they scroll where there is little room."""

    def __init__(self, menu_bar: QMenuBar, parent: QWidget | None = None) -> None:
        """List what this menu bar offers."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard and mouse"))
        self.setAccessibleName(self.windowTitle())
        self.resize(*_SIZE)
        self.sections = (*sections_of(menu_bar), *self._others())
        inside = QWidget()
        inside.setAccessibleName(self.windowTitle())
        columns = QHBoxLayout(inside)
        columns.setContentsMargins(0, 0, GRID, 0)
        columns.setSpacing(5 * GRID)
        for sections in _columns(self.sections):
            column = QVBoxLayout()
            column.setSpacing(2 * GRID)
            for section in sections:
                column.addLayout(_shown(section))
            column.addStretch()
            columns.addLayout(column, 1)
        area = QScrollArea()
        area.setObjectName("plainArea")
        area.setAccessibleName(self.windowTitle())
        area.setWidgetResizable(True)
        area.setWidget(inside)
        self.close_button = push_button(self.tr("Close"), self.tr("Close this window"))
        self.close_button.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self.close_button)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 3 * GRID)
        outer.setSpacing(2 * GRID)
        outer.addWidget(area, 1)
        outer.addLayout(row)
        self.close_button.setFocus()

    def _others(self) -> tuple[KeySection, ...]:
        """What is in no menu."""

        def line(does: str, *keys: str) -> KeyLine:
            return KeyLine(does, " / ".join(_named(QKeySequence(key)) for key in keys))

        return (
            KeySection(
                self.tr("On the picture"),
                (
                    KeyLine(self.tr("Zoom at the pointer"), self.tr("Wheel")),
                    KeyLine(self.tr("Whole picture or 100 %"), self.tr("Double click")),
                    KeyLine(self.tr("Move the picture"), self.tr("Drag")),
                    line(self.tr("Move the picture"), "Shift+Left", "Right"),
                    line(self.tr("Move the slider"), "Left", "Right"),
                    line(self.tr("Show the photo while it is held"), "Space"),
                    KeyLine(self.tr("Look there with the loupe"), self.tr("Click")),
                ),
            ),
            KeySection(
                self.tr("In lists"),
                (
                    line(self.tr("Take off the list"), "Del"),
                    line(self.tr("Compare what the queue has done"), "Return"),
                    line(self.tr("Move up or down in the queue"), "Alt+Up", "Alt+Down"),
                    KeyLine(self.tr("Copy a saved result elsewhere"), self.tr("Drag")),
                ),
            ),
        )


def _actions(menu: QMenu) -> Iterator[QAction]:
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from _actions(inner)
        elif not action.isSeparator():
            yield action


def _plain(text: str) -> str:
    """Without the mark of the key, which Chinese has in brackets at the end."""
    stem, bracket, rest = text.partition("(&")
    if bracket:
        text = stem + rest.partition(")")[2]
    return text.replace("&", "").removesuffix("…").strip()


def _named(keys: QKeySequence) -> str:
    return keys.toString(QKeySequence.SequenceFormat.NativeText)


def _columns(sections: Sequence[KeySection]) -> tuple[list[KeySection], list[KeySection]]:
    """Two columns of about the same length: each section goes to the shorter one."""
    columns: tuple[list[KeySection], list[KeySection]] = ([], [])
    lengths = [0, 0]
    for section in sections:
        side = lengths.index(min(lengths))
        columns[side].append(section)
        lengths[side] += len(section.lines) + 2
    return columns


def _shown(section: KeySection) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(2 * GRID)
    grid.setVerticalSpacing(1)
    grid.setColumnStretch(0, 1)
    grid.addWidget(heading(section.title), 0, 0, 1, 2)
    for row, line in enumerate(section.lines, start=1):
        does, keys = QLabel(line.does), QLabel(line.keys)
        does.setWordWrap(True)
        does.setAccessibleName(f"{line.does}: {line.keys}")
        keys.setObjectName("key")
        keys.setAccessibleName(line.keys)
        grid.setRowMinimumHeight(row, _ROW_HEIGHT)
        grid.addWidget(does, row, 0)
        grid.addWidget(keys, row, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return grid
