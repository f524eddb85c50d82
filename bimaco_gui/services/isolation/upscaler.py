"""A model in the engine's process, used as if it were here."""

from __future__ import annotations

import logging
import threading
import weakref
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from bimaco_gui.services.isolation.messages import Made
from bimaco_gui.services.isolation.process import EngineProcess, Session
from bimaco_gui.services.isolation.running import ProcessLost
from bimaco_gui.services.isolation.shared_arrays import SharedArrays, SharedPicture, opened

if TYPE_CHECKING:
    from bimaco_gui.engine.options import UpscaleOptions
    from bimaco_gui.engine.pictures import Picture
    from bimaco_gui.engine.preview import PicturePreview, Window
    from bimaco_gui.engine.progress import Progress
    from bimaco_gui.engine.upscale import Upscaler

_LOG = logging.getLogger(__name__)
_T = TypeVar("_T")

LOST_NOTE: Final = (
    "The graphics card failed, so the processor made this picture and makes those that follow."
)

Report = Callable[["Progress"], None]


class IsolatedUpscaler:
    """A `PictureUpscaler` whose device works in another process; the CPU here follows it.

    Args:
        process: Where the model is loaded.
        model, device: As for `EngineTools.load`.
        load_here: Loads the same model on the CPU, in this process.
    """

    def __init__(
        self,
        process: EngineProcess,
        model: str | None,
        device: str,
        load_here: Callable[[], Upscaler],
    ) -> None:
        self._process, self._load_here = process, load_here
        self._model, self._device = model, device
        self._session: Session | None = None
        self._drop: Callable[[], object] = lambda: None
        self._here: Upscaler | None = None
        self._is_here = self._must_tell = False

    @property
    def here(self) -> Upscaler:
        """The model on the CPU, loaded when it is first needed."""
        if self._here is None:
            self._here = self._load_here()
        return self._here

    def load(self, cancel: threading.Event | None = None) -> bool:
        """Load the model; whether it computes on anything but the CPU there.

        Raises:
            AppError: The model or the device cannot be used.
            Cancelled: `cancel` was set.
            ProcessLost: The process crashed, or the card does not take the model.
        """
        self._drop()
        session = self._process.session()
        self._drop = drop = weakref.finalize(self, session.forget)
        drop.atexit = False
        try:
            on_gpu: bool = session.call(
                "load", self._model, self._device, cancel=cancel, abandons=True
            )
        except RuntimeError as error:
            # That is what torch calls all that a card does not do, such as taking a model in.
            self._process.renew()
            raise ProcessLost(f"the card takes no model: {error}") from error
        self._session = session
        return on_gpu

    def upscale(
        self,
        picture: Picture,
        options: UpscaleOptions,
        progress: Report | None = None,
        cancel: threading.Event | None = None,
    ) -> Picture:
        """See `Upscaler.upscale`. Where the process is lost, the CPU makes the whole picture.

        The result has a note then. Pixels are in memory that both processes have: the input is
        copied there, the result is not copied at all.
        """
        reports = _Reports(progress)

        def there(session: Session) -> Picture:
            reports.begin()
            shared = SharedArrays()
            try:
                made: Picture = session.call(
                    "upscale",
                    shared.share(picture),
                    options,
                    threads=_threads(),
                    take=self.taken,
                    progress=reports.tell,
                    cancel=cancel,
                )
            finally:
                shared.release()
            return replace(picture, pixels=made.pixels, alpha=made.alpha)

        result = self.attempt(there, cancel)
        if result is None:
            reports.begin()
            result = self.here.upscale(picture, options, reports.tell, cancel)
        if self._must_tell:
            self._must_tell = False
            result = replace(result, notes=(*result.notes, LOST_NOTE))
        return result

    def attempt(self, work: Callable[[Session], _T], cancel: threading.Event | None) -> _T | None:
        """Do something in the process; None where it is lost, and `here` takes its place."""
        try:
            try:
                return None if self._is_here else work(self._ready(cancel))
            except ProcessLost as error:
                if error.is_failure:
                    raise
                # Somebody else's work had to be ended there, and this with it.
                return work(self._ready(cancel))
        except ProcessLost as error:
            self.give_up(error)
            return None

    def _ready(self, cancel: threading.Event | None) -> Session:
        """The session with the model, loaded anew where its process is over.

        A card that was asked for by name is tried again when it failed for others.
        """
        if self._device == "auto" and self._process.was_lost:
            raise ProcessLost("it was lost before")
        if self._session is None or self._session.is_lost:
            self.load(cancel)
        assert self._session is not None
        return self._session

    def taken(self, made: Made) -> Picture:
        """A result, in the memory that it was made in."""
        picture = opened(made.picture)
        if made.card_failed:
            self.give_up("the card failed, and was replaced by the CPU there")
            self._process.renew()
        return picture

    def give_up(self, reason: object) -> None:
        """Go on with the CPU here, for good."""
        _LOG.warning("The CPU computes from now on: %s.", reason)
        self._is_here = self._must_tell = True
        self._drop()
        self._session = None


