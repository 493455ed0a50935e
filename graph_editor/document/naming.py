"""Ids, layer names and titles for what is added to a document."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Final

from graph_editor.document.document import Document
from graph_editor.document.graph import Graph, Operation
from resources.keras_names import is_layer_name, is_plain_name, safe_name
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


_FUNCTIONS: Final = ("keras.ops", "keras.src.ops")


def can_run(operation: Operation) -> bool:
    """Whether Keras can train a model with this operation under its name."""
    return runs_under(operation.name, operation.class_name, operation.module)


def runs_under(name: str, class_name: str, module: str) -> bool:
    """Whether Keras can train a model with a layer or function of that class under ``name``."""
    makes_no_scope = class_name == "InputLayer" or module.startswith(_FUNCTIONS)
    return (is_plain_name if makes_no_scope else is_layer_name)(name)


def _safe(wish: str, otherwise: str) -> str:
    return wish if is_layer_name(wish) else safe_name(wish, otherwise)


class Namer:
    """Hands out ids and names that the document does not have yet, and never the same one twice."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._given: set[str] = set()
        self._titles: dict[int, set[str]] = {}  # what is shown in the graphs that were asked about
        self._numbers: dict[tuple[int, str], int] = {}  # below these all names of a stem are taken
        self._ids = {prefix: self._free_ids(prefix) for prefix in ("c", "o", "g")}

    def call_id(self) -> str:
        return next(self._ids["c"])

    def operation_id(self) -> str:
        return next(self._ids["o"])

    def graph_id(self) -> str:
        return next(self._ids["g"])

    def layer_name(self, graph: Graph, wish: str, otherwise: str = "layer") -> str:
        """``wish`` as Keras can run it, with ``_1`` and so on when a layer has that name.

        ``otherwise`` is for wishes in a script that has no Latin letters.
        """
        return self._free(graph, _safe(wish, otherwise))

    def named(self, graph: Graph, operation: Operation) -> Operation:
        """``operation`` under a name that is free in ``graph`` and that Keras can run, and a title that is free."""
        name, title = operation.name, operation.title
        if not can_run(operation):
            name, title = safe_name(name, snake_case(operation.class_name)), title or name
        name = self._free(graph, name, operation.id)
        return replace(
            operation, config={**operation.config, "name": name}, title=self._free_title(graph, operation, title)
        )

    def entered(self, graph: Graph, operation: Operation, wish: str) -> Operation:
        """``operation`` under what a person calls it: a name that Keras cannot take becomes its title."""
        name = self._free(graph, _safe(wish, snake_case(operation.class_name)), operation.id)
        title = "" if is_layer_name(wish) else self._free_title(graph, operation, wish)
        return replace(operation, config={**operation.config, "name": name}, title=title)

    def _free(self, graph: Graph, wish: str, own: str = "") -> str:
        """``own`` is the id of the operation that may keep the name that it has."""
        if set(graph.name_owners(wish)) <= {own} and wish not in self._given:
            self._given.add(wish)
            return wish
        stem = re.sub(r"_\d+$", "", wish)
        key = (id(graph), stem)
        for number in count(self._numbers.get(key, 1)):
            name = f"{stem}_{number}"
            if set(graph.name_owners(name)) <= {own} and name not in self._given:
                self._given.add(name)
                self._numbers[key] = number + 1
                return name
        raise AssertionError  # count() does not end

    def _free_title(self, graph: Graph, operation: Operation, wish: str) -> str:
        """``wish``, or ``wish 2`` and so on for one that comes to ``graph``; an empty one stays empty."""
        if not wish or operation.id in graph.operations:
            return wish
        if id(graph) not in self._titles:
            self._titles[id(graph)] = {other.shown_name for other in graph.operations.values()}
        taken = self._titles[id(graph)]
        stem, title = re.sub(r" \d+$", "", wish), wish
        numbers = count(2)
        while title in taken:
            title = f"{stem} {next(numbers)}"
        taken.add(title)
        return title

    def _free_ids(self, prefix: str) -> Iterator[str]:
        sizes = (len(graph.calls) + len(graph.operations) for graph in self._document.graphs.values())
        for number in count(sum(sizes) // 2 + 1):
            if not self._document.has_id(f"{prefix}{number}") and f"{prefix}{number}" not in self._document.graphs:
                yield f"{prefix}{number}"
