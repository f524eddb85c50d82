"""The translations are complete: every text of the app, in every language, with its numbers."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

FORMS = {"en": 2, "de": 2, "zh_CN": 1}
PLACE = re.compile(r"%n|\{[^{}]*\}")


def messages(repo: Path, language: str) -> list[ET.Element]:
    path = repo / "resources" / "translations" / f"bimaco_{language}.ts"
    return list(ET.parse(path).getroot().iter("message"))


def texts(node: ET.Element) -> list[str]:
    translation = node.find("translation")
    assert translation is not None
    forms = translation.findall("numerusform") or [translation]
    return ["".join(form.itertext()) for form in forms]


def test_every_text_of_the_app_is_in_the_files(repo: Path) -> None:
    command = [sys.executable, repo / "packaging" / "collect_texts.py", "--check"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("language", FORMS)
def test_every_text_is_translated_and_finished(repo: Path, language: str) -> None:
    left = [
        node.findtext("source")
        for node in messages(repo, language)
        if node.find("translation[@type]") is not None or not all(texts(node))
    ]
    assert left == []


@pytest.mark.parametrize(("language", "count"), FORMS.items())
def test_texts_with_numbers_have_the_languages_forms(repo: Path, language: str, count: int) -> None:
    numbered = [node for node in messages(repo, language) if node.get("numerus") == "yes"]
    assert numbered
    for node in numbered:
        assert len(texts(node)) == count
    plain = [node for node in messages(repo, language) if node.get("numerus") != "yes"]
    assert not [node.findtext("source") for node in plain if "%n" in node.findtext("source", "")]


@pytest.mark.parametrize("language", FORMS)
def test_names_and_numbers_keep_their_places(repo: Path, language: str) -> None:
    wrong = [
        node.findtext("source")
        for node in messages(repo, language)
        for text in texts(node)
        if sorted(PLACE.findall(text)) != sorted(PLACE.findall(node.findtext("source", "")))
    ]
    assert wrong == []


@pytest.mark.parametrize("language", ["de", "zh_CN"])
def test_menu_texts_keep_their_keys_and_their_ellipsis(repo: Path, language: str) -> None:
    for node in messages(repo, language):
        source = node.findtext("source", "")
        for text in texts(node):
            assert text.count("&") == source.count("&"), source
            assert ("…" in text) == ("…" in source), source


@pytest.mark.parametrize("language", ["de", "zh_CN"])
def test_texts_are_of_the_language(repo: Path, language: str) -> None:
    """What reads the same in English is on a short list."""
    same = {
        node.findtext("source", "")
        for node in messages(repo, language)
        if texts(node)[0] == node.findtext("source")
    }
    allowed = {
        "de": {
            "BiMaCo",
            "Detail",
            "Checkpoints",
            "Format",
            "Pixel",
            "Problem",
            "Threads",
            "Zoom",
            "&100 %",
        },
        "zh_CN": {"BiMaCo", "{0} MP"},
    }[language]
    short = {text for text in same if len(re.sub(r"\{\d\}|[^A-Za-z]", "", text)) <= 2}
    assert same - allowed - short - {"&100 %"} == set()
