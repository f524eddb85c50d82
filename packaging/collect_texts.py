"""Collect the texts to translate into resources/translations, keeping what is translated already.

    python packaging/collect_texts.py [--check]

Qt's ``lupdate`` reads Python line by line and misses texts whose context is a constant, or that a
helper translates, as well as every error that is raised below Qt. This reads the syntax tree, and
writes the same files, which Qt Linguist opens. ``--check`` changes nothing, and says what is left.

Below Qt, whole sentences and their titles are taken. They stay English in the log and on the
command line, and are translated where the window shows them: an f-string becomes a text with
``{0}``, ``{1}``, ... in the context ``Errors``.
"""

from __future__ import annotations

import ast
import copy
import itertools
import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "bimaco_gui"
FOLDER = ROOT / "resources" / "translations"
ERRORS = "Errors"
LANGUAGES = {"en": 2, "de": 2, "zh_CN": 1}
"""How many forms a text with a number has in each."""

_ERROR_KINDS = ("Error", "Problem", "Failed", "kind")
"""How classes of errors end, and what a variable is called that holds one of several."""

_NOT_FOR_PEOPLE = ("ValueError", "RuntimeError", "AssertionError", "TypeError", "AttributeError")
_LOG_CALLS = ("debug", "info", "warning", "error", "exception")
_SENTENCE = re.compile(r"[“A-Z{][^\n]* [^\n]*\.")
_PHRASES = ("_REASONS",)
_SKIPPED = (
    "training/",
    "cli/",
    "engine/bench/",
    "services/bench.py",
    "model/",
    "ops/",
    "weights/containers",
    "weights/importing",
    "weights/publish",
    "weights/released",
)
"""Never in the window, or about the inside of a checkpoint: that stays English."""


@dataclass(frozen=True)
class Text:
    """A text in the source."""

    context: str
    source: str
    comment: str = ""
    numbered: bool = False


@dataclass
class Collected:
    """All texts, and the files that each is in."""

    files: dict[Text, list[str]] = field(default_factory=dict)

    def add(self, text: Text, file: str) -> None:
        """Note a text, once for each file."""
        places = self.files.setdefault(text, [])
        if file not in places:
            places.append(file)


