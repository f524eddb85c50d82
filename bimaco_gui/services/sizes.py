"""How large a result becomes."""

from __future__ import annotations

from bimaco_gui.errors import UsageError
from bimaco_gui.services.jobs import LARGEST_SCALE, JobOptions


def target_size(options: JobOptions, width: int, height: int) -> tuple[int, int]:
    """Width and height of the result for an input of this size, in pixels.

    Raises:
        UsageError: The input is larger than the result would be, or the result would be more
            than 16 times as large.
    """
    out_width, out_height = _wanted(options, width, height)
    if out_width < width or out_height < height:
        raise UsageError(
            "Large enough already",
            f"The picture has {width} × {height} pixels, which is more than the "
            f"{out_width} × {out_height} asked for.",
        )
    # A pixel more comes from rounding.
    if out_width > LARGEST_SCALE * width + 1 or out_height > LARGEST_SCALE * height + 1:
        raise UsageError(
            "Too large",
            f"{out_width} × {out_height} pixels would be more than {LARGEST_SCALE:g} times "
            f"the {width} × {height} of the picture.",
        )
    return out_width, out_height


def _wanted(options: JobOptions, width: int, height: int) -> tuple[int, int]:
    if options.width is not None and options.height is not None:
        return options.width, options.height
    if options.width is not None:
        factor = options.width / width
    elif options.height is not None:
        factor = options.height / height
    elif options.longest_side is not None:
        factor = options.longest_side / max(width, height)
    else:
        factor = options.scale
    return max(1, round(width * factor)), max(1, round(height * factor))
