"""What most people never need: model, device, tile and threads."""

import os
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bimaco_gui.services.devices import Gpu
from bimaco_gui.services.jobs import JobOptions
from bimaco_gui.services.models import ModelSummary
from bimaco_gui.ui.controls import indent_text, push_button
from bimaco_gui.ui.theme import GRID

_WITHOUT_GPUS = 2
_TILES = (64, 96, 128, 192, 256, 384, 512)


class AdvancedSection(QWidget):
    """Collapsed until its heading is pressed."""

    changed = Signal()
    models_wanted = Signal()

    def __init__(self) -> None:
        """Everything automatic."""
        super().__init__()
        self.setAccessibleName(self.tr("Advanced"))
        self.toggle = QToolButton()
        self.toggle.setObjectName("disclosure")
        self.toggle.setText(self.tr("Advanced"))
        self.toggle.setAccessibleName(self.tr("Advanced"))
        self.toggle.setCheckable(True)
        self.toggle.setToolTip(self.tr("Model, device, tile and threads"))
        self.toggle.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.toggle.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

        self.model_box = QComboBox()
        self.model_box.setAccessibleName(self.tr("Model"))
        self.models_button = push_button(self.tr("Models…"), self.tr("See, add and remove models"))
        self.device_box = QComboBox()
        self.device_box.setAccessibleName(self.tr("Device"))
        self.device_box.addItem(self.tr("Automatic"), "auto")
        self.device_box.addItem(self.tr("Processor"), "cpu")
        self.tile_box = QComboBox()
        self.tile_box.setAccessibleName(self.tr("Tile"))
        self.tile_box.setToolTip(self.tr("Smaller tiles need less memory and more time"))
        self.tile_box.addItem(self.tr("Automatic"), None)
        for tile in _TILES:
            self.tile_box.addItem(self.tr("{0} px").format(tile), tile)
        self.threads_field = QSpinBox()
        self.threads_field.setAccessibleName(self.tr("Threads"))
        self.threads_field.setRange(0, max(1, os.cpu_count() or 1))
        indent_text(self.threads_field)
        self.threads_field.setSpecialValueText(self.tr("Automatic"))

        self._fields = QWidget()
        self._fields.setAccessibleName(self.tr("Advanced"))
        form = QFormLayout(self._fields)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(GRID)
        form.setVerticalSpacing(GRID)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("Model"), self.model_box)
        form.addRow("", self.models_button)
        form.addRow(self.tr("Device"), self.device_box)
        form.addRow(self.tr("Tile"), self.tile_box)
        form.addRow(self.tr("Threads"), self.threads_field)
        for row in range(form.rowCount()):
            item = form.itemAt(row, QFormLayout.ItemRole.LabelRole)
            label = None if item is None else item.widget()
            if label is not None:
                label.setMinimumHeight(4 * GRID)
                label.setAccessibleName(str(label.property("text")) or self.tr("Models"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.toggle, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._fields)
        self._show_fields(False)

        self.toggle.toggled.connect(self._show_fields)
        self.models_button.clicked.connect(self.models_wanted)
        for signal in (
            self.model_box.currentIndexChanged,
            self.device_box.currentIndexChanged,
            self.tile_box.currentIndexChanged,
            self.threads_field.valueChanged,
        ):
            signal.connect(lambda _value: self.changed.emit())

    def show_models(self, models: Sequence[ModelSummary], chosen: str | None) -> None:
        """Offer these models; `chosen` stays chosen if it is among them."""
        self.model_box.blockSignals(True)
        self.model_box.clear()
        for model in models:
            self.model_box.addItem(model.title, model.name)
        row = max(0, self.model_box.findData(chosen))
        self.model_box.setCurrentIndex(row if models else -1)
        self.model_box.blockSignals(False)

    def show_gpus(self, gpus: Sequence[Gpu]) -> None:
        """Offer these graphics cards; a chosen one stays chosen, even if it is not there now."""
        chosen = self.device_box.currentData()
        self.device_box.blockSignals(True)
        while self.device_box.count() > _WITHOUT_GPUS:
            self.device_box.removeItem(_WITHOUT_GPUS)
        for gpu in gpus:
            self.device_box.addItem(gpu.name, gpu.device)
        self._choose_device(chosen)
        self.device_box.blockSignals(False)

    def show_options(self, options: JobOptions) -> None:
        """Show what these options ask for."""
        row = self.model_box.findData(options.model)
        if row >= 0:
            self.model_box.setCurrentIndex(row)
        self._choose_device(options.device)
        if self.tile_box.findData(options.tile) < 0:
            self.tile_box.addItem(self.tr("{0} px").format(options.tile), options.tile)
        self.tile_box.setCurrentIndex(self.tile_box.findData(options.tile))
        self.threads_field.setValue(min(options.threads or 0, self.threads_field.maximum()))

    def values(self, model: str | None) -> dict[str, Any]:
        """The options about the work; `model` holds while the models are not known yet."""
        row = self.model_box.currentIndex()
        chosen = model if row < 0 else self.model_box.currentData()
        return {
            # The first one is the bundled one, which stays the default when it gets another name.
            "model": None if row == 0 else chosen,
            "device": self.device_box.currentData(),
            "tile": self.tile_box.currentData(),
            "threads": self.threads_field.value() or None,
        }

    def _choose_device(self, device: str) -> None:
        if self.device_box.findData(device) < 0:
            number = device.partition(":")[2]
            title = self.tr("Graphics card")
            self.device_box.addItem(f"{title} {int(number) + 1}" if number else title, device)
        self.device_box.setCurrentIndex(self.device_box.findData(device))

    def _show_fields(self, on: bool) -> None:
        self._fields.setVisible(on)
        self.toggle.setArrowType(Qt.ArrowType.DownArrow if on else Qt.ArrowType.RightArrow)
        state = self.tr("expanded") if on else self.tr("collapsed")
        self.toggle.setAccessibleDescription(state)
