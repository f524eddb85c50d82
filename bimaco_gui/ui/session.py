"""What the window is about, without the window: photos, their states, and the one that is shown."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QCoreApplication, QObject, Signal, SignalInstance, Slot

from bimaco_gui.services.events import CancelledEvent, Done, Failed, Started, TileDone, Working
from bimaco_gui.services.jobs import Job
from bimaco_gui.ui.background import Background
from bimaco_gui.ui.choices import Choices
from bimaco_gui.ui.photo import Photo, PhotoState
from bimaco_gui.ui.picture_files import Glance, glance
from bimaco_gui.ui.problem import Problem, problem_from, remedy_for
from bimaco_gui.ui.result_store import ResultStore

_NAMES_SHOWN = 4


class Worker(Protocol):
    """What the session needs of `services.worker.WorkerHandle`."""

    event: SignalInstance

    def submit(self, job: Job) -> None:
        """Start a job."""

    def cancel(self, job_id: str | None = None) -> None:
        """Stop the job at its next tile."""

    def shutdown(self) -> bool:
        """Cancel, wait for the thread, and tell whether it ended."""


class SessionState(Enum):
    """What the window as a whole is doing."""

    EMPTY = "empty"
    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Session(QObject):
    """The list of photos, one of them current, at most one of them being upscaled.

    Signals carry immutable values only. `photo_changed` follows every change of a photo;
    `state_changed` every change of `state`; `upscaled` tells of each new result.
    """

    photo_added = Signal(object)
    photo_changed = Signal(object)
    photo_removed = Signal(int)
    current_changed = Signal(object)
    state_changed = Signal(object)
    problem_occurred = Signal(object)
    upscaled = Signal(object)
    choices_changed = Signal(object)

    def __init__(
        self,
        worker: Worker,
        background: Background,
        store: ResultStore,
        parent: QObject | None = None,
    ) -> None:
        """Listen to the worker; no photo yet."""
        super().__init__(parent)
        self._worker = worker
        self._background = background
        self._store = store
        self._photos: dict[int, Photo] = {}
        self._next_key = 1
        self._current: int | None = None
        self._running: int | None = None
        self._running_job: str | None = None
        self._state = SessionState.EMPTY
        self._choices = Choices()
        self._running_with = self._choices
        self._starts_when_open: set[int] = set()
        self._to_show: list[int] = []
        self._rejected: list[tuple[Photo, Problem]] = []
        worker.event.connect(self._on_event)

    @property
    def photos(self) -> tuple[Photo, ...]:
        """All photos in the order in which they were opened."""
        return tuple(self._photos.values())

    @property
    def current(self) -> Photo | None:
        """The photo that is shown."""
        return None if self._current is None else self._photos[self._current]

    @property
    def running(self) -> Photo | None:
        """The photo that is being upscaled."""
        return None if self._running is None else self._photos[self._running]

    @property
    def state(self) -> SessionState:
        """Running while anything runs, else what the current photo is."""
        return self._state

    @property
    def choices(self) -> Choices:
        """How the next photos are upscaled and saved."""
        return self._choices

    def set_choices(self, choices: Choices) -> None:
        """Upscale and save in another way from now on."""
        if choices != self._choices:
            self._choices = choices
            self.choices_changed.emit(choices)

    @property
    def startable(self) -> tuple[Photo, ...]:
        """The photos that `upscale` would take, the current one first.

        Those that are still being opened are among them: they start as soon as they are open.
        """
        ready = [
            photo
            for photo in self.photos
            if photo.can_start(self._choices)
            or (photo.state is PhotoState.OPENING and not self.is_to_start(photo))
        ]
        return tuple(sorted(ready, key=lambda photo: photo.key != self._current))

    def is_to_start(self, photo: Photo) -> bool:
        """Whether a photo is being opened and will be upscaled then."""
        return photo.key in self._starts_when_open

    @property
    def has_work(self) -> bool:
        """Whether there is anything that `cancel` would stop."""
        return self._running is not None or bool(self._starts_when_open)

    @property
    def unsaved(self) -> tuple[Photo, ...]:
        """The photos whose results were never saved."""
        return tuple(photo for photo in self.photos if photo.has_unsaved_result)

    def open(self, files: Sequence[Path], upscale_at_once: bool = False) -> None:
        """Add photos to the list and show the first of them.

        A file that is in the list already is shown and not added again. What cannot be opened
        leaves the list and is reported through `problem_occurred`.
        """
        known = {photo.path: photo.key for photo in self.photos}
        keys: list[int] = []
        for file in dict.fromkeys(file.absolute() for file in files):
            key = known.get(file)
            keys.append(self._add(file, upscale_at_once) if key is None else key)
        self._to_show = keys
        if keys and self._current is None:
            self.select(keys[0])
        self._show_first_opened()

    def open_finished(self, file: Path, result: Path) -> None:
        """Show a photo beside a result that was saved before."""
        self.open([file])
        for photo in self.photos:
            if photo.path == file.absolute():
                self._change(photo.key, finished=result, saved_as=photo.saved_as or result)

    def select(self, key: int) -> None:
        """Show another photo."""
        if key in self._photos and key != self._current:
            self._current = key
            self.current_changed.emit(self.current)
            self._refresh_state()

    def step(self, by: int) -> None:
        """Show the photo `by` places further down the list, as far as there is one."""
        keys = list(self._photos)
        if self._current is not None:
            place = keys.index(self._current) + by
            self.select(keys[max(0, min(len(keys) - 1, place))])

    def remove(self, key: int) -> None:
        """Take a photo off the list; a running upscale of it is cancelled."""
        photo = self._photos.get(key)
        if photo is None:
            return
        if key == self._running:
            self._running = None
            self._worker.cancel(self._running_job)
        keys = list(self._photos)
        place = keys.index(key)
        del self._photos[key]
        self._starts_when_open.discard(key)
        was_shown = key == self._current
        if was_shown:
            rest = [*keys[place + 1 :], *reversed(keys[:place])]
            self._current = rest[0] if rest else None
        self.photo_removed.emit(key)
        if photo.result is not None:
            self._background.run(partial(photo.result.unlink, True), _ignore, _ignore)
        if was_shown:
            self.current_changed.emit(self.current)
        self._refresh_state()

    def upscale(self) -> None:
        """Upscale every photo that is ready, failed or being opened, the current one first."""
        for photo in self.startable:
            if photo.state is PhotoState.OPENING:
                self._starts_when_open.add(photo.key)
                self.photo_changed.emit(photo)
            else:
                self._change(
                    photo.key, state=PhotoState.WAITING, problem=None, fraction=None, remaining=None
                )
        self._start_next()

    def cancel(self) -> None:
        """Stop within a tile; waiting photos become ready again."""
        opening, self._starts_when_open = self._starts_when_open, set()
        for photo in self.photos:
            if photo.state is PhotoState.WAITING:
                self._change(photo.key, state=_idle_state(photo))
            elif photo.key in opening:
                self.photo_changed.emit(photo)
        if self._running_job is not None:
            self._worker.cancel(self._running_job)

    def mark_saved(self, key: int, target: Path, choices: Choices) -> None:
        """Note where a photo's result was saved, and with which choices."""
        if key in self._photos:
            self._change(key, saved_as=target, saved_with=choices)

    def reject(self, key: int, problem: Problem) -> None:
        """Take a photo off the list because its file cannot be shown, and say so."""
        if key in self._photos:
            self.remove(key)
            self.problem_occurred.emit(problem)

    def close(self) -> bool:
        """Cancel, end all threads and drop the temporary results; whether the worker ended."""
        self._worker.event.disconnect(self._on_event)
        ended = self._worker.shutdown()
        self._background.close()
        self._store.close()
        return ended

    def _add(self, file: Path, upscale_at_once: bool) -> int:
        key = self._next_key
        self._next_key += 1
        self._photos[key] = Photo(key, file)
        if upscale_at_once:
            self._starts_when_open.add(key)
        self.photo_added.emit(self._photos[key])
        self._background.run(
            partial(glance, file), partial(self._opened, key), partial(self._not_opened, key)
        )
        return key

    def _opened(self, key: int, seen: Glance) -> None:
        if key not in self._photos:
            return
        at_once = key in self._starts_when_open
        self._starts_when_open.discard(key)
        self._change(
            key,
            state=PhotoState.WAITING if at_once else PhotoState.READY,
            width=seen.width,
            height=seen.height,
            thumbnail=seen.thumbnail,
        )
        self._show_first_opened()
        self._report_rejected()
        self._start_next()

    def _not_opened(self, key: int, error: Exception) -> None:
        photo = self._photos.get(key)
        if photo is None:
            return
        self._rejected.append((photo, problem_from(error)))
        self.remove(key)
        self._show_first_opened()
        self._report_rejected()

    def _show_first_opened(self) -> None:
        """Show the first of the files just opened that is a picture, once that is known."""
        while self._to_show:
            photo = self._photos.get(self._to_show[0])
            if photo is None:
                self._to_show.pop(0)
            elif photo.state is PhotoState.OPENING:
                return
            else:
                self._to_show.clear()
                self.select(photo.key)

    def _report_rejected(self) -> None:
        """Name all files that could not be opened at once, when the last one has been tried."""
        still_opening = any(photo.state is PhotoState.OPENING for photo in self.photos)
        if still_opening or not self._rejected:
            return
        rejected, self._rejected = self._rejected, []
        self.problem_occurred.emit(_combined(rejected))

    def _start_next(self) -> None:
        waiting = [photo for photo in self.photos if photo.state is PhotoState.WAITING]
        if self._running_job is not None or not waiting:
            self._refresh_state()
            return
        photo = min(waiting, key=lambda photo: photo.key != self._current)
        try:
            target = self._store.new_file(f"{uuid.uuid4().hex}.png")
        except OSError as error:
            for entry in waiting:
                self._fail(
                    entry.key,
                    Problem(
                        "No room for results",
                        "The folder for temporary results cannot be made: "
                        f"{error.strerror or 'the system refused'}.",
                        str(error),
                    ),
                )
            return
        self._running_with = self._choices
        job = Job(photo.path, target, self._choices.working_options())
        self._running, self._running_job = photo.key, job.id
        self._change(photo.key, state=PhotoState.RUNNING, fraction=None, remaining=None)
        self._worker.submit(job)

    @Slot(object)
    def _on_event(self, event: Any) -> None:
        if event.job.id != self._running_job:
            return
        key = self._running
        if isinstance(event, (Done, Failed, CancelledEvent)):
            self._running = self._running_job = None
            if key is None:
                self._drop_result_of_removed(event)
            else:
                self._end(key, event)
            self._start_next()
        elif key is not None and isinstance(event, Started):
            self._change(key, width=event.width, height=event.height)
        elif key is not None and isinstance(event, TileDone):
            self._progress(key, event.done / max(1, event.total), event.remaining)
        elif key is not None and isinstance(event, Working):
            self._progress(key, event.fraction, event.remaining)

    def _progress(self, key: int, fraction: float, remaining: float | None) -> None:
        # Tiles differ in size, so their share and that of the work cross now and then.
        shown = max(fraction, self._photos[key].fraction or 0.0)
        self._change(key, fraction=shown, remaining=remaining)

    def _end(self, key: int, event: Done | Failed | CancelledEvent) -> None:
        if isinstance(event, Done):
            old = self._photos[key].result
            self._change(
                key,
                state=PhotoState.DONE,
                result=event.output,
                made_with=self._running_with,
                notes=event.notes,
                saved_as=None,
                saved_with=None,
                fraction=1.0,
                remaining=0.0,
            )
            if old is not None:
                self._background.run(partial(old.unlink, True), _ignore, _ignore)
            self.upscaled.emit(self._photos[key])
        elif isinstance(event, Failed):
            details = str(self._photos[key].path)
            remedy = remedy_for(event.title)
            self._fail(key, Problem(event.title, event.message, details, remedy))
        else:
            state = _idle_state(self._photos[key])
            self._change(key, state=state, fraction=None, remaining=None)

    def _drop_result_of_removed(self, event: Done | Failed | CancelledEvent) -> None:
        if isinstance(event, Done):
            self._background.run(partial(event.output.unlink, True), _ignore, _ignore)

    def _fail(self, key: int, problem: Problem) -> None:
        self._change(key, state=PhotoState.FAILED, problem=problem, fraction=None, remaining=None)
        self.problem_occurred.emit(problem)

    def _change(self, key: int, **changes: Any) -> None:
        self._photos[key] = replace(self._photos[key], **changes)
        self.photo_changed.emit(self._photos[key])
        self._refresh_state()

    def _refresh_state(self) -> None:
        state = self._derived_state()
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)

    def _derived_state(self) -> SessionState:
        if not self._photos:
            return SessionState.EMPTY
        if self._running is not None or any(photo.is_busy for photo in self.photos):
            return SessionState.RUNNING
        current = self.current
        if current is not None and current.state is PhotoState.DONE:
            return SessionState.DONE
        if current is not None and current.state is PhotoState.FAILED:
            return SessionState.FAILED
        return SessionState.READY


def _idle_state(photo: Photo) -> PhotoState:
    """Of a photo that is not upscaled after all."""
    return PhotoState.READY if photo.result is None else PhotoState.DONE


def _combined(rejected: Sequence[tuple[Photo, Problem]]) -> Problem:
    details = "\n".join(
        "\n".join(part for part in (f"{photo.path}: {problem.message}", problem.details) if part)
        for photo, problem in rejected
    )
    if len(rejected) == 1:
        return replace(rejected[0][1], details=details)
    names = [f"“{photo.name}”" for photo, _ in rejected]
    translate = QCoreApplication.translate
    shown = names if len(names) <= _NAMES_SHOWN else names[: _NAMES_SHOWN - 1]
    more = len(names) - len(shown)
    if more:
        shown.append(translate("Session", "%n more", "", more))
    return Problem(
        translate("Session", "%n file(s) could not be opened", "", len(rejected)),
        translate("Session", "No picture to open: {0}.").format(", ".join(shown)),
        details,
    )


def _ignore(_: object) -> None:
    """A leftover temporary file is removed with its folder at the latest."""
