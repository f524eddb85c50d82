"""The panel at the right: every choice about size, detail and saving, applied as it is made."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from bimaco_gui.errors import UsageError
from bimaco_gui.services.devices import Gpu
from bimaco_gui.services.formats import DEFAULT_FORMAT, format_of
from bimaco_gui.services.models import ModelSummary
from bimaco_gui.services.name_template import DEFAULT_TEMPLATE, NameTemplate
from bimaco_gui.ui.advanced_section import AdvancedSection
from bimaco_gui.ui.choices import Choices, Size
from bimaco_gui.ui.detail_section import DetailSection
from bimaco_gui.ui.error_words import in_words
from bimaco_gui.ui.save_section import SaveSection
from bimaco_gui.ui.size_section import SizeSection
from bimaco_gui.ui.theme import GRID

WIDTH = 296
_EXAMPLE = Path("holiday.jpg")
_EXAMPLE_SIZE = (1600, 1200)


class SettingsPanel(QScrollArea):
    """Holds the choices and tells each change of them."""

    changed = Signal(object)
    models_wanted = Signal()

    def __init__(self, choices: Choices) -> None:
        """Show these choices."""
        super().__init__()
        self._choices = choices
        self._photo: tuple[Path, Size] = (_EXAMPLE, _EXAMPLE_SIZE)
        self._is_showing = False
        self.setObjectName("settingsPanel")
        self.setAccessibleName(self.tr("Settings"))
        self.setFixedWidth(WIDTH)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.size_section = SizeSection()
        self.detail_section = DetailSection()
        self.save_section = SaveSection()
        self.advanced_section = AdvancedSection()
        inside = QWidget()
        inside.setObjectName("settings")
        inside.setAccessibleName(self.tr("Settings"))
        column = QVBoxLayout(inside)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(3 * GRID)
        for section in (
            self.size_section,
            self.detail_section,
            self.save_section,
            self.advanced_section,
        ):
            column.addWidget(section)
            section.changed.connect(self._on_changed)
        column.addStretch()
        self.setWidget(inside)
        self.advanced_section.models_wanted.connect(self.models_wanted)
        self.show_choices(choices)

    @property
    def choices(self) -> Choices:
        """What is chosen; a template that cannot be used does not change the last one that can."""
        return self._choices

    def show_choices(self, choices: Choices) -> None:
        """Show other choices."""
        self._is_showing = True
        self.size_section.show_options(choices.options)
        self.detail_section.show_fidelity(choices.options.fidelity)
        self.save_section.show_options(choices.options, choices.folder)
        self.advanced_section.show_options(choices.options)
        self._is_showing = False
        self._take(choices)

    def show_models(self, models: Sequence[ModelSummary]) -> None:
        """Offer these models."""
        self.advanced_section.show_models(models, self._choices.options.model)

    def show_gpus(self, gpus: Sequence[Gpu]) -> None:
        """Offer these graphics cards."""
        self.advanced_section.show_gpus(gpus)

    def show_photo(self, path: Path, size: Size) -> None:
        """Make the example of the name one of this photo; 0 × 0 while its size is not known."""
        self._photo = (path, size if all(size) else _EXAMPLE_SIZE)
        self.save_section.set_photo_format(format_of(path) or DEFAULT_FORMAT)
        self._show_example()

    def recolour(self) -> None:
        """Follow the palette."""
        self.save_section.recolour()

    def _on_changed(self) -> None:
        if self._is_showing:
            return
        values = {
            **self.size_section.values(),
            **self.save_section.values(),
            **self.advanced_section.values(self._choices.options.model),
            "fidelity": self.detail_section.fidelity,
        }
        try:
            NameTemplate(str(values["template"]))
        except UsageError as error:
            self.save_section.show_example(in_words(error.message), is_wrong=True)
            values["template"] = self._choices.options.template
        options = replace(self._choices.options, **values)
        self._take(Choices(options, self.save_section.folder))

    def _take(self, choices: Choices) -> None:
        is_new = choices != self._choices
        self._choices = choices
        self._show_example()
        if is_new:
            self.changed.emit(choices)

    def _show_example(self) -> None:
        text = self.save_section.name_field.text()
        try:
            NameTemplate(text)
            shown = self._choices.with_options(template=text or DEFAULT_TEMPLATE)
            path, size = self._photo
            out_size = shown.result_size(*size) or size
            self.save_section.show_example(shown.file_name(path, size, out_size), is_wrong=False)
        except UsageError as error:
            self.save_section.show_example(in_words(error.message), is_wrong=True)