class PartPreview(Protocol):
    """Parts of one picture's result; see `engine.preview.PicturePreview`."""

    @property
    def picture(self) -> Picture:
        """The input."""
        ...

    def part(
        self,
        window: Window,
        options: UpscaleOptions,
        fidelity: float,
        cancel: threading.Event | None = None,
    ) -> Picture:
        """The result's pixels in a window."""
        ...


class IsolatedPreview:
    """A `PartPreview` by a model in the engine's process.

    Args:
        picture: The input.
        upscaler: The model.
        seed: Of the noise.
    """

    def __init__(self, picture: Picture, upscaler: IsolatedUpscaler, seed: int) -> None:
        self.picture = picture
        self._upscaler, self._seed = upscaler, seed
        self._session: Session | None = None
        self._here: PicturePreview | None = None

    def part(
        self,
        window: Window,
        options: UpscaleOptions,
        fidelity: float,
        cancel: threading.Event | None = None,
    ) -> Picture:
        """See `PicturePreview.part`."""

        def there(session: Session) -> Picture:
            if session is not self._session:
                self._open(session, cancel)
            made: Picture = session.call(
                "part",
                window,
                options,
                fidelity,
                threads=_threads(),
                take=self._upscaler.taken,
                cancel=cancel,
            )
            return replace(self.picture, pixels=made.pixels, alpha=made.alpha)

        made = self._upscaler.attempt(there, cancel)
        if made is not None:
            return made
        if self._here is None:
            from bimaco_gui.engine.preview import PicturePreview

            self._here = PicturePreview(self.picture, self._upscaler.here, self._seed)
        return self._here.part(window, options, fidelity, cancel)

    def _open(self, session: Session, cancel: threading.Event | None) -> None:
        shared = SharedArrays()
        try:
            picture: SharedPicture = shared.share(self.picture)
            session.call("open_preview", picture, self._seed, threads=_threads(), cancel=cancel)
        finally:
            shared.release()
        self._session = session


class _Reports:
    """Progress of a picture that one process begins and another may have to make once more.

    It never goes back, and counts the tiles that were told of first.
    """

    def __init__(self, report: Report | None) -> None:
        self._report = report
        self._last: Progress | None = None
        self._before: Progress | None = None

    def begin(self) -> None:
        """The picture is begun, perhaps not for the first time."""
        self._before = self._last

    def tell(self, progress: Progress) -> None:
        """Pass on how far it is."""
        before = self._before
        if before is not None:
            done = int(progress.fraction * before.tiles_total)
            progress = replace(
                progress,
                tiles_done=max(before.tiles_done, done),
                tiles_total=before.tiles_total,
                seconds=before.seconds + progress.seconds,
                fraction=max(before.fraction, progress.fraction),
            )
        self._last = progress
        if self._report is not None:
            self._report(progress)


def _threads() -> int:
    from bimaco_gui.engine.device import threads

    return threads()
