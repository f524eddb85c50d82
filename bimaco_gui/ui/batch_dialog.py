"""Many photos at once: which ones, where to, and what it will take, before it begins."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from bimaco_gui.errors import AppError, Cancelled
from bimaco_gui.services.batch import BatchRequest, Filters, Plan, preflight
from bimaco_gui.services.estimate import Experience
from bimaco_gui.ui.background import Background
from bimaco_gui.ui.choices import Choices
from bimaco_gui.ui.controls import ElidedLabel, heading, indent_text, push_button, quiet_label
from bimaco_gui.ui.error_words import in_words
from bimaco_gui.ui.plan_text import left_out_lines, plan_summary
from bimaco_gui.ui.theme import GRID

_LOOK_AGAIN_MS = 250
_TELL_EVERY = 20
_LARGE_SIDE = 4000
_WIDTH = 620
_KINDS = {
    "JPEG": frozenset({".jpg", ".jpeg", ".jpe", ".jfif"}),
    "PNG": frozenset({".png", ".apng"}),
    "TIFF": frozenset({".tif", ".tiff"}),
    "WebP, AVIF, HEIC": frozenset({".webp", ".avif", ".heic", ".heif"}),
}


class BatchDialog(QDialog):
    """Collects a `BatchRequest` and shows the plan that comes of it, in the background.

    Signals:
        planned: The plan is there, or None while it is being made or cannot be.
    """

    planned = Signal(object)
    _looked_at = Signal(int, int)

    def __init__(
        self,
        sources: Sequence[Path],
        choices: Choices,
        experience: Experience,
        parent: QWidget | None = None,
    ) -> None:
        """Begin with these files and folders, and what the panel says."""
        super().__init__(parent)
        self._choices, self._experience = choices, experience
        self._background = Background(threads=1, parent=self)
        self._cancel = threading.Event()
        self._plan: Plan | None = None
        self._was_planned = False
        self.setWindowTitle(self.tr("Upscale many photos"))
        self.setAccessibleName(self.windowTitle())
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_LOOK_AGAIN_MS)
        self._soon.timeout.connect(self._look)
        self._make_sources()
        self._make_filters()
        self._make_target(choices.folder)
        self._make_plan()
        self._lay_out()
        self._connect()
        for source in sources:
            self._add(source)
        self._look_soon()
        # No minimum of its own: the longest texts of a language decide how narrow it may be.
        self.resize(_WIDTH, self.sizeHint().height())

    @property
    def sources(self) -> tuple[Path, ...]:
        """The files and folders in the list."""
        rows = (self.source_list.item(row) for row in range(self.source_list.count()))
        return tuple(Path(row.data(Qt.ItemDataRole.UserRole)) for row in rows)

    @property
    def plan(self) -> Plan | None:
        """What would be done; None while that is not known."""
        return self._plan

    @property
    def request(self) -> BatchRequest:
        """What is wanted."""
        kind = self.kind_box.currentData()
        smallest = self.smallest_field.value() * 1000 or None
        beside = self.beside_button.isChecked()
        return BatchRequest(
            inputs=self.sources,
            options=replace(self._choices.options, existing=self.existing_box.currentData()),
            output=None if beside else self._folder,
            output_is_folder=not beside,
            recursive=self.recursive_box.isChecked(),
            mirrored=self.mirrored_box.isChecked(),
            filters=Filters(suffixes=kind, smallest_bytes=smallest),
            skip_above=self.large_field.value() if self.large_box.isChecked() else None,
        )

    def done(self, result: int) -> None:
        """Stop looking, and close."""
        self._cancel.set()
        self._soon.stop()
        self._background.close()
        super().done(result)

    # -- building ---------------------------------------------------------------------------

    def _make_sources(self) -> None:
        self.source_list = QListWidget()
        self.source_list.setAccessibleName(self.tr("Folders and photos"))
        self.source_list.setMaximumHeight(96)
        self.add_folder_button = push_button(
            self.tr("Add folder…"), self.tr("Add a folder of photos")
        )
        self.add_files_button = push_button(self.tr("Add photos…"), self.tr("Add single photos"))
        self.remove_button = push_button(
            self.tr("Remove"), self.tr("Take the chosen row off the list (Del)")
        )
        self.recursive_box = QCheckBox(self.tr("Folders &inside folders too"))
        self.recursive_box.setChecked(True)

    def _make_filters(self) -> None:
        self.kind_box = QComboBox()
        self.kind_box.setAccessibleName(self.tr("Kinds of photos"))
        self.kind_box.addItem(self.tr("All kinds"), None)
        for title, suffixes in _KINDS.items():
            self.kind_box.addItem(title, suffixes)
        self.smallest_field = QSpinBox()
        self.smallest_field.setRange(0, 100_000)
        self.smallest_field.setSuffix(" " + self.tr("kB"))
        self.smallest_field.setSpecialValueText(self.tr("Any file size"))
        self.smallest_field.setAccessibleName(self.tr("Smallest file size"))
        self.smallest_field.setToolTip(self.tr("Leaves out smaller files, such as icons"))
        self.large_box = QCheckBox(self.tr("Leave out what is already &larger than"))
        self.large_field = QSpinBox()
        self.large_field.setRange(1, 100_000)
        self.large_field.setValue(_LARGE_SIDE)
        self.large_field.setSuffix(" " + self.tr("px"))
        self.large_field.setAccessibleName(self.tr("Longest side that is still upscaled"))
        self.large_field.setEnabled(False)
        for field in (self.smallest_field, self.large_field):
            indent_text(field)

    def _make_target(self, folder: Path | None) -> None:
        self._folder = folder
        self.beside_button = QRadioButton(self.tr("&Beside each photo"))
        self.folder_button = QRadioButton(self.tr("In a &folder:"))
        self.folder_label = ElidedLabel(elide=Qt.TextElideMode.ElideLeft)
        self.choose_button = push_button(self.tr("Choose…"), self.tr("Choose the folder"))
        self.mirrored_box = QCheckBox(self.tr("With the &same folders inside"))
        self.mirrored_box.setChecked(True)
        (self.beside_button if folder is None else self.folder_button).setChecked(True)
        self.existing_box = QComboBox()
        self.existing_box.setAccessibleName(self.tr("If a result exists already"))
        for text, existing in (
            (self.tr("Result exists: save under a new number"), "number"),
            (self.tr("Result exists: leave the photo out"), "skip"),
            (self.tr("Result exists: replace it"), "overwrite"),
        ):
            self.existing_box.addItem(text, existing)
        self.existing_box.setCurrentIndex(1)
        self._show_folder()

    def _make_plan(self) -> None:
        self.count_label = heading("")
        self.plan_label = quiet_label(wraps=True)
        self.details_list = QListWidget()
        self.details_list.setAccessibleName(self.tr("What is left out, and why"))
        self.details_list.setMaximumHeight(110)
        self.details_list.setWordWrap(True)
        self.details_list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.details_list.hide()
        self.details_button = push_button(
            self.tr("What is left out"), self.tr("Show which photos are left out, and why")
        )
        self.details_button.setCheckable(True)
        self.details_button.hide()
        self.start_button = push_button(
            self.tr("Start"), self.tr("Put the photos into the queue and begin"), primary=True
        )
        self.cancel_button = push_button(self.tr("Cancel"), self.tr("Upscale nothing"))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 3 * GRID)
        column.setSpacing(GRID)
        column.addWidget(heading(self.tr("Photos"), self.source_list))
        column.addWidget(self.source_list)
        row = QHBoxLayout()
        row.addWidget(self.add_folder_button)
        row.addWidget(self.add_files_button)
        row.addWidget(self.remove_button)
        row.addStretch()
        row.addWidget(self.recursive_box)
        column.addLayout(row)
        filters = QHBoxLayout()
        filters.addWidget(self.kind_box)
        filters.addWidget(self.smallest_field)
        filters.addStretch()
        column.addLayout(filters)
        large = QHBoxLayout()
        large.addWidget(self.large_box)
        large.addWidget(self.large_field)
        large.addStretch()
        column.addLayout(large)
        column.addSpacing(GRID)
        column.addWidget(heading(self.tr("Results")))
        target = QGridLayout()
        target.setHorizontalSpacing(GRID)
        target.addWidget(self.beside_button, 0, 0, 1, 2)
        target.addWidget(self.folder_button, 1, 0)
        target.addWidget(self.folder_label, 1, 1)
        target.addWidget(self.choose_button, 1, 2)
        target.addWidget(self.mirrored_box, 2, 1)
        target.setColumnStretch(1, 1)
        column.addLayout(target)
        column.addWidget(self.existing_box, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(
            quiet_label(self.tr("Size, detail, format and names are those of the panel."))
        )
        column.addSpacing(GRID)
        about = QVBoxLayout()
        about.setSpacing(2)
        about.addWidget(self.count_label)
        about.addWidget(self.plan_label)
        column.addLayout(about)
        column.addWidget(self.details_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.details_list)
        column.addStretch()
        buttons = QDialogButtonBox()
        buttons.setAccessibleName(self.tr("Start or cancel"))
        buttons.addButton(self.start_button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.cancel_button, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        for box in (
            self.recursive_box,
            self.large_box,
            self.mirrored_box,
            self.beside_button,
            self.folder_button,
        ):
            box.setAccessibleName(box.text().replace("&", ""))
            box.setToolTip(box.accessibleName())
        for button in (
            self.add_folder_button,
            self.add_files_button,
            self.remove_button,
            self.choose_button,
            self.details_button,
        ):
            button.setAutoDefault(False)
        self.start_button.setDefault(True)

    def _connect(self) -> None:
        self.add_folder_button.clicked.connect(self._ask_for_folder)
        self.add_files_button.clicked.connect(self._ask_for_files)
        self.remove_button.clicked.connect(self._remove_chosen)
        QShortcut(QKeySequence(Qt.Key.Key_Delete), self.source_list, self._remove_chosen)
        self.choose_button.clicked.connect(self._ask_for_target)
        self.details_button.toggled.connect(self.details_list.setVisible)
        self.folder_button.toggled.connect(self._on_target_changed)
        self.large_box.toggled.connect(self.large_field.setEnabled)
        self._looked_at.connect(self._tell_looking)
        for signal in (
            self.recursive_box.toggled,
            self.kind_box.currentIndexChanged,
            self.smallest_field.valueChanged,
            self.large_box.toggled,
            self.large_field.valueChanged,
            self.mirrored_box.toggled,
            self.existing_box.currentIndexChanged,
        ):
            signal.connect(self._look_soon)

    # -- sources and target -----------------------------------------------------------------

    def _add(self, path: Path) -> None:
        if path not in self.sources:
            row = QListWidgetItem(str(path))
            row.setData(Qt.ItemDataRole.UserRole, str(path))
            self.source_list.addItem(row)

    def _add_all(self, names: Sequence[str]) -> None:
        for name in names:
            self._add(Path(name))
        self._look_soon()

    def _remove_chosen(self) -> None:
        for row in self.source_list.selectedItems():
            self.source_list.takeItem(self.source_list.row(row))
        self._look_soon()

    def _ask_for_folder(self) -> None:
        self._ask(QFileDialog.FileMode.Directory, self._add_all)

    def _ask_for_files(self) -> None:
        self._ask(QFileDialog.FileMode.ExistingFiles, self._add_all)

    def _ask_for_target(self) -> None:
        self._ask(QFileDialog.FileMode.Directory, self._on_target_chosen)

    def _ask(self, mode: QFileDialog.FileMode, then: Callable[[Sequence[str]], None]) -> None:
        title = self.tr("Choose a folder")
        if mode is QFileDialog.FileMode.ExistingFiles:
            title = self.tr("Choose photos")
        dialog = QFileDialog(self, title, str(self.sources[0].parent if self.sources else ""))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(mode)
        dialog.filesSelected.connect(then)
        dialog.open()

    def _on_target_chosen(self, names: Sequence[str]) -> None:
        self._folder = Path(names[0])
        self._show_folder()
        self.folder_button.setChecked(True)
        self._look_soon()

    def _on_target_changed(self, into_folder: bool) -> None:
        if into_folder and self._folder is None:
            self._ask_for_target()
        self._show_folder()
        self._look_soon()

    def _show_folder(self) -> None:
        text = self.tr("none chosen yet") if self._folder is None else str(self._folder)
        self.folder_label.set_whole_text(text)
        self.mirrored_box.setEnabled(self.folder_button.isChecked())

    # -- planning ---------------------------------------------------------------------------

    def _look_soon(self) -> None:
        self._cancel.set()
        self._set_plan(None, self.tr("Looking…"))
        self._soon.start()

    def _look(self) -> None:
        if not self.sources:
            self._set_plan(None, self.tr("Add a folder or photos."))
            return
        if self.folder_button.isChecked() and self._folder is None:
            self._set_plan(None, self.tr("Choose the folder for the results."))
            return
        self._cancel = cancel = threading.Event()

        def tell(done: int, total: int) -> None:
            if done % _TELL_EVERY == 0:
                self._looked_at.emit(done, total)

        work = partial(preflight, self.request, self._experience, progress=tell, cancel=cancel)
        self._background.run(
            work, partial(self._is_planned, cancel), partial(self._not_planned, cancel)
        )

    def _tell_looking(self, done: int, total: int) -> None:
        if self._plan is None:
            text = self.tr("Looking at %n photo(s)…", "", total)
            self.plan_label.setText(f"{text}  {done} / {total}")

    def _is_planned(self, cancel: threading.Event, plan: Plan) -> None:
        if cancel is self._cancel and not cancel.is_set():
            self._set_plan(plan, plan_summary(plan))

    def _not_planned(self, cancel: threading.Event, error: Exception) -> None:
        if cancel is self._cancel and not isinstance(error, Cancelled):
            text = in_words(error.message) if isinstance(error, AppError) else str(error)
            self._set_plan(None, text)

    def _set_plan(self, plan: Plan | None, text: str) -> None:
        self._plan = plan
        count, _newline, rest = text.partition("\n") if plan is not None else ("", "", text)
        for shown, of_it in ((self.count_label, count), (self.plan_label, rest)):
            shown.setText(of_it)
            shown.setAccessibleName(of_it)
        can_start = plan is not None and bool(plan.jobs)
        self.start_button.setEnabled(can_start)
        if can_start and not self._was_planned:
            # What comes next has the keyboard; a button that is disabled cannot have it.
            self._was_planned = True
            self.start_button.setFocus()
        label = self.tr("Start")
        if plan is not None and plan.jobs:
            label = self.tr("Upscale %n photo(s)", "", len(plan.jobs))
        self.start_button.setText(label)
        self.start_button.setAccessibleName(label)
        lines = [] if plan is None else left_out_lines(plan)
        self.details_list.clear()
        self.details_list.addItems(lines)
        self.details_button.setVisible(bool(lines))
        self.details_list.setVisible(bool(lines) and self.details_button.isChecked())
        self.planned.emit(plan)
