"""What went wrong, in words fit for the banner."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QCoreApplication

from bimaco_gui.errors import AppError


class Remedy(Enum):
    """What one press of a button can do about a problem."""

    NONE = "none"
    OTHER_FOLDER = "other folder"
    SMALLER_TILES = "smaller tiles"
    USE_CPU = "use the processor"
    SMALLER_SIZE = "smaller size"
    DEFAULT_MODEL = "default model"
    TRY_AGAIN = "try again"
    OPEN_AGAIN = "open again"
    SEE_UPDATE = "see update"


@dataclass(frozen=True)
class Problem:
    """A failure to show to the user, or news.

    Attributes:
        title: A few words.
        message: One or two sentences.
        details: Further lines for "Copy details"; may be empty.
        remedy: What would help.
        is_news: Nothing failed.
    """

    title: str
    message: str
    details: str = ""
    remedy: Remedy = Remedy.NONE
    is_news: bool = False


_REMEDIES = {
    "Cannot save": Remedy.OTHER_FOLDER,
    "Cannot save there": Remedy.OTHER_FOLDER,
    "File exists": Remedy.OTHER_FOLDER,
    "Folder not found": Remedy.OTHER_FOLDER,
    "The folder is gone": Remedy.OTHER_FOLDER,
    "The disk is full": Remedy.OTHER_FOLDER,
    "Would be lost": Remedy.OTHER_FOLDER,
    "The disk is gone": Remedy.TRY_AGAIN,
    "Not enough memory": Remedy.SMALLER_TILES,
    "No such device": Remedy.USE_CPU,
    "Unusable result": Remedy.USE_CPU,
    "The computation failed": Remedy.USE_CPU,
    "Too large": Remedy.SMALLER_SIZE,
    "Large enough already": Remedy.SMALLER_SIZE,
    "Model not found": Remedy.DEFAULT_MODEL,
    "Model not usable": Remedy.DEFAULT_MODEL,
    "Model damaged": Remedy.DEFAULT_MODEL,
    "Model of another version": Remedy.DEFAULT_MODEL,
}


def remedy_for(title: str) -> Remedy:
    """What helps against a failure that the engine gives this title."""
    return _REMEDIES.get(title, Remedy.NONE)


def problem_from(error: BaseException) -> Problem:
    """Put an exception in words: an `AppError` has its own, anything else gets general ones."""
    if isinstance(error, AppError):
        return Problem(error.title, error.message, remedy=remedy_for(error.title))
    return Problem(
        QCoreApplication.translate("Problem", "Something went wrong"),
        QCoreApplication.translate(
            "Problem", "An unexpected error occurred. Your photos were not changed."
        ),
        f"{type(error).__name__}: {error}",
    )
