"""How results are saved: format, quality, depth, folder, name, and what is left out."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from bimaco_gui.services.formats import DEEP_FORMATS, LOSSY_FORMATS
from bimaco_gui.services.jobs import JobOptions
from bimaco_gui.services.name_template import DEFAULT_TEMPLATE, FIELDS
from bimaco_gui.ui.controls import (
    ElidedLabel,
    IconButton,
    heading,
    indent_text,
    push_button,
    quiet_label,
    set_emphasis,
)
from bimaco_gui.ui.theme import GRID

FORMAT_TITLES = {"png": "PNG", "jpg": "JPEG", "webp": "WebP", "avif": "AVIF", "tiff": "TIFF"}


class SaveSection(QWidget):
    """Everything about the file; what does not apply to the chosen format is hidden."""

    changed = Signal()

    def __init__(self) -> None:
        """The photo's own format, beside the photo."""
        super().__init__()
        self.setAccessibleName(self.tr("Save as"))
        self._folder: Path | None = None
        self._photo_format = "png"

        self.format_box = QComboBox()
        self.format_box.setAccessibleName(self.tr("Format"))
        self.format_box.addItem(self.tr("Format of the photo"), None)
        for name, title in FORMAT_TITLES.items():
            self.format_box.addItem(title, name)
        self.quality_slider = QSlider(Qt.Orientation.Horizontal)
        self.quality_field = QSpinBox()
        for control in (self.quality_slider, self.quality_field):
            control.setRange(1, 100)
            control.setValue(95)
            control.setAccessibleName(self.tr("Quality"))
            control.setToolTip(self.tr("Higher looks better and makes larger files"))
        indent_text(self.quality_field)
        self.quality_slider.valueChanged.connect(self.quality_field.setValue)
        self.quality_field.valueChanged.connect(self.quality_slider.setValue)
        self.bits_box = QComboBox()
        self.bits_box.setAccessibleName(self.tr("Depth"))
        for text, bits in (
            (self.tr("Depth of the photo"), None),
            (self.tr("8 bits a channel"), 8),
            (self.tr("16 bits a channel"), 16),
        ):
            self.bits_box.addItem(text, bits)

        self.folder_label = ElidedLabel(elide=Qt.TextElideMode.ElideLeft)
        self.folder_button = push_button(self.tr("Folder…"), self.tr("Choose where results go"))
        self.beside_button = IconButton(
            "close", self.tr("Save beside each photo"), self.tr("Save beside each photo"), 14
        )
        self.name_field = QLineEdit(DEFAULT_TEMPLATE)
        self.name_field.setAccessibleName(self.tr("Name of results"))
        self.name_field.setToolTip(self.tr("What results are called; fields stand in braces"))
        self.field_button = push_button("{ }", self.tr("Insert a field into the name"))
        self.field_button.setAccessibleName(self.tr("Insert field"))
        self.example_label = quiet_label(wraps=True)
        self.gps_box = QCheckBox(self.tr("Leave out &where it was taken"))
        self.gps_box.setAccessibleName(self.tr("Leave out where it was taken"))
        self.gps_box.setToolTip(self.tr("Removes the GPS position from the saved file"))

        self._build()
        self._build_field_menu()
        self._connect()
        self._show_folder()
        self._show_what_applies()

    @property
    def folder(self) -> Path | None:
        """Where results go; None is beside each photo."""
        return self._folder

    def show_options(self, options: JobOptions, folder: Path | None) -> None:
        """Show what these options ask for."""
        self.format_box.setCurrentIndex(self.format_box.findData(options.format))
        self.quality_field.setValue(options.quality)
        self.bits_box.setCurrentIndex(self.bits_box.findData(options.bits))
        self.name_field.setText(options.template)
        self.gps_box.setChecked(options.strip_gps)
        self.set_folder(folder)

    def set_folder(self, folder: Path | None) -> None:
        """Save there from now on."""
        if folder != self._folder:
            self._folder = folder
            self._show_folder()
            self.changed.emit()

    def set_photo_format(self, name: str) -> None:
        """What "format of the photo" means at present."""
        self._photo_format = name
        self._show_what_applies()

    def show_example(self, text: str, is_wrong: bool) -> None:
        """Show what a result would be called, or what is wrong with the template."""
        set_emphasis(self.example_label, is_wrong)
        self.example_label.setText(text)
        self.example_label.setAccessibleName(text)
        self.name_field.setAccessibleDescription(text)
        self.name_field.setProperty("wrong", is_wrong)
        self.name_field.style().unpolish(self.name_field)
        self.name_field.style().polish(self.name_field)

    def values(self) -> dict[str, Any]:
        """The options about saving."""
        return {
            "format": self.format_box.currentData(),
            "quality": self.quality_field.value(),
            "bits": self.bits_box.currentData(),
            "template": self.name_field.text(),
            "strip_gps": self.gps_box.isChecked(),
        }

    def choose_folder(self) -> None:
        """Ask where results go."""
        dialog = QFileDialog(self, self.tr("Folder for results"), str(self._folder or Path.home()))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda name: self.set_folder(Path(name)))
        dialog.open()

    def recolour(self) -> None:
        """Follow the palette."""
        self.beside_button.recolour()

    def _build(self) -> None:
        self._quality_row = QWidget()
        self._quality_row.setAccessibleName(self.tr("Quality"))
        quality = QHBoxLayout(self._quality_row)
        quality.setContentsMargins(0, 0, 0, 0)
        quality.setSpacing(GRID)
        label = QLabel(self.tr("Quality"))
        label.setAccessibleName(label.text())
        quality.addWidget(label)
        quality.addWidget(self.quality_slider, 1)
        quality.addWidget(self.quality_field)
        folder = QHBoxLayout()
        folder.setSpacing(GRID // 2)
        folder.addWidget(self.folder_label, 1)
        folder.addWidget(self.beside_button)
        folder.addWidget(self.folder_button)
        names = QGridLayout()
        names.setSpacing(GRID // 2)
        names.addWidget(self.name_field, 0, 0)
        names.addWidget(self.field_button, 0, 1)
        names.addWidget(self.example_label, 1, 0, 1, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(heading(self.tr("Save as"), self.format_box))
        column.addWidget(self.format_box)
        column.addWidget(self._quality_row)
        column.addWidget(self.bits_box)
        column.addSpacing(GRID)
        column.addWidget(heading(self.tr("Folder and name")))
        column.addLayout(folder)
        column.addLayout(names)
        column.addWidget(self.gps_box)

    def _build_field_menu(self) -> None:
        titles = {
            "name": self.tr("Name of the photo"),
            "scale": self.tr("Factor"),
            "model": self.tr("Model"),
            "width": self.tr("Width"),
            "height": self.tr("Height"),
            "date": self.tr("Date"),
            "counter": self.tr("Number in the batch"),
        }
        menu = QMenu(self)
        menu.setAccessibleName(self.tr("Fields"))
        for field in FIELDS:
            action = menu.addAction(f"{titles[field]}\t{{{field}}}")
            action.triggered.connect(lambda _checked=False, f=field: self._insert(f))
        self.field_button.setMenu(menu)

    def _connect(self) -> None:
        for signal in (
            self.format_box.currentIndexChanged,
            self.quality_field.valueChanged,
            self.bits_box.currentIndexChanged,
            self.name_field.textChanged,
            self.gps_box.toggled,
        ):
            signal.connect(self._on_edited)
        self.folder_button.clicked.connect(self.choose_folder)
        self.beside_button.clicked.connect(lambda: self.set_folder(None))

    def _insert(self, field: str) -> None:
        self.name_field.insert(f"{{{field}}}")
        self.name_field.setFocus()

    def _on_edited(self) -> None:
        self._show_what_applies()
        self.changed.emit()

    def _show_what_applies(self) -> None:
        chosen = self.format_box.currentData() or self._photo_format
        self._quality_row.setVisible(chosen in LOSSY_FORMATS)
        self.bits_box.setVisible(chosen in DEEP_FORMATS)

    def _show_folder(self) -> None:
        beside = self._folder is None
        text = self.tr("Beside each photo") if beside else str(self._folder)
        self.folder_label.set_whole_text(text)
        self.beside_button.setVisible(not beside)
