"""The main window: puts the views together and lets the session drive them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QMimeData, Qt, QTimer
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QMessageBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from bimaco_gui import paths
from bimaco_gui.services.formats import READABLE_SUFFIXES
from bimaco_gui.services.settings import load_settings, save_settings
from bimaco_gui.ui.about import about_box
from bimaco_gui.ui.background import Background
from bimaco_gui.ui.banner import Banner
from bimaco_gui.ui.bottom_bar import BottomBar
from bimaco_gui.ui.canvas import Canvas
from bimaco_gui.ui.empty_page import EmptyPage
from bimaco_gui.ui.icons import app_icon
from bimaco_gui.ui.photo import Photo
from bimaco_gui.ui.photo_list import PhotoList
from bimaco_gui.ui.picture_files import load_levels
from bimaco_gui.ui.picture_levels import PictureLevels
from bimaco_gui.ui.problem import Problem, problem_from
from bimaco_gui.ui.result_store import ResultStore
from bimaco_gui.ui.saving import Saving
from bimaco_gui.ui.session import Session, SessionState, Worker
from bimaco_gui.ui.theme import GRID, current_shades, style_sheet
from bimaco_gui.ui.zoom_bar import ZoomBar

_APP_NAME = "BiMaCo"
_FIRST_SIZE = (1120, 760)
_SMALLEST_SIZE = (720, 480)
_SIDE_WIDTH = 256


class Window(QMainWindow):
    """The application's window.

    Attributes:
        session: What it shows.
        ended_cleanly: False if the worker's thread was still running when the window closed.
    """

    def __init__(self, worker: Worker, parent: QWidget | None = None) -> None:
        """Build everything; nothing is open yet. The window shuts the worker down when closed."""
        super().__init__(parent)
        self.ended_cleanly = True
        self._settings = load_settings()
        self._background = Background(parent=self)
        self.session = Session(worker, self._background, ResultStore(), self)
        self.saving = Saving(self.session, self._background, self._settings.last_format, self)
        self._shown: int | None = None
        self._shown_result: Path | None = None
        self._photo_loaded = False
        self._is_closed = False
        self._discard_agreed = False
        self._after_saving: Callable[[], object] | None = None

        self.setAcceptDrops(True)
        self.setAccessibleName(_APP_NAME)
        self.setWindowIcon(app_icon())
        self.setMinimumSize(*_SMALLEST_SIZE)
        self._build_views()
        self._build_actions()
        self._connect()
        self._restyle()
        self._restore_geometry()
        self._refresh()

    # -- what the user can do ---------------------------------------------------------------

    def open_files(self, files: Sequence[Path], upscale_at_once: bool = False) -> None:
        """Open photos, as if they were dropped."""
        if not files:
            return
        self.banner.dismiss()
        self.session.open(files, upscale_at_once)

    def choose_files(self) -> None:
        """Ask for photos and open them."""
        patterns = " ".join(f"*{suffix}" for suffix in sorted(READABLE_SUFFIXES))
        dialog = QFileDialog(self, self.tr("Open photos"), self._last_folder())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(
            [
                self.tr("Photos") + f" ({patterns})",
                self.tr("All files") + " (*)",
            ]
        )
        dialog.filesSelected.connect(self._on_files_chosen)
        dialog.open()

    def open_sample(self) -> None:
        """Open the photo that comes with the app."""
        self.open_files(_samples()[:1])

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
        """Ask where to save the result on show."""
        photo = self.session.current
        if photo is not None and photo.result is not None and not self.saving.is_busy:
            self.saving.ask_and_save(photo)

    def close_current(self) -> None:
        """Take the photo on show off the list."""
        if self.session.current is not None:
            self._remove(self.session.current.key)

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
        """Files are welcome anywhere on the window."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
            self._set_drop_highlight(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """The drag went elsewhere."""
        self._set_drop_highlight(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        self._set_drop_highlight(False)
        event.acceptProposedAction()
        files = _local_files(event.mimeData())
        if files:
            self._remember_folder(files[0].parent)
            self.open_files(files)
        else:
            self.banner.show_problem(
                Problem(
                    self.tr("Not a file on this computer"),
                    self.tr("Save the picture to a folder first, then drop the file here."),
                    "\n".join(url.toString() for url in event.mimeData().urls()),
                )
            )

    # -- Qt ---------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved results; then cancel, end the threads and go."""
        if self._is_closed:
            event.accept()
        elif self.saving.is_busy:
            event.ignore()
            self._when_saved(self.close)
        elif self.session.unsaved and not self._discard_agreed:
            event.ignore()
            self._ask_about_unsaved(self.session.unsaved, self.close_without_asking)
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
        """Keep the zoom controls in their corner."""
        super().resizeEvent(event)
        self._place_zoom_bar()

    # -- building ---------------------------------------------------------------------------

    def _build_views(self) -> None:
        self.banner = Banner()
        self.canvas = Canvas(self._background)
        self.canvas.setObjectName("canvasPage")
        self.zoom_bar = ZoomBar(self.canvas)
        self.empty_page = EmptyPage(has_sample=bool(_samples()))
        self.photo_list = PhotoList(self.session)
        self.bottom_bar = BottomBar(self.session)

        self._pages = QStackedWidget()
        self._pages.setAccessibleName(self.tr("Photo area"))
        self._pages.addWidget(self.empty_page)
        self._pages.addWidget(self.canvas)
        self._banner_frame = QWidget()
        self._banner_frame.setAccessibleName(self.tr("Messages"))
        around = QVBoxLayout(self._banner_frame)
        around.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 0)
        around.addWidget(self.banner)
        self._banner_frame.hide()

        self._side = QWidget()
        self._side.setObjectName("sidePanel")
        self._side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._side.setAccessibleName(self.tr("Photos"))
        self._side.setFixedWidth(_SIDE_WIDTH)
        heading = QLabel(self.tr("Photos"))
        heading.setObjectName("quiet")
        heading.setAccessibleName(heading.text())
        heading.setContentsMargins(2 * GRID, 0, 0, 0)
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 2 * GRID, 0, GRID)
        side.setSpacing(GRID)
        side.addWidget(heading)
        side.addWidget(self.photo_list)

        main = QVBoxLayout()
        main.setSpacing(0)
        main.addWidget(self._banner_frame)
        main.addWidget(self._pages, 1)
        upper = QHBoxLayout()
        upper.setSpacing(0)
        upper.addWidget(self._side)
        upper.addLayout(main, 1)
        central = QWidget()
        central.setAccessibleName(_APP_NAME)
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(upper, 1)
        column.addWidget(self.bottom_bar)
        self.setCentralWidget(central)

    def _build_actions(self) -> None:
        standard = QKeySequence.StandardKey
        tr = self.tr
        self.menuBar().setAccessibleName(tr("Menu"))

        photo = self._menu(tr("&File"))
        self._action(photo, tr("&Open…"), standard.Open, self.choose_files)
        sample = self._action(photo, tr("Open the sa&mple"), None, self.open_sample)
        sample.setEnabled(bool(_samples()))
        photo.addSeparator()
        self.save_action = self._action(photo, tr("&Save as…"), standard.Save, self.save_current)
        self.save_all_action = self._action(
            photo, tr("Save &all beside their photos"), "Ctrl+Shift+S", self.saving.save_all
        )
        photo.addSeparator()
        self.close_action = self._action(photo, tr("&Close photo"), "Ctrl+W", self.close_current)
        quit_action = self._action(photo, tr("&Quit"), "Ctrl+Q", self.close)
        quit_action.setMenuRole(QAction.MenuRole.QuitRole)

        upscale = self._menu(tr("&Upscale"))
        self.upscale_action = self._action(upscale, tr("&Upscale"), "Ctrl+Return", self.upscale)
        self.cancel_action = self._action(upscale, tr("&Cancel"), "Esc", self.cancel)
        upscale.addSeparator()
        self.next_action = self._action(
            upscale, tr("&Next photo"), "PgDown", partial(self.session.step, 1)
        )
        self.previous_action = self._action(
            upscale, tr("&Previous photo"), "PgUp", partial(self.session.step, -1)
        )

        view = self._menu(tr("&View"))
        self._zoom_actions = [
            self._action(view, tr("Zoom &in"), standard.ZoomIn, self.canvas.zoom_in),
            self._action(view, tr("Zoom &out"), standard.ZoomOut, self.canvas.zoom_out),
            self._action(view, tr("&Fit in window"), "Ctrl+0", self.canvas.fit),
            self._action(view, tr("&100 %"), "Ctrl+1", self.canvas.actual_size),
        ]
        # Ctrl++ needs Shift on many keyboards; the key without it does as well.
        self._zoom_actions[0].setShortcuts(
            [
                *QKeySequence.keyBindings(standard.ZoomIn),
                QKeySequence("Ctrl+="),
            ]
        )

        about = self._action(self._menu(tr("&Help")), tr("&About BiMaCo"), None, self.show_about)
        about.setMenuRole(QAction.MenuRole.AboutRole)

    def _menu(self, title: str) -> QMenu:
        menu = self.menuBar().addMenu(title)
        menu.setAccessibleName(title.replace("&", ""))
        return menu

    def _action(
        self,
        menu: QMenu,
        text: str,
        keys: QKeySequence.StandardKey | str | None,
        does: Callable[[], object],
    ) -> QAction:
        action = QAction(text, self)
        if isinstance(keys, QKeySequence.StandardKey):
            action.setShortcuts(keys)
        elif keys is not None:
            action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _checked=False: does())
        menu.addAction(action)
        return action

    def _connect(self) -> None:
        session = self.session
        session.current_changed.connect(self._on_current_changed)
        session.photo_changed.connect(self._on_photo_changed)
        session.state_changed.connect(self._refresh)
        session.photo_added.connect(self._refresh)
        session.photo_removed.connect(self._refresh)
        session.problem_occurred.connect(self.banner.show_problem)
        self.empty_page.open_wanted.connect(self.choose_files)
        self.empty_page.sample_wanted.connect(self.open_sample)
        self.bottom_bar.upscale_wanted.connect(self.upscale)
        self.bottom_bar.cancel_wanted.connect(self.cancel)
        self.bottom_bar.save_wanted.connect(self.save_current)
        self.photo_list.chosen.connect(session.select)
        self.photo_list.removal_wanted.connect(self._remove)
        self.saving.busy_changed.connect(self.bottom_bar.set_saving)
        self.saving.busy_changed.connect(self._refresh)
        self.canvas.zoom_changed.connect(self.zoom_bar.show_scale)
        self.canvas.resized.connect(self._place_zoom_bar)
        self.zoom_bar.zoom_in.connect(self.canvas.zoom_in)
        self.zoom_bar.zoom_out.connect(self.canvas.zoom_out)
        self.zoom_bar.fit.connect(self.canvas.fit)
        self.zoom_bar.actual_size.connect(self.canvas.actual_size)
        self.banner.shown.connect(self._banner_frame.setVisible)

    # -- following the session --------------------------------------------------------------

    def _on_current_changed(self, photo: Photo | None) -> None:
        if photo is not None and photo.problem is not None:
            self.banner.show_problem(photo.problem)
        self._show(photo)
        self._refresh()

    def _on_photo_changed(self, photo: Photo) -> None:
        if photo.key == self._shown:
            self._show(photo)
        self._refresh()

    def _show(self, photo: Photo | None) -> None:
        """Load what the canvas needs for this photo and does not have yet."""
        if photo is None:
            self._shown = self._shown_result = None
            self.canvas.clear()
        elif photo.key != self._shown:
            self._shown, self._shown_result, self._photo_loaded = photo.key, None, False
            self.canvas.clear(self.tr("Opening “{0}”…").format(photo.name))
            self._background.run(
                partial(load_levels, photo.path),
                partial(self._photo_is_loaded, photo.key),
                partial(self._photo_not_loaded, photo),
            )
        elif self._photo_loaded and photo.result not in (None, self._shown_result):
            self._shown_result = photo.result
            self._background.run(
                partial(load_levels, photo.result),
                partial(self._result_is_loaded, photo.key),
                self._result_not_loaded,
            )

    def _photo_is_loaded(self, key: int, levels: PictureLevels) -> None:
        if key == self._shown:
            self._photo_loaded = True
            self.canvas.show_photo(levels)
            self._show(self.session.current)
            self._refresh()
            self._offer_focus(self.bottom_bar.upscale_button)

    def _photo_not_loaded(self, photo: Photo, error: Exception) -> None:
        self.session.reject(photo.key, replace(problem_from(error), details=str(photo.path)))

    def _result_is_loaded(self, key: int, levels: PictureLevels) -> None:
        if key == self._shown:
            self.canvas.show_result(levels)
            self._refresh()
            self._offer_focus(self.canvas.divider)

    def _result_not_loaded(self, error: Exception) -> None:
        self.banner.show_problem(problem_from(error))

    def _refresh(self, *_: object) -> None:
        session = self.session
        current = session.current
        is_empty = session.state is SessionState.EMPTY
        several = len(session.photos) > 1
        has_result = current is not None and current.result is not None
        self._pages.setCurrentWidget(self.empty_page if is_empty else self.canvas)
        self.bottom_bar.setVisible(not is_empty)
        self._side.setVisible(several)
        self.zoom_bar.setVisible(not self.canvas.viewport.is_empty)
        self._place_zoom_bar()
        self.save_action.setEnabled(has_result and not self.saving.is_busy)
        self.save_all_action.setEnabled(bool(session.unsaved) and not self.saving.is_busy)
        self.close_action.setEnabled(current is not None)
        self.upscale_action.setEnabled(bool(session.startable))
        self.cancel_action.setEnabled(session.running is not None)
        self.next_action.setEnabled(several)
        self.previous_action.setEnabled(several)
        for action in self._zoom_actions:
            action.setEnabled(not self.canvas.viewport.is_empty)
        name = "" if current is None else f"{current.name}[*] – "
        self.setWindowTitle(f"{name}{_APP_NAME}" if name else _APP_NAME)
        self.setWindowModified(current is not None and current.has_unsaved_result)

    # -- losing nothing ---------------------------------------------------------------------

    def _remove(self, key: int) -> None:
        photo = next((photo for photo in self.session.photos if photo.key == key), None)
        if photo is None or self.saving.is_busy:
            return
        if photo.has_unsaved_result:
            self._ask_about_unsaved((photo,), partial(self.session.remove, key))
        else:
            self.session.remove(key)

    def _ask_about_unsaved(self, photos: tuple[Photo, ...], then: Callable[[], object]) -> None:
        """Ask whether to save or discard results; do `then` unless the user backs out."""
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(self.tr("Unsaved result"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        buttons = QMessageBox.StandardButton
        if len(photos) == 1:
            box.setText(self.tr("Save the result of “{0}”?").format(photos[0].name))
        else:
            box.setText(self.tr("Save {0} results?").format(len(photos)))
        box.setInformativeText(self.tr("What is not saved will be lost."))
        several = len(photos) > 1
        box.setStandardButtons(
            (buttons.SaveAll if several else buttons.Save) | buttons.Discard | buttons.Cancel
        )
        box.setDefaultButton(buttons.SaveAll if several else buttons.Save)

        def on_closed(code: int) -> None:
            if code == buttons.Discard.value:
                then()
            elif code == buttons.SaveAll.value:
                self._when_saved(then)
                self.saving.save_all()
            elif code == buttons.Save.value:
                self.session.select(photos[0].key)
                self._when_saved(then)
                self.saving.ask_and_save(photos[0], self._forget_when_saved)

        box.finished.connect(on_closed)
        box.open()

    def _when_saved(self, then: Callable[[], object]) -> None:
        self._forget_when_saved()
        self._after_saving = then
        self.saving.finished.connect(self._on_saving_finished)

    def _forget_when_saved(self) -> None:
        if self._after_saving is not None:
            self.saving.finished.disconnect(self._on_saving_finished)
            self._after_saving = None

    def _on_saving_finished(self, all_well: bool) -> None:
        then = self._after_saving
        self._forget_when_saved()
        if all_well and then is not None:
            then()

    def _shut_down(self) -> None:
        self._is_closed = True
        geometry = bytes(self.saveGeometry().toHex().data()).decode()
        # The thread may take up to a tile to end; nobody should look at a frozen window.
        self.hide()
        self.ended_cleanly = self.session.close()
        save_settings(
            replace(self._settings, window_geometry=geometry, last_format=self.saving.last_format)
        )

    # -- small things -----------------------------------------------------------------------

    def _on_files_chosen(self, names: list[str]) -> None:
        files = [Path(name) for name in names]
        self._remember_folder(files[0].parent)
        self.open_files(files)

    def _remember_folder(self, folder: Path) -> None:
        self._settings = replace(self._settings, last_folder=str(folder))

    def _last_folder(self) -> str:
        folder = self._settings.last_folder
        return folder if folder is not None and Path(folder).is_dir() else str(Path.home())

    def _restore_geometry(self) -> None:
        stored = self._settings.window_geometry
        if stored is None or not self.restoreGeometry(QByteArray.fromHex(stored.encode())):
            self.resize(*_FIRST_SIZE)

    def _offer_focus(self, widget: QWidget) -> None:
        """Give the keyboard to what comes next, unless the user walks through the list."""
        if not self.photo_list.hasFocus() and widget.isVisible() and widget.isEnabled():
            widget.setFocus()

    def _set_drop_highlight(self, on: bool) -> None:
        self.empty_page.set_drop_highlight(on)
        self.canvas.set_drop_highlight(on)

    def _place_zoom_bar(self) -> None:
        bar = self.zoom_bar
        bar.adjustSize()
        bar.move(
            self.canvas.width() - bar.width() - 2 * GRID,
            self.canvas.height() - bar.height() - 2 * GRID,
        )
        bar.raise_()

    def _restyle(self) -> None:
        sheet = style_sheet(current_shades())
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)
            self.banner.recolour()
            self.empty_page.recolour()
            self.zoom_bar.recolour()
            self.canvas.update()
            self.photo_list.viewport().update()


def _samples() -> list[Path]:
    return sorted(paths.samples_folder().glob("*.jpg"))


def _local_files(dropped: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in dropped.urls() if url.isLocalFile()]
