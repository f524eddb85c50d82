"""Where and how to save a result."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from bimaco_gui.services.formats import LOSSY_FORMATS, SUFFIX_OF_FORMAT, format_of
from bimaco_gui.ui.controls import indent_text, push_button, quiet_label, set_emphasis
from bimaco_gui.ui.save_section import FORMAT_TITLES
from bimaco_gui.ui.theme import GRID

_ROW_HEIGHT = 4 * GRID
_WIDTH = 560


@dataclass(frozen=True)
class SaveChoice:
    """What the user decided.

    Attributes:
        target: The file to write.
        format: One of `SUFFIX_OF_FORMAT`.
        quality: 1..100, for JPEG and WebP.
        overwrite: The user agreed to replace `target`.
    """

    target: Path
    format: str
    quality: int
    overwrite: bool


class SaveDialog(QDialog):
    """File, format and quality in one place; replacing a file takes a deliberate second press."""

    def __init__(
        self, proposed: Path, source: Path, quality: int = 95, parent: QWidget | None = None
    ) -> None:
        """Propose a file; its ending is the proposed format."""
        super().__init__(parent)
        self._source = source
        self._agreed_to_replace: Path | None = None
        self.setWindowTitle(self.tr("Save result"))
        self.setAccessibleName(self.windowTitle())

        self.name_field = QLineEdit(str(proposed))
        self.name_field.setAccessibleName(self.tr("File"))
        self.browse_button = push_button(self.tr("Browse…"), self.tr("Choose folder and name"))
        self.format_box = QComboBox()
        self.format_box.setAccessibleName(self.tr("Format"))
        for name, title in FORMAT_TITLES.items():
            self.format_box.addItem(title, name)
        self.format_note = quiet_label()
        self.quality_slider = QSlider(Qt.Orientation.Horizontal)
        self.quality_field = QSpinBox()
        for control in (self.quality_slider, self.quality_field):
            control.setRange(1, 100)
            control.setValue(quality)
            control.setAccessibleName(self.tr("Quality"))
            control.setToolTip(self.tr("Higher looks better and makes larger files"))
        indent_text(self.quality_field)
        self.quality_slider.valueChanged.connect(self.quality_field.setValue)
        self.quality_field.valueChanged.connect(self.quality_slider.setValue)
        self.warning = quiet_label(wraps=True)
        set_emphasis(self.warning, True)
        self.save_button = push_button(self.tr("Save"), self.tr("Write the file"), primary=True)
        self.cancel_button = push_button(self.tr("Cancel"), self.tr("Do not save"))

        file_row = QHBoxLayout()
        file_row.setSpacing(GRID)
        file_row.addWidget(self.name_field, 1)
        file_row.addWidget(self.browse_button)
        self._quality_row = QWidget()
        self._quality_row.setAccessibleName(self.tr("Quality"))
        quality_row = QHBoxLayout(self._quality_row)
        quality_row.setContentsMargins(0, 0, 0, 0)
        quality_row.addWidget(self.quality_slider, 1)
        quality_row.addWidget(self.quality_field)
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        form.setHorizontalSpacing(2 * GRID)
        form.setVerticalSpacing(GRID * 3 // 2)
        file_label = QLabel(self.tr("&File"))
        file_label.setBuddy(self.name_field)
        form.addRow(file_label, file_row)
        format_rows = QVBoxLayout()
        format_rows.setSpacing(GRID // 2)
        format_rows.addWidget(self.format_box)
        format_rows.addWidget(self.format_note)
        format_label = QLabel(self.tr("Fo&rmat"))
        format_label.setBuddy(self.format_box)
        # Beside the box, and not between it and its note.
        format_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        format_label.setContentsMargins(0, GRID, 0, 0)
        form.addRow(format_label, format_rows)
        form.addRow(self.tr("&Quality"), self._quality_row)
        self._form = form
        buttons = QDialogButtonBox()
        buttons.addButton(self.save_button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.cancel_button, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.setAccessibleName(self.tr("Save or cancel"))
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 3 * GRID)
        column.setSpacing(2 * GRID)
        column.addLayout(form)
        column.addWidget(self.warning)
        column.addStretch()
        column.addWidget(buttons)
        for label in self.findChildren(QLabel):
            if label.buddy() is not None:
                label.setMinimumHeight(_ROW_HEIGHT)
            label.setAccessibleName(label.text().replace("&", "") or self.tr("Note"))

        self.save_button.setDefault(True)
        self.browse_button.setAutoDefault(False)
        buttons.accepted.connect(self._save)
        buttons.rejected.connect(self.reject)
        self.browse_button.clicked.connect(self._browse)
        self.name_field.textChanged.connect(self._on_name_changed)
        self.format_box.currentIndexChanged.connect(self._on_format_chosen)
        self.format_box.setCurrentIndex(self.format_box.findData(format_of(proposed) or "png"))
        self._on_format_chosen()
        self.resize(_WIDTH, self.sizeHint().height())
        self.name_field.setFocus()
        self._select_stem()

    @property
    def target(self) -> Path:
        """The file named in the field, with the format's ending if it has none."""
        path = Path(self.name_field.text().strip()).expanduser()
        if not path.is_absolute():
            path = self._source.parent / path
        if format_of(path) is None and path.name:
            path = path.with_name(path.name + SUFFIX_OF_FORMAT[self.format])
        return path

    @property
    def format(self) -> str:
        """The chosen format."""
        return str(self.format_box.currentData())

    @property
    def choice(self) -> SaveChoice:
        """What the user decided, once accepted."""
        return SaveChoice(
            self.target,
            self.format,
            self.quality_field.value(),
            self._agreed_to_replace == self.target,
        )

    def _on_format_chosen(self) -> None:
        self._form.setRowVisible(self._quality_row, self.format in LOSSY_FORMATS)
        self.format_note.setText(self._format_note())
        target = self.target
        if target.name and format_of(target) != self.format:
            self.name_field.setText(str(target.with_suffix(SUFFIX_OF_FORMAT[self.format])))
        self._forget_agreement()

    def _format_note(self) -> str:
        return {
            "png": self.tr("Keeps every pixel. Good for most uses."),
            "jpg": self.tr("Small files that open everywhere. Transparency is lost."),
            "webp": self.tr(
                "Smaller still than JPEG, keeps transparency. Not every program opens it."
            ),
            "avif": self.tr("The smallest files. Saving takes longer; newer programs open it."),
            "tiff": self.tr("Keeps every pixel. Large files, for printing and archives."),
        }[self.format]

    def _on_name_changed(self) -> None:
        named = format_of(Path(self.name_field.text().strip()))
        if named is not None and named != self.format:
            self.format_box.setCurrentIndex(self.format_box.findData(named))
        self._forget_agreement()

    def _forget_agreement(self) -> None:
        self._agreed_to_replace = None
        self.save_button.setText(self.tr("Save"))
        self.warning.setText("")
        self.warning.hide()

    def _browse(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self,
            self.tr("Save result as"),
            str(self.target),
            ";;".join(f"{t} (*{SUFFIX_OF_FORMAT[f]})" for f, t in FORMAT_TITLES.items()),
            f"{FORMAT_TITLES[self.format]} (*{SUFFIX_OF_FORMAT[self.format]})",
            QFileDialog.Option.DontConfirmOverwrite,
        )
        if chosen:
            self.name_field.setText(chosen)

    def _save(self) -> None:
        target = self.target
        objection = self._objection(target)
        if objection:
            self._warn(objection)
        elif target.exists() and self._agreed_to_replace != target:
            self._agreed_to_replace = target
            text = self.tr("“{0}” exists already. Press Replace to replace it.")
            self._warn(text.format(target.name))
            self.save_button.setText(self.tr("Replace"))
        else:
            self.accept()

    def _objection(self, target: Path) -> str:
        if not self.name_field.text().strip() or target.is_dir():
            return self.tr("Type a file name.")
        if target.exists() and target.samefile(self._source):
            return self.tr("That is the original photo. Choose another name.")
        if not target.parent.is_dir():
            return self.tr("The folder “{0}” does not exist.").format(target.parent)
        return ""

    def _warn(self, text: str) -> None:
        self.warning.setText(text)
        self.warning.setAccessibleName(text)
        self.warning.show()

    def _select_stem(self) -> None:
        text = self.name_field.text()
        stem_start = len(text) - len(Path(text).name)
        self.name_field.setSelection(stem_start, len(Path(text).stem))
