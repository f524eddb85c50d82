"""A list of rows that are all of one height, as photos and jobs are shown."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget


class RowList(QListView):
    """The rows of a model. What changes in one of them draws that row again and no other."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Screen readers are told the name."""
        super().__init__(parent)
        self.setObjectName("photoList")
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.viewport().setAutoFillBackground(False)

    def dataChanged(
        self,
        first: QModelIndex | QPersistentModelIndex,
        last: QModelIndex | QPersistentModelIndex,
        roles: Sequence[int] = (),
    ) -> None:
        """Draw the rows again. A plain list view would lay out and draw all of them."""
        QAbstractItemView.dataChanged(self, first, last, list(roles))
