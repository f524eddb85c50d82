"""What the window remembers from one run to the next, and puts back."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, Signal
from PySide6.QtWidgets import QWidget

from bimaco_gui.services.settings import load_settings, save_settings, with_recent
from bimaco_gui.ui.choices import Choices


class Memory(QObject):
    """The settings while the program runs; written once, when the window goes."""

    recent_changed = Signal()

    def __init__(self, parent: QObject) -> None:
        """Read the settings."""
        super().__init__(parent)
        self._settings = load_settings()

    @property
    def choices(self) -> Choices:
        """How photos were upscaled and saved last time."""
        folder = self._settings.output_folder
        return Choices(self._settings.options, None if folder is None else Path(folder))

    @property
    def recent_files(self) -> tuple[str, ...]:
        """Photos opened before, the newest first."""
        return self._settings.recent_files

    @property
    def language(self) -> str | None:
        """The chosen language; None follows the system."""
        return self._settings.language

    @property
    def notify(self) -> bool:
        """Whether to tell of the end of the work when nobody looks."""
        return self._settings.notify

    @property
    def looks_for_updates(self) -> bool:
        """Whether to ask for a newer version as the window opens."""
        return self._settings.look_for_updates

    @property
    def last_folder(self) -> str:
        """Where to look for photos first."""
        folder = self._settings.last_folder
        return folder if folder is not None and Path(folder).is_dir() else str(Path.home())

    def opened(self, files: Iterable[Path]) -> None:
        """These photos were opened."""
        self._settings = with_recent(self._settings, (file for file in files if file.is_file()))
        self.recent_changed.emit()

    def forget_recent(self) -> None:
        """Forget which photos were opened."""
        self._settings = replace(self._settings, recent_files=())
        self.recent_changed.emit()

    def remember_folder(self, folder: Path) -> None:
        """Photos were looked for here."""
        self._settings = replace(self._settings, last_folder=str(folder))

    def choose_language(self, code: str | None) -> None:
        """Another language was chosen, for the next start."""
        self._settings = replace(self._settings, language=code)

    def choose_notify(self, on: bool) -> None:
        """Notifications were turned on or off."""
        self._settings = replace(self._settings, notify=on)

    def choose_looking_for_updates(self, on: bool) -> None:
        """Asking for a newer version at start was turned on or off."""
        self._settings = replace(self._settings, look_for_updates=on)

    def place(self, window: QWidget, otherwise: tuple[int, int]) -> None:
        """Put the window where it was, or give it a first size."""
        stored = self._settings.window_geometry
        if stored is None or not window.restoreGeometry(QByteArray.fromHex(stored.encode())):
            window.resize(*otherwise)

    def write(self, window: QWidget, choices: Choices) -> None:
        """Keep all of it for the next run."""
        save_settings(
            replace(
                self._settings,
                window_geometry=bytes(window.saveGeometry().toHex().data()).decode(),
                options=choices.options,
                output_folder=None if choices.folder is None else str(choices.folder),
            )
        )