class _Reader(ast.NodeVisitor):
    """Finds the texts of one module."""

    def __init__(self, tree: ast.Module, file: str, into: Collected) -> None:
        self._file, self._into = file, into
        self._below_qt = not file.startswith("bimaco_gui/ui/")
        self._classes: list[str] = []
        self._helpers: list[str] = []
        self._constants = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in tree.body:
            self._phrases(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._classes.append(node.name)
        self.generic_visit(node)
        self._classes.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        helper = next((c for inner in node.body if (c := self._helper_context(inner))), None)
        if helper is not None:
            self._helpers.append(helper)
        self.generic_visit(node)
        if helper is not None:
            self._helpers.pop()

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = node.func.id if isinstance(node.func, ast.Name) else name
        if name == "tr":
            self._take(self._own_context(), node.args, node)
        elif name in ("translate", "QT_TRANSLATE_NOOP") and len(node.args) >= 2:
            context = self._constant(node.args[0])
            if context is not None:
                self._take(context, node.args[1:], node)
        elif name.endswith(_ERROR_KINDS) and name not in _NOT_FOR_PEOPLE and len(node.args) > 1:
            for argument in node.args:
                self._take_error(argument)
        elif name in _NOT_FOR_PEOPLE or name in _LOG_CALLS:
            return
        if self._below_qt:
            for before, argument in itertools.pairwise([None, *node.args]):
                # A title stands before its sentence.
                if before is not None and _is_sentence(_template(argument)):
                    self._take_error(before)
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring
            self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if self._below_qt and _is_sentence(_template(node)):
            self._take_error(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        if self._below_qt and _is_sentence(_template(node)):
            self._take_error(node)

    def _own_context(self) -> str:
        if self._helpers:
            return self._helpers[-1]
        return self._classes[-1] if self._classes else ""

    def _helper_context(self, node: ast.stmt) -> str | None:
        """The context of a local function ``tr``."""
        if not (isinstance(node, ast.FunctionDef) and node.name == "tr"):
            return None
        for inner in ast.walk(node):
            if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute) and inner.args:
                return self._constant(inner.args[0])
        return None

    def _take(self, context: str, arguments: list[ast.expr], call: ast.Call) -> None:
        source = self._constant(arguments[0]) if arguments else None
        if source is None:
            return
        comment = self._constant(arguments[1]) if len(arguments) > 1 else None
        numbered = len(arguments) > 2 or any(word.arg == "n" for word in call.keywords)
        self._into.add(Text(context, source, comment or "", numbered), self._file)

    def _take_error(self, node: ast.expr) -> None:
        # A conditional text is two texts.
        if isinstance(node, ast.IfExp):
            self._take_error(node.body)
            self._take_error(node.orelse)
        elif (source := _template(node)) is not None and _is_for_people(source):
            self._into.add(Text(ERRORS, source), self._file)

    def _phrases(self, node: ast.stmt) -> None:
        """The values of a table of reasons, which errors put into their sentences."""
        named = node.targets if isinstance(node, ast.Assign) else []
        named = [node.target] if isinstance(node, ast.AnnAssign) else named
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        if isinstance(value, ast.Dict) and any(
            isinstance(target, ast.Name) and target.id in _PHRASES for target in named
        ):
            for entry in value.values:
                if isinstance(entry, ast.Constant) and isinstance(entry.value, str):
                    self._into.add(Text(ERRORS, entry.value), self._file)

    def _constant(self, node: ast.expr) -> str | None:
        if isinstance(node, ast.Name):
            return self._constants.get(node.id)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
        return None


def _template(node: ast.expr) -> str | None:
    """A text, or an f-string with its values numbered."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if not isinstance(node, ast.JoinedStr):
        return None
    parts, count = [], 0
    for value in node.values:
        if isinstance(value, ast.Constant):
            parts.append(str(value.value))
        else:
            parts.append(f"{{{count}}}")
            count += 1
    return "".join(parts)


def _is_sentence(source: str | None) -> bool:
    return source is not None and _SENTENCE.fullmatch(source) is not None


def _is_for_people(source: str) -> bool:
    return any(letter.isalpha() for letter in source)


def collect() -> Collected:
    """All texts of the app."""
    collected = Collected()
    for path in sorted(PACKAGE.rglob("*.py")):
        if not path.relative_to(PACKAGE).as_posix().startswith(_SKIPPED):
            file = str(path.relative_to(ROOT)).replace("\\", "/")
            tree = ast.parse(path.read_text(encoding="utf-8"))
            _Reader(tree, file, collected).visit(tree)
    return collected


def existing(path: Path) -> dict[tuple[str, str, str], ET.Element]:
    """The translations in a file, finished or not."""
    if not path.is_file():
        return {}
    return {
        (name, node.findtext("source", ""), node.findtext("comment", "")): translation
        for context in ET.parse(path).getroot().iter("context")
        for name in [context.findtext("name", "")]
        for node in context.iter("message")
        if (translation := node.find("translation")) is not None
    }


def document(language: str, texts: Collected, known: dict[tuple[str, str, str], ET.Element]) -> str:
    """The file of a language, as text."""
    root = ET.Element("TS", version="2.1", language=language, sourcelanguage="en")
    for context in sorted({text.context for text in texts.files}):
        chosen = [
            text
            for text in texts.files
            if text.context == context and (language != "en" or text.numbered)
        ]
        if not chosen:
            continue
        parent = ET.SubElement(root, "context")
        ET.SubElement(parent, "name").text = context
        for text in chosen:
            parent.append(_node(text, texts.files[text], language, known))
    ET.indent(root, " " * 4)
    body = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n'


def _node(
    text: Text, files: list[str], language: str, known: dict[tuple[str, str, str], ET.Element]
) -> ET.Element:
    node = ET.Element("message", {"numerus": "yes"} if text.numbered else {})
    for file in files:
        ET.SubElement(node, "location", filename=f"../../{file}")
    ET.SubElement(node, "source").text = text.source
    if text.comment:
        ET.SubElement(node, "comment").text = text.comment
    old = known.get((text.context, text.source, text.comment))
    if old is None:  # its class may have another name now
        old = next((known[key] for key in known if key[1:] == (text.source, text.comment)), None)
    fits = old is not None and bool(old.findall("numerusform")) == text.numbered
    if old is not None and fits:
        node.append(copy.deepcopy(old))
        return node
    translation = ET.SubElement(node, "translation", type="unfinished")
    for _ in range(LANGUAGES[language] if text.numbered else 0):
        ET.SubElement(translation, "numerusform")
    return node


def unfinished(language: str) -> Iterator[str]:
    """The texts of a file that nobody has translated."""
    for context in ET.parse(FOLDER / f"bimaco_{language}.ts").getroot().iter("context"):
        for node in context.iter("message"):
            translation = node.find("translation")
            if translation is None or translation.get("type") == "unfinished":
                yield f"{context.findtext('name')}: {node.findtext('source')}"


def main(arguments: list[str]) -> int:
    """Write the files, or say what they lack."""
    texts = collect()
    stale = []
    for language in LANGUAGES:
        path = FOLDER / f"bimaco_{language}.ts"
        made = document(language, texts, existing(path))
        if "--check" in arguments:
            if not path.is_file() or path.read_text(encoding="utf-8") != made:
                stale.append(path.name)
        else:
            FOLDER.mkdir(parents=True, exist_ok=True)
            path.write_text(made, encoding="utf-8")
    if stale:
        print(f"Not up to date: {', '.join(stale)}. Run: make translations")
        return 1
    left = {language: list(unfinished(language)) for language in LANGUAGES}
    for language, missing in left.items():
        print(f"{language}: {len(missing)} to translate")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
