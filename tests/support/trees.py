"""The source as trees, each file read once for all rules that walk it."""

from __future__ import annotations

import ast
import gc
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PACKAGES: Final = ("app", "graph_editor", "runtime", "resources")


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imported(tree: ast.AST, modules: Collection[str] = ()) -> Iterator[str]:
    """The modules that are imported anywhere in a tree, and by type checkers; of a folder its `modules` themselves."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, "imports are written with their whole names here"
            inner = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (name if name in modules else node.module for name in inner)


@contextmanager
def kept_trees() -> Iterator[None]:
    """Within, trees are kept, and are not looked through for garbage: millions of nodes, which hold no circles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        tree_of.cache_clear()
        if was_on:
            gc.enable()
