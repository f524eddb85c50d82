"""The bar below the picture: what it is, what it will take, how far it is, what to do next."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from bimaco_gui.ui.controls import ElidedLabel, IconButton, push_button, set_primary
from bimaco_gui.ui.dragging_out import DragOut
from bimaco_gui.ui.error_words import in_words
from bimaco_gui.ui.photo import Photo, PhotoState
from bimaco_gui.ui.session import Session
from bimaco_gui.ui.theme import GRID
from bimaco_gui.ui.wording import percentage, remaining_time, size_change

_PROGRESS_STEPS = 1000
_PROGRESS_WIDTH = 300
_HEIGHT = 72


class BottomBar(QWidget):
    """Name and size at the left, progress in the middle, buttons at the right."""

    upscale_wanted = Signal()
    cancel_wanted = Signal()
    save_wanted = Signal()
    save_as_wanted = Signal()
    folder_wanted = Signal()
    copy_wanted = Signal()

    def __init__(self, session: Session, forecast: Callable[[Photo], str]) -> None:
        """Follow the session; `forecast` says what a photo will take."""
        super().__init__()
        self._session = session
        self._forecast = forecast
        self._is_saving = False
        self._is_cancelling = False
        self.setObjectName("bottomBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Upscaling"))
        self.setFixedHeight(_HEIGHT)
        self._make_labels()
        self._make_buttons()
        self._lay_out()
        self._drag_out = DragOut(
            (self.name_label, self.size_label, self.folder_button), lambda: session.current, self
        )
        for signal in (
            session.photo_added,
            session.photo_changed,
            session.photo_removed,
            session.current_changed,
            session.state_changed,
            session.choices_changed,
        ):
            signal.connect(self.refresh)
        self.refresh()

    def set_saving(self, on: bool) -> None:
        """Show that a result is being saved."""
        self._is_saving = on
        self.refresh()

    def set_cancelling(self, on: bool) -> None:
        """Show that the running upscale was told to stop."""
        self._is_cancelling = on
        self.refresh()

    def recolour(self) -> None:
        """Follow the palette."""
        self.folder_button.recolour()
        self.copy_button.recolour()

    def refresh(self, *_: object) -> None:
        """Show what the session says now."""
        session = self._session
        current, running, choices = session.current, session.running, session.choices
        self.name_label.set_whole_text("" if current is None else current.name)
        self.size_label.set_whole_text("" if current is None else self._about(current))
        self._drag_out.refresh()
        self._show_progress(current, running)
        startable = session.startable
        has_result = current is not None and current.result is not None
        is_unsaved = current is not None and current.has_unsaved_result
        is_outdated = current is not None and current.can_save_again(choices)
        self.cancel_button.setVisible(session.has_work)
        self.cancel_button.setEnabled(not self._is_cancelling)
        self.upscale_button.setVisible(bool(startable))
        self._name_upscale(startable)
        self.save_button.setVisible(is_unsaved or is_outdated or (has_result and self._is_saving))
        self.save_button.setEnabled(not self._is_saving)
        self._name_save(is_outdated)
        self.save_as_button.setVisible(has_result)
        self.save_as_button.setEnabled(not self._is_saving)
        self.copy_button.setVisible(has_result)
        self.folder_button.setVisible(current is not None and current.saved_as is not None)
        wants_save = is_unsaved or is_outdated
        set_primary(self.save_button, wants_save)
        set_primary(self.upscale_button, running is None and not wants_save)

    def _make_labels(self) -> None:
        self.name_label = ElidedLabel()
        font = self.name_label.font()
        font.setWeight(font.Weight.DemiBold)
        self.name_label.setFont(font)
        self.size_label = ElidedLabel()
        self.size_label.setObjectName("quiet")
        self.progress_label = ElidedLabel()
        self.progress_bar = QProgressBar()
        self.progress_bar.setObjectName("progress")
        self.progress_bar.setTextVisible(False)
        self.progress_bar.setAccessibleName(self.tr("Progress"))

    def _make_buttons(self) -> None:
        self.upscale_button = push_button(
            self.tr("Upscale"),
            self.tr("Upscale and save as the panel says (Ctrl+Return)"),
            primary=True,
        )
        self.cancel_button = push_button(self.tr("Cancel"), self.tr("Stop upscaling (Esc)"))
        self.save_button = push_button(
            self.tr("Save"), self.tr("Save with the present settings (Ctrl+S)"), primary=True
        )
        self.save_as_button = push_button(
            self.tr("Save as…"), self.tr("Choose name and folder (Ctrl+Shift+S)")
        )
        self.folder_button = IconButton(
            "folder",
            self.tr("Show in folder"),
            self.tr("Show the saved file in its folder, or drag it from here to where you want it"),
        )
        self.copy_button = IconButton(
            "copy", self.tr("Copy result"), self.tr("Copy the result (Ctrl+C)")
        )
        self.upscale_button.clicked.connect(self.upscale_wanted)
        self.cancel_button.clicked.connect(self.cancel_wanted)
        self.save_button.clicked.connect(self.save_wanted)
        self.save_as_button.clicked.connect(self.save_as_wanted)
        self.folder_button.clicked.connect(self.folder_wanted)
        self.copy_button.clicked.connect(self.copy_wanted)

    def _lay_out(self) -> None:
        about = QVBoxLayout()
        about.setSpacing(4)
        about.addStretch()
        about.addWidget(self.name_label)
        about.addWidget(self.size_label)
        about.addStretch()
        self._progress = QWidget()
        self._progress.setAccessibleName(self.tr("Progress"))
        self._progress.setMaximumWidth(_PROGRESS_WIDTH)
        how_far = QVBoxLayout(self._progress)
        how_far.setContentsMargins(0, 0, 0, 0)
        how_far.setSpacing(GRID)
        how_far.addStretch()
        how_far.addWidget(self.progress_label)
        how_far.addWidget(self.progress_bar)
        how_far.addStretch()
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * GRID, GRID, 3 * GRID, GRID)
        row.setSpacing(GRID)
        row.addLayout(about, 3)
        row.addWidget(self._progress, 2)
        row.addSpacing(GRID)
        for button in (
            self.folder_button,
            self.copy_button,
            self.save_as_button,
            self.save_button,
            self.cancel_button,
            self.upscale_button,
        ):
            row.addWidget(button)

    def _about(self, photo: Photo) -> str:
        if photo.state is PhotoState.OPENING:
            if self._session.is_to_start(photo):
                return self.tr("Opening; upscaling begins as soon as it is open…")
            return self.tr("Opening…")
        if photo.result is None and photo.finished is not None:
            return self.tr("Saved as {0}").format((photo.saved_as or photo.finished).name)
        if photo.result is None:
            return self._forecast(photo)
        out_size = self._session.choices.result_size(photo.width, photo.height)
        sizes = size_change(photo.width, photo.height, *(out_size or (0, 0)))
        if self._is_saving:
            state = self.tr("Saving…")
        elif photo.saved_as is None:
            state = self.tr("Not saved yet")
        elif photo.can_save_again(self._session.choices):
            state = self.tr("Settings changed since {0} was saved").format(photo.saved_as.name)
        else:
            state = self.tr("Saved as {0}").format(photo.saved_as.name)
        parts = [state, *([sizes] if out_size is not None else [])]
        parts += map(in_words, photo.notes)
        return "  ·  ".join(parts)

    def _show_progress(self, current: Photo | None, running: Photo | None) -> None:
        if running is None:
            self._is_cancelling = False
        self._progress.setVisible(running is not None)
        if running is None:
            return
        if self._is_cancelling:
            text = self.tr("Stopping…")
        elif running.fraction is None:
            text = self.tr("Preparing…")
        elif running.fraction >= 1:
            text = self.tr("Finishing…")
        else:
            text = percentage(running.fraction)
            if running.remaining is not None:
                text += "  ·  " + remaining_time(running.remaining)
        if current is None or current.key != running.key:
            text = f"{running.name}  ·  {text}"
        self.progress_label.set_whole_text(text)
        # A range of nothing shows as busy.
        self.progress_bar.setRange(0, 0 if running.fraction is None else _PROGRESS_STEPS)
        self.progress_bar.setValue(round((running.fraction or 0) * _PROGRESS_STEPS))

    def _name_upscale(self, startable: tuple[Photo, ...]) -> None:
        if len(startable) > 1 or (startable and len(self._session.photos) > 1):
            text = self.tr("Upscale %n photo(s)", "", len(startable))
        elif startable and startable[0].state is PhotoState.FAILED:
            text = self.tr("Try again")
        elif startable and startable[0].state is PhotoState.DONE:
            text = self.tr("Upscale again")
        else:
            text = self.tr("Upscale")
        self._set_text(self.upscale_button, text)

    def _name_save(self, is_outdated: bool) -> None:
        if self._is_saving:
            text = self.tr("Saving…")
        else:
            text = self.tr("Save again") if is_outdated else self.tr("Save")
        self._set_text(self.save_button, text)

    @staticmethod
    def _set_text(button: QWidget, text: str) -> None:
        button.setProperty("text", text)
        button.setAccessibleName(text)
