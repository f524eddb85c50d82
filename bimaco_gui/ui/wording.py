"""Numbers in words: sizes, megapixels, bytes and times, in the language of the window."""

from PySide6.QtCore import QCoreApplication, QLocale

_MINUTE = 60
_HOUR = 3600
_CONTEXT = "Wording"


def dimensions(width: int, height: int) -> str:
    """`640 × 480`."""
    return f"{width} × {height}"


def size_change(width: int, height: int, out_width: int, out_height: int) -> str:
    """`640 × 480 → 2560 × 1920`."""
    return f"{dimensions(width, height)} → {dimensions(out_width, out_height)}"


def megapixels(width: int, height: int) -> str:
    """The size in megapixels with one decimal below ten: `4.9 MP`, `48 MP`."""
    value = width * height / 1e6
    return QCoreApplication.translate(_CONTEXT, "{0} MP").format(
        QLocale().toString(value, "f", 1 if value < 9.95 else 0)
    )


def file_size(size: int) -> str:
    """`12 MB`, in powers of ten."""
    decimals = 1 if size >= 1e9 else 0
    return QLocale().formattedDataSize(size, decimals, QLocale.DataSizeFormat.DataSizeSIFormat)


def about_file_size(size: int) -> str:
    """`about 12 MB`."""
    return QCoreApplication.translate(_CONTEXT, "about {0}").format(file_size(size))


def duration(seconds: float) -> str:
    """A coarse duration: `a few seconds`, `40 s`, `3 min`, `2 h 5 min`."""
    translate = QCoreApplication.translate
    if seconds < 5:
        return translate(_CONTEXT, "a few seconds")
    if seconds < _MINUTE - 2.5:
        return translate(_CONTEXT, "{0} s").format(5 * round(seconds / 5))
    if seconds < _HOUR - _MINUTE / 2:
        return translate(_CONTEXT, "{0} min").format(max(1, round(seconds / _MINUTE)))
    hours, minutes = divmod(round(seconds / _MINUTE), 60)
    if minutes:
        return translate(_CONTEXT, "{0} h {1} min").format(hours, minutes)
    return translate(_CONTEXT, "{0} h").format(hours)


def about_duration(seconds: float) -> str:
    """`about 40 s`; below five seconds, `a few seconds`."""
    if seconds < 5:
        return duration(seconds)
    return QCoreApplication.translate(_CONTEXT, "about {0}").format(duration(seconds))


def remaining_time(seconds: float) -> str:
    """A coarse estimate: `a few seconds left`, `about 40 s left`, `about 3 min left`."""
    return QCoreApplication.translate(_CONTEXT, "{0} left").format(about_duration(seconds))


def percentage(fraction: float) -> str:
    """`0..1` as whole per cent, rounded down so that 100 % means finished."""
    return QCoreApplication.translate(_CONTEXT, "{0} %").format(int(fraction * 100 + 1e-9))
