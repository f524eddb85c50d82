"""The models: which are here, which can be had, and what each may be used for."""

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from bimaco_gui.errors import Cancelled
from bimaco_gui.services import model_store
from bimaco_gui.services.model_store import DownloadProgress, Place, StoredModel
from bimaco_gui.ui.background import Background
from bimaco_gui.ui.controls import heading, push_button, quiet_label, set_emphasis
from bimaco_gui.ui.error_words import in_words
from bimaco_gui.ui.problem import problem_from
from bimaco_gui.ui.theme import GRID
from bimaco_gui.ui.wording import file_size, percentage, remaining_time

_STEPS = 1000

Importer = Callable[[Path, Path, Callable[[str], None]], object]
"""Packs the UNet's and the autoencoder's checkpoint, and says what it does."""


class ModelStore(Protocol):
    """What the dialog needs of `services.model_store`; each call may take long."""

    def stored_models(self) -> list[StoredModel]:
        """All models."""
        ...

    def download_model(
        self,
        name: str,
        tell: Callable[[DownloadProgress], None] | None,
        cancel: threading.Event | None,
    ) -> Path:
        """Fetch one."""
        ...

    def add_model(self, file: Path) -> str:
        """Install a file."""
        ...

    def remove_model(self, name: str) -> None:
        """Forget one."""


