"""Saving a result that so far is only in the cache."""

from __future__ import annotations

import shutil
from pathlib import Path

from bimaco_gui.atomic import new_file
from bimaco_gui.errors import OutputError
from bimaco_gui.services.engine_tools import ReadPicture, WritePicture
from bimaco_gui.services.fidelity import MOST_DETAIL
from bimaco_gui.services.formats import format_of
from bimaco_gui.services.naming import free_path

_LOSSLESS = {"png", "tiff"}


def save_result(
    cached: Path,
    target: Path,
    format: str | None = None,
    quality: int = 95,
    overwrite: bool = False,
    *,
    original: Path | None = None,
    fidelity: float = MOST_DETAIL,
    read: ReadPicture | None = None,
    write: WritePicture | None = None,
) -> Path:
    """Save a finished result under a name of the user's choice.

    In the same lossless format the file is copied, which takes a moment; otherwise it is encoded
    anew, which takes seconds for large pictures.

    Args:
        cached: The result.
        target: Where it goes.
        format: Its format there; None follows the name.
        quality: Of lossy formats, 1 to 100.
        overwrite: Replace an existing file instead of choosing a numbered name.
        original: The input's file; needed where the fidelity is below 1.
        fidelity: Of the saved picture, 0 to 1, where `cached` holds the network's own result.
        read: Reads a picture; the engine's if None.
        write: Writes a picture; the engine's if None.

    Returns:
        The file written.

    Raises:
        AppError: If the result cannot be read or saved. Nothing half-written is left.
    """
    target = target if overwrite else free_path(target)
    wanted = format or format_of(target)
    blends = original is not None and fidelity < MOST_DETAIL
    if not blends and wanted in _LOSSLESS and wanted == format_of(cached):
        return _copy(cached, target, overwrite)
    if read is None or write is None:
        from bimaco_gui.engine.pictures import read_picture
        from bimaco_gui.engine.write import write_picture

        read, write = read or read_picture, write or write_picture
    result = read(cached)
    if original is not None and blends:
        from bimaco_gui.engine.fidelity import with_fidelity

        result = with_fidelity(read(original), result, fidelity)
    return write(result, target, format=wanted, quality=quality, overwrite=overwrite)


def _copy(source: Path, target: Path, overwrite: bool) -> Path:
    try:
        with source.open("rb") as original, new_file(target, overwrite=overwrite) as file:
            shutil.copyfileobj(original, file)
    except OSError as error:
        raise OutputError(
            "Cannot save there", f"“{target}” cannot be written ({error.strerror or error})."
        ) from error
    return target
