"""The main window: puts the views together and lets the session drive them."""

import threading
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QResizeEvent,
    QShowEvent,
    QUndoStack,
)
from PySide6.QtWidgets import QMainWindow, QWidget

from bimaco_gui.services.devices import Gpu
from bimaco_gui.services.estimate import Estimator, Experience
from bimaco_gui.services.models import list_models
from bimaco_gui.services.queue_events import QueuedJob
from bimaco_gui.ui.after_work import AfterWork
from bimaco_gui.ui.background import Background
from bimaco_gui.ui.batches import Batches
from bimaco_gui.ui.choices import Choices
from bimaco_gui.ui.commands import Commands
from bimaco_gui.ui.copying import Copying
from bimaco_gui.ui.dialogs import Dialogs
from bimaco_gui.ui.faithful import faithful_image
from bimaco_gui.ui.forecast import forecast, forecast_line, forecast_of_all
from bimaco_gui.ui.icons import app_icon
from bimaco_gui.ui.incoming import is_welcome
from bimaco_gui.ui.layout import Layout
from bimaco_gui.ui.memory import Memory
from bimaco_gui.ui.menu_bar import MenuBar
from bimaco_gui.ui.opening import Opening, has_sample
from bimaco_gui.ui.photo import Photo
from bimaco_gui.ui.picture_levels import PictureLevels
from bimaco_gui.ui.previewing import Previewing, PreviewSource
from bimaco_gui.ui.problem import Problem
from bimaco_gui.ui.queue_control import QueueWorker
from bimaco_gui.ui.recovery import Recovery
from bimaco_gui.ui.result_store import ResultStore
from bimaco_gui.ui.revealing import Revealing
from bimaco_gui.ui.saving import Saving
from bimaco_gui.ui.session import Session, SessionState, Worker
from bimaco_gui.ui.sheet import adapt_palettes, style_sheet
from bimaco_gui.ui.shown_photo import ShownPhoto
from bimaco_gui.ui.theme import current_shades
from bimaco_gui.ui.unsaved import UnsavedResults
from bimaco_gui.ui.update_news import UpdateNews
from bimaco_gui.ui.view_mode import ViewMode

APP_NAME = "BiMaCo"
_FIRST_SIZE = (1240, 800)
_SMALLEST_SIZE = (760, 520)
_WARM_UP_AFTER_MS = 50


