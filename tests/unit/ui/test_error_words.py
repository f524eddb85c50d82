"""Errors from below Qt, in the window's language."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from bimaco_gui.engine.pictures import read_picture
from bimaco_gui.errors import AppError, UsageError
from bimaco_gui.services.jobs import JobOptions
from bimaco_gui.ui.error_words import in_words
from bimaco_gui.ui.translation import TextTranslator


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    translator = TextTranslator("de")
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


@pytest.mark.usefixtures("german")
def test_an_error_with_a_name_is_said_in_german(tmp_path: Path) -> None:
    photo = tmp_path / "Strand (1) {0}.png"
    photo.write_bytes(b"")
    with pytest.raises(AppError) as failed:
        read_picture(photo)
    assert in_words(failed.value.title) == "Leere Datei"
    assert in_words(failed.value.message) == "„Strand (1) {0}.png“ ist leer (0 Byte)."


@pytest.mark.usefixtures("german")
def test_a_reason_inside_a_sentence_is_translated_too() -> None:
    sentence = "“a.png” could not be saved: the disk is full."
    assert (
        in_words(sentence) == "„a.png“ konnte nicht gespeichert werden: der Datenträger ist voll."
    )


@pytest.mark.usefixtures("german")
def test_numbers_stay() -> None:
    with pytest.raises(UsageError) as refused:
        JobOptions(fidelity=1.5)
    assert in_words(refused.value.message).startswith("Die Treue ist 1.5, ")


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize("text", ["", "nobody foresaw this", "CUDA error: 7"])
def test_what_is_not_known_stays_as_it_is(text: str) -> None:
    assert in_words(text) == text


def test_in_english_everything_stays_as_it_is(qapp: QApplication) -> None:
    for text in ("Empty file", "“a.png” is empty (0 bytes)."):
        assert in_words(text) == text
