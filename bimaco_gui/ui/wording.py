"""Numbers in words: sizes, megapixels and remaining time."""

from bimaco_gui.ui.photo import SCALE

_MINUTE = 60
_HOUR = 3600


def size_change(width: int, height: int) -> str:
    """`640 × 480 → 2560 × 1920` for a photo of `width` x `height` pixels."""
    return f"{width} × {height} → {width * SCALE} × {height * SCALE}"


def megapixels(width: int, height: int) -> str:
    """The size in megapixels with one decimal below ten: `4.9 MP`, `48 MP`."""
    value = width * height / 1e6
    return f"{value:.1f} MP" if value < 9.95 else f"{value:.0f} MP"


def remaining_time(seconds: float) -> str:
    """A coarse estimate: `a few seconds left`, `about 40 s left`, `about 3 min left`."""
    if seconds < 5:
        return "a few seconds left"
    if seconds < _MINUTE - 2.5:
        return f"about {5 * round(seconds / 5)} s left"
    if seconds < _HOUR - _MINUTE / 2:
        return f"about {max(1, round(seconds / _MINUTE))} min left"
    hours, minutes = divmod(round(seconds / _MINUTE), 60)
    return f"about {hours} h {minutes} min left" if minutes else f"about {hours} h left"


def percentage(fraction: float) -> str:
    """`0..1` as whole per cent, rounded down so that 100 % means finished."""
    return f"{int(fraction * 100 + 1e-9)} %"
