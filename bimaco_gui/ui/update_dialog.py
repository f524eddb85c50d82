"""Help > Check for updates: asks once, and shows the answer."""

from collections.abc import Callable
from urllib.parse import urlsplit

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from bimaco_gui import __version__
from bimaco_gui.services import updates
from bimaco_gui.services.updates import Release
from bimaco_gui.ui.asking import Asking
from bimaco_gui.ui.controls import heading, push_button, quiet_label
from bimaco_gui.ui.error_words import in_words
from bimaco_gui.ui.problem import problem_from
from bimaco_gui.ui.theme import GRID

_FIRST_WIDTH = 520


class UpdateDialog(QDialog):
    """Says whether there is a newer version, and leads to it; nothing is installed."""

    def __init__(
        self,
        parent: QWidget | None,
        looks_at_start: bool,
        choose_looking: Callable[[bool], object],
        known: Release | None = None,
    ) -> None:
        """Ask, unless the answer is known.

        Args:
            parent: Its parent.
            looks_at_start: Whether the app asks by itself as it starts.
            choose_looking: Called with another choice of that.
            known: An answer that is here already.
        """
        super().__init__(parent)
        self._page: str | None = None
        self._may_ask_again = False
        self._asking = Asking(self)
        self.setWindowTitle(self.tr("Updates"))
        self.setAccessibleName(self.windowTitle())
        self.resize(_FIRST_WIDTH, 0)
        self.state_label = heading("")
        self.state_label.setTextFormat(Qt.TextFormat.PlainText)
        self.state_label.setWordWrap(True)
        self.progress_bar = QProgressBar()
        self.progress_bar.setObjectName("progress")
        self.progress_bar.setTextVisible(False)
        self.progress_bar.setRange(0, 0)
        self.progress_bar.setAccessibleName(self.tr("Progress"))
        self.notes = QPlainTextEdit()
        self.notes.setReadOnly(True)
        self.notes.setTabChangesFocus(True)
        self.notes.setAccessibleName(self.tr("What is new"))
        self.start_box = QCheckBox(self.tr("Look for updates when the app starts"))
        self.start_box.setAccessibleName(self.start_box.text())
        self.start_box.setToolTip(self.tr("At most once a day"))
        self.start_box.setChecked(looks_at_start)
        self.start_box.toggled.connect(choose_looking)
        host = urlsplit(updates.NEWEST_RELEASE).hostname or ""
        self.privacy_label = quiet_label(
            self.tr(
                "Nobody but {0} is asked. Like any server it sees your network address; "
                "it learns nothing of your photos."
            ).format(host),
            wraps=True,
        )
        self.page_button = push_button(
            self.tr("Open the page"), self.tr("Show the new version in the browser"), primary=True
        )
        self.again_button = push_button(self.tr("Try again"), self.tr("Ask once more"))
        self.stop_button = push_button(self.tr("Stop"), self.tr("Wait for no answer"))
        self.close_button = push_button(self.tr("Close"), self.tr("Close this window"))
        self._lay_out()
        self._connect()
        if known is None:
            self.ask()
        else:
            self._on_answered(known)

    @property
    def is_busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._asking.is_busy

    def ask(self) -> None:
        """Ask; the network is used for this alone."""
        self._may_ask_again = False
        self._asking.ask()
        self._show(self.tr("Asking for the newest version…"))

    def stop(self) -> None:
        """Wait for no answer."""
        self._asking.stop()
        self._may_ask_again = True
        self._show(self.tr("Stopped: it is not known whether there is a newer version."))

    def done(self, result: int) -> None:
        """Wait for no answer, and close."""
        self._asking.stop()
        super().done(result)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        for button in (self.page_button, self.again_button, self.stop_button):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch()
        row.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 3 * GRID)
        column.setSpacing(2 * GRID)
        column.addWidget(self.state_label)
        column.addWidget(self.progress_bar)
        column.addWidget(self.notes, 1)
        column.addWidget(self.start_box)
        column.addWidget(self.privacy_label)
        column.addLayout(row)

    def _connect(self) -> None:
        self._asking.answered.connect(self._on_answered)
        self._asking.failed.connect(self._on_failed)
        self.page_button.clicked.connect(self._open_page)
        self.again_button.clicked.connect(self.ask)
        self.stop_button.clicked.connect(self.stop)
        self.close_button.clicked.connect(self.accept)

    def _on_answered(self, release: Release) -> None:
        if release.is_newer:
            self._page = release.page
            self.notes.setPlainText(release.notes)
            text = self.tr("Version {0} is there (you have {1}).")
            self._show(text.format(release.version, __version__))
            self.page_button.setFocus()
        else:
            self._show(self.tr("You have the newest version ({0}).").format(__version__))

    def _on_failed(self, error: Exception) -> None:
        self._may_ask_again = True
        self._show(in_words(problem_from(error).message))

    def _show(self, state: str) -> None:
        self.state_label.setText(state)
        self.state_label.setAccessibleName(state)
        is_newer = self._page is not None
        self.progress_bar.setVisible(self.is_busy)
        self.stop_button.setVisible(self.is_busy)
        self.page_button.setVisible(is_newer)
        self.notes.setVisible(is_newer and bool(self.notes.toPlainText()))
        self.again_button.setVisible(self._may_ask_again)
        self._fit_height()

    def _fit_height(self) -> None:
        """As high as the texts need at this width; what the user made higher stays."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))

    def _open_page(self) -> None:
        if self._page is not None:
            QDesktopServices.openUrl(QUrl(self._page))