class ModelDialog(QDialog):
    """Lists the models, and downloads, imports and removes them in the background.

    Signals:
        models_changed: Another model is there, or one is gone.
    """

    models_changed = Signal()
    _told = Signal(object)
    _said = Signal(str)

    def __init__(
        self,
        parent: QWidget | None = None,
        store: ModelStore = model_store,
        importer: Importer | None = None,
    ) -> None:
        """Look what is there.

        Args:
            parent: Its parent.
            store: Where models come from.
            importer: Makes a model of released checkpoints; without it nothing is imported.
        """
        super().__init__(parent)
        self._store, self._importer = store, importer
        self._background = Background(threads=1, parent=self)
        self._cancel = threading.Event()
        self._is_busy = self._is_importing = self._closes_later = False
        self.setWindowTitle(self.tr("Models"))
        self.setAccessibleName(self.windowTitle())
        # No minimum of its own: the longest texts of a language decide how narrow it may be.
        self.resize(600, 380)
        self.model_list = QListWidget()
        self.model_list.setAccessibleName(self.tr("Models"))
        self.model_list.setWordWrap(True)
        self.model_list.setSpacing(2)
        self.state_label = quiet_label(wraps=True)
        self.progress_bar = QProgressBar()
        self.progress_bar.setObjectName("progress")
        self.progress_bar.setTextVisible(False)
        self.progress_bar.setRange(0, _STEPS)
        self.progress_bar.setAccessibleName(self.tr("Progress"))
        self.progress_bar.hide()
        self.download_button = push_button(
            self.tr("Download"), self.tr("Fetch the chosen model from the Hub"), primary=True
        )
        self.stop_button = push_button(
            self.tr("Stop"), self.tr("Stop; what has arrived is kept for the next attempt")
        )
        self.add_button = push_button(
            self.tr("Add file…"), self.tr("Add a model file of your own, such as one you trained")
        )
        self.import_button = push_button(
            self.tr("Import checkpoint…"),
            self.tr("Make a model of the checkpoints that the authors of BiMaCoSR released"),
        )
        self.remove_button = push_button(self.tr("Remove"), self.tr("Remove the chosen model"))
        self.close_button = push_button(self.tr("Close"), self.tr("Close this window"))
        self._lay_out()
        self._connect()
        self.refresh()

    @property
    def is_busy(self) -> bool:
        """Whether something is being fetched, imported or looked up."""
        return self._is_busy

    @property
    def chosen(self) -> StoredModel | None:
        """The model of the chosen row."""
        row = self.model_list.currentItem()
        found: StoredModel | None = None if row is None else row.data(Qt.ItemDataRole.UserRole)
        return found

    def refresh(self) -> None:
        """Look again what is there."""
        self._run(self._store.stored_models, self._show)

    def done(self, result: int) -> None:
        """Stop what is going on, and close; an import goes on out of sight."""
        if self._is_importing:
            self._closes_later = True
            self.hide()
            return
        self._cancel.set()
        self._background.close()
        super().done(result)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 3 * GRID)
        column.setSpacing(GRID)
        column.addWidget(heading(self.tr("Models"), self.model_list))
        column.addWidget(self.model_list, 1)
        column.addWidget(self.state_label)
        column.addWidget(self.progress_bar)
        row = QHBoxLayout()
        for button in (
            self.download_button,
            self.stop_button,
            self.add_button,
            self.import_button,
            self.remove_button,
        ):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch()
        row.addWidget(self.close_button)
        column.addLayout(row)

    def _connect(self) -> None:
        self.model_list.currentItemChanged.connect(lambda *_: self._show_buttons())
        self.download_button.clicked.connect(self.download)
        self.stop_button.clicked.connect(self._stop)
        self.add_button.clicked.connect(self._ask_for_file)
        self.import_button.clicked.connect(self._ask_for_unet)
        self.remove_button.clicked.connect(self.remove)
        self.close_button.clicked.connect(self.accept)
        self._told.connect(self._show_progress)
        self._said.connect(self._say)

    def download(self) -> None:
        """Fetch the chosen model; the network is used for this alone."""
        model = self.chosen
        if model is not None and model.place is Place.ON_HUB:
            self._say(self.tr("Downloading “{0}”…").format(model.title))
            work = partial(self._store.download_model, model.name, self._told.emit, self._cancel)
            self._run(work, self._changed, shows_progress=True)

    def add(self, file: Path) -> None:
        """Install a model file."""
        self._say(self.tr("Looking at “{0}”…").format(file.name))
        self._run(partial(self._store.add_model, file), self._changed, busy_bar=True)

    def remove(self) -> None:
        """Remove the chosen model."""
        model = self.chosen
        if model is not None and model.can_be_removed:
            self._run(partial(self._store.remove_model, model.name), self._changed)

    def import_checkpoints(self, unet: Path, autoencoder: Path) -> None:
        """Make a model of released checkpoints, which takes a minute or more."""
        if self._importer is not None:
            self._say(self.tr("Importing “{0}”…").format(unet.name))
            self._is_importing = True
            work = partial(self._importer, unet, autoencoder, self._said.emit)
            self._run(work, self._changed, busy_bar=True)

    def _stop(self) -> None:
        self._cancel.set()
        self._say(self.tr("Stopping…"))

    def _ask_for_file(self) -> None:
        models = self.tr("Models") + " (*.safetensors)"
        self._ask(self.tr("A model file to add"), self.add, models)

    def _ask_for_unet(self) -> None:
        title = self.tr("First of two: the checkpoint of the UNet")
        self._ask(title, self._ask_for_autoencoder, self._checkpoints())

    def _ask_for_autoencoder(self, unet: Path) -> None:
        title = self.tr("Second of two: the checkpoint of the autoencoder")
        self._ask(title, partial(self.import_checkpoints, unet), self._checkpoints())

    def _checkpoints(self) -> str:
        return self.tr("Checkpoints") + " (*.pth *.pt *.ckpt *.safetensors)"

    def _ask(self, title: str, then: Callable[[Path], None], kinds: str) -> None:
        dialog = QFileDialog(self, title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([kinds, self.tr("All files") + " (*)"])
        dialog.fileSelected.connect(lambda name: then(Path(name)))
        dialog.open()

    # -- in the background ------------------------------------------------------------------

    def _run(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], None],
        *,
        shows_progress: bool = False,
        busy_bar: bool = False,
    ) -> None:
        self._is_busy = True
        self._cancel.clear()
        self.progress_bar.setRange(0, 0 if busy_bar else _STEPS)
        self.progress_bar.setValue(0)
        self.progress_bar.setVisible(shows_progress or busy_bar)
        self._show_buttons()

        def finish(result: Any) -> None:
            self._end()
            if not self._closes_later:
                then(result)

        self._background.run(work, finish, self._failed)

    def _failed(self, error: Exception) -> None:
        self._end()
        if self._closes_later:
            return
        if isinstance(error, Cancelled):
            self._say(self.tr("Stopped. It goes on from here the next time."))
            self.refresh()
        else:
            problem = problem_from(error)
            title, message = in_words(problem.title), in_words(problem.message)
            self._say(self.tr("{0}: {1}").format(title, message), is_wrong=True)

    def _end(self) -> None:
        self._is_busy = self._is_importing = False
        if self._closes_later:
            self.models_changed.emit()
            self.accept()
            return
        self.progress_bar.hide()
        self._show_buttons()

    def _changed(self, _result: object) -> None:
        self._say("")
        self.models_changed.emit()
        self.refresh()

    def _show(self, models: list[StoredModel]) -> None:
        before = self.chosen
        self.model_list.clear()
        for model in models:
            row = QListWidgetItem(f"{model.title}\n{self._about(model)}")
            row.setData(Qt.ItemDataRole.UserRole, model)
            self.model_list.addItem(row)
            if before is not None and before.name == model.name:
                self.model_list.setCurrentItem(row)
        if self.model_list.currentRow() < 0 and models:
            self.model_list.setCurrentRow(0)
        self._show_buttons()

    def _about(self, model: StoredModel) -> str:
        place = {
            Place.BUNDLED: self.tr("comes with the app"),
            Place.INSTALLED: self.tr("installed"),
            Place.ON_HUB: self.tr("can be downloaded"),
        }[model.place]
        if model.received:
            share = percentage(model.received / model.file_bytes)
            place += ", " + self.tr("{0} here").format(share)
        licence = self.tr("licence: {0}").format(model.licence)
        return "  ·  ".join((file_size(model.file_bytes), place, licence))

    def _show_progress(self, progress: DownloadProgress) -> None:
        self.progress_bar.setValue(round(progress.fraction * _STEPS))
        text = f"{file_size(progress.received)} / {file_size(progress.total)}"
        if progress.seconds_left is not None:
            text += "  ·  " + remaining_time(progress.seconds_left)
        self._say(text)

    def _show_buttons(self) -> None:
        model, free = self.chosen, not self._is_busy
        can_fetch = model is not None and model.place is Place.ON_HUB
        self.download_button.setEnabled(free and can_fetch)
        resumes = can_fetch and model is not None and model.received > 0
        text = self.tr("Resume download") if resumes else self.tr("Download")
        self.download_button.setText(text)
        self.download_button.setAccessibleName(text)
        self.remove_button.setEnabled(free and model is not None and model.can_be_removed)
        self.import_button.setVisible(self._importer is not None)
        self.import_button.setEnabled(free)
        self.add_button.setEnabled(free)
        busy_downloading = self._is_busy and not self._is_importing
        can_stop = busy_downloading and self.progress_bar.isVisibleTo(self)
        # In each other's place, so that the row stays as long as it is: first one goes.
        pair = (self.download_button, self.stop_button)
        gone, there = pair if can_stop else pair[::-1]
        gone.hide()
        there.show()

    def _say(self, text: str, is_wrong: bool = False) -> None:
        set_emphasis(self.state_label, is_wrong)
        self.state_label.setText(text)
        self.state_label.setAccessibleName(text or self.tr("Ready"))
