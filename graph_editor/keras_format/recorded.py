"""Shapes and dtypes that Keras recorded beside tensors, valid as long as nothing they depend on has changed.

They are kept at the call that makes the tensors, with a digest of all that the tensors depend on. An edit upstream
makes the digest differ, and then the recorded shapes are no longer written: no edit has to know of them.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from graph_editor.document.arguments import substitute
from graph_editor.document.document import Document
from graph_editor.document.graph import Graph, Operation

RECORDED: Final = "recorded_tensors"
Json = Any


def record(graph: Graph, document: Document) -> None:
    """Stamp what the calls of ``graph`` have recorded with what it depends on (when a model has just been read)."""
    digests = _digests(graph, document)
    for call in list(graph.calls.values()):
        if RECORDED in call.extra:
            extra = {key: value for key, value in call.extra.items() if key != RECORDED}
            if call.id in digests:  # not on a cycle, which only a damaged file has
                extra[RECORDED] = {"digest": digests[call.id], "tensors": call.extra[RECORDED]}
            graph.replace_call(replace(call, extra=extra))


def recorded(graph: Graph, document: Document) -> dict[tuple[str, int], Mapping[str, Json]]:
    """(call, output) -> {"shape": ..., "dtype": ...}, of those tensors for which that still holds."""
    if not any(RECORDED in call.extra for call in graph.calls.values()):
        return {}
    digests = _digests(graph, document)
    specs = {}
    for call in graph.calls.values():
        entry = call.extra.get(RECORDED)
        if not isinstance(entry, Mapping) or call.id not in digests or entry.get("digest") != digests[call.id]:
            continue
        tensors = entry.get("tensors")
        for index, spec in tensors.items() if isinstance(tensors, Mapping) else ():
            if index.isdecimal() and isinstance(spec, Mapping):
                specs[call.id, int(index)] = spec
    return specs


def _digests(graph: Graph, document: Document) -> dict[str, str]:
    """For each call, a digest of its operation and of everything upstream. Names do not change shapes: left out."""
    operations = {operation.id: _operation_digest(operation, document) for operation in graph.operations.values()}
    digests: dict[str, str] = {}
    for call_id in graph.topological_order():
        call = graph.calls[call_id]
        arguments = substitute([list(call.args), dict(call.kwargs)], lambda ref: [digests[ref.call], ref.index])
        digests[call_id] = _digest(operations[call.operation] + json.dumps(arguments))
    return digests


def _operation_digest(operation: Operation, document: Document) -> str:
    """A digest of what decides on the shapes of an operation: its config, and all that is in a nested model."""
    config = {key: value for key, value in operation.config.items() if key != "name"}
    inside: list[Json] = []
    if operation.graph is not None:
        graph = document.graphs[operation.graph]
        digests = _digests(graph, document)
        nests = substitute([graph.inputs, graph.outputs], lambda ref: [digests.get(ref.call), ref.index])
        inside = [nests]
    return json.dumps([operation.class_name, operation.module, config, *inside])


def _digest(content: str) -> str:
    return hashlib.blake2b(content.encode(), digest_size=8).hexdigest()
