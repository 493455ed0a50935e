"""Edits that build on one another, made on a copy of the document and gathered for one step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from graph_editor.catalog.catalog import Catalog
from graph_editor.document import arguments
from graph_editor.document.changes import commands
from graph_editor.document.document import Document
from graph_editor.document.edits import Edit, EditError, SetArguments, SetPositions
from graph_editor.document.graph import Operation, TensorRef
from resources.text import Text

Json = Any
ROW: Final = 90.0  # between two boxes, from top to top
COLUMN: Final = 240.0  # between two inputs side by side


class Scratch:
    """`document` is as it is after `edits`; the one that was given stays as it was."""

    def __init__(self, document: Document, catalog: Catalog) -> None:
        self.document, self.edits = document.snapshot(), list[Edit]()
        self.document.graphs = {key: graph.copy() for key, graph in document.graphs.items()}
        self._catalog = catalog

    def do(self, *edits: Edit) -> None:
        """Raises EditError."""
        for edit in edits:
            edit.apply(self.document)
            self.edits.append(edit)

    def add(
        self,
        class_name: str,
        module: str,
        config: Mapping[str, Json],
        after: Sequence[TensorRef] = (),
        name: str | None = None,
    ) -> str:
        """A box with the defaults of the catalogue but for `config`; the id of its call. Raises EditError."""
        spec = self._catalog.layer(class_name, module)
        if spec is None:
            raise EditError(Text("{layer} is not a layer of Keras.", {"layer": class_name}))
        whole = {**self._catalog.default_config(spec, class_name), **config}
        edits, call = commands.add_layer(
            self.document, class_name, module, whole, (0.0, 0.0), self._catalog, after=after or None, name=name
        )
        self.do(*edits)
        return call

    def place(self, call: str, x: float, y: float, column: int, row: int) -> None:
        """Rows are counted from an input downwards, columns from it to the right."""
        self.do(SetPositions({call: (x + column * COLUMN, y + row * ROW)}))

    def lead(self, source: str, consumers: Sequence[str], end: str) -> None:
        """Let `consumers` of the box `source` get what comes out of `end` instead."""

        def changed(ref: TensorRef) -> TensorRef:
            return TensorRef(end) if ref.call == source else ref

        for consumer in consumers:
            call = self.document.call(consumer)
            gaps = self.document.operation_of(consumer).graph is not None
            self.do(SetArguments(consumer, *arguments.mapped(call, changed, gaps)))


def require_input(document: Document, target: str) -> tuple[Operation, str]:
    """The Input of this name and its box. Raises EditError."""
    graph = document.graph
    operation = graph.operation_named(target)
    calls = graph.calls_of(operation.id) if operation is not None else []
    if operation is None or operation.class_name != "InputLayer" or not calls:
        raise EditError(Text("{name} is no input of the model.", {"name": target}))
    if any(ref.call == calls[0] for ref in graph.output_refs()):
        raise EditError(Text("{layer} is an output of the model, too.", {"layer": operation.shown_name}))
    return operation, calls[0]
