"""Saving a result that so far is only in the cache: at any size, detail and format, without a run.

The cache holds all that the model gives; here it becomes what `Runner` would have written with
the same options, pixel for pixel.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bimaco_gui.services.engine_tools import with_metadata
from bimaco_gui.services.jobs import JobOptions
from bimaco_gui.services.places import require_kept
from bimaco_gui.services.runner import made_by
from bimaco_gui.services.sizes import target_size

if TYPE_CHECKING:
    from bimaco_gui.engine.pictures import Picture


def save_finished(
    original: Path, cached: Path, target: Path, options: JobOptions, *, overwrite: bool
) -> Path:
    """Save a finished result.

    Args:
        original: The input's file, whose metadata the result gets.
        cached: The model's own result: four times as large, all detail.
        target: Where it goes.
        options: Size, fidelity, format and quality.
        overwrite: Replace a file that is there.

    Returns:
        The file written.

    Raises:
        AppError: A file cannot be read or written, or the size does not fit. Nothing half-written
            is left.
    """
    from bimaco_gui.engine.write import write_picture

    require_kept(target)
    return write_picture(
        finished(original, cached, options),
        target,
        format=options.format,
        quality=options.quality,
        overwrite=overwrite,
    )


def finished(original: Path, cached: Path, options: JobOptions) -> Picture:
    """The picture that `save_finished` writes."""
    from bimaco_gui.engine.depth import with_bits
    from bimaco_gui.engine.fidelity import with_fidelity
    from bimaco_gui.engine.pictures import read_picture
    from bimaco_gui.engine.resample import resampled

    source, made = read_picture(original), read_picture(cached)
    bits = options.bits or 8 * source.pixels.dtype.itemsize
    # What is to have 16 bits has them from the start, so that nothing is rounded on the way.
    deepest = max(bits, *(8 * one.pixels.dtype.itemsize for one in (source, made)))
    source, made = with_bits(source, deepest), with_bits(made, deepest)
    width, height = target_size(options, source.width, source.height)
    pixels, alpha = made.pixels, made.alpha
    if (height, width) != pixels.shape[:2]:
        pixels = resampled(pixels, width, height)
        alpha = None if alpha is None else resampled(alpha, width, height)
    result = replace(source, pixels=pixels, alpha=alpha)
    result = with_bits(with_fidelity(source, result, options.fidelity), bits)
    return with_metadata(result, options, made_by(options, source.width, width))
