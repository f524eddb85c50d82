import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QLineEdit,
    QListWidget,
    QMenu,
    QMenuBar,
    QPlainTextEdit,
    QRadioButton,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from bimaco_gui.ui.sheet import adapt_palettes, style_sheet
from bimaco_gui.ui.theme import (
    Appearance,
    Shades,
    Theme,
    contrast,
    current_shades,
    is_dark,
    readable,
)


@pytest.fixture
def theme(qapp: QApplication):
    made = Theme(qapp)
    yield made
    made.apply(Appearance.SYSTEM)


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21)
    assert contrast(QColor("white"), QColor("white")) == pytest.approx(1)


@pytest.mark.parametrize("ground", ["white", "black", "#777777", "#308cc6"])
@pytest.mark.parametrize("colour", ["white", "black", "#888888", "#d02020"])
def test_readable_reaches_its_contrast(colour: str, ground: str) -> None:
    assert contrast(readable(QColor(colour), QColor(ground)), QColor(ground)) >= 4.5


GROUNDS = ("surface", "canvas", "field", "hover", "selected", "accent_soft")
PAIRS = (
    ("text", (*GROUNDS, "pressed", "warning_soft"), 7.0),
    ("quiet", (*GROUNDS, "warning_soft"), 4.5),
    ("accent_text", ("accent", "accent_hover"), 4.5),
    ("edge", ("surface", "canvas", "field"), 3.0),
    ("mark", (*GROUNDS, "pressed"), 3.0),
    ("warning", GROUNDS, 3.0),
    ("success", GROUNDS, 3.0),
    ("focus", (*GROUNDS, "warning_soft", "accent"), 3.0),
)
"""What lies on what, and the contrast that WCAG 2 asks for; for text itself more than that."""


@pytest.mark.parametrize("appearance", [Appearance.LIGHT, Appearance.DARK])
def test_words_and_signs_stand_out_in_light_and_dark(theme: Theme, appearance: Appearance) -> None:
    theme.apply(appearance)
    shades = current_shades()
    too_weak = [
        f"{name} on {ground}: {found:.2f}"
        for name, grounds, wanted in PAIRS
        for ground in grounds
        if (found := contrast(getattr(shades, name), getattr(shades, ground))) < wanted
    ]
    assert too_weak == []


@pytest.mark.parametrize("window", ["#f6f5f4", "#fdf6e3", "#2d2a3e", "#000000", "#ffffff"])
@pytest.mark.parametrize("accent", ["#3584e4", "#e5a50a", "#813d9c", "#26a269", "#c01c28"])
def test_accents_and_grounds_of_other_desktops_are_readable_too(window: str, accent: str) -> None:
    palette = QPalette(QColor(window), QColor(window))
    palette.setColor(QPalette.ColorRole.Accent, QColor(accent))
    palette.setColor(QPalette.ColorRole.HighlightedText, QColor("white"))
    shades = Shades(palette)
    for name, grounds, wanted in PAIRS:
        for ground in grounds:
            found = contrast(getattr(shades, name), getattr(shades, ground))
            assert found >= min(wanted, 4.5), (name, ground)


@pytest.mark.parametrize("kind", [QMenu, QMenuBar])
@pytest.mark.parametrize("appearance", [Appearance.LIGHT, Appearance.DARK])
def test_what_is_chosen_in_a_menu_can_be_read(
    theme: Theme, qtbot: QtBot, appearance: Appearance, kind: type[QWidget]
) -> None:
    theme.apply(appearance)
    adapt_palettes()
    menu = kind()
    qtbot.addWidget(menu)
    menu.ensurePolished()
    role = QPalette.ColorRole
    chosen = [menu.palette().color(one) for one in (role.HighlightedText, role.Highlight)]
    assert contrast(*chosen) >= 4.5


@pytest.mark.parametrize(
    "kind",
    [QCheckBox, QComboBox, QLineEdit, QListWidget, QPlainTextEdit, QRadioButton, QSlider, QSpinBox],
)
@pytest.mark.parametrize("appearance", [Appearance.LIGHT, Appearance.DARK])
def test_edges_of_fields_and_boxes_can_be_seen(
    theme: Theme, qtbot: QtBot, appearance: Appearance, kind: type[QWidget]
) -> None:
    theme.apply(appearance)
    adapt_palettes()
    surface = current_shades().surface
    panel = QDialog()
    qtbot.addWidget(panel)
    panel.setStyleSheet(style_sheet(current_shades()))
    control = kind(panel)
    control.setProperty("orientation", Qt.Orientation.Horizontal)  # as all sliders here are
    QVBoxLayout(panel).addWidget(control)
    panel.show()
    seen = panel.grab().toImage()
    places = [(x, y) for x in range(seen.width() // 2) for y in range(seen.height())]
    assert max(contrast(seen.pixelColor(x, y), surface) for x, y in places) >= 3


def test_appearance_changes_the_palette_and_back(theme: Theme, qapp: QApplication) -> None:
    theme.apply(Appearance.DARK)
    assert is_dark(qapp.palette())
    theme.apply(Appearance.LIGHT)
    assert not is_dark(qapp.palette())


def test_colours_come_from_the_palette() -> None:
    odd = QPalette(QColor("#203040"), QColor("#f8e8d0"))
    odd.setColor(QPalette.ColorRole.WindowText, QColor("#301000"))
    assert Shades(odd).text == QColor("#301000")
