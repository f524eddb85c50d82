from PySide6.QtCore import QEvent, QObject, QRect, QStringListModel
from PySide6.QtGui import QPaintEvent
from pytestqt.qtbot import QtBot

from bimaco_gui.ui.row_list import RowList


class Painted(QObject):
    """What of a widget was painted."""

    def __init__(self) -> None:
        super().__init__()
        self.areas: list[QRect] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.areas.append(event.region().boundingRect())
        return False


def test_a_change_draws_its_row_and_no_other(qtbot: QtBot) -> None:
    rows = QStringListModel([f"row {number}" for number in range(1000)])
    shown = RowList("Rows")
    qtbot.addWidget(shown)
    shown.setModel(rows)
    shown.resize(300, 400)
    painted = Painted()
    shown.viewport().installEventFilter(painted)
    shown.show()
    qtbot.waitUntil(lambda: bool(painted.areas))
    painted.areas.clear()
    changed = rows.index(3)
    rows.setData(changed, "another")
    qtbot.waitUntil(lambda: bool(painted.areas))
    assert painted.areas == [shown.visualRect(changed)]
    painted.areas.clear()
    rows.setData(rows.index(900), "out of sight")
    rows.setData(changed, "and another")
    qtbot.waitUntil(lambda: bool(painted.areas))
    assert painted.areas == [shown.visualRect(changed)]
