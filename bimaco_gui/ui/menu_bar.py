"""The window's menu bar: which commands there are, their keys, and when each can be used."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence, QUndoStack
from PySide6.QtWidgets import QMainWindow

from bimaco_gui.ui.after_work import AfterWork
from bimaco_gui.ui.canvas import Canvas
from bimaco_gui.ui.commands import Commands
from bimaco_gui.ui.desktop_link import DesktopLink
from bimaco_gui.ui.dialogs import Dialogs
from bimaco_gui.ui.language_menu import LanguageMenu
from bimaco_gui.ui.memory import Memory
from bimaco_gui.ui.menus import Menus, RecentMenu
from bimaco_gui.ui.opening import Opening, has_sample
from bimaco_gui.ui.saving import Saving
from bimaco_gui.ui.session import Session
from bimaco_gui.ui.view_mode import ViewMode
from bimaco_gui.ui.when_done_menu import WhenDoneMenu

_KEYS = QKeySequence.StandardKey


class MenuBar(QObject):
    """All commands once.

    Attributes:
        batch, save, save_as, save_all, folder, close_photo, copy, upscale, cancel, next, previous:
            Commands by what they do.
        loupe, panel, queue: What is shown, on or off.
        modes: The ways to compare.
        language: The menu of languages.
    """

    def __init__(
        self,
        window: QMainWindow,
        opening: Opening,
        commands: Commands,
        dialogs: Dialogs,
        saving: Saving,
        session: Session,
        canvas: Canvas,
        memory: Memory,
        undo_stack: QUndoStack,
        has_queue: bool,
    ) -> None:
        """Fill the window's menu bar; `undo_stack` holds the edits of its lists."""
        super().__init__(window)
        self._window, self._menus = window, Menus(window)
        self._saving, self._session, self._canvas = saving, session, canvas
        self._memory, self._has_queue = memory, has_queue
        self._fill_file(opening, commands)
        self._fill_edit(opening, commands, undo_stack)
        self._fill_upscale(commands)
        self._fill_view()
        self._fill_help(dialogs)
        memory.recent_changed.connect(self._show_recent)
        self._show_recent()

    def refresh(self) -> None:
        """Enable what can be done now."""
        session, saving = self._session, self._saving
        current, several = session.current, len(session.photos) > 1
        has_result = current is not None and current.result is not None
        to_save = bool(session.unsaved) or any(
            photo.can_save_again(session.choices) for photo in session.photos
        )
        self.save.setEnabled(has_result and not saving.is_busy)
        self.save_as.setEnabled(has_result and not saving.is_busy)
        self.save_all.setEnabled(to_save and not saving.is_busy)
        self.copy.setEnabled(has_result)
        self.folder.setEnabled(current is not None and current.saved_as is not None)
        self.close_photo.setEnabled(current is not None)
        self.upscale.setEnabled(bool(session.startable))
        self.cancel.setEnabled(session.has_work)
        self.next.setEnabled(several)
        self.previous.setEnabled(several)
        for action in self._zooms:
            action.setEnabled(not self._canvas.viewport.is_empty)
        for action in self.modes.values():
            action.setEnabled(self._canvas.compares)

    def follow_desktop(self, link: DesktopLink, after_work: AfterWork) -> None:
        """Offer what can be done when all the work is done."""
        memory = self._memory
        WhenDoneMenu(self._upscale_menu, link, after_work, memory.notify, memory.choose_notify)

    def _fill_file(self, opening: Opening, commands: Commands) -> None:
        tr, menus = self.tr, self._menus
        file = menus.menu(tr("&File"))
        menus.action(file, tr("&Open…"), _KEYS.Open, opening.choose_files)
        self.batch = menus.action(
            file, tr("Upscale &many photos…"), "Ctrl+Shift+O", opening.plan_batch
        )
        self.batch.setEnabled(self._has_queue)
        recent = file.addMenu(tr("Open &recent"))
        recent.setAccessibleName(tr("Open recent"))

        def open_again(path: Path) -> None:
            opening.open_files([path])

        self._recent = RecentMenu(recent, open_again, self._memory.forget_recent)
        sample = menus.action(file, tr("Open the sa&mple"), None, opening.open_sample)
        sample.setEnabled(has_sample())
        file.addSeparator()
        self.save = menus.action(file, tr("&Save"), _KEYS.Save, commands.save)
        self.save_as = menus.action(file, tr("Save &as…"), "Ctrl+Shift+S", commands.save_as)
        self.save_all = menus.action(file, tr("Save a&ll"), "Ctrl+Alt+S", self._saving.save_all)
        self.folder = menus.action(
            file, tr("Show in &folder"), "Ctrl+Shift+R", commands.show_folder
        )
        file.addSeparator()
        self.close_photo = menus.action(file, tr("&Close photo"), "Ctrl+W", commands.close_photo)
        leave = menus.action(file, tr("&Quit"), "Ctrl+Q", self._window.close)
        leave.setMenuRole(QAction.MenuRole.QuitRole)

    def _fill_edit(self, opening: Opening, commands: Commands, stack: QUndoStack) -> None:
        tr, menus = self.tr, self._menus
        edit = menus.menu(tr("&Edit"))
        for action, keys in (
            (stack.createUndoAction(self._window, tr("&Undo")), _KEYS.Undo),
            (stack.createRedoAction(self._window, tr("&Redo")), _KEYS.Redo),
        ):
            action.setShortcuts(keys)
            edit.addAction(action)
        edit.addSeparator()
        self.copy = menus.action(edit, tr("&Copy result"), _KEYS.Copy, commands.copy_result)
        menus.action(edit, tr("&Paste picture"), _KEYS.Paste, opening.paste)

    def _fill_upscale(self, commands: Commands) -> None:
        tr, menus = self.tr, self._menus
        menu = self._upscale_menu = menus.menu(tr("&Upscale"))
        self.upscale = menus.action(menu, tr("&Upscale"), "Ctrl+Return", commands.upscale)
        self.cancel = menus.action(menu, tr("&Cancel"), "Esc", commands.cancel)
        menu.addSeparator()
        step = self._session.step
        self.next = menus.action(menu, tr("&Next photo"), "PgDown", partial(step, 1))
        self.previous = menus.action(menu, tr("&Previous photo"), "PgUp", partial(step, -1))

    def _fill_view(self) -> None:
        tr, menus, canvas = self.tr, self._menus, self._canvas
        view = menus.menu(tr("&View"))
        self.modes = menus.modes(
            view,
            {
                ViewMode.SLIDER: tr("&Slider"),
                ViewMode.SIDE_BY_SIDE: tr("Side &by side"),
                ViewMode.RESULT: tr("&Result alone"),
                ViewMode.DIFFERENCE: tr("&Difference"),
            },
            canvas.set_mode,
        )
        view.addSeparator()
        self.loupe = menus.toggle(view, tr("&Loupe"), "L")
        self.panel = menus.toggle(view, tr("Se&ttings"), "F4")
        self.queue = menus.toggle(view, tr("&Queue"), "Ctrl+J", on=False)
        self.queue.setEnabled(self._has_queue)
        view.addSeparator()
        self._zooms = [
            menus.action(view, tr("Zoom &in"), _KEYS.ZoomIn, canvas.zoom_in),
            menus.action(view, tr("Zoom &out"), _KEYS.ZoomOut, canvas.zoom_out),
            menus.action(view, tr("&Fit in window"), "Ctrl+0", canvas.fit),
            menus.action(view, tr("&100 %"), "Ctrl+1", canvas.actual_size),
        ]
        # Ctrl++ needs Shift on many keyboards; the key without it does as well.
        self._zooms[0].setShortcuts(
            [*QKeySequence.keyBindings(_KEYS.ZoomIn), QKeySequence("Ctrl+=")]
        )

    def _fill_help(self, dialogs: Dialogs) -> None:
        tr, menus = self.tr, self._menus
        menu = menus.menu(tr("&Help"))
        menus.action(menu, tr("&Keyboard and mouse"), _KEYS.HelpContents, dialogs.show_keys)
        menu.addSeparator()
        menus.action(menu, tr("&Models…"), None, dialogs.show_models)
        menus.action(menu, tr("&Doctor…"), None, dialogs.show_report)
        self.language = LanguageMenu(menu, self._memory.language, self._memory.choose_language)
        menus.action(menu, tr("Check for &updates…"), None, dialogs.show_updates)
        menu.addSeparator()
        menus.action(menu, tr("&Licences"), None, dialogs.show_licences)
        about = menus.action(menu, tr("&About BiMaCo"), None, dialogs.show_about)
        about.setMenuRole(QAction.MenuRole.AboutRole)

    def _show_recent(self) -> None:
        self._recent.show_files(self._memory.recent_files, self.tr("&Clear this list"))
