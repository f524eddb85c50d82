"""The fidelity control, for the window: what is visible is blended while the slider moves.

`faithful_part` costs about a tenth of a second per megapixel and is asked for once, when the view
stands still; `blended` costs milliseconds and follows the slider. Together they give the pixels
that `services.save` and the runner write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bimaco_gui.engine.options import DEFAULT_FIDELITY

__all__ = ["DEFAULT_FIDELITY", "MOST_DETAIL", "MOST_FAITHFUL", "blended", "faithful_part"]

MOST_FAITHFUL: Final = 0.0
MOST_DETAIL: Final = 1.0

if TYPE_CHECKING:
    import numpy.typing as npt

    _Array = npt.NDArray[Any]


def faithful_part(
    source: _Array, result: _Array, top: int, left: int, height: int, width: int
) -> _Array:
    """What the result is at fidelity 0, in a window of it.

    Args:
        source: [h, w, C] the input's colours, uint8 or uint16; C at least 3, of which the first
            three count, in any order.
        result: [H, W, C] the network's result of the same kind and order, H >= h and W >= w.
        top: First row of the window, 0 or more.
        left: First column, 0 or more.
        height: Rows, 1 or more, ending inside the result.
        width: Columns, likewise.

    Returns:
        [height, width, 3], of the result's kind.

    Raises:
        ValueError: The result is smaller than the input, or of another kind.
    """
    from bimaco_gui.engine.fidelity import FaithfulPicture

    return FaithfulPicture(source, result).part(top, left, height, width)


def blended(faithful: _Array, detailed: _Array, fidelity: float) -> _Array:
    """The picture at a setting of the slider, from its two ends.

    Args:
        faithful: [H, W, 3], uint8 or uint16: what `faithful_part` gave.
        detailed: Likewise: the same window of the network's result.
        fidelity: 0 to 1.

    Raises:
        UsageError: `fidelity` is out of its range.
    """
    from bimaco_gui.engine.fidelity import blended as engine_blended

    return engine_blended(faithful, detailed, fidelity)
