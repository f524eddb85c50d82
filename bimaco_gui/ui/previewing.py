"""Keeps the loupe filled: asks for the final pixels of the part it lies on, one part at a time."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QRect, Signal

from bimaco_gui.errors import AppError, Cancelled
from bimaco_gui.services.jobs import JobOptions
from bimaco_gui.services.screen import ScreenImage
from bimaco_gui.ui.background import Background
from bimaco_gui.ui.choices import Choices
from bimaco_gui.ui.error_words import in_words
from bimaco_gui.ui.loupe import Loupe
from bimaco_gui.ui.photo import Photo
from bimaco_gui.ui.picture_levels import PictureLevels
from bimaco_gui.ui.screen_images import image_of
from bimaco_gui.ui.session import Session


class PreviewSource(Protocol):
    """What the loupe needs of `services.preview.Previewer`; all but `close` may take seconds."""

    def warm_up(self) -> None:
        """Load what the first preview needs."""

    def calibrate(self, options: JobOptions, cancel: threading.Event) -> bool:
        """Measure this machine if that was never done."""
        ...

    def part(
        self,
        path: Path,
        options: JobOptions,
        window: tuple[int, int, int, int],
        cancel: threading.Event,
    ) -> ScreenImage:
        """The final pixels of a part of a picture: left, top, width and height in its pixels."""
        ...

    def close(self) -> None:
        """Give up warming up."""


@dataclass(frozen=True)
class _Wish:
    photo: Photo
    part: QRect
    options: JobOptions


class Previewing(QObject):
    """Between the session and the loupe. A newer wish takes the place of an older one."""

    shown = Signal(object)
    calibrated = Signal()
    is_ready = Signal()

    def __init__(
        self, session: Session, loupe: Loupe, source: PreviewSource | None, parent: QObject
    ) -> None:
        """Without a source there is no loupe."""
        super().__init__(parent)
        self._session, self._loupe, self._source = session, loupe, source
        # A thread of its own: decoding and saving need not wait for a preview.
        self._background = Background(threads=1, parent=self)
        self._photo: Photo | None = None
        self._size = (1, 1)
        self._is_wanted = True
        self._is_warm = False
        self._cancel = threading.Event()
        self._closing = threading.Event()
        self._calibrated_for: JobOptions | None = None
        self._wish: _Wish | None = None
        loupe.part_wanted.connect(self._on_part_wanted)

    def warm_up(self) -> None:
        """Load the engine, so that the first preview comes at once. Once is enough."""
        if self._source is not None and not self._is_warm:
            self._is_warm = True
            # Where it cannot be loaded, whoever asks for a preview is told why.
            ready = self.is_ready.emit
            self._background.run(
                self._source.warm_up, lambda _none: ready(), lambda _error: ready()
            )

    def set_wanted(self, on: bool) -> None:
        """Whether the user wants the loupe."""
        self._is_wanted = on
        self._show_loupe()

    def show_photo(self, photo: Photo, levels: PictureLevels) -> None:
        """Look at a photo that has no result yet."""
        if photo.result is None and photo.finished is None and self._source is not None:
            self._photo = photo
            self._size = (levels.size.width(), levels.size.height())
            self._loupe.set_photo(levels.levels[0], self._scale())
            self._show_loupe()

    def clear(self) -> None:
        """There is no photo, or its result is there and needs no preview."""
        self._photo = None
        self._cancel.set()
        self._loupe.hide()
        self._loupe.set_photo(None, 1.0)

    def choices_changed(self, _choices: Choices) -> None:
        """What the loupe shows is another picture now."""
        if self._photo is not None:
            self._loupe.set_scale(self._scale())
            self._loupe.ask_again()

    def close(self) -> None:
        """End the thread; a preview that is being computed is cancelled."""
        self._cancel.set()
        self._closing.set()
        if self._source is not None:
            self._source.close()
        self._background.close()

    def _scale(self) -> float:
        out_size = self._session.choices.result_size(*self._size)
        return 4.0 if out_size is None else out_size[0] / self._size[0]

    def _show_loupe(self) -> None:
        on = self._is_wanted and self._photo is not None
        self._loupe.setVisible(on)
        if on:
            self._loupe.ask_again()

    def _on_part_wanted(self, part: QRect) -> None:
        if self._photo is None or self._source is None:
            return
        self._cancel.set()
        self._cancel = cancel = threading.Event()
        wish = self._wish = _Wish(self._photo, part, self._session.choices.options)
        if self._loupe.image is None:
            self._loupe.show_note(self.tr("Computing…"))
        window = (part.left(), part.top(), part.width(), part.height())
        work: Callable[[], ScreenImage] = partial(
            self._source.part, wish.photo.path, wish.options, window, cancel
        )
        self._background.run(work, partial(self._arrived, wish), partial(self._failed, wish))

    def _arrived(self, wish: _Wish, image: ScreenImage) -> None:
        if wish is self._wish and self._photo is not None:
            self._loupe.show_part(wish.part, image_of(image))
            self.shown.emit(image)
            self._calibrate(wish.options)

    def _failed(self, wish: _Wish, error: Exception) -> None:
        if wish is self._wish and self._photo is not None and not isinstance(error, Cancelled):
            reason = in_words(error.title) if isinstance(error, AppError) else self.tr("No preview")
            self._loupe.show_note(reason)

    def _calibrate(self, options: JobOptions) -> None:
        """Find out how fast this machine is, once the first preview is there."""
        source = self._source
        if source is None or self._calibrated_for == options:
            return
        self._calibrated_for = options
        work = partial(source.calibrate, options, self._closing)
        self._background.run(work, lambda _news: self.calibrated.emit(), _ignore)


def _ignore(_: object) -> None:
    """Whoever asks for a preview is told what is wrong."""
