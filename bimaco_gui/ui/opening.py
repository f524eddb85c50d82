"""The ways for photos into the window: opened, dropped, pasted, or from the list of recent ones."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from bimaco_gui import paths
from bimaco_gui.services.formats import READABLE_SUFFIXES
from bimaco_gui.ui.background import Background
from bimaco_gui.ui.banner import Banner
from bimaco_gui.ui.batches import Batches
from bimaco_gui.ui.incoming import Incoming, incoming, store_image
from bimaco_gui.ui.memory import Memory
from bimaco_gui.ui.problem import Problem, problem_from
from bimaco_gui.ui.result_store import ResultStore
from bimaco_gui.ui.session import Session


def has_sample() -> bool:
    """Whether a photo came with the app."""
    return bool(_samples())


class Opening(QObject):
    """Opens few photos on the canvas; folders, and very many photos, go to the queue."""

    def __init__(
        self,
        session: Session,
        batches: Batches,
        memory: Memory,
        banner: Banner,
        background: Background,
        store: ResultStore,
        show_photos: Callable[[], None],
        window: QWidget,
    ) -> None:
        """Nothing is opened yet.

        Args:
            session: Takes photos for the canvas.
            batches: Takes what is for the queue.
            memory: Of recent photos and the last folder.
            banner: Says what could not be opened.
            background: Stores pasted pictures.
            store: Where they are stored.
            show_photos: Called before photos come to the canvas.
            window: Below the dialog.
        """
        super().__init__(window)
        self._session, self._batches, self._memory = session, batches, memory
        self._banner, self._background, self._store = banner, background, store
        self._show_photos, self._window = show_photos, window

    def open_files(self, files: Sequence[Path], upscale_at_once: bool = False) -> None:
        """Open photos, as if they were dropped."""
        if not files:
            return
        self._banner.dismiss()
        if self._batches.takes(files):
            self.plan_batch(files)
            return
        self._show_photos()
        self._session.open(files, upscale_at_once)
        self._memory.opened(files)

    def plan_batch(self, sources: Sequence[Path] = ()) -> None:
        """Ask what of these files and folders to put into the queue."""
        self._batches.plan(sources, self._session.choices)

    def choose_files(self) -> None:
        """Ask for photos and open them."""
        patterns = " ".join(f"*{suffix}" for suffix in sorted(READABLE_SUFFIXES))
        dialog = QFileDialog(self._window, self.tr("Open photos"), self._memory.last_folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([self.tr("Photos") + f" ({patterns})", self.tr("All files") + " (*)"])
        dialog.filesSelected.connect(
            lambda names: self._open_from_folder([Path(name) for name in names])
        )
        dialog.open()

    def open_sample(self) -> None:
        """Open the photo that comes with the app."""
        self.open_files(_samples()[:1])

    def drop(self, data: QMimeData) -> None:
        """Open what was dropped."""
        self._take(incoming(data), self.tr("Dropped picture"))

    def paste(self) -> None:
        """Open what is on the clipboard: files, or a picture."""
        data = QGuiApplication.clipboard().mimeData()
        found = Incoming() if data is None else incoming(data)
        if found == Incoming():
            title = self.tr("Nothing to paste")
            message = self.tr("The clipboard holds neither a picture nor picture files.")
            self._banner.show_problem(Problem(title, message))
        else:
            self._take(found, self.tr("Pasted picture"))

    def _take(self, found: Incoming, name: str) -> None:
        if found.paths:
            self._open_from_folder(found.paths)
        elif found.image is not None:
            self._background.run(
                partial(store_image, found.image, name, self._store),
                lambda path: self.open_files([path]),
                lambda error: self._banner.show_problem(problem_from(error)),
            )
        else:
            self._banner.show_problem(
                Problem(
                    self.tr("Not a file on this computer"),
                    self.tr("Save the picture to a folder first, then drop the file here."),
                    "\n".join(found.links),
                )
            )

    def _open_from_folder(self, files: Sequence[Path]) -> None:
        self._memory.remember_folder(files[0].parent)
        self.open_files(files)


def _samples() -> list[Path]:
    return sorted(paths.samples_folder().glob("*.jpg"))
