"""The main window: puts the views together and lets the session drive them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, Qt, QTimer
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QFileDialog, QMainWindow, QWidget

from bimaco_gui import paths
from bimaco_gui.services.estimate import Estimator, Experience
from bimaco_gui.services.formats import READABLE_SUFFIXES
from bimaco_gui.services.importing import import_model
from bimaco_gui.services.models import list_models
from bimaco_gui.services.queue_events import QueuedJob
from bimaco_gui.services.settings import Settings, load_settings, save_settings, with_recent
from bimaco_gui.ui.about import about_box
from bimaco_gui.ui.background import Background
from bimaco_gui.ui.batches import Batches
from bimaco_gui.ui.choices import Choices
from bimaco_gui.ui.copying import Copying, show_in_folder
from bimaco_gui.ui.desktop_link import DesktopLink
from bimaco_gui.ui.faithful import faithful_image
from bimaco_gui.ui.forecast import forecast, forecast_line
from bimaco_gui.ui.icons import app_icon
from bimaco_gui.ui.incoming import Incoming, incoming, is_welcome, store_image
from bimaco_gui.ui.language_menu import LanguageMenu
from bimaco_gui.ui.layout import Layout
from bimaco_gui.ui.licences_dialog import LicencesDialog
from bimaco_gui.ui.menus import Menus, RecentMenu
from bimaco_gui.ui.model_dialog import ModelDialog
from bimaco_gui.ui.photo import Photo
from bimaco_gui.ui.picture_levels import PictureLevels
from bimaco_gui.ui.previewing import Previewing, PreviewSource
from bimaco_gui.ui.problem import Problem, Remedy, problem_from
from bimaco_gui.ui.queue_control import QueueWorker
from bimaco_gui.ui.report_dialog import ReportDialog
from bimaco_gui.ui.result_store import ResultStore
from bimaco_gui.ui.saving import Saving
from bimaco_gui.ui.session import Session, SessionState, Worker
from bimaco_gui.ui.shown_photo import ShownPhoto
from bimaco_gui.ui.theme import current_shades, style_sheet
from bimaco_gui.ui.unsaved import UnsavedResults
from bimaco_gui.ui.view_mode import ViewMode
from bimaco_gui.ui.when_done_menu import WhenDoneMenu

APP_NAME = "BiMaCo"
_FIRST_SIZE = (1240, 800)
_SMALLEST_SIZE = (760, 520)
_SMALLER_TILE = 96
_WARM_UP_AFTER_MS = 50


class Window(QMainWindow):
    """The application's window.

    Attributes:
        session: What it shows.
        ended_cleanly: False if the worker's thread was still running when the window closed.
    """

    def __init__(
        self,
        worker: Worker,
        previews: PreviewSource | None = None,
        estimator: Estimator | None = None,
        batch: QueueWorker | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Build everything; nothing is open yet. The window shuts the worker down when closed.

        Args:
            worker: Who upscales.
            previews: Who computes what the loupe shows; without it there is no loupe.
            estimator: Who knows how fast this machine is.
            batch: Who works through the durable queue; without it there is none.
            parent: Its parent.
        """
        super().__init__(parent)
        self.ended_cleanly = True
        self._estimator = estimator
        self._settings = load_settings()
        self._background = Background(parent=self)
        self._store = ResultStore()
        self.session = Session(worker, self._background, self._store, self)
        self.session.set_choices(_stored_choices(self._settings))
        self.saving = Saving(self.session, self._background, self)
        self.copying = Copying(self.session, self._background, self)
        self._unsaved = UnsavedResults(self.session, self.saving, self)
        self._folder = self.session.choices.folder
        self.queue = Batches(batch, self._background, self._experience, self)
        self._is_closed = False
        self._discard_agreed = False

        self.setAcceptDrops(True)
        self.setAccessibleName(APP_NAME)
        self.setWindowIcon(app_icon())
        self.setMinimumSize(*_SMALLEST_SIZE)
        self._layout = Layout(
            self.session, self._background, self._forecast, self.queue.control, bool(_samples())
        )
        self._take_views(self._layout)
        self.setCentralWidget(self._layout)
        self._shown = ShownPhoto(self.session, self.canvas, self._background, self)
        self.previewing = Previewing(self.session, self.loupe, previews, self)
        self._build_actions()
        self._connect()
        self.canvas.comparison.faithful_part = faithful_image
        self._show_fidelity()
        self._restyle()
        self._restore_geometry()
        self._refresh()

    # -- what the user can do ---------------------------------------------------------------

    def open_files(self, files: Sequence[Path], upscale_at_once: bool = False) -> None:
        """Open photos, as if they were dropped. Folders, and very many, go to the queue."""
        if not files:
            return
        self.banner.dismiss()
        if self.queue.takes(files):
            self.plan_batch(files)
            return
        self._layout.show_queue(False)
        self.session.open(files, upscale_at_once)
        self._settings = with_recent(self._settings, (file for file in files if file.is_file()))
        self._show_recent()

    def choose_files(self) -> None:
        """Ask for photos and open them."""
        patterns = " ".join(f"*{suffix}" for suffix in sorted(READABLE_SUFFIXES))
        dialog = QFileDialog(self, self.tr("Open photos"), self._last_folder())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([self.tr("Photos") + f" ({patterns})", self.tr("All files") + " (*)"])
        dialog.filesSelected.connect(self._on_files_chosen)
        dialog.open()

    def plan_batch(self, sources: Sequence[Path] = ()) -> None:
        """Ask what of these files and folders to put into the queue."""
        self.queue.plan(sources, self.session.choices)

    def open_sample(self) -> None:
        """Open the photo that comes with the app."""
        self.open_files(_samples()[:1])

    def paste(self) -> None:
        """Open what is on the clipboard: files, or a picture."""
        data = QGuiApplication.clipboard().mimeData()
        found = Incoming() if data is None else incoming(data)
        if found == Incoming():
            title = self.tr("Nothing to paste")
            message = self.tr("The clipboard holds neither a picture nor picture files.")
            self.banner.show_problem(Problem(title, message))
        else:
            self._take(found, self.tr("Pasted picture"))

    def copy_result(self) -> None:
        """Put the result on show on the clipboard, as the panel would save it."""
        photo = self.session.current
        if photo is not None and photo.result is not None:
            self.copying.copy(photo)

    def upscale(self) -> None:
        """Upscale all that is ready."""
        self.banner.dismiss()
        # Upscale makes way for Cancel: a second press of Return must not land there.
        self.canvas.setFocus()
        self.session.upscale()

    def cancel(self) -> None:
        """Stop upscaling."""
        self.bottom_bar.set_cancelling(True)
        self.session.cancel()

    def save_current(self) -> None:
        """Save the result on show as the panel says."""
        photo = self.session.current
        if photo is not None and photo.result is not None and not self.saving.is_busy:
            self.saving.save(photo)

    def save_current_as(self) -> None:
        """Ask where to save the result on show."""
        photo = self.session.current
        if photo is not None and photo.result is not None and not self.saving.is_busy:
            self.saving.ask_and_save(photo)

    def show_folder(self) -> None:
        """Show the saved file in its folder."""
        photo = self.session.current
        if photo is not None and photo.saved_as is not None:
            show_in_folder(photo.saved_as)

    def close_current(self) -> None:
        """Take the photo on show off the list."""
        if self.session.current is not None:
            self._unsaved.remove(self.session.current.key)

    def show_models(self) -> None:
        """Show which models there are."""
        dialog = ModelDialog(self, importer=_import_released)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.models_changed.connect(self._load_models)
        dialog.open()

    def show_report(self) -> None:
        """Show what a report of a problem needs."""
        dialog = ReportDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def show_licences(self) -> None:
        """Show the licences of all that is in the app."""
        dialog = LicencesDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def follow_desktop(self, link: DesktopLink) -> None:
        """Offer what can be done when all the work is done."""
        WhenDoneMenu(self.upscale_menu, link, self._settings.notify, self._choose_notify)

    def show_about(self) -> None:
        """Show version and licence."""
        box = about_box(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def close_without_asking(self) -> None:
        """Close, and give up what is not saved."""
        self._discard_agreed = True
        self.close()

    # -- drops ------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and pictures are welcome anywhere on the window."""
        if is_welcome(event.mimeData()):
            event.acceptProposedAction()
            self._layout.set_drop_highlight(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """The drag went elsewhere."""
        self._layout.set_drop_highlight(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        self._layout.set_drop_highlight(False)
        event.acceptProposedAction()
        self._take(incoming(event.mimeData()), self.tr("Dropped picture"))

    # -- Qt ---------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Load the engine as soon as the window can be seen, so that nobody waits for it."""
        super().showEvent(event)
        QTimer.singleShot(_WARM_UP_AFTER_MS, self, self.previewing.warm_up)
        QTimer.singleShot(_WARM_UP_AFTER_MS, self, self.queue.start)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved results; then cancel, end the threads and go."""
        if self._is_closed:
            event.accept()
        elif self.saving.is_busy:
            event.ignore()
            self._unsaved.when_saved(self.close)
        elif self.session.unsaved and not self._discard_agreed:
            event.ignore()
            self._unsaved.ask(self.session.unsaved, self.close_without_asking)
        else:
            event.accept()
            self._shut_down()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system's colours while running."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.ApplicationPaletteChange):
            # Not within the event: a new style sheet sends further palette changes.
            QTimer.singleShot(0, self, self._restyle)
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the controls over the picture in their corners."""
        super().resizeEvent(event)
        self._layout.place_overlays()

    # -- building ---------------------------------------------------------------------------

    def _take_views(self, layout: Layout) -> None:
        self.banner = layout.banner
        self.canvas = layout.canvas
        self.loupe = layout.loupe
        self.zoom_bar = layout.zoom_bar
        self.view_bar = layout.view_bar
        self.empty_page = layout.empty_page
        self.photo_list = layout.photo_list
        self.bottom_bar = layout.bottom_bar
        self.panel = layout.panel
        self.queue_page = layout.queue_page

    def _build_actions(self) -> None:
        standard = QKeySequence.StandardKey
        tr, menus = self.tr, Menus(self)
        file = menus.menu(tr("&File"))
        menus.action(file, tr("&Open…"), standard.Open, self.choose_files)
        self.batch_action = menus.action(
            file, tr("Upscale &many photos…"), "Ctrl+Shift+O", self.plan_batch
        )
        self.batch_action.setEnabled(self.queue.control is not None)
        recent = file.addMenu(tr("Open &recent"))
        recent.setAccessibleName(tr("Open recent"))
        self._recent = RecentMenu(recent, lambda path: self.open_files([path]), self._forget_recent)
        sample = menus.action(file, tr("Open the sa&mple"), None, self.open_sample)
        sample.setEnabled(bool(_samples()))
        file.addSeparator()
        self.save_action = menus.action(file, tr("&Save"), standard.Save, self.save_current)
        self.save_as_action = menus.action(
            file, tr("Save &as…"), "Ctrl+Shift+S", self.save_current_as
        )
        self.save_all_action = menus.action(
            file, tr("Save a&ll"), "Ctrl+Alt+S", self.saving.save_all
        )
        self.folder_action = menus.action(
            file, tr("Show in &folder"), "Ctrl+Shift+R", self.show_folder
        )
        file.addSeparator()
        self.close_action = menus.action(file, tr("&Close photo"), "Ctrl+W", self.close_current)
        quit_action = menus.action(file, tr("&Quit"), "Ctrl+Q", self.close)
        quit_action.setMenuRole(QAction.MenuRole.QuitRole)

        edit = menus.menu(tr("&Edit"))
        if self.queue.control is not None:
            stack = self.queue.control.undo_stack
            for action, keys in (
                (stack.createUndoAction(self, tr("&Undo")), QKeySequence.StandardKey.Undo),
                (stack.createRedoAction(self, tr("&Redo")), QKeySequence.StandardKey.Redo),
            ):
                action.setShortcuts(keys)
                edit.addAction(action)
            edit.addSeparator()
        self.copy_action = menus.action(edit, tr("&Copy result"), standard.Copy, self.copy_result)
        menus.action(edit, tr("&Paste picture"), standard.Paste, self.paste)

        upscale = self.upscale_menu = menus.menu(tr("&Upscale"))
        self.upscale_action = menus.action(upscale, tr("&Upscale"), "Ctrl+Return", self.upscale)
        self.cancel_action = menus.action(upscale, tr("&Cancel"), "Esc", self.cancel)
        upscale.addSeparator()
        self.next_action = menus.action(
            upscale, tr("&Next photo"), "PgDown", partial(self.session.step, 1)
        )
        self.previous_action = menus.action(
            upscale, tr("&Previous photo"), "PgUp", partial(self.session.step, -1)
        )

        view = menus.menu(tr("&View"))
        self.mode_actions = menus.modes(
            view,
            {
                ViewMode.SLIDER: tr("&Slider"),
                ViewMode.SIDE_BY_SIDE: tr("Side &by side"),
                ViewMode.RESULT: tr("&Result alone"),
                ViewMode.DIFFERENCE: tr("&Difference"),
            },
            self.canvas.set_mode,
        )
        view.addSeparator()
        self.loupe_action = menus.toggle(view, tr("&Loupe"), "L", self.previewing.set_wanted)
        self.panel_action = menus.toggle(view, tr("Se&ttings"), "F4", self._show_panel)
        self.queue_action = menus.toggle(view, tr("&Queue"), "Ctrl+J", self._show_queue, on=False)
        self.queue_action.setEnabled(self.queue.control is not None)
        view.addSeparator()
        self._zoom_actions = [
            menus.action(view, tr("Zoom &in"), standard.ZoomIn, self.canvas.zoom_in),
            menus.action(view, tr("Zoom &out"), standard.ZoomOut, self.canvas.zoom_out),
            menus.action(view, tr("&Fit in window"), "Ctrl+0", self.canvas.fit),
            menus.action(view, tr("&100 %"), "Ctrl+1", self.canvas.actual_size),
        ]
        # Ctrl++ needs Shift on many keyboards; the key without it does as well.
        self._zoom_actions[0].setShortcuts(
            [*QKeySequence.keyBindings(standard.ZoomIn), QKeySequence("Ctrl+=")]
        )

        help_menu = menus.menu(tr("&Help"))
        menus.action(help_menu, tr("&Models…"), None, self.show_models)
        menus.action(help_menu, tr("&Doctor…"), None, self.show_report)
        language = LanguageMenu(help_menu, self._settings.language, self._choose_language)
        language.changed.connect(self._on_language_changed)
        help_menu.addSeparator()
        menus.action(help_menu, tr("&Licences"), None, self.show_licences)
        about = menus.action(help_menu, tr("&About BiMaCo"), None, self.show_about)
        about.setMenuRole(QAction.MenuRole.AboutRole)
        self._show_recent()

    def _connect(self) -> None:
        session = self.session
        session.current_changed.connect(self._on_current_changed)
        for signal in (
            session.photo_changed,
            session.state_changed,
            session.photo_added,
            session.photo_removed,
            session.choices_changed,
        ):
            signal.connect(self._refresh)
        session.problem_occurred.connect(self.banner.show_problem)
        session.choices_changed.connect(self._on_choices_changed)
        self.banner.remedy_wanted.connect(self._apply_remedy)
        self.panel.changed.connect(session.set_choices)
        self.panel.models_wanted.connect(self.show_models)
        self.previewing.is_ready.connect(self._load_models)
        self.previewing.calibrated.connect(self.bottom_bar.refresh)
        self.empty_page.open_wanted.connect(self.choose_files)
        self.empty_page.sample_wanted.connect(self.open_sample)
        self.bottom_bar.upscale_wanted.connect(self.upscale)
        self.bottom_bar.cancel_wanted.connect(self.cancel)
        self.bottom_bar.save_wanted.connect(self.save_current)
        self.bottom_bar.save_as_wanted.connect(self.save_current_as)
        self.bottom_bar.folder_wanted.connect(self.show_folder)
        self.bottom_bar.copy_wanted.connect(self.copy_result)
        self.photo_list.chosen.connect(session.select)
        self.photo_list.removal_wanted.connect(self._unsaved.remove)
        self.saving.busy_changed.connect(self.bottom_bar.set_saving)
        self.saving.busy_changed.connect(self._refresh)
        self.canvas.mode_changed.connect(self._on_mode_changed)
        self.view_bar.chosen.connect(self.canvas.set_mode)
        self.queue.problem_occurred.connect(self.banner.show_problem)
        self.queue.added.connect(lambda: self.queue_action.setChecked(True))
        self._layout.queue_wanted.connect(self.queue_action.setChecked)
        self._layout.add_wanted.connect(self.plan_batch)
        self._layout.result_wanted.connect(self._compare_job)
        self._layout.folder_wanted.connect(show_in_folder)
        self._shown.photo_shown.connect(self._on_photo_shown)
        self._shown.result_shown.connect(self._on_result_shown)
        self._shown.cleared.connect(self.previewing.clear)

    # -- following the session --------------------------------------------------------------

    def _on_current_changed(self, photo: Photo | None) -> None:
        if photo is not None and photo.problem is not None:
            self.banner.show_problem(photo.problem)
        self._refresh()

    def _on_photo_shown(self, photo: Photo, levels: PictureLevels) -> None:
        self.panel.show_photo(photo.path, (levels.size.width(), levels.size.height()))
        self.previewing.show_photo(photo, levels)
        self._refresh()
        self._offer_focus(self.bottom_bar.upscale_button)

    def _on_result_shown(self) -> None:
        self.previewing.clear()
        self._show_fidelity()
        self._refresh()
        self._offer_focus(self.canvas.divider)

    def _show_fidelity(self) -> None:
        """Results of this session can be blended; what the queue saved is as it is."""
        photo = self.session.current
        is_final = photo is not None and photo.result is None and photo.finished is not None
        self.canvas.set_fidelity(1.0 if is_final else self.session.choices.options.fidelity)

    def _on_mode_changed(self, mode: ViewMode) -> None:
        self.view_bar.show_mode(mode)
        self.mode_actions[mode].setChecked(True)

    def _on_choices_changed(self, choices: Choices) -> None:
        if choices.folder != self._folder and self.session.unsaved:
            self.banner.dismiss()
            self.saving.save_all()
        self._folder = choices.folder
        self._show_fidelity()
        self.previewing.choices_changed(choices)

    def _refresh(self, *_: object) -> None:
        session = self.session
        current = session.current
        is_empty = session.state is SessionState.EMPTY
        several = len(session.photos) > 1
        has_result = current is not None and current.result is not None
        can_save = has_result and not self.saving.is_busy
        self._layout.refresh(is_empty, several)
        self.save_action.setEnabled(can_save)
        self.save_as_action.setEnabled(can_save)
        self.copy_action.setEnabled(has_result)
        self.folder_action.setEnabled(current is not None and current.saved_as is not None)
        to_save = bool(session.unsaved) or any(
            photo.can_save_again(session.choices) for photo in session.photos
        )
        self.save_all_action.setEnabled(to_save and not self.saving.is_busy)
        self.close_action.setEnabled(current is not None)
        self.upscale_action.setEnabled(bool(session.startable))
        self.cancel_action.setEnabled(session.running is not None)
        self.next_action.setEnabled(several)
        self.previous_action.setEnabled(several)
        for action in self._zoom_actions:
            action.setEnabled(not self.canvas.viewport.is_empty)
        for action in self.mode_actions.values():
            action.setEnabled(self.canvas.compares)
        name = "" if current is None else f"{current.name}[*] – "
        self.setWindowTitle(f"{name}{APP_NAME}" if name else APP_NAME)
        self.setWindowModified(current is not None and current.has_unsaved_result)

    def _experience(self) -> Experience:
        return Experience() if self._estimator is None else self._estimator.experience

    def _forecast(self, photo: Photo) -> str:
        choices = self.session.choices
        known = forecast(photo, choices, self._experience())
        return forecast_line(photo, known, choices.options.device)

    # -- opening ----------------------------------------------------------------------------

    def _take(self, found: Incoming, name: str) -> None:
        if found.paths:
            self._remember_folder(found.paths[0].parent)
            self.open_files(found.paths)
        elif found.image is not None:
            self._background.run(
                partial(store_image, found.image, name, self._store),
                lambda path: self.open_files([path]),
                lambda error: self.banner.show_problem(problem_from(error)),
            )
        else:
            self.banner.show_problem(
                Problem(
                    self.tr("Not a file on this computer"),
                    self.tr("Save the picture to a folder first, then drop the file here."),
                    "\n".join(found.links),
                )
            )

    def _on_files_chosen(self, names: list[str]) -> None:
        files = [Path(name) for name in names]
        self._remember_folder(files[0].parent)
        self.open_files(files)

    def _choose_language(self, code: str | None) -> None:
        self._settings = replace(self._settings, language=code)

    def _on_language_changed(self, sentence: str) -> None:
        self.banner.show_problem(Problem(self.tr("Language"), sentence))

    def _choose_notify(self, on: bool) -> None:
        self._settings = replace(self._settings, notify=on)

    def _load_models(self) -> None:
        self._background.run(list_models, self.panel.show_models, lambda _error: None)

    # -- helping ----------------------------------------------------------------------------

    def _apply_remedy(self, remedy: Remedy) -> None:
        """Do what one press of the banner's button promises."""
        choices = self.session.choices
        if remedy is Remedy.OTHER_FOLDER:
            self.panel.save_section.choose_folder()
            return
        changes: dict[Remedy, dict[str, object]] = {
            Remedy.SMALLER_TILES: {"tile": _SMALLER_TILE},
            Remedy.USE_CPU: {"device": "cpu"},
            Remedy.SMALLER_SIZE: {
                "scale": 4.0,
                "longest_side": None,
                "width": None,
                "height": None,
            },
            Remedy.DEFAULT_MODEL: {"model": None},
        }
        self.panel.show_choices(choices.with_options(**changes.get(remedy, {})))
        self.banner.dismiss()
        self.upscale()

    # -- closing ----------------------------------------------------------------------------

    def _shut_down(self) -> None:
        self._is_closed = True
        geometry = bytes(self.saveGeometry().toHex().data()).decode()
        # The thread may take up to a tile to end; nobody should look at a frozen window.
        self.hide()
        self.previewing.close()
        batch_ended = self.queue.close()
        self.ended_cleanly = self.session.close() and batch_ended
        choices = self.session.choices
        save_settings(
            replace(
                self._settings,
                window_geometry=geometry,
                options=choices.options,
                output_folder=None if choices.folder is None else str(choices.folder),
            )
        )

    # -- small things -----------------------------------------------------------------------

    def _remember_folder(self, folder: Path) -> None:
        self._settings = replace(self._settings, last_folder=str(folder))

    def _last_folder(self) -> str:
        folder = self._settings.last_folder
        return folder if folder is not None and Path(folder).is_dir() else str(Path.home())

    def _show_recent(self) -> None:
        self._recent.show_files(self._settings.recent_files, self.tr("&Clear this list"))

    def _forget_recent(self) -> None:
        self._settings = replace(self._settings, recent_files=())
        self._show_recent()

    def _show_queue(self, on: bool) -> None:
        self._layout.show_queue(on)
        self._refresh()

    def _compare_job(self, item: QueuedJob) -> None:
        if item.result is not None:
            self.queue_action.setChecked(False)
            self.session.open_finished(item.job.input, item.result)

    def _show_panel(self, on: bool) -> None:
        self._layout.show_panel(on)
        self._refresh()

    def _restore_geometry(self) -> None:
        stored = self._settings.window_geometry
        if stored is None or not self.restoreGeometry(QByteArray.fromHex(stored.encode())):
            self.resize(*_FIRST_SIZE)

    def _offer_focus(self, widget: QWidget) -> None:
        """Give the keyboard to what comes next, unless the user is at something else."""
        busy_elsewhere = self.photo_list.hasFocus() or self.panel.isAncestorOf(
            self.focusWidget() or self
        )
        if not busy_elsewhere and widget.isVisible() and widget.isEnabled():
            widget.setFocus()

    def _restyle(self) -> None:
        sheet = style_sheet(current_shades())
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)
            self._layout.recolour()


def _import_released(unet: Path, autoencoder: Path, say: Callable[[str], None]) -> object:
    return import_model(unet, autoencoder, None, unet.stem, say=say)


def _stored_choices(settings: Settings) -> Choices:
    folder = settings.output_folder
    return Choices(settings.options, None if folder is None else Path(folder))


def _samples() -> list[Path]:
    return sorted(paths.samples_folder().glob("*.jpg"))
