import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QLineEdit,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from bimaco_gui.ui.theme import (
    Appearance,
    Shades,
    Theme,
    contrast,
    current_shades,
    is_dark,
    readable,
    show_edges,
    style_sheet,
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


@pytest.mark.parametrize("appearance", [Appearance.LIGHT, Appearance.DARK])
def test_words_and_signs_stand_out_in_light_and_dark(theme: Theme, appearance: Appearance) -> None:
    theme.apply(appearance)
    shades = current_shades()
    for ground in (shades.surface, shades.canvas, shades.hover, shades.selected):
        assert contrast(shades.text, ground) >= 7
    assert contrast(shades.quiet, shades.surface) >= 4.5
    assert contrast(shades.quiet, shades.canvas) >= 4
    assert contrast(shades.text, shades.warning_soft) >= 7
    assert contrast(shades.accent_text, shades.accent) >= 4.5
    for sign in (shades.mark, shades.warning, shades.success):
        assert contrast(sign, shades.surface) >= 3


@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton, QLineEdit, QSpinBox, QComboBox])
@pytest.mark.parametrize("appearance", [Appearance.LIGHT, Appearance.DARK])
def test_edges_of_fields_and_boxes_can_be_seen(
    theme: Theme, qtbot: QtBot, appearance: Appearance, kind: type[QWidget]
) -> None:
    theme.apply(appearance)
    show_edges()
    surface = current_shades().surface
    panel = QDialog()
    qtbot.addWidget(panel)
    panel.setStyleSheet(style_sheet(current_shades()))
    QVBoxLayout(panel).addWidget(kind())
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
