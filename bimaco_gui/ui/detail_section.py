"""How much of the network's detail the result keeps."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from bimaco_gui.ui.controls import heading
from bimaco_gui.ui.theme import GRID

_STEPS = 100


class DetailSection(QWidget):
    """A slider from faithful to detailed; it works on finished results at once."""

    changed = Signal()

    def __init__(self) -> None:
        """In the middle."""
        super().__init__()
        self.setAccessibleName(self.tr("Detail"))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _STEPS)
        self.slider.setPageStep(_STEPS // 10)
        self.slider.setSingleStep(_STEPS // 20)
        self.slider.setValue(_STEPS // 2)
        self.slider.setAccessibleName(self.tr("Fidelity and detail"))
        tip = self.tr(
            "Left: close to the photo, nothing invented. Right: all the detail of the model."
        )
        self.slider.setToolTip(tip)
        self.slider.setAccessibleDescription(tip)
        ends = QHBoxLayout()
        for text, side in (
            (self.tr("Faithful"), Qt.AlignmentFlag.AlignLeft),
            (self.tr("Detailed"), Qt.AlignmentFlag.AlignRight),
        ):
            label = QLabel(text)
            label.setObjectName("quiet")
            label.setAccessibleName(text)
            ends.addWidget(label, 0, side)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(heading(self.tr("Detail"), self.slider))
        column.addWidget(self.slider)
        column.addLayout(ends)
        self.slider.valueChanged.connect(lambda _value: self.changed.emit())

    @property
    def fidelity(self) -> float:
        """0 (faithful) to 1 (all detail)."""
        return self.slider.value() / _STEPS

    def show_fidelity(self, fidelity: float) -> None:
        """Put the handle there."""
        self.slider.setValue(round(fidelity * _STEPS))
