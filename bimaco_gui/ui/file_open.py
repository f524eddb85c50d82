"""Photos that the system asks to open while the app runs, as macOS does from Finder and Dock."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal
from PySide6.QtGui import QFileOpenEvent


class FileOpenRequests(QObject):
    """Turns the application's file-open events into a signal.

    Signals:
        asked: The files, a list of paths, asked for one after the other.
    """

    asked = Signal(object)

    def __init__(self, app: QCoreApplication) -> None:
        """Watch the application's events from now on."""
        super().__init__(app)
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take file-open events and leave the others."""
        if isinstance(event, QFileOpenEvent):
            name = event.url().toLocalFile() or event.file()
            if name:
                self.asked.emit([Path(name)])
            return True
        return super().eventFilter(watched, event)
