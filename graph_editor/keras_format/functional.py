"""The document's graph as Keras' own functional config, without Keras.

Keras writes a call as a node of its layer, and a tensor as (layer name, node index, tensor index); the shape and dtype
that it writes beside them are not needed to rebuild the model, so exporting needs no shape inference.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graph_editor.document.arguments import substitute
from graph_editor.document.graph import Graph, Nest, Operation, TensorRef

MODULE: Final = "keras.src.models.functional"  # where Keras itself says the class lives


@dataclass(frozen=True, slots=True)
class FunctionalConfig:
    """``json`` is what ``keras.saving.deserialize_keras_object`` takes; ``nodes`` tells which node a call became."""

    json: dict[str, Any]
    nodes: Mapping[str, tuple[str, int]]


def to_functional(graph: Graph) -> FunctionalConfig:
    """The whole model from its inputs to its outputs; calls that lead to no output are left out, as Keras does.

    Nodes of one layer are numbered in the order in which data flows: Keras rebuilds them one after the other
    and would wait for ever for a node that depends on a later one.
    """
    useful = graph.upstream(ref.call for ref in [*graph.output_refs(), *graph.input_refs()])
    order = [call_id for call_id in graph.topological_order() if call_id in useful]
    nodes = _numbered(graph, order)
    calls: dict[str, list[str]] = {}
    for call_id in order:
        calls.setdefault(graph.calls[call_id].operation, []).append(call_id)
    layers = [
        _layer(graph, operation, calls[operation.id], nodes)
        for operation in graph.operations.values()
        if operation.id in calls
    ]
    config = {
        "name": graph.name,
        "trainable": True,
        "layers": layers,
        "input_layers": _interface(graph, graph.inputs, nodes),
        "output_layers": _interface(graph, graph.outputs, nodes),
    }
    model = {"module": MODULE, "class_name": "Functional", "config": config, "registered_name": "Functional"}
    return FunctionalConfig(model, nodes)


def operation_json(operation: Operation) -> dict[str, Any]:
    """One layer as Keras serialises it."""
    return {
        "module": operation.module,
        "class_name": operation.class_name,
        "config": {**operation.config, "name": operation.name},
        "registered_name": operation.registered_name,
        **operation.extra,
    }


def _numbered(graph: Graph, order: Collection[str]) -> dict[str, tuple[str, int]]:
    counts: dict[str, int] = {}
    nodes: dict[str, tuple[str, int]] = {}
    for call_id in order:
        operation = graph.operation_of(call_id)
        nodes[call_id] = (operation.name, counts.get(operation.id, 0))
        counts[operation.id] = nodes[call_id][1] + 1
    return nodes


def _layer(
    graph: Graph, operation: Operation, call_ids: list[str], nodes: Mapping[str, tuple[str, int]]
) -> dict[str, Any]:
    inbound = []
    for call_id in call_ids:
        call = graph.calls[call_id]
        if call.args or call.kwargs:
            inbound.append({"args": _tensors(list(call.args), nodes), "kwargs": _tensors(dict(call.kwargs), nodes)})
    return {**operation_json(operation), "name": operation.name, "inbound_nodes": inbound}


def _tensors(tree: Any, nodes: Mapping[str, tuple[str, int]]) -> Any:
    def tensor(ref: TensorRef) -> dict[str, Any]:
        history = [*nodes[ref.call], ref.index]
        return {"class_name": "__keras_tensor__", "config": {"shape": [], "dtype": "float32", "keras_history": history}}

    return substitute(tree, tensor)


def _interface(graph: Graph, nest: Nest, nodes: Mapping[str, tuple[str, int]]) -> Any:
    """Inputs or outputs; Keras counts the nodes of a nested Functional from one there, and only there."""

    def leaf(ref: TensorRef) -> list[Any]:
        name, node = nodes[ref.call]
        shift = graph.operation_of(ref.call).class_name == "Functional"
        return [name, node + 1 if shift else node, ref.index]

    return substitute(nest, leaf)
