"""One photo of the session, as an immutable record."""

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from PySide6.QtGui import QImage

from bimaco_gui.ui.choices import Choices
from bimaco_gui.ui.problem import Problem

SCALE = 4


class PhotoState(Enum):
    """How far a photo has come."""

    OPENING = "opening"
    READY = "ready"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Photo:
    """A photo in the list.

    Attributes:
        key: Identifies the photo within the session.
        path: The file that the user opened.
        state: How far it has come.
        width: Pixels across, orientation applied; 0 while it is being opened.
        height: Pixels down, orientation applied; 0 while it is being opened.
        thumbnail: A small picture for the list, or None.
        result: The temporary result file, once upscaled: four times as large, with all detail.
        made_with: The choices that it was made with.
        saved_as: Where the result was last saved, or None.
        saved_with: The choices that it was saved with.
        notes: What is worth knowing of the result, in sentences.
        finished: A result that the queue has made, saved already.
        problem: Why the last upscale failed, or None.
        fraction: Progress of a running upscale, 0..1; None while it is being prepared.
        remaining: Estimated seconds to go, or None while unknown.
    """

    key: int
    path: Path
    state: PhotoState = PhotoState.OPENING
    width: int = 0
    height: int = 0
    thumbnail: QImage | None = field(default=None, compare=False, repr=False)
    result: Path | None = None
    made_with: Choices | None = None
    saved_as: Path | None = None
    saved_with: Choices | None = None
    notes: tuple[str, ...] = ()
    finished: Path | None = None
    problem: Problem | None = None
    fraction: float | None = None
    remaining: float | None = None

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return self.path.name

    @property
    def has_unsaved_result(self) -> bool:
        """Whether closing would lose a result that was never saved."""
        return self.result is not None and self.saved_as is None

    def can_start(self, choices: Choices) -> bool:
        """Whether Upscale would do something for it: there is no result, or one of another model.

        Other choices need no new run; see `can_save_again`.
        """
        if self.state is PhotoState.DONE and self.made_with is not None:
            return self.made_with.needs_new_run(choices)
        # What the queue has done already is here to be looked at.
        is_new = self.state is PhotoState.READY and self.finished is None
        return is_new or self.state is PhotoState.FAILED

    def can_save_again(self, choices: Choices) -> bool:
        """Whether the file saved last is not what these choices give."""
        return self.result is not None and self.saved_with not in (None, choices)

    @property
    def is_busy(self) -> bool:
        """Whether it is being upscaled or waits for its turn."""
        return self.state in (PhotoState.WAITING, PhotoState.RUNNING)
