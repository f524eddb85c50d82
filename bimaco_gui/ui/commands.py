"""What can be done with the photos on the canvas: upscale, save, copy, take off the list."""

from PySide6.QtCore import QObject

from bimaco_gui.ui.copying import Copying
from bimaco_gui.ui.layout import Layout
from bimaco_gui.ui.photo import Photo
from bimaco_gui.ui.problem import Remedy
from bimaco_gui.ui.revealing import Revealing
from bimaco_gui.ui.saving import Saving
from bimaco_gui.ui.session import Session
from bimaco_gui.ui.unsaved import UnsavedResults

_SMALLER_TILE = 96
_CHANGES: dict[Remedy, dict[str, object]] = {
    Remedy.SMALLER_TILES: {"tile": _SMALLER_TILE},
    Remedy.USE_CPU: {"device": "cpu"},
    Remedy.SMALLER_SIZE: {"scale": 4.0, "longest_side": None, "width": None, "height": None},
    Remedy.DEFAULT_MODEL: {"model": None},
    Remedy.TRY_AGAIN: {},
}


class Commands(QObject):
    """What menus and buttons do with the session's photos."""

    def __init__(
        self,
        session: Session,
        saving: Saving,
        copying: Copying,
        revealing: Revealing,
        unsaved: UnsavedResults,
        views: Layout,
        parent: QObject,
    ) -> None:
        """Act on this session, and show it in these views."""
        super().__init__(parent)
        self._session, self._saving, self._copying = session, saving, copying
        self._revealing, self._unsaved, self._views = revealing, unsaved, views

    def upscale(self) -> None:
        """Upscale all that is ready."""
        self._views.banner.dismiss()
        # Upscale makes way for Cancel: a second press of Return must not land there.
        self._views.canvas.setFocus()
        self._session.upscale()

    def cancel(self) -> None:
        """Stop upscaling."""
        self._views.bottom_bar.set_cancelling(True)
        self._session.cancel()

    def save(self) -> None:
        """Save the result on show as the panel says."""
        photo = self._with_result()
        if photo is not None and not self._saving.is_busy:
            self._saving.save(photo)

    def save_as(self) -> None:
        """Ask where to save the result on show."""
        photo = self._with_result()
        if photo is not None and not self._saving.is_busy:
            self._saving.ask_and_save(photo)

    def copy_result(self) -> None:
        """Put the result on show on the clipboard, as the panel would save it."""
        photo = self._with_result()
        if photo is not None:
            self._copying.copy(photo)

    def show_folder(self) -> None:
        """Show the saved file in its folder."""
        photo = self._session.current
        if photo is not None and photo.saved_as is not None:
            self._revealing.show(photo.saved_as)

    def close_photo(self) -> None:
        """Take the photo on show off the list."""
        if self._session.current is not None:
            self._unsaved.remove(self._session.current.key)

    def apply_remedy(self, remedy: Remedy) -> None:
        """Do what one press of the banner's button promises."""
        panel = self._views.panel
        if remedy is Remedy.OTHER_FOLDER:
            panel.save_section.choose_folder()
        elif remedy in _CHANGES:
            panel.show_choices(self._session.choices.with_options(**_CHANGES[remedy]))
            self.upscale()

    def _with_result(self) -> Photo | None:
        photo = self._session.current
        return photo if photo is not None and photo.result is not None else None
