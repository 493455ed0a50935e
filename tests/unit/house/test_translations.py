"""Every sentence that the code hands to tr(), Text(), Text.of() or mark() has its translation, and no other has one."""

from __future__ import annotations

import ast
import json
import string
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pytest

from tests.support.trees import PACKAGES, ROOT, python_files

TRANSLATIONS = ROOT / "resources" / "translations"
LANGUAGES = sorted(folder.name for folder in TRANSLATIONS.iterdir() if folder.is_dir())
MARKERS = ("tr", "Text", "of", "mark")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
DEFINES_THEM = ROOT / "resources" / "text.py"


class Use(NamedTuple):
    place: str
    template: str | None  # None: the first argument is no literal
    names: frozenset[str] | None  # what the call fills in; None where that cannot be read off


@cache
def uses() -> tuple[Use, ...]:
    files = [path for path in python_files(*PACKAGES) if path != DEFINES_THEM]
    return tuple(use for path in files for use in uses_in(path.read_text("utf-8"), str(path.relative_to(ROOT))))


def uses_in(source: str, name: str) -> Iterator[Use]:
    tree = ast.parse(source)
    imported = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "resources.text"
        for alias in node.names
    }
    inside_functions = {
        id(node) for function in ast.walk(tree) if isinstance(function, FUNCTIONS) for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or (function := called(node, imported)) not in MARKERS or fills_again(node):
            continue
        names = filled(node, function)
        if not names and id(node) not in inside_functions:
            names = None  # a constant: a sentence that some function fills later
        yield Use(f"{name}:{node.lineno}", literal(node), names)


def called(node: ast.Call, imported: dict[str, str]) -> str:
    if isinstance(node.func, ast.Name):
        return imported.get(node.func.id, "")
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        owner = imported.get(node.func.value.id, node.func.value.id)
        return node.func.attr if owner == "text" or (owner, node.func.attr) == ("Text", "of") else ""
    return ""


def fills_again(node: ast.Call) -> bool:
    """`Text(other.template, values)`: the sentence is counted where `other` was made."""
    return bool(node.args) and isinstance(node.args[0], ast.Attribute) and node.args[0].attr == "template"


def literal(node: ast.Call) -> str | None:
    first = node.args[0] if node.args else next((k.value for k in node.keywords if k.arg == "template"), None)
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def filled(node: ast.Call, function: str) -> frozenset[str] | None:
    if function in ("tr", "of"):
        names = [keyword.arg for keyword in node.keywords]
        return None if None in names else frozenset(name for name in names if name)
    if function == "mark":
        return None
    values = node.args[1] if len(node.args) > 1 else next((k.value for k in node.keywords if k.arg == "args"), None)
    if values is None:
        return frozenset()
    if not isinstance(values, ast.Dict) or not all(isinstance(key, ast.Constant) for key in values.keys):
        return None
    return frozenset(str(key.value) for key in values.keys if isinstance(key, ast.Constant))


def placeholders(template: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name is not None)


def translations(language: str) -> Iterator[tuple[str, str, str]]:
    """(file, English, translation)."""
    for path in sorted((TRANSLATIONS / language).glob("*.json")):
        pairs = json.loads(path.read_text("utf-8"), object_pairs_hook=list)
        for english, translation in pairs:
            yield path.name, english, translation


def merged(language: str) -> dict[str, str]:
    return {english: translation for _, english, translation in translations(language)}


def test_the_scan_sees_calls_of_all_kinds() -> None:
    source = (
        "from resources.text import tr, Text as T\nfrom resources import text\n"
        "tr('a {x}', x=1)\nT('b', {'y': 2})\ntext.tr(name)\nother('c')\nT(late.template, {})\n"
        "LATER = T('{z}')\ndef f(): T('{z}')\nT.of('c {x}', x=3)\nother.of('d')\n"
    )
    found = list(uses_in(source, "f"))
    assert [use.template for use in found] == ["a {x}", "b", None, "{z}", "c {x}", "{z}"]
    assert [use.names for use in found] == [frozenset("x"), frozenset("y"), None, None, frozenset("x"), frozenset()]


def test_every_sentence_is_a_literal() -> None:
    """Else no one can know what there is to translate."""
    assert [use.place for use in uses() if use.template is None] == []


def test_every_sentence_gets_the_values_it_names() -> None:
    wrong = [
        f"{use.place}: {use.template!r} is given {sorted(use.names)}"
        for use in uses()
        if use.template is not None and use.names is not None and use.names != placeholders(use.template)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    known = merged(language)
    missing = {use.template: use.place for use in uses() if use.template is not None and use.template not in known}
    assert missing == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_left_over(language: str) -> None:
    used = {use.template for use in uses()}
    assert [f"{file}: {english!r}" for file, english, _ in translations(language) if english not in used] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_name_the_same_values(language: str) -> None:
    wrong = {
        english: translation
        for _, english, translation in translations(language)
        if placeholders(english) != placeholders(translation)
    }
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_has_one_translation(language: str) -> None:
    first = merged(language)
    differing = [f"{file}: {english!r}" for file, english, other in translations(language) if first[english] != other]
    assert differing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_empty(language: str) -> None:
    assert [english for _, english, translation in translations(language) if not translation.strip()] == []
