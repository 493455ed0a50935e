"""Nothing from a file is drawn as markup: what may not be written in the code, because Qt guesses at HTML there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.support.trees import ROOT, python_files

WORDS = "graph_editor/words/"  # the one place that may

# Classes whose text Qt takes for HTML when it looks like it, or always; and what takes their place.
GUESSING = {
    "QLabel": "PlainLabel or MarkedLabel",
    "QMessageBox": "PlainMessageBox",
    "QErrorMessage": "PlainMessageBox",
    "QProgressDialog": "PlainProgressDialog",
    "QInputDialog": "a dialog with a PlainLabel",
    "QWizard": "a dialog with a PlainLabel",
    "QTextEdit": "QPlainTextEdit",
    "QTextBrowser": "QPlainTextEdit",
    "QTextDocument": "QTextLayout",
    "QGraphicsTextItem": "QGraphicsSimpleTextItem",
    "QWhatsThis": "a tooltip",
    "TextItem": "an item of our own",
    "LabelItem": "an item of our own",
    "LegendItem": "app/panels/plots/legend.py",
    "Markup": "the functions of words/markup.py",
}
METHODS = {
    "setToolTip": "set_tooltip",
    "setWhatsThis": "set_tooltip",
    "setHtml": "setPlainText",
    "insertHtml": "insertPlainText",
    "appendHtml": "appendPlainText",
    "setMarkdown": "setPlainText",
}
SPOKEN = {"setAccessibleName": "set_spoken_name", "setAccessibleDescription": "set_spoken_description"}
TIP_ROLES = ("ToolTipRole", "WhatsThisRole", "StatusTipRole")  # of items: read as HTML when they look like it
STATIC_CALLS = {("QToolTip", "showText"), *(("QMessageBox", name) for name in ("about", "critical", "information"))}
STATIC_CALLS |= {("QMessageBox", name) for name in ("question", "warning")}
MARKUP = ("<b>", "<i>", "<br", "<img", "<p", "<span", "<a ", "</", "&nbsp;")


def sources() -> list[Path]:
    files = python_files("app", "graph_editor")
    return [path for path in files if not path.relative_to(ROOT).as_posix().startswith(WORDS)]


def called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def base_names(node: ast.ClassDef) -> set[str]:
    return {base.id if isinstance(base, ast.Name) else getattr(base, "attr", "") for base in node.bases}


def offences(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, what is wrong)"""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield from ((node.lineno, f"derive from {GUESSING[name]}") for name in base_names(node) & GUESSING.keys())
        elif isinstance(node, ast.Call):
            yield from _of_call(node)
        elif isinstance(node, ast.If) and any(mentions(node.test, role) for role in TIP_ROLES):
            yield from ((one.lineno, "return tooltip_text(…)") for one in _bare_returns(node))
        elif isinstance(node, ast.match_case) and any(mentions(node.pattern, role) for role in TIP_ROLES):
            yield from ((one.lineno, "return tooltip_text(…)") for one in _returned(node.body))
        elif isinstance(node, ast.Dict):
            yield from _of_dict(node)


def _of_call(node: ast.Call) -> Iterator[tuple[int, str]]:
    name = called(node)
    owner = node.func.value if isinstance(node.func, ast.Attribute) else None
    owner_name = owner.id if isinstance(owner, ast.Name) else ""
    if name in GUESSING:
        yield node.lineno, f"{name}: take {GUESSING[name]}"
    if isinstance(owner, ast.expr) and METHODS.get(name):
        yield node.lineno, f"{name}: take {METHODS[name]}"
    if (owner_name, name) in STATIC_CALLS:
        yield node.lineno, f"{owner_name}.{name}: take words/"
    if name in SPOKEN and node.args and not is_ours(node.args[0]) and owner_name != "super":
        yield node.lineno, f"{name}: take {SPOKEN[name]}"
    tells = ("setData", "setItemData", "setHeaderData")
    if name in tells and any(mentions(argument, role) for argument in node.args for role in TIP_ROLES):
        values = [argument for argument in node.args if isinstance(argument, ast.Call)]
        if not any(called(value) == "tooltip_text" for value in values):
            yield node.lineno, f"{name}: give it tooltip_text(…)"


def is_ours(node: ast.expr) -> bool:
    """A sentence that is written in the code, without a value of somebody else in it."""
    if isinstance(node, ast.IfExp):
        return is_ours(node.body) and is_ours(node.orelse)
    if isinstance(node, ast.Call):
        return called(node) == "tr" and not node.keywords and all(isinstance(one, ast.Constant) for one in node.args)
    return isinstance(node, ast.Constant)


def mentions(node: ast.AST, name: str) -> bool:
    return any(isinstance(part, ast.Attribute) and part.attr == name for part in ast.walk(node))


def _bare_returns(node: ast.If) -> Iterator[ast.Return]:
    if isinstance(node.test, ast.Compare) and any(isinstance(operator, ast.NotEq) for operator in node.test.ops):
        return  # "not the tooltip": what follows is looked at by the test of the widgets
    yield from _returned(node.body)


def _of_dict(node: ast.Dict) -> Iterator[tuple[int, str]]:
    """Of roles and what they give."""
    for key, value in zip(node.keys, node.values, strict=True):
        safe = isinstance(value, ast.Call) and called(value) == "tooltip_text"
        if key is not None and not safe and any(mentions(key, role) for role in TIP_ROLES):
            yield value.lineno, "a role that is a tip: give it tooltip_text(…)"


def _returned(body: list[ast.stmt]) -> Iterator[ast.Return]:
    for statement in body:
        for part in ast.walk(statement):
            if isinstance(part, ast.Return) and part.value is not None:
                value = part.value
                if not (isinstance(value, ast.Call) and called(value) == "tooltip_text"):
                    yield part


def functions_with_static_text(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and any(
            isinstance(node, ast.Call) and called(node) == "QStaticText" and node.args for node in ast.walk(function)
        ):
            yield function


def strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Literals that are no docstring."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value
