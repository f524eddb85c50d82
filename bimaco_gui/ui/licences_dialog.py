"""Help > Licences: of the app, its model, its sample photo, and the libraries that it uses."""

from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QTabWidget, QVBoxLayout, QWidget

from bimaco_gui import paths
from bimaco_gui.ui.controls import push_button
from bimaco_gui.ui.theme import GRID

_LIBRARIES = (
    "PySide6-Essentials",
    "shiboken6",
    "torch",
    "numpy",
    "pillow",
    "pillow-heif",
    "safetensors",
    "huggingface-hub",
    "httpx2",
    "filelock",
    "packaging",
    "platformdirs",
    "rich",
    "jeepney",
    "PyYAML",
)
_LICENCE_NAMES = ("licen", "copying", "notice")


class LicencesDialog(QDialog):
    """Shows what the packages themselves say, so it is right for the versions in use."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Read the texts."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Licences"))
        self.setAccessibleName(self.windowTitle())
        self.resize(760, 520)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(self.tr("Licence texts"))
        sample = paths.samples_folder() / "LICENCE.md"
        for title, text in (
            (self.tr("The app"), _read(paths.licence_file())),
            (self.tr("The sample photo"), _read(sample)),
            (self.tr("Libraries"), "\n\n".join(library_licences())),
        ):
            page = QPlainTextEdit(text)
            page.setReadOnly(True)
            page.setTabChangesFocus(True)
            page.setAccessibleName(title)
            page.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
            self.tabs.addTab(page, title)
        close = push_button(self.tr("Close"), self.tr("Close this window"))
        close.clicked.connect(self.close)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 3 * GRID)
        column.setSpacing(GRID)
        column.addWidget(self.tabs, 1)
        column.addLayout(row)


def library_licences() -> Iterator[str]:
    """Name, version and licence of each library that is installed, and its texts."""
    for name in _LIBRARIES:
        try:
            package = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        facts = package.metadata
        named = [facts[key] for key in ("License-Expression", "License") if key in facts]
        licence = named[0].strip().partition("\n")[0] if named else ""
        classified = [
            value.rpartition("::")[2].strip()
            for value in facts.get_all("Classifier", [])
            if value.startswith("License ::")
        ]
        yield f"{name} {package.version}: {licence or ', '.join(classified) or '-'}"
        for file in package.files or []:
            if any(part in file.name.lower() for part in _LICENCE_NAMES) and file.suffix != ".py":
                yield _read(Path(str(file.locate())))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return str(path)
