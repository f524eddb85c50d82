"""What went wrong, in words fit for the banner."""

from dataclasses import dataclass

from bimaco_gui.errors import AppError


@dataclass(frozen=True)
class Problem:
    """A failure to show to the user.

    Attributes:
        title: A few words.
        message: One or two sentences.
        details: Further lines for "Copy details"; may be empty.
    """

    title: str
    message: str
    details: str = ""


def problem_from(error: BaseException) -> Problem:
    """Put an exception in words: an `AppError` has its own, anything else gets general ones."""
    if isinstance(error, AppError):
        return Problem(error.title, error.message)
    return Problem(
        "Something went wrong",
        "An unexpected error occurred. Your photos were not changed.",
        f"{type(error).__name__}: {error}",
    )