class Window(QMainWindow):
    """The application's window.

    Attributes:
        session: What it shows.
        opening: The ways for photos into it.
        commands: What can be done with the photos on the canvas.
        queue: What can be done with many photos.
        menus: The menu bar.
        dialogs: What the menus open.
        after_work: What becomes of the computer when all is done.
        ended_cleanly: False if the worker's thread was still running when the window closed.
    """

    def __init__(
        self,
        worker: Worker,
        previews: PreviewSource | None = None,
        estimator: Estimator | None = None,
        batch: QueueWorker | None = None,
        gpus: Callable[[threading.Event], list[Gpu]] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Build everything; nothing is open yet. The window shuts the worker down when closed.

        Args:
            worker: Who upscales.
            previews: Who computes what the loupe shows; without it there is no loupe.
            estimator: Who knows how fast this machine is.
            batch: Who works through the durable queue; without it there is none.
            gpus: Lists the graphics cards, in another thread, until the event is set; without it
                none is offered by name.
            parent: Its parent.
        """
        super().__init__(parent)
        self.ended_cleanly = True
        self._is_closed = False
        self._closing = threading.Event()
        self._gpus = gpus
        self._discard_agreed = False
        self._estimator = estimator
        self._memory = Memory(self)
        self._background = Background(parent=self)
        store = ResultStore()
        self.session = Session(worker, self._background, store, self)
        self.session.set_choices(self._memory.choices)
        self._folder = self.session.choices.folder
        self.saving = Saving(self.session, self._background, self)
        self.copying = Copying(self.session, self._background, self)
        self._revealing = Revealing(self._background, self)
        undo_stack = QUndoStack(self)
        self._unsaved = UnsavedResults(self.session, self.saving, undo_stack, self)
        self.queue = Batches(batch, self._background, self._experience, undo_stack, self)

        self.setAcceptDrops(True)
        self.setAccessibleName(APP_NAME)
        self.setWindowIcon(app_icon())
        self.setMinimumSize(*_SMALLEST_SIZE)
        control = self.queue.control
        views = Layout(self.session, self._background, self._forecast, control, has_sample())
        self._take_views(views)
        self.setCentralWidget(views)
        self._shown = ShownPhoto(self.session, self.canvas, self._background, self)
        self.previewing = Previewing(self.session, self.loupe, previews, self)
        self.opening = Opening(
            self.session,
            self.queue,
            self._memory,
            self.banner,
            self._background,
            store,
            lambda: views.show_queue(False),
            self,
        )
        self._recovery = Recovery(self.session, store, self.banner, self.opening.open_files, self)
        self.commands = Commands(
            self.session, self.saving, self.copying, self._revealing, self._unsaved, views, self
        )
        self.dialogs = Dialogs(self, self._memory)
        self._news = UpdateNews(self.banner, self.dialogs.show_updates, self)
        self.menus = MenuBar(
            self,
            self.opening,
            self.commands,
            self.dialogs,
            self.saving,
            self.session,
            self.canvas,
            self._memory,
            undo_stack,
            control is not None,
        )
        self.after_work = AfterWork(self.session, self.saving, self.banner, self._background, self)
        self._connect_session()
        self._connect_views()
        self.canvas.comparison.faithful_part = faithful_image
        self._show_fidelity()
        self._restyle()
        self._memory.place(self, _FIRST_SIZE)
        self._refresh()

    def close_without_asking(self) -> None:
        """Close, and give up what is not saved."""
        self._discard_agreed = True
        self.close()

    # -- Qt ---------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and pictures are welcome anywhere on the window, but not its own results."""
        if event.source() is None and is_welcome(event.mimeData()):
            event.acceptProposedAction()
            self._views.set_drop_highlight(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """The drag went elsewhere."""
        self._views.set_drop_highlight(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        self._views.set_drop_highlight(False)
        event.acceptProposedAction()
        self.opening.drop(event.mimeData())

    def showEvent(self, event: QShowEvent) -> None:
        """Load the engine as soon as the window can be seen, so that nobody waits for it."""
        super().showEvent(event)
        QTimer.singleShot(_WARM_UP_AFTER_MS, self, self.previewing.warm_up)
        QTimer.singleShot(_WARM_UP_AFTER_MS, self, self.queue.start)
        QTimer.singleShot(_WARM_UP_AFTER_MS, self, self._recovery.offer)
        if self._memory.looks_for_updates:
            QTimer.singleShot(_WARM_UP_AFTER_MS, self, self._news.look)

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
        self._views.place_overlays()

    # -- building ---------------------------------------------------------------------------

    def _take_views(self, views: Layout) -> None:
        self._views = views
        self.banner = views.banner
        self.canvas = views.canvas
        self.loupe = views.loupe
        self.zoom_bar = views.zoom_bar
        self.view_bar = views.view_bar
        self.empty_page = views.empty_page
        self.photo_list = views.photo_list
        self.bottom_bar = views.bottom_bar
        self.panel = views.panel
        self.queue_page = views.queue_page

    def _connect_session(self) -> None:
        session = self.session
        session.current_changed.connect(self._on_current_changed)
        for signal in (
            session.photo_changed,
            session.state_changed,
            session.photo_added,
            session.photo_removed,
            session.choices_changed,
            self.saving.busy_changed,
        ):
            signal.connect(self._refresh)
        session.problem_occurred.connect(self.banner.show_problem)
        session.choices_changed.connect(self._on_choices_changed)
        self.saving.busy_changed.connect(self.bottom_bar.set_saving)
        self._shown.photo_shown.connect(self._on_photo_shown)
        self._shown.result_shown.connect(self._on_result_shown)
        self._shown.cleared.connect(self.previewing.clear)
        self.previewing.is_ready.connect(self._load_models)
        self.previewing.is_ready.connect(self._load_gpus)
        self.previewing.calibrated.connect(self.bottom_bar.refresh)
        self.queue.problem_occurred.connect(self.banner.show_problem)
        self.queue.added.connect(lambda: self.menus.queue.setChecked(True))

    def _connect_views(self) -> None:
        session, commands, menus, bar = self.session, self.commands, self.menus, self.bottom_bar
        self.banner.remedy_wanted.connect(commands.apply_remedy)
        self.panel.changed.connect(session.set_choices)
        self.panel.models_wanted.connect(self.dialogs.show_models)
        self.dialogs.models_changed.connect(self._load_models)
        self.empty_page.open_wanted.connect(self.opening.choose_files)
        self.empty_page.sample_wanted.connect(self.opening.open_sample)
        bar.upscale_wanted.connect(commands.upscale)
        bar.cancel_wanted.connect(commands.cancel)
        bar.save_wanted.connect(commands.save)
        bar.save_as_wanted.connect(commands.save_as)
        bar.folder_wanted.connect(commands.show_folder)
        bar.copy_wanted.connect(commands.copy_result)
        self.photo_list.chosen.connect(session.select)
        self.photo_list.removal_wanted.connect(self._unsaved.remove)
        self.canvas.mode_changed.connect(self._on_mode_changed)
        self.view_bar.chosen.connect(self.canvas.set_mode)
        menus.loupe.toggled.connect(self.previewing.set_wanted)
        menus.panel.toggled.connect(self._views.show_panel)
        menus.queue.toggled.connect(self._views.show_queue)
        menus.language.changed.connect(self._on_language_changed)
        self._views.queue_wanted.connect(menus.queue.setChecked)
        self._views.add_wanted.connect(self.opening.plan_batch)
        self._views.result_wanted.connect(self._compare_job)
        self._views.folder_wanted.connect(self._revealing.show)

    # -- following the session --------------------------------------------------------------

    def _on_current_changed(self, photo: Photo | None) -> None:
        if photo is not None:
            # Its file name tells the format: the panel need not change once more when it is open.
            self.panel.show_photo(photo.path, (photo.width, photo.height))
            if photo.problem is not None:
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
        self._show_size()
        self._refresh()
        self._offer_focus(self.canvas.divider)

    def _show_fidelity(self) -> None:
        """Results of this session can be blended; what the queue saved is as it is."""
        photo = self.session.current
        is_final = photo is not None and photo.result is None and photo.finished is not None
        self.canvas.set_fidelity(1.0 if is_final else self.session.choices.options.fidelity)

    def _show_size(self) -> None:
        """A result of this session is kept four times as large, and saved as the panel says."""
        photo = self.session.current
        if photo is not None and photo.result is not None:
            size = self.session.choices.result_size(photo.width, photo.height)
            if size is not None:
                self.canvas.set_result_size(*size)

    def _on_mode_changed(self, mode: ViewMode) -> None:
        self.view_bar.show_mode(mode)
        self.menus.modes[mode].setChecked(True)

    def _on_choices_changed(self, choices: Choices) -> None:
        if choices.folder != self._folder and self.session.unsaved:
            self.banner.dismiss()
            self.saving.save_all()
        self._folder = choices.folder
        self._show_fidelity()
        self._show_size()
        self.previewing.choices_changed(choices)

    def _refresh(self, *_: object) -> None:
        session, current = self.session, self.session.current
        self._views.refresh(session.state is SessionState.EMPTY, len(session.photos) > 1)
        self.menus.refresh()
        self.setWindowTitle(APP_NAME if current is None else f"{current.name}[*] – {APP_NAME}")
        self.setWindowModified(current is not None and current.has_unsaved_result)

    def _experience(self) -> Experience:
        return Experience() if self._estimator is None else self._estimator.experience

    def _forecast(self, photo: Photo) -> str:
        choices = self.session.choices
        experience = self._experience()
        one = forecast_line(photo, forecast(photo, choices, experience), choices.options.device)
        # The button starts all of them.
        every = forecast_of_all(self.session.startable, choices, experience)
        return "  ·  ".join(text for text in (one, every) if text)

    def _load_models(self) -> None:
        self._background.run(list_models, self.panel.show_models, lambda _error: None)

    def _load_gpus(self) -> None:
        if self._gpus is not None:
            asked = partial(self._gpus, self._closing)
            self._background.run(asked, self.panel.show_gpus, lambda _error: None)

    def _compare_job(self, item: QueuedJob) -> None:
        if item.result is not None:
            self.menus.queue.setChecked(False)
            self.session.open_finished(item.job.input, item.result)

    # -- small things -----------------------------------------------------------------------

    def _on_language_changed(self, sentence: str) -> None:
        self.banner.show_problem(Problem(self.tr("Language"), sentence, is_news=True))

    def _shut_down(self) -> None:
        self._is_closed = True
        self._closing.set()
        self._memory.write(self, self.session.choices)
        # The thread may take up to a tile to end; nobody should look at a frozen window.
        self.hide()
        self._news.close()
        self.previewing.close()
        batch_ended = self.queue.close()
        self.ended_cleanly = self.session.close() and batch_ended

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
            adapt_palettes()
            self.setStyleSheet(sheet)
            self._views.recolour()
