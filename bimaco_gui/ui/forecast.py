"""What a photo's result will take, said before the work: pixels, file size, time."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from bimaco_gui.services.estimate import Experience
from bimaco_gui.services.jobs import Job
from bimaco_gui.ui.choices import Choices
from bimaco_gui.ui.photo import Photo
from bimaco_gui.ui.wording import about_duration, about_file_size, size_change


@dataclass(frozen=True)
class Forecast:
    """What is expected of one photo.

    Attributes:
        out_size: Width and height of the result in pixels; None where the choices do not fit.
        output_bytes: About how large its file gets.
        seconds: About how long it takes; None while nothing was measured here.
    """

    out_size: tuple[int, int] | None
    output_bytes: int = 0
    seconds: float | None = None


def forecast(photo: Photo, choices: Choices, experience: Experience) -> Forecast:
    """What this photo will take with these choices on this machine."""
    out_size = choices.result_size(photo.width, photo.height)
    if out_size is None:
        return Forecast(None)
    speed = experience.speed(choices.options)
    return Forecast(
        out_size,
        experience.output_bytes(Job(photo.path, None, choices.options), *out_size),
        None if speed is None else speed.seconds(photo.width, photo.height),
    )


def forecast_of_all(photos: Sequence[Photo], choices: Choices, experience: Experience) -> str:
    """`all 4: about 3 min`; empty for a single photo, and while it is not known."""
    speed = experience.speed(choices.options)
    if speed is None or len(photos) < 2 or not all(photo.width for photo in photos):
        return ""
    seconds = sum(speed.seconds(photo.width, photo.height) for photo in photos)
    text = QCoreApplication.translate("Forecast", "all %n: {0}", "", len(photos))
    return text.format(about_duration(seconds))


def forecast_line(photo: Photo, forecast: Forecast, device: str) -> str:
    """`1120 × 1120 → 4480 × 4480  ·  about 12 MB  ·  about 40 s on the processor`."""
    if forecast.out_size is None:
        return QCoreApplication.translate(
            "Forecast", "The photo is too large or too small for the chosen size"
        )
    parts = [
        size_change(photo.width, photo.height, *forecast.out_size),
        about_file_size(forecast.output_bytes),
    ]
    if forecast.seconds is not None:
        time = about_duration(forecast.seconds)
        where = {
            "cpu": QCoreApplication.translate("Forecast", "{0} on the processor"),
            "cuda": QCoreApplication.translate("Forecast", "{0} on the graphics card"),
        }
        parts.append(where.get(device.partition(":")[0], "{0}").format(time))
    return "  ·  ".join(parts)
