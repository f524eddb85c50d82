"""Errors that are meant for people: each has a short title and one clear sentence.

The tree::

    AppError
    |-- PictureError   a picture cannot be read
    |-- OutputError    a result cannot be written
    |   `-- PlaceError  nor any other one there: its folder or disk is gone, closed or full
    |-- ModelError     a model file is missing, foreign, damaged or of another version
    |-- DownloadError  a model cannot be downloaded
    |-- UpdateError    nobody says whether there is a newer version
    |-- DeviceError    the device asked for is not there or failed
    |-- UpscaleError   the result is not usable (NaN, constant, far from the input)
    `-- UsageError     arguments that do not make sense together
    Cancelled          the user asked to stop; not a failure

This module imports nothing, so every layer may use it.
"""

from __future__ import annotations


class AppError(Exception):
    """A failure with a title and a sentence that says what happened and what to do.

    Attributes:
        title: A few words, fit for a dialog's heading.
        message: One or two whole sentences.
    """

    def __init__(self, title: str, message: str) -> None:
        super().__init__(f"{title}: {message}")
        self.title = title
        self.message = message

    def __reduce__(self) -> tuple[type[AppError], tuple[str, str]]:
        """Both parts cross to another process, not the one text that is made of them."""
        return type(self), (self.title, self.message)


class PictureError(AppError):
    """A picture cannot be read."""


class OutputError(AppError):
    """A result cannot be written."""


class PlaceError(OutputError):
    """No result can be written there now: the folder or disk is gone, closed or full."""


class ModelError(AppError):
    """A model file is missing, foreign, damaged or of another version."""


class DownloadError(AppError):
    """A model cannot be downloaded, or is not the one that was listed."""


class UpdateError(AppError):
    """It cannot be told whether there is a newer version."""


class DeviceError(AppError):
    """The device asked for is not there, or failed."""


class UpscaleError(AppError):
    """The result is not usable, and is therefore not saved."""


class UsageError(AppError):
    """Arguments that do not make sense together."""


class Cancelled(Exception):
    """The user asked to stop."""
