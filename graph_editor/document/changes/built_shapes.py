"""Shapes that Keras recorded when it built a layer ("build_config") are forgotten where they no longer hold.

Keras builds a layer by them before it is called: behind a layer with other units the model could not be built any more.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from graph_editor.document.applied import Applied
from graph_editor.document.document import Document
from graph_editor.document.edits import Edit, ReplaceOperation, SetArguments
from graph_editor.document.graph import Json, Operation
from graph_editor.document.nesting import graphs_inside, owner

_BUILT: Final = "build_config"
_WITHOUT_SHAPE: Final = {"name", "trainable", "activation", "recurrent_activation", "use_bias", "rate", "seed"}
_ENDINGS: Final = ("_initializer", "_regularizer", "_constraint")


def built_shapes_follow(applied: Applied) -> list[Edit]:
    """The edits that forget recorded shapes behind what was changed, in nested models and around them as well."""
    document = applied.document
    stale: dict[str, Operation] = {}
    for call in _changed_calls(document, applied.inverses):
        for operation in _behind(document, call):
            stale[operation.id] = operation
    return [
        ReplaceOperation(replace(item, extra={key: value for key, value in item.extra.items() if key != _BUILT}))
        for item in stale.values()
        if _BUILT in item.extra
    ]


def _changed_calls(document: Document, inverses: Iterable[Edit]) -> Iterator[str]:
    for edit in inverses:
        if isinstance(edit, SetArguments) and document.has_call(edit.call):
            yield edit.call
        elif isinstance(edit, ReplaceOperation):
            graph = next((item for item in document.graphs.values() if edit.operation.id in item.operations), None)
            if graph is not None and _differs(edit.operation, graph.operations[edit.operation.id]):
                yield from graph.calls_of(edit.operation.id)


def _differs(before: Operation, after: Operation) -> bool:
    """Whether the layer may give other shapes now."""
    return before.class_name != after.class_name or _shaping(before.config) != _shaping(after.config)


def _shaping(config: Mapping[str, Json]) -> dict[str, Json]:
    return {key: value for key, value in config.items() if key not in _WITHOUT_SHAPE and not key.endswith(_ENDINGS)}


def _behind(document: Document, call: str) -> Iterator[Operation]:
    """The layers that get what a call gives, those in nested models and behind the models around it too."""
    graph_id = document.graph_id_of_call(call)
    graph = document.graphs[graph_id]
    for key in graph.downstream([call]):
        operation = graph.operation_of(key)
        yield operation
        for inner in graphs_inside(document, operation):
            yield from document.graphs[inner].operations.values()
    around = owner(document, graph_id)
    if around is not None:
        place, operation = around
        for use in document.graphs[place].calls_of(operation.id):
            yield from _behind(document, use)
