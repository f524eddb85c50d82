"""Colours and measures, all taken from the system's palette so that light and dark both work."""

from enum import Enum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

GRID = 8
_READABLE_CONTRAST = 4.5
_SEEN_CONTRAST = 3.0
_EDGE_CONTRAST = 3.8
"""Qt's own style lightens some edges again."""
_EDGE_DARKENED_PER_CENT = 140
"""How much darker than the window Qt's own style draws edges."""
_EDGED = (
    "QAbstractScrollArea",
    "QAbstractSpinBox",
    "QCheckBox",
    "QComboBox",
    "QLineEdit",
    "QRadioButton",
)


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


def readable(colour: QColor, against: QColor, ratio: float = _READABLE_CONTRAST) -> QColor:
    """`colour`, moved away from `against` just far enough to reach the contrast ratio."""
    towards = QColor.fromRgbF(0, 0, 0) if _luminance(against) > 0.18 else QColor.fromRgbF(1, 1, 1)
    for step in range(21):
        candidate = mixed(colour, towards, step / 20)
        if contrast(candidate, against) >= ratio:
            return candidate
    return towards


def is_dark(palette: QPalette) -> bool:
    """Whether the palette has light text on a dark window."""
    window = palette.color(QPalette.ColorRole.Window)
    text = palette.color(QPalette.ColorRole.WindowText)
    return _luminance(window) < _luminance(text)


class Shades:
    """The window's colours, derived from one palette.

    Attributes:
        surface: Bars and panels.
        canvas: Behind pictures.
        text: On surface and canvas.
        quiet: Secondary text, still readable on surface and canvas.
        bright: The lighter of text and window, for lines over photos.
        dim: The darker of the two, around such lines.
        line: Separators and borders.
        scroll: The handles of scroll bars.
        hover: Under the pointer.
        pressed: Under the pressed pointer, and the empty part of bars.
        mark: The accent as a thin line or an icon on surface and canvas.
        focus: Around the control that has the keyboard.
        accent_hover: The primary action under the pointer.
        accent: The primary action and the slider.
        selected: Behind the chosen row of a list.
        accent_text: On accent.
        accent_soft: A tint of accent for highlighted areas.
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
        self.text = text
        self.quiet = readable(mixed(text, window, 0.45), self.surface)
        self.bright, self.dim = (text, window) if dark else (window, text)
        self.line = mixed(self.surface, text, 0.16)
        self.scroll = mixed(self.surface, text, 0.35)
        self.hover = mixed(self.surface, text, 0.08)
        self.pressed = mixed(self.surface, text, 0.15)
        self.accent_text = palette.color(role.HighlightedText)
        self.accent = readable(palette.color(role.Accent), self.accent_text)
        self.mark = readable(self.accent, self.surface, _SEEN_CONTRAST)
        self.focus = mixed(self.accent, text, 0.55)
        self.accent_hover = mixed(self.accent, text, 0.12)
        self.selected = mixed(self.surface, self.accent, 0.2)
        self.accent_soft = mixed(self.canvas, self.accent, 0.16)
        self.warning = readable(QColor.fromHsvF(0.02, 0.75, 0.85), self.surface, _SEEN_CONTRAST)
        self.warning_soft = mixed(self.surface, self.warning, 0.14)
        self.success = readable(QColor.fromHsvF(0.40, 0.75, 0.60), self.surface, _SEEN_CONTRAST)


def current_shades() -> Shades:
    """The shades of the application's palette as it is now."""
    palette = QGuiApplication.palette()
    return _shades_of(palette.cacheKey(), palette)


