"""The document's graph as a list of calls, for questions about a model that is not finished yet."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graph_editor.document.checking.validation import Structure
from graph_editor.document.document import ROOT, Document
from graph_editor.document.files.file_format import tensors_to_json
from graph_editor.document.graph import NAMELESS, Call, Graph, Operation, TensorRef
from graph_editor.document.nesting import is_deferred, nested_operations
from graph_editor.keras_format.functional import operation_json


@dataclass(frozen=True, slots=True)
class CallJson:
    """A call as plain data: ``operation`` is Keras' JSON of the layer, tensors are ``{"$tensor": [call, index]}``.

    ``graph`` is the id of the nested graph that the call lies in, empty for the root: layers of the same name in
    different graphs are different layers.
    """

    id: str
    operation: dict[str, Any]
    args: list[Any]
    kwargs: dict[str, Any]
    graph: str = ""
    name: str = ""  # of an operation whose config has none


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was made of a call, and the values that it was made of."""

    call: Call
    operation: Operation
    nested: list[object]
    feed: TensorRef | None
    json: CallJson

    def tensors(self) -> list[TensorRef]:
        """Return what the call takes."""
        return [self.feed] if self.feed is not None else [ref for _, ref in self.call.tensors()]


class CallReader:
    """Reads the calls of a document; one that has not changed since the last time is the same object again."""

    def __init__(self, structure: Structure) -> None:
        self._structure = structure
        self._kept: dict[str, _Kept] = {}

    def read(self, document: Document) -> list[CallJson]:
        """Every call that Keras can be asked about, in the order in which data flows, those in nested models last.

        Left out are calls that lack an input, and all that depends on them; what is bypassed or muted as well.
        """
        calls_read: dict[str, _Kept] = {}
        self._read_graph(self._structure.built(document), ROOT, None, calls_read)
        self._kept = calls_read
        return [known.json for known in calls_read.values()]

    def _read_graph(
        self, document: Document, graph_id: str, feed: TensorRef | None, calls_read: dict[str, _Kept]
    ) -> None:
        """``feed``: what the first layer of a Sequential without an Input takes."""
        graph = document.graphs[graph_id]
        skipped = self._structure.incomplete(document, graph_id) if feed is None else self._unfit(document, graph)
        head = next(iter(graph.calls), None) if feed is not None else None
        for call_id in self._structure.order(document, graph_id):
            if call_id not in skipped:
                calls_read[call_id] = self._read_call(document, graph_id, call_id, feed if call_id == head else None)
        for operation in nested_operations(graph):
            deferred = is_deferred(document, operation)
            tensors = (
                ref for call in graph.calls_of(operation.id) if call in calls_read for ref in calls_read[call].tensors()
            )
            inner_feed = next(tensors, None) if deferred else None
            if inner_feed is not None or not deferred:
                self._read_graph(document, str(operation.graph), inner_feed, calls_read)

    def _unfit(self, document: Document, graph: Graph) -> set[str]:
        models = [model for model in nested_operations(graph) if not self._structure.is_complete(document, model)]
        return graph.downstream(call for model in models for call in graph.calls_of(model.id))

    def _read_call(self, document: Document, graph_id: str, call_id: str, feed: TensorRef | None) -> _Kept:
        graph = document.graphs[graph_id]
        call = graph.calls[call_id]
        operation = graph.operations[call.operation]
        nested = list(_parts(document, operation.graph))
        earlier = self._kept.get(call_id)
        if earlier is not None and _holds(earlier, call, operation, nested) and earlier.feed == feed:
            return earlier
        args = list(call.args) if feed is None else [feed]
        json = CallJson(
            call.id,
            operation_json(operation, document),
            tensors_to_json(args),
            tensors_to_json(dict(call.kwargs)),
            "" if graph_id == ROOT else graph_id,
            operation.name if operation.extra.get(NAMELESS) else "",
        )
        return _Kept(call, operation, nested, feed, json)


def _holds(earlier: _Kept, call: Call, operation: Operation, nested: list[object]) -> bool:
    if not _same(earlier.call, call) or not _same(earlier.operation, operation) or len(earlier.nested) != len(nested):
        return False
    return all(_same(old, new) for old, new in zip(earlier.nested, nested, strict=True))


def _same(old: object, new: object) -> bool:
    """Mostly the same object; where boxes are left out, what follows them is made anew, and may still be equal."""
    return old is new or (old == new and repr(old) == repr(new))  # 1 and True are equal


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
