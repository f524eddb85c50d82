"""Plots as SVG, readable on light and dark pages: points and bars on linear or logarithmic axes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape

Scale = Callable[[float], float]
"""From a value to a place in the picture."""

FONT_SIZE = 12
_STYLE = """
text { font: 12px system-ui, sans-serif; fill: #1f2328; }
.title { font-weight: 600; font-size: 14px; }
.axis, .tick { stroke: #59636e; fill: none; }
.grid { stroke: #59636e; stroke-opacity: 0.2; }
.line { stroke: #59636e; stroke-width: 1.5; }
.target { stroke: #cf222e; stroke-width: 1.5; stroke-dasharray: 5 4; }
.a { fill: #0072b2; } .b { fill: #c4560b; } .c { fill: #59636e; }
.point { fill-opacity: 0.75; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .axis, .tick, .grid, .line { stroke: #9198a1; }
  .target { stroke: #ff7b72; }
  .a { fill: #56b4e9; } .b { fill: #f0a04b; } .c { fill: #9198a1; }
}
"""


@dataclass(frozen=True)
class Area:
    """The rectangle between the axes, in px."""

    left: float
    top: float
    right: float
    bottom: float


def linear(low: float, high: float, start: float, end: float) -> Scale:
    """Maps low..high to start..end."""
    return lambda value: start + (value - low) / (high - low) * (end - start)


def logarithmic(low: float, high: float, start: float, end: float) -> Scale:
    """Maps low..high, both positive, to start..end by their logarithms."""
    between = linear(math.log(low), math.log(high), start, end)
    return lambda value: between(math.log(value))


def linear_ticks(high: float, about: int = 6) -> list[float]:
    """Round values from 0 to `high` or a little less."""
    rough = high / about
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= rough)
    return [step * i for i in range(int(high / step) + 1)]


def decades(low: float, high: float) -> list[float]:
    """Powers of ten from `low` to `high`."""
    first, last = math.ceil(math.log10(low)), math.floor(math.log10(high))
    return [10.0**exponent for exponent in range(first, last + 1)]


def number(value: float) -> str:
    """A tick's label: no more digits than it needs, thousands as k, M or G."""
    for factor, suffix in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= factor:
            return f"{value / factor:g}{suffix}"
    return f"{value:g}"


class Plot:
    """A picture that shapes are added to.

    Args:
        width, height: In px.
        title: Shown at the top, and what readers without eyes are told.
    """

    def __init__(self, width: int, height: int, title: str) -> None:
        self._size = (width, height)
        self.title = title
        self._parts: list[str] = []
        self.text(10, 20, title, "title")

    def text(self, x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> None:
        """Words; `anchor` is start, middle or end."""
        self._parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">'
            f"{escape(words)}</text>"
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, kind: str) -> None:
        """A straight line."""
        self._parts.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'
        )

    def bar(self, x: float, y: float, width: float, height: float, kind: str) -> None:
        """A filled rectangle."""
        self._parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
            f'class="{kind}"/>'
        )

    def point(self, x: float, y: float, kind: str, tip: str = "") -> None:
        """A dot of kind "a", a square of any other, with words that a pointer shows."""
        shape = (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4"'
            if kind == "a"
            else f'<rect x="{x - 3.5:.1f}" y="{y - 3.5:.1f}" width="7" height="7"'
        )
        self._parts.append(
            f'{shape} class="point {kind}"><title>{escape(tip)}</title></{_tag(shape)}>'
        )

    def legend(self, x: float, y: float, entries: Iterable[tuple[str, str]]) -> None:
        """Kinds and what they stand for, in a row."""
        for kind, words in entries:
            self.point(x, y - 4, kind)
            self.text(x + 9, y, words)
            x += 24 + 6.6 * len(words)

    def y_axis(self, area: Area, place: Scale, ticks: Sequence[float], label: str) -> None:
        """Ticks, grid and label at the left."""
        for tick in ticks:
            y = place(tick)
            self.line(area.left, y, area.right, y, "grid")
            self.text(area.left - 6, y + 4, number(tick), anchor="end")
        self.line(area.left, area.top, area.left, area.bottom, "axis")
        self.text(area.left - 42, area.top - 10, label)

    def x_axis(self, area: Area, place: Scale, ticks: Sequence[float], label: str) -> None:
        """Ticks, grid and label at the bottom."""
        for tick in ticks:
            x = place(tick)
            self.line(x, area.top, x, area.bottom, "grid")
            self.text(x, area.bottom + 16, number(tick), anchor="middle")
        self.line(area.left, area.bottom, area.right, area.bottom, "axis")
        self.text(area.right, area.bottom + 34, label, anchor="end")

    def svg(self) -> str:
        """The finished file."""
        width, height = self._size
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" role="img">'
        )
        body = "\n".join(self._parts)
        title = f"<title>{escape(self.title)}</title>"
        return f"{head}\n{title}\n<style>{_STYLE}</style>\n{body}\n</svg>\n"


def _tag(shape: str) -> str:
    return shape[1:].partition(" ")[0]
