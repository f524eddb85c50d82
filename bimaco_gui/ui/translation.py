"""The window's language: the user's choice, or else the first of the system's that there is.

The texts lie in Qt Linguist's own files, ``resources/translations/bimaco_LANGUAGE.ts``, and are
read from there: what a translator saves in Linguist shows at the next start, and there is nothing
to compile. English has such a file for its plurals alone. Texts of Qt itself come with Qt.
"""

import logging
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

from bimaco_gui import paths
from bimaco_gui.ui.compiled_texts import Message, compiled_texts

_LOG = logging.getLogger(__name__)

ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "de": "Deutsch", "zh_CN": "简体中文"}
"""Codes of the languages that there are, and what they call themselves."""

_NOT_SHOWN = {"unfinished", "vanished", "obsolete"}
_TRADITIONAL = {"TW", "HK", "MO"}
_WITHOUT_PLURAL = {"zh_CN"}


def choose_language(wanted: str | None, system: Iterable[str] | None = None) -> str:
    """The code of the language to use.

    Args:
        wanted: The user's choice; None follows the system.
        system: The system's languages, the preferred one first, as in ``de-AT``; asked if None.
    """
    if wanted in LANGUAGES:
        return wanted
    for name in QLocale.system().uiLanguages() if system is None else system:
        language, *rest = name.replace("_", "-").split("-")
        if language == "zh":
            if "Hant" not in rest and not _TRADITIONAL.intersection(rest):
                return "zh_CN"
        elif language in LANGUAGES:
            return language
    return ENGLISH


def install_language(app: QCoreApplication, wanted: str | None) -> str:
    """Translate what is made from now on; the code of the language.

    Call it before the window is built. Numbers and dates follow a choice of the user's, and else
    stay the system's own.
    """
    language = choose_language(wanted)
    if wanted is not None and QLocale.system().language() != QLocale(language).language():
        QLocale.setDefault(QLocale(language))
    ours = TextTranslator(language, app)
    qts = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if language != ENGLISH and qts.load(f"qtbase_{language}", folder):
        app.installTranslator(qts)
    app.installTranslator(ours)
    return language


class TextTranslator(QTranslator):
    """Looks up the texts of one language; Qt's own code does it, in whatever thread."""

    def __init__(self, language: str, parent: QObject | None = None) -> None:
        """Read the language's file; without one, nothing is translated."""
        super().__init__(parent)
        messages = read_messages(translation_file(language))
        # Qt keeps the address of the bytes, so they live as long as this.
        self._texts = compiled_texts(messages, has_plural=language not in _WITHOUT_PLURAL)
        if messages:
            self.load(self._texts)


def translation_file(language: str) -> Path:
    """The language's file."""
    return paths.resources_folder() / "translations" / f"bimaco_{language}.ts"


def read_messages(path: Path) -> list[Message]:
    """The finished translations in a file of Qt Linguist; none if it cannot be read."""
    try:
        root = ET.parse(path).getroot()
    except (OSError, ET.ParseError) as error:
        _LOG.warning("The translations in %s cannot be read: %s", path, error)
        return []
    return [
        message
        for context in root.iter("context")
        for node in context.iter("message")
        if (message := _message(context.findtext("name", ""), node)) is not None
    ]


def _message(context: str, node: ET.Element) -> Message | None:
    translation = node.find("translation")
    if translation is None or translation.get("type") in _NOT_SHOWN:
        return None
    numbered = translation.findall("numerusform")
    forms: Sequence[ET.Element] = numbered or [translation]
    texts = tuple("".join(form.itertext()) for form in forms)
    if not all(texts):
        return None
    return Message(context, node.findtext("source", ""), node.findtext("comment", ""), texts)
