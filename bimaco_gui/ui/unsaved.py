"""Nothing is lost in silence: asks before a result goes that was never saved."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from bimaco_gui.ui.closing import ClosePhoto
from bimaco_gui.ui.controls import set_primary
from bimaco_gui.ui.photo import Photo
from bimaco_gui.ui.saving import Saving
from bimaco_gui.ui.session import Session


class UnsavedResults(QObject):
    """Asks, saves if wanted, and then does what was to be done."""

    def __init__(
        self, session: Session, saving: Saving, undo_stack: QUndoStack, window: QWidget
    ) -> None:
        """For dialogs over `window`."""
        super().__init__(window)
        self._session, self._saving, self._window = session, saving, window
        self._undo_stack = undo_stack
        self._then: Callable[[], object] | None = None

    def remove(self, key: int) -> None:
        """Take a photo off the list; ask first if its result would be lost."""
        photo = next((photo for photo in self._session.photos if photo.key == key), None)
        if photo is None or self._saving.is_busy:
            return
        if photo.has_unsaved_result:
            self.ask((photo,), partial(self._take_off, photo))
        else:
            self._take_off(photo)

    def when_saved(self, then: Callable[[], object]) -> None:
        """Do something once what is being written has been written, if all of it went well."""
        self._forget()
        self._then = then
        self._saving.finished.connect(self._on_finished)

    def ask(self, photos: tuple[Photo, ...], then: Callable[[], object]) -> None:
        """Ask whether to save or discard results; do `then` unless the user backs out."""
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(self.tr("Unsaved result"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        buttons = QMessageBox.StandardButton
        several = len(photos) > 1
        if several:
            box.setText(self.tr("Save %n result(s)?", "", len(photos)))
        else:
            box.setText(self.tr("Save the result of “{0}”?").format(photos[0].name))
        box.setInformativeText(self.tr("What is not saved will be lost."))
        save = buttons.SaveAll if several else buttons.Save
        box.setStandardButtons(save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(save)
        button = box.button(save)
        if isinstance(button, QPushButton):
            set_primary(button, True)

        def on_closed(code: int) -> None:
            if code == buttons.Discard.value:
                then()
            elif code == buttons.SaveAll.value:
                self.when_saved(then)
                self._saving.save_all()
            elif code == buttons.Save.value:
                self._session.select(photos[0].key)
                self.when_saved(then)
                self._saving.ask_and_save(photos[0], self._forget)

        box.finished.connect(on_closed)
        box.open()

    def _take_off(self, photo: Photo) -> None:
        self._undo_stack.push(
            ClosePhoto(self._session, photo, self.tr("Close “{0}”").format(photo.name))
        )

    def _forget(self) -> None:
        if self._then is not None:
            self._saving.finished.disconnect(self._on_finished)
            self._then = None

    def _on_finished(self, all_well: bool) -> None:
        then = self._then
        self._forget()
        if all_well and then is not None:
            then()
