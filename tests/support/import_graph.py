"""Who imports whom, read from the source: what only type checkers see, and imports within functions, count too."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import PurePosixPath

import networkx as nx

from tests.support.trees import imported

Sources = Mapping[str, ast.Module]  # path from the root, with slashes -> tree


def files_graph(sources: Sources) -> nx.DiGraph[str]:
    """An edge from each file to each that it imports, those of other people left out."""
    modules = {_module(path): path for path in sources}
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(sources)
    for path, tree in sources.items():
        wanted = {modules[name] for name in imported(tree, modules) if name in modules}
        graph.add_edges_from((path, other) for other in wanted - {path})
    return graph


def folders_graph(files: nx.DiGraph[str]) -> nx.DiGraph[str]:
    """The same among the folders in which the files lie."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    for path, other in files.edges:
        folder, another = str(PurePosixPath(path).parent), str(PurePosixPath(other).parent)
        if folder != another:
            graph.add_edge(folder, another)
    return graph


def circles(graph: nx.DiGraph[str]) -> list[list[str]]:
    """Every set of nodes that import each other, around however many corners."""
    return sorted(sorted(found) for found in nx.strongly_connected_components(graph) if len(found) > 1)


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
