"""What other threads may change meanwhile."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.support.trees import PACKAGES, ROOT, python_files, tree_of


def test_nobody_goes_through_the_modules_while_others_import() -> None:
    """A thread that imports makes `for name in sys.modules` fail: go through a copy of it."""
    files = [path for package in PACKAGES for path in python_files(package)]
    found = [f"{path.relative_to(ROOT)}:{line}" for path in files for line in _walks(tree_of(path))]
    assert found == []
    assert sorted(_walks(ast.parse("[a for a in sys.modules]\nfor b in sys.modules.items(): pass"))) == [1, 2]


def _walks(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.comprehension):
            over = node.iter
            if isinstance(over, ast.Call) and isinstance(over.func, ast.Attribute) and over.func.attr != "copy":
                over = over.func.value
            if ast.unparse(over) == "sys.modules":
                yield over.lineno
