"""Offers the photos again that were open when the program died."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject

from bimaco_gui.ui.banner import Banner
from bimaco_gui.ui.problem import Problem, Remedy
from bimaco_gui.ui.result_store import ResultStore
from bimaco_gui.ui.session import Session


class Recovery(QObject):
    """Keeps a note of what is open, and offers what the note of a run that died names."""

    def __init__(
        self,
        session: Session,
        store: ResultStore,
        banner: Banner,
        open_files: Callable[[Sequence[Path]], object],
        parent: QObject,
    ) -> None:
        """Follow the session; nothing is offered yet."""
        super().__init__(parent)
        self._session, self._store, self._banner = session, store, banner
        self._open_files = open_files
        self._left = store.left_open
        session.photo_added.connect(self._note)
        session.photo_removed.connect(self._note)
        banner.remedy_wanted.connect(self._on_remedy)

    def offer(self) -> None:
        """Say once that photos were open, and offer to open them again."""
        if self._left and self._banner.problem is None:
            self._banner.show_problem(
                Problem(
                    self.tr("BiMaCo ended unexpectedly"),
                    self.tr("%n photo(s) were open then.", "", len(self._left)),
                    "\n".join(map(str, self._left)),
                    Remedy.OPEN_AGAIN,
                    is_news=True,
                )
            )

    def _on_remedy(self, remedy: Remedy) -> None:
        if remedy is Remedy.OPEN_AGAIN:
            left, self._left = self._left, ()
            self._open_files(left)

    def _note(self, _photo: object) -> None:
        self._store.note_open([photo.path for photo in self._session.photos])
