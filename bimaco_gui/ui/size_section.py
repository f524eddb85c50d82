"""How large the result becomes: a factor at one press, or any size in pixels."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from bimaco_gui.services.jobs import LARGEST_SCALE, LARGEST_SIDE, SMALLEST_SCALE, JobOptions
from bimaco_gui.ui.controls import heading, indent_text, segment
from bimaco_gui.ui.theme import GRID

_FACTORS = (2, 3, 4)
_USUAL_SIDE = 3840
_FIELD_WIDTH = 12 * GRID


class SizeSection(QWidget):
    """Buttons for the usual factors, and one that shows fields for everything else."""

    changed = Signal()

    def __init__(self) -> None:
        """Four times as large."""
        super().__init__()
        self.setAccessibleName(self.tr("Size"))
        self._group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(0)
        self.factor_buttons = {}
        for factor in _FACTORS:
            button = segment(
                f"{factor}×",
                self.tr("%n time(s) as wide and high", "", factor),
            )
            self._group.addButton(button, factor)
            self.factor_buttons[factor] = button
            row.addWidget(button, 2)
        self.other_button = segment(self.tr("Other"), self.tr("Give a size in pixels or a factor"))
        self._group.addButton(self.other_button, 0)
        row.addWidget(self.other_button, 3)

        self.kind_box = QComboBox()
        self.kind_box.setAccessibleName(self.tr("Kind of size"))
        for kind, text in (
            ("longest_side", self.tr("Longest side")),
            ("width", self.tr("Width")),
            ("height", self.tr("Height")),
            ("scale", self.tr("Factor")),
        ):
            self.kind_box.addItem(text, kind)
        self.side_field = QSpinBox()
        self.side_field.setRange(1, LARGEST_SIDE)
        self.side_field.setValue(_USUAL_SIDE)
        self.side_field.setSuffix(" " + self.tr("px"))
        self.side_field.setAccessibleName(self.tr("Pixels"))
        self.factor_field = QDoubleSpinBox()
        self.factor_field.setRange(SMALLEST_SCALE, LARGEST_SCALE)
        self.factor_field.setSingleStep(0.5)
        self.factor_field.setValue(1.5)
        self.factor_field.setSuffix(" ×")
        self.factor_field.setAccessibleName(self.tr("Factor"))
        for field in (self.side_field, self.factor_field):
            field.setKeyboardTracking(False)
            indent_text(field)
            field.setMinimumWidth(_FIELD_WIDTH)
        self._other = QWidget()
        self._other.setAccessibleName(self.tr("Other size"))
        other = QHBoxLayout(self._other)
        other.setContentsMargins(0, 0, 0, 0)
        other.setSpacing(GRID)
        other.addWidget(self.kind_box, 3)
        other.addWidget(self.side_field, 2)
        other.addWidget(self.factor_field, 2)

        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(heading(self.tr("Size")))
        column.addLayout(row)
        column.addWidget(self._other)
        self.factor_buttons[4].setChecked(True)
        self._show_fields()
        self._group.idToggled.connect(self._on_toggled)
        self.kind_box.currentIndexChanged.connect(self._on_edited)
        self.side_field.valueChanged.connect(self._on_edited)
        self.factor_field.valueChanged.connect(self._on_edited)

    def show_options(self, options: JobOptions) -> None:
        """Show what these options ask for."""
        sides = {kind: getattr(options, kind) for kind in ("longest_side", "width", "height")}
        kind = next((kind for kind, value in sides.items() if value is not None), "scale")
        if kind == "scale" and options.scale in _FACTORS:
            self.factor_buttons[int(options.scale)].setChecked(True)
        else:
            self.kind_box.setCurrentIndex(self.kind_box.findData(kind))
            if kind == "scale":
                self.factor_field.setValue(options.scale)
            else:
                self.side_field.setValue(sides[kind])
            self.other_button.setChecked(True)
        self._show_fields()

    def values(self) -> dict[str, Any]:
        """The options about size, all of them."""
        nothing = {"longest_side": None, "width": None, "height": None, "scale": 4.0}
        factor = self._group.checkedId()
        if factor > 0:
            return {**nothing, "scale": float(factor)}
        kind = str(self.kind_box.currentData())
        value = self.factor_field.value() if kind == "scale" else self.side_field.value()
        return {**nothing, kind: value}

    def _on_toggled(self, _factor: int, on: bool) -> None:
        if on:
            self._on_edited()

    def _on_edited(self) -> None:
        self._show_fields()
        self.changed.emit()

    def _show_fields(self) -> None:
        is_factor = self.kind_box.currentData() == "scale"
        self._other.setVisible(self.other_button.isChecked())
        self.factor_field.setVisible(is_factor)
        self.side_field.setVisible(not is_factor)
