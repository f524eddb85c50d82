"""The bar below the picture: what it is, how far it is, and what to do next."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from bimaco_gui.ui.controls import ElidedLabel, push_button, set_primary
from bimaco_gui.ui.photo import SCALE, Photo, PhotoState
from bimaco_gui.ui.session import Session
from bimaco_gui.ui.theme import GRID
from bimaco_gui.ui.wording import megapixels, percentage, remaining_time, size_change

_PROGRESS_STEPS = 1000
_PROGRESS_WIDTH = 320
_HEIGHT = 72


class BottomBar(QWidget):
    """Name and size at the left, progress in the middle, buttons at the right."""

    upscale_wanted = Signal()
    cancel_wanted = Signal()
    save_wanted = Signal()

    def __init__(self, session: Session) -> None:
        """Follow the session."""
        super().__init__()
        self._session = session
        self._is_saving = False
        self._is_cancelling = False
        self.setObjectName("bottomBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Upscaling"))
        self.setFixedHeight(_HEIGHT)

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
        self.upscale_button = push_button(
            self.tr("Upscale"), self.tr("Make it four times as large (Ctrl+Return)"), primary=True
        )
        self.cancel_button = push_button(self.tr("Cancel"), self.tr("Stop upscaling (Esc)"))
        self.save_button = push_button(
            self.tr("Save as…"), self.tr("Save the result (Ctrl+S)"), primary=True
        )
        self.upscale_button.clicked.connect(self.upscale_wanted)
        self.cancel_button.clicked.connect(self.cancel_wanted)
        self.save_button.clicked.connect(self.save_wanted)

        about = QVBoxLayout()
        about.setSpacing(4)
        about.addStretch()
        about.addWidget(self.name_label)
        about.addWidget(self.size_label)
        about.addStretch()
        self._progress = QWidget()
        self._progress.setAccessibleName(self.tr("Progress"))
        self._progress.setFixedWidth(_PROGRESS_WIDTH)
        how_far = QVBoxLayout(self._progress)
        how_far.setContentsMargins(0, 0, 0, 0)
        how_far.setSpacing(GRID)
        how_far.addStretch()
        how_far.addWidget(self.progress_label)
        how_far.addWidget(self.progress_bar)
        how_far.addStretch()
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * GRID, GRID, 3 * GRID, GRID)
        row.setSpacing(GRID * 3 // 2)
        row.addLayout(about, 1)
        row.addWidget(self._progress)
        row.addSpacing(GRID)
        row.addWidget(self.cancel_button)
        row.addWidget(self.upscale_button)
        row.addWidget(self.save_button)

        for signal in (
            session.photo_added,
            session.photo_changed,
            session.photo_removed,
            session.current_changed,
            session.state_changed,
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

    def refresh(self, *_: object) -> None:
        """Show what the session says now."""
        current, running = self._session.current, self._session.running
        self.name_label.set_whole_text("" if current is None else current.name)
        self.size_label.set_whole_text("" if current is None else self._about(current))
        self._show_progress(current, running)
        has_result = current is not None and current.result is not None
        startable = self._session.startable
        can_start = bool(startable)
        is_opening = current is not None and current.state is PhotoState.OPENING
        self.cancel_button.setVisible(running is not None)
        self.cancel_button.setEnabled(not self._is_cancelling)
        self.upscale_button.setVisible(can_start or (is_opening and running is None))
        self.upscale_button.setEnabled(can_start)
        self._name_upscale(startable)
        self.save_button.setVisible(has_result)
        self.save_button.setEnabled(not self._is_saving)
        self._set_text(self.save_button, "Saving…" if self._is_saving else "Save as…")
        unsaved = current is not None and current.has_unsaved_result
        set_primary(self.save_button, unsaved)
        set_primary(self.upscale_button, running is None and not unsaved)

    def _about(self, photo: Photo) -> str:
        if photo.state is PhotoState.OPENING:
            return self.tr("Opening…")
        sizes = size_change(photo.width, photo.height)
        result = megapixels(photo.width * SCALE, photo.height * SCALE)
        text = f"{sizes}  ·  {result}"
        if photo.saved_as is not None:
            text += "  ·  " + self.tr("Saved as {0}").format(photo.saved_as.name)
        elif photo.state is PhotoState.DONE:
            text += "  ·  " + self.tr("Not saved yet")
        return text

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
        if len(startable) > 1:
            text = self.tr("Upscale {0} photos").format(len(startable))
        elif startable and startable[0].state is PhotoState.FAILED:
            text = self.tr("Try again")
        elif len(self._session.photos) > 1 and startable:
            text = self.tr("Upscale 1 photo")
        else:
            text = self.tr("Upscale")
        self._set_text(self.upscale_button, text)

    @staticmethod
    def _set_text(button: QWidget, text: str) -> None:
        button.setProperty("text", text)
        button.setAccessibleName(text)
