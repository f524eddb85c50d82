"""The ways to compare a photo with its result."""

from enum import Enum


class ViewMode(Enum):
    """What the canvas shows of the two."""

    SLIDER = "slider"
    SIDE_BY_SIDE = "side by side"
    RESULT = "result"
    DIFFERENCE = "difference"
