"""The ways to compare, in the corner of the picture."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QWidget

from bimaco_gui.ui.controls import segment
from bimaco_gui.ui.view_mode import ViewMode


class ViewBar(QFrame):
    """One button for each way; the same as the keys 1 to 4."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        """Lie over `parent`; the slider is chosen."""
        super().__init__(parent)
        self.setObjectName("viewBar")
        self.setAccessibleName(self.tr("Comparison"))
        self.setCursor(Qt.CursorShape.ArrowCursor)
        texts = {
            ViewMode.SLIDER: (self.tr("Slider"), self.tr("Before and after meet at a slider (1)")),
            ViewMode.SIDE_BY_SIDE: (
                self.tr("Side by side"),
                self.tr("The same part of both (2)"),
            ),
            ViewMode.RESULT: (
                self.tr("Result"),
                self.tr("The result alone; hold Space to see the photo (3)"),
            ),
            ViewMode.DIFFERENCE: (
                self.tr("Difference"),
                self.tr("What the result has changed, four times as strong (4)"),
            ),
        }
        group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 4, 4, 4)
        row.setSpacing(0)
        self.buttons = {}
        for mode, (text, tip) in texts.items():
            button = segment(text, tip)
            button.clicked.connect(lambda _checked=False, m=mode: self.chosen.emit(m))
            group.addButton(button)
            row.addWidget(button)
            self.buttons[mode] = button
        self.show_mode(ViewMode.SLIDER)

    def show_mode(self, mode: ViewMode) -> None:
        """Press the button of this way."""
        self.buttons[mode].setChecked(True)
