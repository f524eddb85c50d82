"""The dialogs that the menus open, each with all that it needs.

Their modules are imported when one is opened: they would cost a tenth of the time from the start
of the program to its window.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QMainWindow

from bimaco_gui.ui.memory import Memory

if TYPE_CHECKING:
    from bimaco_gui.services.updates import Release


class Dialogs(QObject):
    """Opens dialogs over the window; none of them stops it."""

    models_changed = Signal()

    def __init__(self, window: QMainWindow, memory: Memory) -> None:
        """For dialogs over `window`; what is chosen in them goes into its memory."""
        super().__init__(window)
        self._window, self._memory = window, memory

    def show_models(self) -> None:
        """Show which models there are."""
        from bimaco_gui.ui.model_dialog import ModelDialog

        dialog = ModelDialog(self._window, importer=_import_released)
        dialog.models_changed.connect(self.models_changed)
        _open(dialog)

    def show_report(self) -> None:
        """Show what a report of a problem needs."""
        from bimaco_gui.ui.report_dialog import ReportDialog

        _open(ReportDialog(self._window))

    def show_updates(self, known: Release | None = None) -> None:
        """Ask whether there is a newer version, unless it is known, and show the answer."""
        from bimaco_gui.ui.update_dialog import UpdateDialog

        memory = self._memory
        _open(
            UpdateDialog(
                self._window, memory.looks_for_updates, memory.choose_looking_for_updates, known
            )
        )

    def show_keys(self) -> None:
        """Show what keys and mouse do."""
        from bimaco_gui.ui.keys_dialog import KeysDialog

        _open(KeysDialog(self._window.menuBar(), self._window))

    def show_licences(self) -> None:
        """Show the licences of all that is in the app."""
        from bimaco_gui.ui.licences_dialog import LicencesDialog

        _open(LicencesDialog(self._window))

    def show_about(self) -> None:
        """Show version and licence."""
        from bimaco_gui.ui.about import about_box

        _open(about_box(self._window))


def _open(dialog: QDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def _import_released(unet: Path, autoencoder: Path, say: Callable[[str], None]) -> object:
    from bimaco_gui.services.importing import import_model

    return import_model(unet, autoencoder, None, unet.stem, say=say)
