"""The source as trees, each file read once for all rules that walk it."""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


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
