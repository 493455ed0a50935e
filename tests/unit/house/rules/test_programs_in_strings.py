"""Programs that tests hand to another Python import what is there: no tool that moves or renames modules sees them."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.trees import ROOT, python_files, tree_of

OURS = r"(?:app|graph_editor|runtime|resources|tests)"
FROM = re.compile(rf"^\s*from ({OURS}[\w.]*) import ([\w, ]+)", re.MULTILINE)
WHOLE = re.compile(rf"^\s*import ({OURS}\.[\w.]+)", re.MULTILINE)
MADE_UP = ("tests/unit/house/",)  # whose programs are examples for rules


def source_of(module: str) -> str | None:
    """The text of a module that is there; a package may have none."""
    try:
        found = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        return None
    return None if found is None or found.origin is None else Path(found.origin).read_text("utf-8")


def absent(text: str) -> Iterator[str]:
    """What a text would import that is not there."""
    yield from (module for module in WHOLE.findall(text) if source_of(module) is None)
    for module, names in FROM.findall(text):
        source = source_of(module)
        for name in (name.split()[0] for name in names.split(",") if name.strip()):
            if source is None or (not re.search(rf"\b{name}\b", source) and source_of(f"{module}.{name}") is None):
                yield f"{module}.{name}"


def test_they_import_what_is_there() -> None:
    wrong = [
        f"{path.relative_to(ROOT).as_posix()}:{node.lineno}: {name}"
        for path in python_files("tests")
        if not path.relative_to(ROOT).as_posix().startswith(MADE_UP)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "import" in node.value
        for name in absent(node.value)
    ]
    assert wrong == []


def test_what_is_not_there_is_found() -> None:
    lines = ("import app.nowhere", "from app.look import theme", "from app.look.theme import load_theme, gone")
    text = "\n".join((*lines, "from app import gone"))
    assert list(absent(text)) == ["app.nowhere", "app.look.theme.gone", "app.gone"]
