"""The dialogs that the menus open, each with all that it needs."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QMainWindow

from bimaco_gui.services.importing import import_model
from bimaco_gui.services.updates import Release
from bimaco_gui.ui.about import about_box
from bimaco_gui.ui.keys_dialog import KeysDialog
from bimaco_gui.ui.licences_dialog import LicencesDialog
from bimaco_gui.ui.memory import Memory
from bimaco_gui.ui.model_dialog import ModelDialog
from bimaco_gui.ui.report_dialog import ReportDialog
from bimaco_gui.ui.update_dialog import UpdateDialog


class Dialogs(QObject):
    """Opens dialogs over the window; none of them stops it."""

    models_changed = Signal()

    def __init__(self, window: QMainWindow, memory: Memory) -> None:
        """For dialogs over `window`; what is chosen in them goes into its memory."""
        super().__init__(window)
        self._window, self._memory = window, memory

    def show_models(self) -> None:
        """Show which models there are."""
        dialog = ModelDialog(self._window, importer=_import_released)
        dialog.models_changed.connect(self.models_changed)
        _open(dialog)

    def show_report(self) -> None:
        """Show what a report of a problem needs."""
        _open(ReportDialog(self._window))

    def show_updates(self, known: Release | None = None) -> None:
        """Ask whether there is a newer version, unless it is known, and show the answer."""
        memory = self._memory
        _open(
            UpdateDialog(
                self._window, memory.looks_for_updates, memory.choose_looking_for_updates, known
            )
        )

    def show_keys(self) -> None:
        """Show what keys and mouse do."""
        _open(KeysDialog(self._window.menuBar(), self._window))

    def show_licences(self) -> None:
        """Show the licences of all that is in the app."""
        _open(LicencesDialog(self._window))

    def show_about(self) -> None:
        """Show version and licence."""
        _open(about_box(self._window))


def _open(dialog: QDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def _import_released(unet: Path, autoencoder: Path, say: Callable[[str], None]) -> object:
    return import_model(unet, autoencoder, None, unet.stem, say=say)