def style_sheet(shades: Shades) -> str:
    """The window's style sheet in these shades."""
    s = {name: colour.name() for name, colour in vars(shades).items()}
    return f"""
    QMainWindow, #canvasPage, #emptyPage {{ background: {s["canvas"]}; }}
    QMenuBar {{ background: {s["surface"]}; border-bottom: 1px solid {s["line"]}; }}
    #bottomBar {{ background: {s["surface"]}; border-top: 1px solid {s["line"]}; }}
    #sidePanel {{ background: {s["surface"]}; border-right: 1px solid {s["line"]}; }}
    #photoList {{ background: transparent; border: none; outline: none; }}
    QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
    QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
    QScrollBar::handle {{ background: {s["scroll"]}; border-radius: 4px; margin: 2px; }}
    QScrollBar::handle:vertical {{ min-height: 32px; }}
    QScrollBar::handle:horizontal {{ min-width: 32px; }}
    QScrollBar::handle:hover {{ background: {s["quiet"]}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    #quiet {{ color: {s["quiet"]}; }}
    #strong {{ color: {s["text"]}; font-weight: 600; }}
    #banner {{ background: {s["warning_soft"]}; border: 1px solid {s["warning"]};
               border-radius: 8px; }}
    #banner[news="true"] {{ background: {s["selected"]}; border-color: {s["mark"]}; }}
    #zoomBar, #viewBar {{ background: {s["surface"]}; border: 1px solid {s["line"]};
                          border-radius: 8px; }}
    #queueStrip {{ background: {s["surface"]}; border-top: 1px solid {s["line"]}; }}
    #queueStrip QPushButton#plain {{ min-height: 16px; padding: 4px 12px; }}
    #queuePage {{ background: {s["canvas"]}; }}
    #settingsPanel {{ background: {s["surface"]}; border-left: 1px solid {s["line"]}; }}
    #settings {{ background: {s["surface"]}; }}
    #settings QLineEdit, #settings QComboBox, #settings QSpinBox, #settings QDoubleSpinBox {{
        min-height: 28px; }}
    QLineEdit[wrong="true"] {{ border: 2px solid {s["warning"]}; }}
    QToolButton#disclosure {{ border: 2px solid transparent; border-radius: 6px; padding: 4px;
                              margin-left: -12px; background: transparent; font-weight: 600; }}
    QToolButton#disclosure:hover {{ background: {s["hover"]}; }}
    QToolButton#disclosure:focus {{ border-color: {s["focus"]}; }}
    QPushButton#segment {{ min-height: 20px; padding: 5px 10px; border: 2px solid transparent;
                           border-radius: 6px; background: transparent; color: {s["text"]}; }}
    QPushButton#segment:hover {{ background: {s["hover"]}; }}
    QPushButton#segment:checked {{ background: {s["selected"]}; border-color: {s["mark"]}; }}
    QPushButton#segment:focus {{ border-color: {s["focus"]}; }}
    #settings QPushButton#plain {{ min-height: 18px; padding: 5px 10px; }}
    #settings QPushButton#plain:focus {{ padding: 4px 9px; }}

    QPushButton#primary, QPushButton#plain, QMessageBox QPushButton {{
        min-height: 24px; padding: 7px 20px; border-radius: 8px;
        border: 1px solid {s["line"]}; background: {s["surface"]}; color: {s["text"]}; }}
    QPushButton#plain:hover, QMessageBox QPushButton:hover {{ background: {s["hover"]}; }}
    QPushButton#plain:pressed, QMessageBox QPushButton:pressed {{ background: {s["pressed"]}; }}
    QPushButton#primary {{ background: {s["accent"]}; border-color: {s["accent"]};
                           color: {s["accent_text"]}; font-weight: 600; }}
    QPushButton#primary:hover, QPushButton#primary:pressed {{
        background: {s["accent_hover"]}; border-color: {s["accent_hover"]}; }}
    QPushButton#primary:disabled, QPushButton#plain:disabled {{
        background: {s["hover"]}; border-color: {s["line"]}; color: {s["quiet"]}; }}
    QPushButton#primary:focus, QPushButton#plain:focus, QMessageBox QPushButton:focus {{
        border: 2px solid {s["focus"]};
        padding: 6px 19px; }}

    QDialog QListWidget::item {{ padding: 4px; }}
    QDialog, QMessageBox {{ background: {s["surface"]}; }}
    QDialog QLineEdit, QDialog QComboBox, QDialog QSpinBox {{ min-height: 30px; }}

    QToolButton#flat {{ border: 2px solid transparent; border-radius: 6px; padding: 4px;
                        background: transparent; color: {s["text"]}; }}
    QToolButton#flat:hover {{ background: {s["hover"]}; }}
    QToolButton#flat:pressed {{ background: {s["pressed"]}; }}
    QToolButton#flat:focus {{ border-color: {s["accent"]}; }}

    QProgressBar#progress {{ border: none; border-radius: 3px; background: {s["pressed"]};
                             min-height: 6px; max-height: 6px; }}
    QProgressBar#progress::chunk {{ border-radius: 3px; background: {s["mark"]}; }}
    """


def show_edges() -> None:
    """Let the edges of fields and boxes be seen.

    Qt's own style draws them somewhat darker than the window, which on dark is next to nothing. It
    takes the window's colour from the palette of the control, so these get one for their edges.
    """
    palette, shades = QGuiApplication.palette(), current_shades()
    edge = readable(shades.scroll, shades.surface, _EDGE_CONTRAST)
    palette.setColor(QPalette.ColorRole.Window, edge.lighter(_EDGE_DARKENED_PER_CENT))
    for kind in _EDGED:
        # The stubs ask for bytes, the binding for a str.
        QApplication.setPalette(palette, kind)  # type: ignore[arg-type]


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
