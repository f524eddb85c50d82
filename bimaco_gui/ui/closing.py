"""Taking a photo off the list, which can be undone."""

from PySide6.QtGui import QUndoCommand

from bimaco_gui.ui.photo import Photo
from bimaco_gui.ui.session import Session


class ClosePhoto(QUndoCommand):
    """Undone, the photo is open again, beside the result that was saved of it."""

    def __init__(self, session: Session, photo: Photo, text: str) -> None:
        """For a photo of this session; `text` names it in the menu."""
        super().__init__(text)
        self._session, self._photo = session, photo

    def redo(self) -> None:
        """Take it off."""
        for photo in self._session.photos:
            if photo.path == self._photo.path:
                self._session.remove(photo.key)

    def undo(self) -> None:
        """Open it again."""
        saved = self._photo.saved_as
        if saved is not None and saved.exists():
            self._session.open_finished(self._photo.path, saved)
        else:
            self._session.open([self._photo.path])
