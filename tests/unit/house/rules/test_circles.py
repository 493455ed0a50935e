"""No circle among files, none among folders, and no folder that is a heap."""

from __future__ import annotations

import ast
from collections import Counter

import networkx as nx
import pytest

from tests.support.import_graph import circles, files_graph, folders_graph
from tests.support.trees import PACKAGES, ROOT, python_files, tree_of

MOST_FILES = 30


@pytest.fixture(scope="module")
def files() -> nx.DiGraph[str]:
    return files_graph({path.relative_to(ROOT).as_posix(): tree_of(path) for path in python_files(*PACKAGES)})


def test_no_files_import_each_other(files: nx.DiGraph[str]) -> None:
    assert files.number_of_edges() > 2000, "the files were not read"
    assert circles(files) == []


def test_no_folders_import_each_other(files: nx.DiGraph[str]) -> None:
    """A folder below another one counts as a place of its own."""
    assert circles(folders_graph(files)) == []


def test_no_folder_is_a_heap() -> None:
    count = Counter(path.parent.relative_to(ROOT).as_posix() for path in python_files(*PACKAGES, "tests"))
    assert {folder: number for folder, number in count.items() if number > MOST_FILES} == {}


def test_circles_are_found() -> None:
    """Around corners, through functions, and through what only type checkers read."""
    sources = {
        "app/__init__.py": "",
        "app/a.py": "from app.b import f",
        "app/b.py": "def f():\n    from app.parts import c",
        "app/parts/__init__.py": "",
        "app/parts/c.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import app.a",
        "app/parts/d.py": "import os\nfrom app.parts import c",
    }
    graph = files_graph({path: ast.parse(text) for path, text in sources.items()})
    assert circles(graph) == [["app/a.py", "app/b.py", "app/parts/c.py"]]
    assert circles(folders_graph(graph)) == [["app", "app/parts"]]
    graph.remove_edge("app/parts/c.py", "app/a.py")
    assert circles(graph) == circles(folders_graph(graph)) == []
