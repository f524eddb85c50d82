"""The window in other languages."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QObject, QTranslator
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot

from bimaco_gui.ui import translation
from bimaco_gui.ui.translation import (
    LANGUAGES,
    TextTranslator,
    choose_language,
    install_language,
    read_messages,
    translation_file,
)

TS = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context><name>Greeter</name>
<message><source>Good day</source><translation>Guten Tag</translation></message>
<message><source>Good day</source><comment>to a king</comment>
<translation>Majestät</translation></message>
<message><source>Good night</source><translation type="unfinished">Gute</translation></message>
<message><source>Gone</source><translation type="vanished">Weg</translation></message>
<message><source>Open &amp;all</source><translation>&amp;Alle öffnen</translation></message>
<message numerus="yes"><source>%n photo(s)</source>
<translation><numerusform>%n Foto</numerusform><numerusform>%n Fotos</numerusform></translation>
</message>
</context></TS>
"""


class Greeter(QObject):
    pass


class Inheritor(Greeter):
    pass


@pytest.fixture
def german(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TextTranslator]:
    path = tmp_path / "bimaco_de.ts"
    path.write_text(TS, encoding="utf-8")
    monkeypatch.setattr(translation, "translation_file", lambda _: path)
    translator = TextTranslator("de")
    qapp.installTranslator(translator)
    yield translator
    qapp.removeTranslator(translator)


def test_texts_plurals_and_comments_are_looked_up(german: TextTranslator) -> None:
    greeter = Greeter()
    assert greeter.tr("Good day") == "Guten Tag"
    assert greeter.tr("Good day", "to a king") == "Majestät"
    assert greeter.tr("Open &all") == "&Alle öffnen"
    assert [greeter.tr("%n photo(s)", "", n) for n in (0, 1, 2, 21)] == [
        "0 Fotos",
        "1 Foto",
        "2 Fotos",
        "21 Fotos",
    ]
    assert QCoreApplication.translate("Greeter", "Good day") == "Guten Tag"


def test_a_class_inherits_the_texts_of_another(german: TextTranslator) -> None:
    assert Inheritor().tr("Good day") == "Guten Tag"
    assert Inheritor().tr("%n photo(s)", "", 1) == "1 Foto"


def test_what_is_not_finished_stays_english(german: TextTranslator) -> None:
    assert [Greeter().tr(text) for text in ("Good night", "Gone", "New")] == [
        "Good night",
        "Gone",
        "New",
    ]


def test_without_a_file_nothing_is_translated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for content in (None, "no xml"):
        path = tmp_path / "bimaco_de.ts"
        if content is not None:
            path.write_text(content)
        monkeypatch.setattr(translation, "translation_file", lambda _, path=path: path)
        assert TextTranslator("de").isEmpty()


@pytest.mark.parametrize(
    ("wanted", "system", "language"),
    [
        (None, ["de-AT", "en"], "de"),
        (None, ["fr-FR", "de"], "de"),
        (None, ["en-GB", "de"], "en"),
        (None, ["zh-Hans-CN"], "zh_CN"),
        (None, ["zh_SG"], "zh_CN"),
        (None, ["zh-Hant-TW", "de"], "de"),
        (None, ["zh-HK"], "en"),
        (None, ["fr"], "en"),
        (None, [], "en"),
        ("de", ["zh-CN"], "de"),
        ("zh_CN", ["de"], "zh_CN"),
        ("en", ["de"], "en"),
        ("tlh", ["de"], "de"),
    ],
)
def test_the_users_choice_comes_before_the_systems_languages(
    wanted: str | None, system: list[str], language: str
) -> None:
    assert choose_language(wanted, system) == language


def test_texts_of_qt_itself_are_translated_too(qtbot: QtBot, qapp: QApplication) -> None:
    default = QLocale()
    try:
        assert install_language(qapp, "de") == "de"
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        qtbot.addWidget(box)
        assert box.buttons()[0].text() == "Abbrechen"
        assert QLocale().toString(1.5, "f", 1) == "1,5"
    finally:
        for translator in qapp.findChildren(QTranslator):
            qapp.removeTranslator(translator)
            translator.deleteLater()
        QLocale.setDefault(default)


@pytest.mark.parametrize("language", LANGUAGES)
def test_qts_own_compiler_and_translator_say_the_same(
    language: str, tmp_path: Path, qapp: QApplication
) -> None:
    program = Path(sys.executable).parent / "pyside6-lrelease"
    if not program.exists():
        pytest.skip("pyside6-lrelease is not installed")
    compiled = tmp_path / f"bimaco_{language}.qm"
    source = translation_file(language)
    done = subprocess.run(
        [program, "-silent", source, "-qm", compiled], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    qts, ours = QTranslator(), TextTranslator(language)
    messages = read_messages(source)
    if not messages:
        pytest.skip("nothing is translated yet")
    assert qts.load(str(compiled))
    for message in messages:
        numbers = range(25) if len(message.forms) > 1 or "%n" in message.source else [-1]
        for n in numbers:
            key = (message.context, message.source, message.comment)
            assert ours.translate(*key, n) == qts.translate(*key, n), (key, n)
