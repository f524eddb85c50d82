"""Colours and measures, all taken from the system's palette so that light and dark both work."""

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

GRID = 8
READABLE_CONTRAST = 4.5
"""Of text against what lies behind it (WCAG 2, 1.4.3)."""
SEEN_CONTRAST = 3.0
"""Of signs and of the edges of controls (WCAG 2, 1.4.11)."""
_STEPS_OF_MIXING = 20


class Appearance(Enum):
    """Which colours the window uses."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def mixed(base: QColor, over: QColor, share: float) -> QColor:
    """`base` with `share` (0..1) of `over` in it."""
    return QColor.fromRgbF(
        base.redF() + (over.redF() - base.redF()) * share,
        base.greenF() + (over.greenF() - base.greenF()) * share,
        base.blueF() + (over.blueF() - base.blueF()) * share,
    )


def contrast(first: QColor, second: QColor) -> float:
    """The contrast ratio of WCAG 2, 1..21."""
    brighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def readable(colour: QColor, against: QColor, ratio: float = READABLE_CONTRAST) -> QColor:
    """`colour`, moved away from `against` just far enough to reach the contrast ratio."""
    towards = QColor.fromRgbF(0, 0, 0) if _luminance(against) > 0.18 else QColor.fromRgbF(1, 1, 1)
    return seen_on((against,), colour, towards, ratio)


def seen_on(
    grounds: Sequence[QColor], colour: QColor, towards: QColor, ratio: float = SEEN_CONTRAST
) -> QColor:
    """`colour`, moved `towards` another just far enough to stand out from all `grounds`."""
    for step in range(_STEPS_OF_MIXING + 1):
        candidate = mixed(colour, towards, step / _STEPS_OF_MIXING)
        if all(contrast(candidate, ground) >= ratio for ground in grounds):
            return candidate
    return towards


def is_dark(palette: QPalette) -> bool:
    """Whether the palette has light text on a dark window."""
    window = palette.color(QPalette.ColorRole.Window)
    text = palette.color(QPalette.ColorRole.WindowText)
    return _luminance(window) < _luminance(text)


class Shades:
    """The window's colours, derived from one palette.

    Words are readable and signs are seen on everything that they lie on, `test_theme.py` tries all
    pairs.

    Attributes:
        surface: Bars and panels.
        canvas: Behind pictures.
        field: Behind what can be typed or chosen.
        text: On all of these.
        quiet: Secondary text.
        bright: The lighter of text and window, for lines over photos.
        dim: The darker of the two, around such lines.
        line: Separators.
        edge: Around fields and buttons, and the handles of scroll bars.
        hover: Under the pointer.
        pressed: Under the pressed pointer, and the empty part of bars.
        accent: The primary action and the slider.
        accent_text: On accent.
        accent_hover: The primary action under the pointer.
        accent_soft: A tint of accent for highlighted areas.
        selected: Behind the chosen row of a list.
        mark: The accent as a thin line or an icon.
        focus: Around the control that has the keyboard, the primary action too.
        warning: Marks failures, beside words and never alone.
        warning_soft: Behind the banner's text.
        success: Marks what is done, beside words.
    """

    def __init__(self, palette: QPalette) -> None:
        """Derive all shades."""
        role = QPalette.ColorRole
        window, text = palette.color(role.Window), palette.color(role.WindowText)
        base = palette.color(role.Base)
        dark = is_dark(palette)
        self.surface = window if dark else mixed(window, base, 0.8)
        self.canvas = mixed(window, base, 0.7) if dark else mixed(window, base, 0.2)
        self.field = base
        self.text = text
        self.bright, self.dim = (text, window) if dark else (window, text)
        self.hover = mixed(self.surface, text, 0.08)
        self.pressed = mixed(self.surface, text, 0.15)
        self.accent_text = palette.color(role.HighlightedText)
        self.accent = readable(palette.color(role.Accent), self.accent_text)
        self.accent_hover = readable(mixed(self.accent, text, 0.12), self.accent_text)
        self.accent_soft = mixed(self.canvas, self.accent, 0.16)
        self.selected = mixed(self.surface, self.accent, 0.2)

        grounds = [self.surface, self.canvas, self.field]
        grounds += [self.hover, self.selected, self.accent_soft]
        self.line = mixed(self.surface, text, 0.16)
        self.edge = seen_on(grounds[:3], mixed(self.surface, text, 0.3), text)
        self.mark = seen_on([*grounds, self.pressed], self.accent, text)
        self.warning = seen_on(grounds, QColor.fromHsvF(0.02, 0.75, 0.85), text)
        self.warning_soft = mixed(self.surface, self.warning, 0.14)
        self.success = seen_on(grounds, QColor.fromHsvF(0.40, 0.75, 0.60), text)
        grounds.append(self.warning_soft)
        self.quiet = seen_on(grounds, mixed(text, window, 0.45), text, READABLE_CONTRAST)
        self.focus = seen_on([*grounds, self.accent], mixed(self.accent, text, 0.55), text)


def current_shades() -> Shades:
    """The shades of the application's palette as it is now."""
    palette = QGuiApplication.palette()
    return _shades_of(palette.cacheKey(), palette)


class Theme(QObject):
    """Applies an appearance to the application and says when colours change."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        """Follow the system until told otherwise."""
        super().__init__(app)
        self._app = app
        self._has_own_palette = False
        app.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)

    def apply(self, appearance: Appearance) -> None:
        """Use the system's colours, or ask it for light or dark ones."""
        hints = QGuiApplication.styleHints()
        if self._has_own_palette:
            self._app.setPalette(QPalette())
            self._has_own_palette = False
        if appearance is Appearance.SYSTEM:
            hints.unsetColorScheme()
        else:
            wants_dark = appearance is Appearance.DARK
            hints.setColorScheme(Qt.ColorScheme.Dark if wants_dark else Qt.ColorScheme.Light)
            if is_dark(self._app.palette()) is not wants_dark:
                # Desktops without a platform theme cannot be asked.
                self._app.setPalette(_plain_palette(wants_dark))
                self._has_own_palette = True
        self.changed.emit()

    def _on_scheme_changed(self) -> None:
        self.changed.emit()


_made_shades: dict[int, Shades] = {}


def _shades_of(key: int, palette: QPalette) -> Shades:
    """Deriving takes a while when every row of a list asks, so the last ones are kept."""
    if key not in _made_shades:
        _made_shades.clear()
        _made_shades[key] = Shades(palette)
    return _made_shades[key]


def _plain_palette(dark: bool) -> QPalette:
    """A neutral palette; its other roles are derived from these two colours by Qt."""
    grey = 0.15 if dark else 0.94
    window = QColor.fromRgbF(grey, grey, grey + 0.01)
    palette = QPalette(mixed(window, QColor("white"), 0.08 if dark else 0.4), window)
    role = QPalette.ColorRole
    base = mixed(window, QColor("black"), 0.3) if dark else QColor("white")
    palette.setColor(role.Base, base)
    standard = QApplication.style().standardPalette()
    for accent in (role.Highlight, role.HighlightedText, role.Accent):
        palette.setColor(accent, standard.color(accent))
    return palette


def _luminance(colour: QColor) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return (
        0.2126 * linear(colour.redF())
        + 0.7152 * linear(colour.greenF())
        + 0.0722 * linear(colour.blueF())
    )
