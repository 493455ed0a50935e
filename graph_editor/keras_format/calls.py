"""The document's graph as a list of calls, for questions about a model that is not finished yet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import ROOT, Document
from graph_editor.document.file_format import tensors_to_json
from graph_editor.document.graph import Call, Operation
from graph_editor.document.validation import Structure
from graph_editor.keras_format.functional import operation_json


@dataclass(frozen=True, slots=True)
class CallJson:
    """A call as plain data: ``operation`` is Keras' JSON of the layer, tensors are ``{"$tensor": [call, index]}``."""

    id: str
    operation: dict[str, Any]
    args: list[Any]
    kwargs: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was made of a call, and the values that it was made of."""

    call: Call
    operation: Operation
    nested: list[object]
    json: CallJson


class CallReader:
    """Reads the calls of a document; one that has not changed since the last time is the same object again."""

    def __init__(self, structure: Structure) -> None:
        self._structure = structure
        self._kept: dict[str, _Kept] = {}

    def read(self, document: Document, graph_ids: Sequence[str] = (ROOT,)) -> list[CallJson]:
        """Every call of some graphs that Keras can be asked about, in the order in which data flows in each.

        Left out are calls that lack an input, and all that depends on them.
        """
        before, kept = self._kept, dict[str, _Kept]()
        for graph_id in graph_ids:
            self._read_graph(document, graph_id, before, kept)
        self._kept = kept
        return [known.json for known in kept.values()]

    def _read_graph(
        self, document: Document, graph_id: str, before: Mapping[str, _Kept], kept: dict[str, _Kept]
    ) -> None:
        graph = document.graphs[graph_id]
        skipped = self._structure.incomplete(document, graph_id)
        for call_id in self._structure.order(document, graph_id):
            if call_id in skipped:
                continue
            call = graph.calls[call_id]
            operation = graph.operations[call.operation]
            nested = list(_parts(document, operation.graph))
            known = before.get(call_id)
            if known is None or not _holds(known, call, operation, nested):
                known = _Kept(call, operation, nested, _call_json(document, call, operation))
            kept[call_id] = known


def call_specs(document: Document, catalog: Catalog, graph_ids: Sequence[str] = (ROOT,)) -> list[CallJson]:
    """What `CallReader` reads the first time."""
    return CallReader(Structure(catalog)).read(document, graph_ids)


def _holds(known: _Kept, call: Call, operation: Operation, nested: list[object]) -> bool:
    if known.call is not call or known.operation is not operation or len(known.nested) != len(nested):
        return False
    return all(old is new for old, new in zip(known.nested, nested, strict=True))


def _parts(document: Document, graph_id: str | None) -> Iterator[object]:
    """Everything that a nested model is made of, at any depth. The parts are frozen, or replaced when they change."""
    if graph_id is None:
        return
    graph = document.graphs[graph_id]
    yield from (graph.name, graph.extra, graph.inputs, graph.outputs)
    yield from graph.calls.values()
    for operation in graph.operations.values():
        yield operation
        yield from _parts(document, operation.graph)


def _call_json(document: Document, call: Call, operation: Operation) -> CallJson:
    return CallJson(
        call.id,
        operation_json(operation, document),
        tensors_to_json(list(call.args)),
        tensors_to_json(dict(call.kwargs)),
    )
