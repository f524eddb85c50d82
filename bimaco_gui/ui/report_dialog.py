"""Help > Doctor: what a report of a problem needs, ready to copy."""

import threading
from functools import partial

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from bimaco_gui import paths
from bimaco_gui.services.doctor import report_apart
from bimaco_gui.ui.background import Background
from bimaco_gui.ui.controls import push_button, quiet_label
from bimaco_gui.ui.theme import GRID

_COPIED_SHOWN_MS = 2000


class ReportDialog(QDialog):
    """Shows the report of `bimaco-gui doctor`, which takes a moment to make."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin to make it."""
        super().__init__(parent)
        self._background = Background(threads=1, parent=self)
        self._closing = threading.Event()
        self.setWindowTitle(self.tr("Doctor"))
        self.setAccessibleName(self.windowTitle())
        self.resize(680, 440)
        self.text = QPlainTextEdit(self.tr("Looking…"))
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("Report"))
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        note = quiet_label(
            self.tr("Add this to a report of a problem. Nothing is sent by itself."), wraps=True
        )
        self.copy_button = push_button(self.tr("Copy"), self.tr("Copy the report"), primary=True)
        self.copy_button.setEnabled(False)
        self.log_button = push_button(
            self.tr("Open log folder"), self.tr("Show the folder with the log file")
        )
        self.close_button = push_button(self.tr("Close"), self.tr("Close this window"))
        row = QHBoxLayout()
        row.addWidget(self.copy_button)
        row.addWidget(self.log_button)
        row.addStretch()
        row.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 3 * GRID)
        column.setSpacing(GRID)
        column.addWidget(note)
        column.addWidget(self.text, 1)
        column.addLayout(row)
        self.copy_button.clicked.connect(self.copy)
        self.log_button.clicked.connect(
            lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(paths.log_file().parent)))
        )
        self.close_button.clicked.connect(self.accept)
        ask = partial(report_apart, self._closing)
        self._background.run(ask, self._show, lambda error: self.text.setPlainText(str(error)))

    def copy(self) -> None:
        """Put the report on the clipboard."""
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.copy_button.setText(self.tr("Copied"))
        QTimer.singleShot(_COPIED_SHOWN_MS, self.copy_button, self._offer_copy_again)

    def done(self, result: int) -> None:
        """End the thread, and close."""
        self._closing.set()
        self._background.close()
        super().done(result)

    def _show(self, facts: list[tuple[str, str]]) -> None:
        width = max(len(name) for name, _ in facts)
        self.text.setPlainText("\n".join(f"{name:<{width}}  {value}" for name, value in facts))
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.copy_button.setEnabled(True)

    def _offer_copy_again(self) -> None:
        self.copy_button.setText(self.tr("Copy"))
