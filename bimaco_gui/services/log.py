"""The log file: what nobody foresaw, for a report. Nothing leaves the computer."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler

from bimaco_gui import paths

_BYTES = 500_000


def start_log() -> None:
    """Write warnings and errors to the log file from now on; the file begins with the first one.

    A log that cannot be written is done without. Calling it again changes nothing.
    """
    logger = logging.getLogger("bimaco_gui")
    if any(isinstance(handler, RotatingFileHandler) for handler in logger.handlers):
        return
    logging.raiseExceptions = False
    handler = RotatingFileHandler(
        paths.log_file(), maxBytes=_BYTES, backupCount=1, encoding="utf-8", delay=True
    )
    handler.setLevel(logging.WARNING)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger.addHandler(handler)
