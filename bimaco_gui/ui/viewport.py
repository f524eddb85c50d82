"""Where a picture lies in the view: zoom and position, in device pixels, without any widget."""

import math
from dataclasses import dataclass, replace

MAX_SCALE = 32.0


@dataclass(frozen=True)
class Viewport:
    """A picture of `content` pixels shown in a view of `view` device pixels.

    Attributes:
        content_width: Picture's width in its own pixels, 0 when there is no picture.
        content_height: Picture's height in its own pixels.
        view_width: View's width in device pixels.
        view_height: View's height in device pixels.
        scale: Device pixels per picture pixel; 1.0 is "100 %".
        x: Device pixel column where the picture's left edge lies.
        y: Device pixel row where the picture's top edge lies.
        follows_fit: Whether the picture stays fitted when the view's size changes.
        fit_limit: Largest scale that fitting uses, so that small pictures are not blown up.
        margin: Device pixels kept free around a fitted picture.
        foot: Device pixels kept free below it besides, for what lies over the view there.
    """

    content_width: int = 0
    content_height: int = 0
    view_width: int = 1
    view_height: int = 1
    scale: float = 1.0
    x: float = 0.0
    y: float = 0.0
    follows_fit: bool = True
    fit_limit: float = 1.0
    margin: int = 0
    foot: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is no picture."""
        return self.content_width <= 0 or self.content_height <= 0

    @property
    def fit_scale(self) -> float:
        """The scale at which the whole picture shows, at most `fit_limit`."""
        if self.is_empty:
            return 1.0
        free_width = max(1, self.view_width - 2 * self.margin)
        free_height = max(1, self.view_height - 2 * self.margin - self.foot)
        return min(
            free_width / self.content_width, free_height / self.content_height, self.fit_limit
        )

    @property
    def can_pan(self) -> bool:
        """Whether some of the picture lies outside the view."""
        return (
            self.content_width * self.scale > self.view_width + 0.5
            or self.content_height * self.scale > self.view_height + 0.5
        )

    def fitted(self) -> "Viewport":
        """The whole picture, centred, and kept so when the view changes its size."""
        return replace(self, scale=self.fit_scale, follows_fit=True)._clamped()

    def resized(self, view_width: int, view_height: int) -> "Viewport":
        """The same picture in a view of another size: fitted again, or with its centre kept."""
        moved = replace(
            self,
            view_width=max(1, view_width),
            view_height=max(1, view_height),
            x=self.x + (view_width - self.view_width) / 2,
            y=self.y + (view_height - self.view_height) / 2,
        )
        return moved.fitted() if self.follows_fit else moved._clamped()

    def with_content(self, width: int, height: int, fit_limit: float) -> "Viewport":
        """Another picture, fitted."""
        changed = replace(self, content_width=width, content_height=height, fit_limit=fit_limit)
        return changed.fitted()

    def rescaled_content(self, width: int, height: int, fit_limit: float) -> "Viewport":
        """The same scene with another number of pixels: what is seen stays where it is."""
        if self.is_empty:
            return self.with_content(width, height, fit_limit)
        changed = replace(
            self,
            content_width=width,
            content_height=height,
            fit_limit=fit_limit,
            scale=self.scale * self.content_width / width,
        )
        return changed.fitted() if self.follows_fit else changed._clamped()

    def zoomed(self, factor: float, at_x: float, at_y: float) -> "Viewport":
        """Zoom by `factor`; the picture point under device pixel (`at_x`, `at_y`) stays there."""
        return self.at_scale(self.scale * factor, at_x, at_y)

    def at_scale(self, scale: float, at_x: float, at_y: float) -> "Viewport":
        """Show at `scale`, keeping the picture point under (`at_x`, `at_y`) where it is."""
        scale = min(MAX_SCALE, max(min(self.fit_scale, 1.0) / 4, scale))
        ratio = scale / self.scale
        return replace(
            self,
            scale=scale,
            x=at_x - (at_x - self.x) * ratio,
            y=at_y - (at_y - self.y) * ratio,
            follows_fit=False,
        )._clamped()

    def panned(self, dx: float, dy: float) -> "Viewport":
        """Move the picture by device pixels, as far as its edges allow."""
        return replace(self, x=self.x + dx, y=self.y + dy)._clamped()

    def to_content(self, view_x: float, view_y: float) -> tuple[float, float]:
        """The picture coordinates under a device pixel position."""
        return (view_x - self.x) / self.scale, (view_y - self.y) / self.scale

    def drawn_rect(self) -> tuple[int, int, float, float]:
        """Left, top (whole device pixels, so that 100 % is not resampled), width and height."""
        return (
            math.floor(self.x + 0.5),
            math.floor(self.y + 0.5),
            self.content_width * self.scale,
            self.content_height * self.scale,
        )

    def visible_rect(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom of the part of the view that shows picture, device pixels."""
        left, top, width, height = self.drawn_rect()
        return (
            max(0, left),
            max(0, top),
            max(0, min(self.view_width, round(left + width))),
            max(0, min(self.view_height, round(top + height))),
        )

    def _clamped(self) -> "Viewport":
        return replace(
            self,
            x=_clamp_axis(self.x, self.content_width * self.scale, self.view_width),
            y=_clamp_axis(self.y, self.content_height * self.scale, self.view_height, self.foot),
        )


def _clamp_axis(start: float, length: float, view: int, foot: int = 0) -> float:
    """Centre what is smaller than the view, above its foot; let what is larger leave no gap."""
    if length <= view:
        return max(0.0, (view - foot - length) / 2)
    return min(0.0, max(view - length, start))
