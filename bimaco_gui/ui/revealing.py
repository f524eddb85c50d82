"""Show a file in its folder: selected where the file manager can, else the folder alone."""

import logging
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from bimaco_gui.services.desktop.file_manager import can_select, select
from bimaco_gui.ui.background import Background

_LOG = logging.getLogger(__name__)


class Revealing(QObject):
    """Asks file managers in the background: one that has to be started first takes a moment."""

    def __init__(self, background: Background, parent: QObject) -> None:
        """Nothing is shown yet."""
        super().__init__(parent)
        self._background = background

    def show(self, path: Path) -> None:
        """Show this file, or the folder that it was in."""
        if not (can_select() and path.exists()):
            self._open_folder(path)
            return
        self._background.run(
            partial(select, path), lambda _none: None, partial(self._not_selected, path)
        )

    def _not_selected(self, path: Path, error: Exception) -> None:
        _LOG.info("No file manager selects files: %s", error)
        self._open_folder(path)

    def _open_folder(self, path: Path) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
