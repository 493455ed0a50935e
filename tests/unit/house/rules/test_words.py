"""The words of the source: sentences that people read, prose, and names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.trees import PACKAGES, ROOT, python_files, tree_of


def values_named_beforehand(tree: ast.AST) -> list[int]:
    """Lines of variables that only hold what fills a `Text`: `Text.of` takes it by name."""
    annotated = (node for node in ast.walk(tree) if isinstance(node, ast.AnnAssign) and node.value is not None)
    kinds = ("Facts", "dict[str, str | int | float | Text]")
    return [
        node.lineno for node in annotated if isinstance(node.value, ast.Dict) and ast.unparse(node.annotation) in kinds
    ]


def test_sentences_are_filled_by_name() -> None:
    found = [f"{path}:{line}" for path in python_files(*PACKAGES) for line in values_named_beforehand(tree_of(path))]
    assert found == []


def test_the_rule_about_filling_sees_what_it_should() -> None:
    source = (
        "a: Facts = {'x': 1}\nb: dict[str, str | int | float | Text] = {}\nc: Facts = made()\nd: dict[str, int] = {}\n"
    )
    assert values_named_beforehand(ast.parse(source)) == [1, 2]


def prose_files() -> list[Path]:
    """What people read: sources with their comments and docstrings, documents and the words of the window."""
    written = [path for pattern in ("*.md", "*.toml", "docs/*.md") for path in ROOT.glob(pattern)]
    words = (ROOT / "resources" / "translations").rglob("*.json")
    return [*python_files(*PACKAGES, "tests"), ROOT / "dev.py", *written, *words]


STILTED = re.compile(r"\b(shall|ought)\b", re.IGNORECASE)


def test_prose_is_plain() -> None:
    """ "It has to", "it is to", or simply what it does."""
    files = [path for path in prose_files() if path != Path(__file__)]
    assert {".py", ".md", ".json"} <= {path.suffix for path in files}
    found = [
        f"{path.relative_to(ROOT).as_posix()}:{number}: {line.strip()}"
        for path in files
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if STILTED.search(line)
    ]
    assert found == []


def test_the_rule_about_prose_finds_it() -> None:
    lines = ("# It shall do so.", '"""Shall it?"""', "One ought to.", "marshall(shallow)", "thought")
    assert [bool(STILTED.search(line)) for line in lines] == [True, True, True, False, False]


UNTELLING = {"told", "meant", "wanted", "gone", "said", "heard"}


def untelling_names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Parameters, and locals that live for more than two lines, whose names hide what they hold."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        arguments = function.args
        parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        yield from ((item.lineno, item.arg) for item in parameters if item.arg in UNTELLING)
        uses: dict[str, list[ast.Name]] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and node.id in UNTELLING:
                uses.setdefault(node.id, []).append(node)
        for name, nodes in uses.items():
            lines = [node.lineno for node in nodes]
            if max(lines) - min(lines) > 1 and any(isinstance(node.ctx, ast.Store) for node in nodes):
                yield min(lines), name


def test_names_say_what_they_hold() -> None:
    found = [
        f"{path.relative_to(ROOT).as_posix()}:{line}: {name}"
        for path in (*python_files(*PACKAGES), ROOT / "dev.py")
        for line, name in untelling_names(tree_of(path))
    ]
    assert found == [], "a noun says what it is: not `wanted`, but `device_id`"


def test_the_rule_about_names_finds_them() -> None:
    source = (
        "def f(told, names):\n gone = 1\n return gone\n"
        "def g():\n gone = 1\n x = 2\n return gone\n"
        "def h():\n return [said for said in words]\n"
    )
    assert list(untelling_names(ast.parse(source))) == [(1, "told"), (5, "gone")]


def test_data_checks_list_names_by_the_function_that_cuts_them() -> None:
    """784 names of pixels filled a sentence."""
    found = [
        f"{path.relative_to(ROOT).as_posix()}:{node.lineno}"
        for path in python_files("runtime")
        if "runtime/worker/data" in path.as_posix()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join"
        if isinstance(node.func.value, ast.Constant) and node.func.value.value == ", "
    ]
    assert found == [], "write listed(names)"


_LAYER_WORDS = {"layer", "model"}  # what sentences call a layer


def names_for_people(tree: ast.AST) -> Iterator[int]:
    """Lines of sentences that are filled with what Keras calls a layer, where people have a title for it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            pairs = [(getattr(key, "value", None), value) for key, value in zip(node.keys, node.values, strict=True)]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("tr", "Text.of"):
            pairs = [(keyword.arg, keyword.value) for keyword in node.keywords]
        else:
            continue
        for key, value in pairs:
            if key in _LAYER_WORDS and isinstance(value, ast.Attribute) and value.attr == "name":
                if ast.unparse(value).endswith(".look.name"):
                    continue  # what is painted is the title already
                yield value.lineno


def test_sentences_call_layers_as_people_do() -> None:
    """`check --json` alone says both."""
    files = [path for path in python_files("app", "graph_editor") if path.name != "check.py"]
    found = [f"{path.relative_to(ROOT)}:{line}" for path in files for line in names_for_people(tree_of(path))]
    assert found == []


def test_the_rule_about_titles_finds_names() -> None:
    source = (
        'Text("{layer}", {"layer": operation.name})\ntr("{layer}", layer=graph.operation_of(call).name)\n'
        'Text("{layer}", {"layer": operation.shown_name})\nmade(layer=operation.name)\n'
    )
    assert sorted(names_for_people(ast.parse(source))) == [1, 2]
