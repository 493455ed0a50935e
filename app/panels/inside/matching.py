"""Which boxes of the open project are which of a trained model: it may have been edited since. Plain values, no Qt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graph_editor.document.document import ROOT, Document
from graph_editor.document.graph import Graph, Operation
from graph_editor.document.nesting import nested_operations
from graph_editor.keras_format.functional import named_config, node_numbers
from runtime.messages.inside import CallAt

Path = tuple[str, ...]
Json = Any


@dataclass(frozen=True, slots=True)
class _Layer:
    """A layer of the trained model: `calls` is how often it is used, `entry` what Keras wrote of it."""

    calls: int
    entry: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Match:
    """`calls` says by the id of a box which call of the trained model it is.

    `missing` are names of boxes that the trained model has not, `changed` of those that were something else in it, and
    `gone` of layers of it that are no longer drawn.
    """

    calls: Mapping[str, CallAt] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        return bool(self.missing or self.changed or self.gone)

    def box_of(self, call: CallAt) -> str | None:
        return next((box for box, there in self.calls.items() if there == call), None)


def match(built: Document, trained_model: Mapping[str, Json]) -> Match:
    """Compare what is built of the open project with Keras' config of the trained model."""
    layers = dict(_layers(trained_model, ()))
    calls: dict[str, CallAt] = {}
    missing, changed, seen = dict[str, None](), dict[str, None](), set[tuple[Path, str]]()
    for path, graph in _graphs(built, ROOT, ()):
        for call_id, (name, node) in _nodes(graph).items():
            layer, operation = layers.get((path, name)), graph.operation_of(call_id)
            if layer is None or node >= layer.calls or not _is_like(operation, layer):
                missing[operation.shown_name] = None
                continue
            seen.add((path, name))
            calls.setdefault(call_id, CallAt(name, node, path))
            if not _is_same(operation, layer):
                changed[operation.shown_name] = None
    gone = tuple(name for path, name in layers if (path, name) not in seen)
    return Match(calls, tuple(missing), tuple(changed), gone)


def _nodes(graph: Graph) -> dict[str, tuple[str, int]]:
    """Name and number of each call that Keras builds, as the exported model numbers them."""
    useful = graph.upstream(ref.call for ref in [*graph.output_refs(), *graph.input_refs()])
    return node_numbers(graph, [call_id for call_id in graph.topological_order() if call_id in useful])


def _graphs(document: Document, graph_id: str, path: Path) -> Iterator[tuple[Path, Graph]]:
    graph = document.graphs[graph_id]
    yield path, graph
    for operation in nested_operations(graph):
        if operation.graph is not None:
            yield from _graphs(document, operation.graph, (*path, operation.name))


def _layers(model: Mapping[str, Json], path: Path) -> Iterator[tuple[tuple[Path, str], _Layer]]:
    """Every layer of a config of Keras, those in nested models too."""
    config = model.get("config")
    entries = config.get("layers") if isinstance(config, Mapping) else None
    for entry in entries if isinstance(entries, list) else ():
        inner = entry.get("config") or {}
        name = str(entry.get("name") or inner.get("name") or "")
        nodes = entry.get("inbound_nodes")
        yield (path, name), _Layer(max(len(nodes) if isinstance(nodes, list) else 1, 1), entry)
        if isinstance(inner, Mapping) and "layers" in inner:
            yield from _layers(entry, (*path, name))


def _is_like(operation: Operation, layer: _Layer) -> bool:
    """Whether it is a layer of the same class; a nested model may be written as another kind of model."""
    nested = "layers" in (layer.entry.get("config") or {})
    return nested if operation.graph is not None else layer.entry.get("class_name") == operation.class_name


def _is_same(operation: Operation, layer: _Layer) -> bool:
    """Whether it is set as it was; whether it trains does not count. Nested models are compared by what is in them."""
    if operation.graph is not None:
        return True
    now, then = named_config(operation), layer.entry.get("config") or {}
    return {**now, "trainable": None} == {**then, "trainable": None}
