"""The line that tells what went wrong, or what is new, above the picture and in nobody's way."""

import platform

from PySide6.QtCore import Qt, QTimer, Signal, qVersion
from PySide6.QtGui import QAccessible, QAccessibleEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from bimaco_gui import __version__
from bimaco_gui.ui.controls import IconButton, push_button
from bimaco_gui.ui.error_words import in_words
from bimaco_gui.ui.icons import pixmap
from bimaco_gui.ui.problem import Problem, Remedy
from bimaco_gui.ui.theme import GRID, current_shades

_COPIED_SHOWN_MS = 2000
_LEAST_TEXT_WIDTH = 260
"""Logical pixels; with less beside the buttons, they go below the text."""


class Banner(QFrame):
    """Shows one problem until it is closed or the next one comes."""

    shown = Signal(bool)
    remedy_wanted = Signal(object)

    def __init__(self) -> None:
        """Hidden."""
        super().__init__()
        self.setObjectName("banner")
        self.setAccessibleName(self.tr("Message"))
        self._problem: Problem | None = None
        self._sign = QLabel()
        self._sign.setAccessibleName(self.tr("Problem"))
        self._title = QLabel()
        font = self._title.font()
        font.setWeight(font.Weight.DemiBold)
        self._title.setFont(font)
        self._message = QLabel()
        for label in (self._title, self._message):
            label.setWordWrap(True)
            # File names are shown as they are, never as markup.
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.copy_button = push_button(
            self.tr("Copy details"), self.tr("Copy what happened, to send it to somebody")
        )
        self.close_button = IconButton("close", self.tr("Close message"), self.tr("Close"))
        self.remedy_button = push_button("", self.tr("Try what may help"))
        self.remedy_button.setAccessibleName(self.tr("Remedy"))
        self.remedy_button.clicked.connect(self._on_remedy)
        self.copy_button.clicked.connect(self.copy_details)
        self.close_button.clicked.connect(self.dismiss)

        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._title)
        texts.addWidget(self._message)
        self._buttons = QWidget()
        self._buttons.setAccessibleName(self.tr("What can be done"))
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._buttons)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GRID)
        self._row.addWidget(self.remedy_button)
        self._row.addWidget(self.copy_button)
        self._row.addStretch()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(2 * GRID, GRID * 3 // 2, GRID, GRID * 3 // 2)
        self._grid.setSpacing(GRID * 3 // 2)
        self._grid.addWidget(self._sign, 0, 0, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addLayout(texts, 0, 1)
        self._grid.addWidget(self._buttons, 0, 2)
        self._grid.addWidget(self.close_button, 0, 3, Qt.AlignmentFlag.AlignVCenter)
        self._grid.setColumnStretch(1, 1)
        self.recolour()
        self.hide()

    @property
    def problem(self) -> Problem | None:
        """What is shown, or None."""
        return self._problem

    def show_problem(self, problem: Problem) -> None:
        """Show a problem, in place of the one before."""
        self._problem = problem
        title, message = in_words(problem.title), in_words(problem.message)
        self._title.setText(title)
        self._message.setText(message)
        self._title.setAccessibleName(title)
        self._message.setAccessibleName(message)
        self.setAccessibleName(f"{title}. {message}")
        self.copy_button.setText(self.tr("Copy details"))
        self.copy_button.setVisible(not problem.is_news)
        self._show_remedy(problem.remedy)
        self._show_kind(problem.is_news)
        self._place_buttons()
        self.show()
        self.shown.emit(True)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def dismiss(self) -> None:
        """Hide."""
        self._problem = None
        self.hide()
        self.shown.emit(False)

    def copy_details(self) -> None:
        """Put everything that helps to find the cause on the clipboard."""
        if self._problem is None:
            return
        lines = [self._problem.title, self._problem.message, self._problem.details, ""]
        lines += [f"BiMaCo {__version__}, Qt {qVersion()}, {platform.platform()}"]
        QGuiApplication.clipboard().setText("\n".join(lines).replace("\n\n\n", "\n\n"))
        self.copy_button.setText(self.tr("Copied"))
        QTimer.singleShot(_COPIED_SHOWN_MS, self.copy_button, self._offer_copy_again)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make room for the text."""
        super().resizeEvent(event)
        self._place_buttons()

    def recolour(self) -> None:
        """Follow the palette."""
        shades, ratio = current_shades(), self.devicePixelRatioF()
        is_news = self._problem is not None and self._problem.is_news
        name, colour = ("info", shades.mark) if is_news else ("warning", shades.warning)
        self._sign.setPixmap(pixmap(name, colour, 24, ratio))
        self.close_button.recolour()

    def _place_buttons(self) -> None:
        """Beside the text, or below it, or below it and each other: as there is room."""
        margins, gap = self._grid.contentsMargins(), self._grid.spacing()
        room = self.width() - margins.left() - margins.right()
        shown = [one for one in (self.remedy_button, self.copy_button) if not one.isHidden()]
        wanted = sum(button.sizeHint().width() + GRID for button in shown)
        others = sum(one.sizeHint().width() + gap for one in (self._sign, self.close_button))
        is_beside = room - others - wanted - gap >= _LEAST_TEXT_WIDTH
        directions = QBoxLayout.Direction
        self._row.setDirection(directions.LeftToRight if wanted <= room else directions.TopToBottom)
        if is_beside and self._grid.itemAtPosition(0, 2) is None:
            self._grid.addWidget(self._buttons, 0, 2)
        elif not is_beside and self._grid.itemAtPosition(1, 0) is None:
            self._grid.addWidget(self._buttons, 1, 0, 1, 4)

    def _show_kind(self, is_news: bool) -> None:
        self._sign.setAccessibleName(self.tr("News") if is_news else self.tr("Problem"))
        if self.property("news") is not is_news:
            self.setProperty("news", is_news)
            self.style().unpolish(self)
            self.style().polish(self)
        self.recolour()

    def _show_remedy(self, remedy: Remedy) -> None:
        texts = {
            Remedy.OTHER_FOLDER: self.tr("Choose another folder…"),
            Remedy.SMALLER_TILES: self.tr("Use smaller tiles"),
            Remedy.USE_CPU: self.tr("Use the processor"),
            Remedy.SMALLER_SIZE: self.tr("Make it 4 times as large"),
            Remedy.DEFAULT_MODEL: self.tr("Use the bundled model"),
            Remedy.TRY_AGAIN: self.tr("Try again"),
            Remedy.OPEN_AGAIN: self.tr("Open again"),
            Remedy.SEE_UPDATE: self.tr("What is new…"),
        }
        text = texts.get(remedy, "")
        self.remedy_button.setText(text)
        self.remedy_button.setAccessibleName(text or self.tr("Remedy"))
        self.remedy_button.setVisible(bool(text))

    def _on_remedy(self) -> None:
        if self._problem is not None:
            self.remedy_wanted.emit(self._problem.remedy)

    def _offer_copy_again(self) -> None:
        self.copy_button.setText(self.tr("Copy details"))
