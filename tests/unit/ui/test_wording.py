import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from bimaco_gui.ui.wording import megapixels, percentage, remaining_time, size_change
from bimaco_gui.ui.zoom_bar import ZoomBar


def test_size_change_names_both_sizes() -> None:
    assert size_change(640, 480, 2560, 1920) == "640 × 480 → 2560 × 1920"


@pytest.mark.parametrize(
    ("width", "height", "text"),
    [(2560, 1920, "4.9 MP"), (8000, 6000, "48 MP"), (100, 100, "0.0 MP")],
)
def test_megapixels(width: int, height: int, text: str) -> None:
    assert megapixels(width, height) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "a few seconds left"),
        (4.9, "a few seconds left"),
        (13, "about 15 s left"),
        (57, "about 55 s left"),
        (58, "about 1 min left"),
        (150, "about 2 min left"),
        (3569, "about 59 min left"),
        (3600, "about 1 h left"),
        (5400, "about 1 h 30 min left"),
    ],
)
def test_remaining_time_is_coarse(seconds: float, text: str) -> None:
    assert remaining_time(seconds) == text


@pytest.mark.parametrize(
    ("fraction", "text"), [(0, "0 %"), (0.29, "29 %"), (0.999, "99 %"), (1.0, "100 %")]
)
def test_only_what_is_finished_is_100_per_cent(fraction: float, text: str) -> None:
    assert percentage(fraction) == text


@pytest.mark.parametrize(
    ("language", "text"), [(QLocale.Language.German, "8,8 %"), (QLocale.Language.English, "8.8 %")]
)
def test_the_zoom_is_written_as_the_language_writes_numbers(
    qtbot: QtBot, language: QLocale.Language, text: str
) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale(language))
    try:
        parent = QWidget()
        qtbot.addWidget(parent)
        bar = ZoomBar(parent)
        bar.show_scale(0.0879)
        assert text in {button.text() for button in bar.findChildren(QAbstractButton)}
    finally:
        QLocale.setDefault(before)
