"""The document's graph as a list of calls, for questions about a model that is not finished yet."""

from dataclasses import dataclass
from typing import Any

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from graph_editor.document.file_format import tensors_to_json
from graph_editor.document.validation import incomplete_calls
from graph_editor.keras_format.functional import operation_json


@dataclass(frozen=True, slots=True)
class CallJson:
    """A call as plain data: ``operation`` is Keras' JSON of the layer, tensors are ``{"$tensor": [call, index]}``."""

    id: str
    operation: dict[str, Any]
    args: list[Any]
    kwargs: dict[str, Any]


def call_specs(document: Document, catalog: Catalog) -> list[CallJson]:
    """Every call that Keras can be asked about, in the order in which data flows.

    Left out are calls that lack an input, and all that depends on them.
    """
    graph = document.graph
    skipped = incomplete_calls(graph, catalog)
    return [
        CallJson(
            call_id,
            operation_json(graph.operation_of(call_id), document),
            tensors_to_json(list(graph.calls[call_id].args)),
            tensors_to_json(dict(graph.calls[call_id].kwargs)),
        )
        for call_id in graph.topological_order()
        if call_id not in skipped
    ]
