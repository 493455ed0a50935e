"""Ids and layer names for what is added to a document."""

import re
from collections.abc import Iterator
from itertools import count

from graph_editor.document.document import Document
from graph_editor.document.graph import Graph
from resources.python_code.python_names import is_python_name


def snake_case(class_name: str) -> str:
    """``LayerNormalization`` -> ``layer_normalization``, ``Conv2D`` -> ``conv2d``, as Keras names its layers."""
    words = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", class_name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", words).lower()


def is_class_name(text: str) -> bool:
    """A name, or one with the package under which its class is registered: "Dense", "my_package>Dense"."""
    package, _, name = text.rpartition(">")
    return is_python_name(name) and package.isprintable()


def is_module_name(text: str) -> bool:
    """Names with dots; hyphens are allowed, since there are files called so."""
    return all(part.replace("-", "_").isidentifier() for part in text.split("."))


class Namer:
    """Hands out ids and names that the document does not have yet, and never the same one twice."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._given: set[str] = set()
        self._numbers: dict[tuple[int, str], int] = {}  # below these all names of a stem are taken
        self._ids = {prefix: self._free_ids(prefix) for prefix in ("c", "o", "g")}

    def call_id(self) -> str:
        return next(self._ids["c"])

    def operation_id(self) -> str:
        return next(self._ids["o"])

    def graph_id(self) -> str:
        return next(self._ids["g"])

    def layer_name(self, graph: Graph, wish: str) -> str:
        """``wish``, or ``wish_1`` and so on when a layer has that name."""
        wish = wish.replace("/", "_") or "layer"
        if not graph.name_owners(wish) and wish not in self._given:
            self._given.add(wish)
            return wish
        stem = re.sub(r"_\d+$", "", wish)
        key = (id(graph), stem)
        for number in count(self._numbers.get(key, 1)):
            name = f"{stem}_{number}"
            if not graph.name_owners(name) and name not in self._given:
                self._given.add(name)
                self._numbers[key] = number + 1
                return name
        raise AssertionError  # count() does not end

    def _free_ids(self, prefix: str) -> Iterator[str]:
        sizes = (len(graph.calls) + len(graph.operations) for graph in self._document.graphs.values())
        for number in count(sum(sizes) // 2 + 1):
            if not self._document.has_id(f"{prefix}{number}") and f"{prefix}{number}" not in self._document.graphs:
                yield f"{prefix}{number}"
